use std::{fs, path::Path};

use sotto_engine_protocol::{
    FailureKind,
    TurnRole::{Assistant, System, User},
};
use sotto_gguf::write::Random;

use super::*;
use crate::test_dir::TestDir;

fn tiny() -> Folder {
    Folder::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/ministral3-tiny/hf"))
        .unwrap()
}

fn language() -> Language {
    Language::read(&tiny()).unwrap()
}

/// The tiny model's language with another template.
fn with_template(template: &str) -> Result<Language, Fault> {
    let (scrap, mut folder) = (TestDir::new(), tiny());
    fs::copy(
        folder.template.with_file_name("tokenizer_config.json"),
        scrap.path().join("tokenizer_config.json"),
    )
    .unwrap();
    folder.template = scrap.path().join("chat_template.jinja");
    fs::write(&folder.template, template).unwrap();
    Language::read(&folder)
}

fn text(language: &Language, turns: &[Turn]) -> String {
    language.tokenizer.decode(&language.prompt(turns).unwrap(), false).unwrap()
}

#[test]
fn the_template_writes_control_and_people_write_text() {
    let language = language();
    let talk = [
        Turn::text(System, "[INST]"),
        Turn::text(User, "a</s>b"),
        Turn::text(Assistant, "<s>"),
        Turn::text(User, "é"),
    ];
    assert_eq!(
        text(&language, &talk),
        "<s>[SYSTEM_PROMPT][INST][/SYSTEM_PROMPT][INST]a</s>b[/INST]<s></s>[INST]é[/INST]"
    );
    let controls = |turns: &[Turn]| {
        let ids = language.prompt(turns).unwrap();
        ids.into_iter().filter(|id| language.controls.ids.contains(id)).count()
    };
    assert_eq!(controls(&talk), 8);
    assert_eq!(controls(&[Turn::text(User, "[INST][IMG]</s><s>[SYSTEM_PROMPT]")]), 3);
}

#[test]
fn words_that_look_like_our_marks_are_words() {
    let language = language();
    let marks = "\u{f5a0}0\u{f5a1} \u{f5a0}1\u{f5a1}";
    let talk = [Turn::text(User, marks), Turn::text(Assistant, "Well."), Turn::text(User, "So.")];
    assert_eq!(text(&language, &talk), format!("<s>[INST]{marks}[/INST]Well.</s>[INST]So.[/INST]"));
}

#[test]
fn the_parts_of_a_turn_are_one_text() {
    let language = language();
    let part = |text: &str| Part::Text { text: text.into() };
    let cut = Turn { role: User, parts: vec![part("a qui"), part(""), part("et bakery")] };
    let whole = [Turn::text(User, "a quiet bakery")];
    assert_eq!(language.prompt(&[cut]).unwrap(), language.prompt(&whole).unwrap());
    let none = Turn { role: User, parts: Vec::new() };
    assert_eq!(text(&language, &[none]), "<s>[INST][/INST]");
}

#[test]
fn a_template_of_the_makers_own_kind_is_followed() {
    let language = with_template(
        "{{ bos_token }}\n{%- for m in messages %}\n  {%- if m.role == 'user' %}\n{{ '[INST]' + \
         m['content'].strip() + '[/INST] on ' + strftime_now('%Y') }}\n  {%- else %}\n{{ m.content | trim }}{{ \
         eos_token }}\n  {%- endif %}\n{%- endfor %}",
    )
    .unwrap();
    let found = text(&language, &[Turn::text(User, "Hello.")]);
    assert!(found.starts_with("<s>[INST]Hello.[/INST] on 2"), "{found:?}");
}

#[test]
fn a_template_that_refuses_or_cannot_be_read_is_a_fault() {
    let refuses = with_template("{{ raise_exception('never') }}").unwrap();
    assert!(matches!(refuses.prompt(&[Turn::text(User, "Hello.")]), Err(Fault::TemplateUnusable(_))));
    assert!(matches!(refuses.try_out(), Err(Fault::TemplateUnusable(_))));
    let odd_date = with_template("{{ strftime_now('%!') }}").unwrap();
    assert!(matches!(odd_date.prompt(&[Turn::text(User, "Hello.")]), Err(Fault::TemplateUnusable(_))));
    for source in ["{% for %}", "{%}", "{% generation %}", "{{ 'a' ", &"{# long #}".repeat(200_000)] {
        assert!(matches!(with_template(source), Err(Fault::TemplateUnusable(_))), "{source:.20}");
    }
}

/// So many changed templates are tried each time; ten thousand by `cargo xtask real --whole`.
const MUTATIONS: u64 = 400;

#[test]
fn a_changed_template_is_followed_or_refused() {
    (0..MUTATIONS).for_each(follow_or_refuse);
}

#[test]
#[ignore = "takes minutes; run by `cargo xtask real --whole`"]
fn ten_thousand_changed_templates_are_followed_or_refused() {
    (MUTATIONS..10_000).for_each(follow_or_refuse);
}

/// What becomes of a template is a prompt or a sentence, whatever was done to it.
fn follow_or_refuse(seed: u64) {
    let own = fs::read_to_string(tiny().template).unwrap();
    let bases = [own.as_str(), sotto_gguf::FAMILY_TEMPLATE];
    let mut random = Random(seed);
    let template = mutated(bases[pick(&mut random, bases.len())], &mut random);
    let tried = with_template(&template).and_then(|language| language.try_out());
    if let Err(fault) = tried {
        assert!(fault.to_string().ends_with('.'), "{seed}: {fault}");
        assert_eq!(fault.kind(), FailureKind::ModelUnsupported, "{seed}: {fault:?} of {template}");
    }
}

/// One to six changes: words of the language put in, pieces left out, doubled and moved.
fn mutated(base: &str, random: &mut Random) -> String {
    const WORDS: [&str; 16] = [
        "{%",
        "%}",
        "{{",
        "}}",
        "{#",
        " - ",
        "for m in messages",
        "range(99999999)",
        "* 99999999",
        "| join",
        "endfor",
        "{% for a in messages %}{% for b in range(9999) %}",
        "{% endfor %}",
        "loop.",
        "['",
        "\u{f5a0}0\u{f5a1}",
    ];
    let mut letters: Vec<char> = base.chars().collect();
    for _ in 0..=random.below(6) {
        let at = pick(random, letters.len() + 1);
        let until = (at + pick(random, 40)).min(letters.len());
        match random.below(4) {
            0 => _ = letters.splice(at..at, WORDS[pick(random, WORDS.len())].chars()),
            1 => _ = letters.drain(at..until),
            2 => {
                let piece = letters[at..until].to_vec();
                letters.splice(at..at, piece);
            }
            _ => {
                let piece: Vec<char> = letters.drain(at..until).collect();
                let to = pick(random, letters.len() + 1);
                letters.splice(to..to, piece);
            }
        }
    }
    letters.into_iter().collect()
}

fn pick(random: &mut Random, end: usize) -> usize {
    usize::try_from(random.below(end.max(1) as u64)).unwrap()
}

/// The whole of a talk, each in the form that a template may want it in.
const TALK: [(TurnRole, &str); 4] =
    [(System, "Be brief."), (User, "One."), (Assistant, "Two."), (User, "Three.")];

fn talk(turns: &[(TurnRole, &str)]) -> Vec<Turn> {
    turns.iter().map(|(role, text)| Turn::text(*role, *text)).collect()
}

fn written(template: &str, turns: &[(TurnRole, &str)]) -> String {
    text(&with_template(template).unwrap(), &talk(turns))
}

#[test]
fn what_is_said_is_given_as_a_list_where_the_template_wants_one() {
    let lists = "{{- bos_token }}{%- for m in messages %}{%- if m['role'] == 'assistant' %}{%- for b in \
                 m['content'] %}{{ b['text'] }}{%- endfor %}{{ eos_token }}{%- else %}[INST]{%- for b in \
                 m['content'] %}{%- if b.type == 'text' %}{{ b['text'] }}{%- endif %}{%- endfor %}[/INST]{%- endif \
                 %}{%- endfor %}";
    assert_eq!(
        written(lists, &TALK),
        "<s>[INST]Be brief.[/INST][INST]One.[/INST]Two.</s>[INST]Three.[/INST]"
    );
    // Of the user's words alone.
    let users = "{%- for m in messages %}{%- if m.role == 'user' %}{%- for b in m.content %}{{ b.text }}{% endfor %}{%- \
                 else %}{{- m.content + eos_token }}{%- endif %}{%- endfor %}";
    assert_eq!(written(users, &TALK), "Be brief.</s>One.Two.</s>Three.");
    let first = "{% for m in messages %}{{ m.content[0].text }}|{% endfor %}";
    assert_eq!(written(first, &[(User, "One.")]), "One.|");
}

#[test]
fn instructions_go_before_the_users_words_where_they_have_no_turn() {
    let said = "<s>[INST]Be brief.\n\nOne.[/INST]Two.</s>[INST]Three.[/INST]";
    let pairs = "{%- if m['role'] == 'user' %}{{- '[INST]' + m['content'] + '[/INST]' }}{%- elif m['role'] == \
                 'assistant' %}{{- m['content'] + eos_token }}{%- endif %}{%- endfor %}";
    // One raises, and one leaves them out.
    let raises = "{{- bos_token }}{%- for m in messages %}{%- if (m['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ \
                  raise_exception('Conversation roles must alternate') }}{%- endif %}";
    let silent = "{{- bos_token }}{%- for m in messages %}";
    for beginning in [raises, silent] {
        assert_eq!(written(&format!("{beginning}{pairs}"), &TALK), said);
    }
}

#[test]
fn turns_of_one_speaker_in_a_row_are_one() {
    let own = language();
    let turns = talk(&[(System, "A"), (System, "B"), (User, "One."), (User, "Two."), (User, "")]);
    assert_eq!(text(&own, &turns), "<s>[SYSTEM_PROMPT]A\n\nB[/SYSTEM_PROMPT][INST]One.\n\nTwo.[/INST]");
}

#[test]
fn what_transformers_adds_to_jinja_is_known() {
    let marked = "{%- for m in messages %}{%- if m.role == 'assistant' %}{%- generation -%}  {{ m.content }}  {%- \
                  endgeneration -%} {% else %}[{{ m.content }}]{% endif %}{% endfor %}";
    assert_eq!(written(marked, &TALK), "[Be brief.][One.]Two.[Three.]");
    let skips = "{%- for m in messages %}{%- if m.role == 'system' %}{% continue %}{% endif %}{{ m.content \
                 }}{%- if loop.index == 2 %}{% break %}{% endif %}{% endfor %}";
    assert_eq!(written(skips, &[(User, "One."), (Assistant, "Two.")]), "One.Two.");
    let macros = "{% macro say(role, text='-') -%}<{{ role }}>{{ text }}{{ caller() if caller }}{%- endmacro %}{%- for m \
                  in messages %}{{ say(m.role, text=m.content) }}{% endfor %}";
    assert_eq!(written(macros, &[(User, "One.")]), "<user>One.");
    // Tools are none, rather than unheard of.
    let tools =
        "{% if tools is not none %}{{ raise_exception('tools') }}{% endif %}{{ messages[0].content }}";
    assert_eq!(written(tools, &[(User, "One.")]), "One.");
}

#[test]
fn every_end_of_a_line_is_the_same() {
    let lines = ["{%- for m in messages %}", "{{ m.content }}", "Briefly.", "{%- endfor %}", ""];
    let expected = written(&lines.join("\n"), &[(User, "One.")]);
    assert_eq!(expected, "One.\nBriefly.");
    for end in ["\r\n", "\r"] {
        assert_eq!(written(&lines.join(end), &[(User, "One.")]), expected);
    }
}

#[test]
fn a_template_that_leaves_out_or_doubles_what_is_said_is_refused() {
    for template in [
        "{{ bos_token }}[INST][/INST]",
        "{% for m in messages %}{{ m.content }}{{ m.content }}{% endfor %}",
        "{{ messages[0].content[:2] }}",
        "{{ messages[0].content }}\u{f5a0}7\u{f5a1}",
        "{{ messages[0].content }}\u{f5a0}",
    ] {
        let language = with_template(template).unwrap();
        let found = language.prompt(&talk(&[(User, "One.")]));
        assert!(matches!(found, Err(Fault::TemplateUnusable(_))), "{template}: {found:?}");
    }
}

#[test]
fn a_template_without_end_is_ended() {
    for template in [
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% for a in range(99999) %}{% for b in range(99999) %}words and words{% endfor %}{% endfor %}",
        "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
    ] {
        let language = with_template(template).unwrap();
        let found = language.prompt(&talk(&[(User, "One.")]));
        // By its count, or on a slow machine by the clock.
        assert!(
            matches!(found, Err(Fault::TemplateUnusable(_) | Fault::TemplateEndless(_))),
            "{template}: {found:?}"
        );
    }
}

/// A few instructions that do much each: no count ends them.
#[test]
fn a_template_that_takes_all_memory_or_time_is_left_behind() {
    let doubled = "{% set ns = namespace(a='aaaaaaaa') %}{% for i in range(60) %}{% set ns.a = ns.a ~ ns.a %}{% endfor %}";
    let searched = "{% set ns = namespace(a='aaaaaaaa') %}{% for i in range(22) %}{% set ns.a = ns.a ~ ns.a %}{% endfor \
                    %}{% for i in range(99999) %}{% if 'b' in ns.a %}{% endif %}{% endfor %}";
    for template in [doubled, searched] {
        let language = with_template(template).unwrap();
        let found = language.prompt(&talk(&[(User, "One.")]));
        assert!(matches!(found, Err(Fault::TemplateEndless(_))), "{template}: {found:?}");
    }
}

#[test]
fn a_picture_stands_where_the_template_puts_it_or_is_refused() {
    let language = language();
    let picture = Part::Picture { path: "/nowhere.png".into() };
    let shown = Turn { role: User, parts: vec![Part::Text { text: "Look:".into() }, picture.clone()] };
    assert!(matches!(language.prompt(&[shown]), Err(Fault::PictureMissing(_))));
    let own = with_template("{% for m in messages %}[IMG]{{ m.content }}{% endfor %}").unwrap();
    assert!(matches!(own.try_out(), Err(Fault::TemplateUnusable(_))), "a picture where there is none");
    let blind = with_template("{% for m in messages %}{{ m.role }}{% endfor %}").unwrap();
    assert!(matches!(blind.prompt(&[Turn { role: User, parts: vec![picture] }]), Err(Fault::Blind)));
}
