use std::{fs, path::Path};

use sotto_engine_protocol::TurnRole::{Assistant, System, User};

use super::*;
use crate::scrap::Scrap;

fn tiny() -> Folder {
    Folder::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/ministral3-tiny/hf"))
        .unwrap()
}

fn language() -> Language {
    Language::read(&tiny()).unwrap()
}

/// The tiny model's language with another template.
fn with_template(template: &str) -> Result<Language, Fault> {
    let (scrap, mut folder) = (Scrap::new(), tiny());
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
        ids.into_iter().filter(|id| language.controls.iter().any(|(_, control)| control == id)).count()
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
    assert!(matches!(refuses.prompt(&[Turn::text(User, "Hello.")]), Err(Fault::OutOfTurn)));
    let odd_date = with_template("{{ strftime_now('%!') }}").unwrap();
    assert!(matches!(odd_date.prompt(&[Turn::text(User, "Hello.")]), Err(Fault::OutOfTurn)));
    assert!(matches!(with_template("{% for %}"), Err(Fault::Damaged { .. })));
}

#[test]
fn a_picture_stands_where_the_template_puts_it_or_is_refused() {
    let language = language();
    let picture = Part::Picture { path: "/nowhere.png".into() };
    let shown = Turn { role: User, parts: vec![Part::Text { text: "Look:".into() }, picture.clone()] };
    assert!(matches!(language.prompt(&[shown]), Err(Fault::PictureMissing(_))));
    let blind = with_template("{% for m in messages %}{{ m.role }}{% endfor %}").unwrap();
    assert!(matches!(blind.prompt(&[Turn { role: User, parts: vec![picture] }]), Err(Fault::Blind)));
}
