//! One file or folder of each kind that has been trouble to programs like this one. What the library
//! says of it is what the engine says when it loads it; and what is taken answers, by the right words
//! where the model in it is the tiny one that they are known of.

mod folders;

use std::{
    fs,
    path::{Path, PathBuf},
};

use journeys::{
    engine_program,
    parity::{Engine, cases},
};
use sotto_engine_protocol::{Device, Turn, TurnRole};
use sotto_gguf::{
    Packing,
    write::{File, ollamas},
};
use sotto_models::{Catalog, Library, Taking, look};
use tokio_util::sync::CancellationToken;

/// A kind: what it is called, how it is made in a folder, and what is said of it.
type Kind = (&'static str, fn(&Path) -> PathBuf, Said);

/// What both say of a model.
#[derive(Debug, Clone, Copy)]
enum Said {
    /// It is taken, and is the tiny model.
    Right,
    /// So it is, and sees.
    Seeing,
    /// So it is, and why it does not see is said.
    Blind(&'static str),
    /// It is taken, and answers.
    Taken,
    /// It is not, for this reason.
    Refused(&'static str),
}

use Said::{Blind, Refused, Right, Seeing, Taken};

const FILES: &[Kind] = &[
    ("as it should be", |to| file(to, |_| {}), Right),
    (
        "fewer layers",
        |to| file(to, |f| _ = f.set("mistral3.block_count", 1_u32)),
        Refused("1 layers, and has 2"),
    ),
    (
        "tensors that nobody reads",
        |to| file(to, |f| _ = f.tensor("blk.0.attn_q.bias", &[512], Packing::F32, 1)),
        Refused("attn_q.bias"),
    ),
    (
        "another rope",
        |to| file(to, |f| _ = f.set("mistral3.rope.scaling.type", "linear")),
        Refused("does not know (linear)"),
    ),
    (
        "an end that is no word",
        |to| file(to, |f| _ = f.set("tokenizer.ggml.eos_token_id", 99_999_u32)),
        Refused("damaged"),
    ),
    ("no merges", |to| file(to, |f| _ = f.unset("tokenizer.ggml.merges")), Refused("lacks the list")),
    ("no template", |to| file(to, |f| _ = f.unset("tokenizer.chat_template")), Taken),
    ("a template of lists", |to| template(to, LISTS), Taken),
    ("a template without instructions", |to| template(to, NO_SYSTEM), Taken),
    ("a template that marks what is generated", |to| template(to, GENERATION), Taken),
    ("a template that goes on and breaks off", |to| template(to, CONTINUE), Taken),
    ("two parts", |to| parts(to, 2), Right),
    ("one of two parts", |to| parts(to, 1), Refused("tiny-00002-of-00002.gguf")),
    ("quantised, with one dense", |to| packed(to, "attn_v", Packing::BF16), Taken),
    ("quantised, with another dense", |to| packed(to, "ffn_down", Packing::F32), Taken),
    ("packed in levels", |to| packed(to, "", Packing::IQ4_NL), Taken),
    ("a type that is not computed", |to| packed(to, "", Packing::I8), Refused("(I8)")),
    ("the part that sees beside it", |to| beside(to, |_| {}), Seeing),
    (
        "two parts that see, one of them of another",
        |to| {
            sight(to, "tiny-mmproj-other.gguf", |f| _ = f.set("clip.vision.projection_dim", 512_u32));
            beside(to, |_| {})
        },
        Seeing,
    ),
    (
        "a part that sees, cut short",
        |to| {
            let model = beside(to, |_| {});
            shorten(&to.join("mmproj-right.gguf"));
            model
        },
        Blind("cut short"),
    ),
    (
        "a part that sees in another way",
        |to| beside(to, |f| _ = f.set("clip.projector_type", "qwen3vl_merger")),
        Blind("qwen3vl_merger"),
    ),
    ("Ollama's own", |to| of_ollama(to, |_| {}), Seeing),
    (
        "Ollama's own, its words said",
        |to| of_ollama(to, |f| _ = f.set("tokenizer.ggml.pre", "tekken")),
        Seeing,
    ),
    (
        "Ollama's own, its sight not described",
        |to| of_ollama(to, |f| _ = f.unset("mistral3.vision.image_size")),
        Blind("image_size"),
    ),
    (
        "a note of Git LFS",
        |to| bytes(to, b"version https://git-lfs.github.com/spec/v1\n"),
        Refused("Git LFS"),
    ),
    ("a web page", |to| bytes(to, b"<!doctype html>"), Refused("web page")),
    ("the other byte order", |to| bytes(to, b"GGUF\0\0\0\x03\0\0\0\0"), Refused("big-endian")),
    ("nothing", |to| bytes(to, b""), Refused("empty")),
];

#[test]
fn of_each_kind_of_file_the_library_says_what_the_engine_says() {
    as_said(FILES);
}

#[test]
fn of_each_kind_of_folder_the_library_says_what_the_engine_says() {
    as_said(folders::FOLDERS);
}

fn as_said(kinds: &[Kind]) {
    let mut engine = Engine::greeted(&engine_program()).unwrap();
    for (name, make, said) in kinds {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("here");
        fs::create_dir_all(&folder).unwrap();
        let path = make(&folder);
        let looked = look(&path).map_err(|error| error.to_string());
        let loaded = engine.load(&path, Device::Cpu);
        if let Refused(reason) = said {
            let (ours, theirs) = (looked.unwrap_err(), loaded.unwrap_err());
            assert!(ours.contains(reason), "{name}: {ours}");
            assert_eq!(ours, theirs, "{name}");
            continue;
        }
        let loaded = loaded.unwrap_or_else(|why| panic!("{name}: {why}"));
        let library = Library::new(home.path().join("models"), Catalog::built_in());
        library.import(&path, Taking::WhereItLies, &CancellationToken::new(), |_| {}).unwrap();
        let here = library.installed().remove(0);
        assert_eq!(here.path, looked.unwrap().path, "{name}");
        assert_eq!((here.sees, &here.blind), (loaded.sees, &loaded.fell_back), "{name}");
        assert!(here.sees == matches!(said, Seeing) || matches!(said, Taken), "{name}");
        if let Blind(why) = said {
            assert!(here.blind.as_ref().is_some_and(|said| said.contains(why)), "{name}: {:?}", here.blind);
        } else {
            assert_eq!(here.blind, None, "{name}");
        }
        match said {
            Taken => answers(&mut engine, name),
            _ => answers_right(&mut engine, name, here.sees),
        }
    }
}

/// Every known talk, those with pictures where it sees.
fn answers_right(engine: &mut Engine, name: &str, sees: bool) {
    let known = cases(&fixture("")).unwrap();
    for case in known.iter().filter(|case| sees || case.pictures.is_empty()) {
        case.check(engine).unwrap_or_else(|why| panic!("{name}: {}: {why}", case.name));
    }
}

/// What is said reaches it, instructions too, and it says something.
fn answers(engine: &mut Engine, name: &str) {
    let talk =
        |words: &str| vec![Turn::text(TurnRole::System, "Be brief."), Turn::text(TurnRole::User, words)];
    let mut count =
        |words: &str| engine.count(talk(words)).unwrap_or_else(|why| panic!("{name}: {why}")).len();
    assert!(count("Give me three names for a quiet bakery.") > count("Yes."), "{name}");
    assert_eq!(engine.generate(talk("Yes."), 4).unwrap().len(), 4, "{name}");
}

const LISTS: &str = "{{- bos_token }}{%- for m in messages %}{%- if m['role']=='user' %}[INST]\
    {%- for b in m['content'] %}{{ b['text'] }}{%- endfor %}[/INST]\
    {%- elif m['role']=='assistant' %}{{- m['content'] + eos_token }}{%- endif %}{%- endfor %}";
const NO_SYSTEM: &str = "{{- bos_token }}{%- for m in messages %}\
    {%- if (m['role']=='user') != (loop.index0 % 2 == 0) %}{{ raise_exception('roles must alternate') }}{%- endif %}\
    {%- if m['role']=='user' %}{{- '[INST]'+m['content']+'[/INST]' }}\
    {%- else %}{{- m['content'] + eos_token }}{%- endif %}{%- endfor %}";
const GENERATION: &str = "{{- bos_token }}{%- for m in messages %}\
    {%- if m['role']=='user' %}{{- '[INST]'+m['content']+'[/INST]' }}\
    {%- else %}{% generation %}{{- m['content'] + eos_token }}{% endgeneration %}{%- endif %}{%- endfor %}";
const CONTINUE: &str = "{{- bos_token }}{%- for m in messages %}{%- if m['role']=='tool' %}{% continue %}{% endif %}\
    {%- if m['role']=='end' %}{% break %}{% endif %}\
    {%- if m['role']=='user' %}{{- '[INST]'+m['content']+'[/INST]' }}\
    {%- else %}{{- m['content'] + eos_token }}{%- endif %}{%- endfor %}";

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/ministral3-tiny").join(name)
}

fn tiny(name: &str) -> File {
    File::of(&fs::read(fixture(name)).unwrap()).unwrap()
}

/// The tiny model's file after `change`.
fn file(to: &Path, change: impl FnOnce(&mut File)) -> PathBuf {
    let mut file = tiny("tiny-f16.gguf");
    change(&mut file);
    bytes(to, &file.bytes())
}

fn bytes(to: &Path, bytes: &[u8]) -> PathBuf {
    let path = to.join("tiny.gguf");
    fs::write(&path, bytes).unwrap();
    path
}

fn template(to: &Path, template: &str) -> PathBuf {
    file(to, |file| _ = file.set("tokenizer.chat_template", template))
}

/// So many of the two parts of the tiny model.
fn parts(to: &Path, count: usize) -> PathBuf {
    let named = |number: usize| to.join(format!("tiny-0000{}-of-00002.gguf", number + 1));
    for (number, bytes) in tiny("tiny-f16.gguf").split(2).iter().enumerate().take(count) {
        fs::write(named(number), bytes).unwrap();
    }
    named(0)
}

/// The model with the part that sees beside it, after `change`.
fn beside(to: &Path, change: impl FnOnce(&mut File)) -> PathBuf {
    sight(to, "mmproj-right.gguf", change);
    file(to, |_| {})
}

fn sight(to: &Path, name: &str, change: impl FnOnce(&mut File)) {
    let mut file = tiny("tiny-mmproj-f16.gguf");
    change(&mut file);
    fs::write(to.join(name), file.bytes()).unwrap();
}

fn of_ollama(to: &Path, change: impl FnOnce(&mut File)) -> PathBuf {
    let mut both = ollamas(&tiny("tiny-f16.gguf"), &tiny("tiny-mmproj-f16.gguf"));
    change(&mut both);
    bytes(to, &both.bytes())
}

fn shorten(path: &Path) {
    let whole = fs::read(path).unwrap();
    fs::write(path, &whole[..whole.len() - 100]).unwrap();
}

/// Every matrix in eight bits but those that have `part` in their names, which are packed as said.
/// What they hold are some numbers: it is whether the mixture is computed that is asked.
fn packed(to: &Path, part: &str, packing: Packing) -> PathBuf {
    file(to, |file| {
        let matrices: Vec<_> = file.tensors.extract_if(.., |tensor| tensor.dimensions.len() == 2).collect();
        for tensor in matrices {
            let packing = if tensor.name.contains(part) { packing } else { Packing::Q8_0 };
            let zeros = packing.bytes(&tensor.dimensions).and_then(|length| usize::try_from(length).ok());
            file.tensor(&tensor.name, &tensor.dimensions, packing, 1);
            if let Some(tensor) = file.tensors.last_mut() {
                tensor.bytes = small_numbers(packing, zeros.unwrap_or(0));
            }
        }
    })
}

/// Bytes that stand for small numbers in the packings that are tried.
fn small_numbers(packing: Packing, length: usize) -> Vec<u8> {
    // 1/1024 in 16 bits, and some levels.
    let block: Vec<u8> = match packing {
        Packing::Q8_0 => [0, 0x14].into_iter().chain((0..32).map(|n| n * 3)).collect(),
        Packing::IQ4_NL => [0, 0x14].into_iter().chain((0..16).map(|n| n * 7)).collect(),
        Packing::BF16 => vec![0x80, 0x3c],
        Packing::F32 => 0.015_625_f32.to_le_bytes().to_vec(),
        _ => vec![1],
    };
    block.iter().copied().cycle().take(length).collect()
}
