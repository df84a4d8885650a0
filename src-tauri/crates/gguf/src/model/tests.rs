use std::fs;

use tempfile::TempDir;

use super::*;
use crate::{Cut, Pre, packing::Packing, write};

fn opened(file: &write::File) -> Result<Model, Why> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("poet.gguf");
    fs::write(&path, file.bytes()).unwrap();
    Model::open(&path).map_err(|refused| refused.why)
}

fn changed(change: impl FnOnce(&mut write::File)) -> Result<Model, Why> {
    let mut file = write::model(32, 1);
    change(&mut file);
    opened(&file)
}

fn said(change: impl FnOnce(&mut write::File)) -> String {
    match changed(change) {
        Ok(model) => panic!("it was taken: {:?}", model.text),
        Err(why) => why.of(Path::new("poet.gguf")).to_string(),
    }
}

fn fixture(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/ministral3-tiny").join(file)
}

#[test]
fn a_file_made_by_others_is_taken_with_its_figures() {
    let model = Model::open(&fixture("tiny-f16.gguf")).unwrap();
    let text = model.text;
    assert_eq!((text.layers, text.hidden, text.feed_forward, text.vocabulary), (2, 256, 512, 1024));
    assert_eq!((text.heads, text.kv_heads, text.head_size, text.longest), (4, 2, 128, 1024));
    assert!(text.tied);
    let yarn = text.rope.yarn.unwrap();
    assert_eq!((yarn.factor, yarn.original, yarn.beta_fast, yarn.beta_slow), (16.0, 64, 32.0, 1.0));
    assert_eq!((yarn.mscale, yarn.mscale_all_dim), (Some(1.0), Some(1.0)));
    assert!((text.rope.query_scale.unwrap() - 0.1).abs() < 1e-6);
    assert_eq!(model.bytes, fs::metadata(fixture("tiny-f16.gguf")).unwrap().len());
    let words = model.words().unwrap();
    let Cut::Pairs { pre: Pre::Tekken, merges } = &words.cut else { panic!("{:?}", words.cut) };
    assert_eq!((words.texts.len(), merges.len(), words.begins, words.ends), (1024, 286, Some(1), vec![2]));
    assert!(words.template.contains("[SYSTEM_PROMPT]"));
}

#[test]
fn the_guide_in_the_box_is_taken() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../models/guide/guide.gguf");
    assert_eq!(Model::open(&guide).unwrap().text.layers, 4);
}

/// One line for each thing that would be computed wrongly in silence.
#[test]
fn what_is_not_known_is_refused_by_its_name() {
    let set = |key: &'static str, value: u32| move |file: &mut write::File| _ = file.set(key, value);
    for (refused, named) in [
        (said(|f| _ = f.call("gemma4")), "another kind (gemma4)"),
        (said(|f| _ = f.call("qwen3moe")), "another kind (qwen3moe)"),
        (said(|f| _ = f.call("qwen3")), "lacks its blk.0.attn_q_norm.weight"),
        (said(|f| _ = f.set("general.architecture", "clip")), "only the part of a model that sees"),
        (said(|f| _ = f.set("general.type", "adapter")), "LoRA"),
        (said(|f| _ = f.set("tokenizer.ggml.pre", "gpt-4o")), "(gpt-4o)"),
        (said(|f| _ = f.set("tokenizer.ggml.pre", "default")), "(default)"),
        (said(|f| _ = f.unset("tokenizer.ggml.pre")), "does not say"),
        (said(|f| _ = f.set("tokenizer.ggml.model", "llama")), "(llama)"),
        (said(|f| _ = f.unset("tokenizer.ggml.merges")), "lacks the list of what its words"),
        (said(|f| _ = f.unset("tokenizer.ggml.token_type")), "lacks the kinds of its words"),
        (said(|f| _ = f.unset("tokenizer.ggml.tokens")), "lacks its words"),
        (said(set("mistral3.block_count", 1)), "says that it has 1 layers, and has 2"),
        (said(set("mistral3.block_count", 1_000_000)), "1000000 layers"),
        (said(set("mistral3.embedding_length", 1_048_575)), "another size"),
        (said(set("mistral3.attention.head_count", 8)), "another size"),
        (said(set("mistral3.feed_forward_length", 31)), "another size"),
        (said(set("mistral3.vocab_size", 31)), "damaged"),
        (said(set("mistral3.rope.dimension_count", 8)), "8 of 16 numbers"),
        (said(set("tokenizer.ggml.eos_token_id", 99_999)), "damaged"),
        (said(set("tokenizer.ggml.bos_token_id", 400_000_000)), "damaged"),
        (said(|f| _ = f.set("mistral3.rope.scaling.type", "longrope")), "(longrope)"),
        (said(|f| _ = f.set("mistral3.rope.scaling.type", "yarn")), "lacks its rope.scaling.factor"),
        (said(|f| _ = f.set("mistral3.rope.scaling.factor", 4.0_f32)), "(linear)"),
        (said(|f| _ = f.set("mistral3.attention.temperature_scale", 0.1_f32)), "scaled queries"),
        (said(|f| _ = f.set("mistral3.rope.freq_base", "big")), "damaged"),
        (said(|f| f.tensors.retain(|t| t.name != "blk.1.ffn_up.weight")), "lacks its blk.1.ffn_up.weight"),
        (said(|f| f.tensors.retain(|t| t.name != "output_norm.weight")), "lacks its output_norm.weight"),
        (said(|f| _ = f.tensor("blk.0.attn_q.bias", &[64], Packing::F32, 1)), "(blk.0.attn_q.bias)"),
        (said(|f| _ = f.tensor("rope_freqs.weight", &[8], Packing::F32, 1)), "(rope_freqs.weight)"),
        (said(|f| _ = f.tensor("v.pre_ln.weight", &[8], Packing::F32, 1)), "(v.pre_ln.weight)"),
        (said(|f| f.tensors[0].name = "token_embd.bias".into()), "lacks its token_embd.weight"),
        (said(|f| f.tensors[2].packing = Packing::Unknown(99)), "type 99"),
    ] {
        assert!(refused.contains(named), "{named}: {refused}");
    }
}

#[test]
fn qwen_and_gemma_are_taken_with_what_is_their_own() {
    let qwen = opened(&write::qwen3(32, 1)).unwrap();
    assert_eq!((qwen.text.family, qwen.text.window), (Family::Qwen3, None));
    let Cut::Pairs { pre: Pre::Qwen2, .. } = qwen.words().unwrap().cut else { panic!("cut otherwise") };

    let mut file = write::gemma3(32, 1);
    let text = opened(&file).unwrap().text;
    let window = Window { length: 8, pattern: 6, base: 10_000.0 };
    assert_eq!((text.family, text.window, text.longest), (Family::Gemma3, Some(window), 8192));
    assert_eq!((0..7).filter(|layer| !window.holds(*layer)).collect::<Vec<_>>(), [5]);
    // The larger ones' rope, which Google stretched so.
    file.set("gemma3.rope.scaling.type", "linear").set("gemma3.rope.scaling.factor", 8.0_f32);
    assert_eq!(opened(&file).unwrap().text.rope, Rope { divided: 8.0, ..text.rope });
}

#[test]
fn what_is_not_known_of_qwen_and_gemma_is_refused() {
    type Change = fn(&mut write::File);
    let changes: [(Change, &str); 6] = [
        (|f| _ = f.set("gemma3.final_logit_softcapping", 30.0_f32), "gemma3 with final_logit_softcapping"),
        (|f| _ = f.set("gemma3.rope.scaling.type", "yarn"), "lacks its rope.scaling.factor"),
        (|f| _ = f.unset("gemma3.rope.freq_base"), "lacks its rope.freq_base"),
        (|f| _ = f.unset("gemma3.attention.sliding_window"), "lacks its attention.sliding_window"),
        (|f| f.tensors.retain(|t| !t.name.ends_with("1.post_ffw_norm.weight")), "lacks its blk.1.post_ffw"),
        (|f| _ = f.tensor("rope_freqs.weight", &[8], Packing::F32, 1), "(rope_freqs.weight)"),
    ];
    for (change, named) in changes {
        let mut file = write::gemma3(32, 1);
        change(&mut file);
        let refused = opened(&file).unwrap_err().of(Path::new("poet.gguf")).to_string();
        assert!(refused.contains(named), "{named}: {refused}");
    }
}

#[test]
fn a_type_that_is_not_computed_is_named_with_what_works() {
    let refused = said(|file| {
        let tensor = file.tensors.iter_mut().find(|t| t.name == "blk.0.ffn_down.weight").unwrap();
        tensor.packing = Packing::I32;
        tensor.bytes = vec![0; 32 * 64 * 4];
    });
    assert!(refused.contains("(I32)") && refused.contains("Q4_K_M"), "{refused}");
}

#[test]
fn a_file_without_a_template_gets_the_familys_if_it_knows_its_marks() {
    let model = changed(|file| _ = file.unset("tokenizer.chat_template")).unwrap();
    assert_eq!(model.words().unwrap().template, crate::FAMILY_TEMPLATE);
    let refused = said(|file| {
        let texts: Vec<String> = (0..32).map(|n| format!("w{n}")).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        file.unset("tokenizer.chat_template").set("tokenizer.ggml.tokens", texts.as_slice());
        file.set("tokenizer.ggml.merges", ["w 1"].as_slice());
    });
    assert!(refused.contains("damaged"), "its merges make no words: {refused}");
    let refused = said(|file| {
        let texts: Vec<String> = (0..30).map(|n| format!("w{n}")).chain(["w".into(), "1".into()]).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        file.unset("tokenizer.chat_template").set("tokenizer.ggml.tokens", texts.as_slice());
        file.set("tokenizer.ggml.merges", ["w 1"].as_slice());
    });
    assert!(refused.contains("lacks a chat template"), "{refused}");
}

/// Ollama's converter names some figures otherwise, does not say how words are cut, and puts
/// the part that sees into the same file.
#[test]
fn the_figures_that_ollama_writes_are_the_same_figures() {
    let mut file = write::File::of(&fs::read(fixture("tiny-f16.gguf")).unwrap()).unwrap();
    let theirs = opened(&file).unwrap();
    file = write::ollamas(&file, &write::vision(32, 1));
    let ours = opened(&file).unwrap();
    assert!(ours.has_sight_within() && !theirs.has_sight_within());
    assert_eq!(ours.text, theirs.text);

    file.set("mistral3.attention.temperature_scale", 0.3_f32);
    assert!(matches!(opened(&file), Err(Why::Rope(_))), "two figures for one thing");
}

#[test]
fn parts_are_opened_as_one_from_any_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let paths = write_parts(&folder, &write::model(32, 1), 3);
    let whole = opened(&write::model(32, 1)).unwrap();
    for path in &paths {
        let model = Model::open(path).unwrap();
        assert_eq!(model.files, paths);
        assert_eq!(model.text, whole.text);
        assert_eq!(model.bytes, paths.iter().map(|path| fs::metadata(path).unwrap().len()).sum::<u64>());
        let (_, last) = model.header.tensors().max_by_key(|(_, tensor)| tensor.file).unwrap();
        assert_eq!(last.file, 2);
    }
}

fn write_parts(folder: &TempDir, file: &write::File, count: u16) -> Vec<PathBuf> {
    let parts = file.split(count);
    let named = |number: usize| folder.path().join(format!("poet-{:05}-of-{count:05}.gguf", number + 1));
    parts.iter().enumerate().for_each(|(number, bytes)| fs::write(named(number), bytes).unwrap());
    (0..parts.len()).map(named).collect()
}

#[test]
fn a_part_that_is_missing_renamed_or_of_another_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let paths = write_parts(&folder, &write::model(32, 1), 2);
    let why = |path: &Path| Model::open(path).unwrap_err().why;

    let aside = folder.path().join("other.gguf");
    fs::rename(&paths[1], &aside).unwrap();
    assert!(matches!(why(&paths[0]), Why::PartMissing { file, of: 2 } if file == "poet-00002-of-00002.gguf"));
    assert!(matches!(why(&aside), Why::PartRenamed { number: 2, of: 2 }));

    fs::write(&paths[1], write::model(32, 2).bytes()).unwrap();
    assert!(matches!(why(&paths[0]), Why::PartOfAnother(file) if file == "poet-00002-of-00002.gguf"));

    let cut = fs::read(&aside).unwrap();
    fs::write(&paths[1], &cut[..cut.len() - 1]).unwrap();
    let refused = Model::open(&paths[0]).unwrap_err();
    assert!(matches!(refused.why, Why::CutShort { .. }) && refused.name == "poet-00002-of-00002.gguf");
}

#[test]
fn only_regular_files_are_read() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(Model::open(&folder.path().join("gone.gguf")).unwrap_err().why, Why::Missing));
    assert!(matches!(Model::open(folder.path()).unwrap_err().why, Why::NotAModel(_)));
    #[cfg(unix)]
    {
        let endless = folder.path().join("endless.gguf");
        std::os::unix::fs::symlink("/dev/zero", &endless).unwrap();
        assert!(Model::open(&endless).unwrap_err().to_string().contains("not a file"));
    }
}

/// A file of the `llama` architecture, changed.
fn llama(change: impl FnOnce(&mut write::File)) -> Result<Model, Why> {
    let mut file = write::llama(32, 1);
    change(&mut file);
    opened(&file)
}

#[test]
fn a_llama_is_taken_with_its_figures() {
    let model = llama(|file| _ = file.set("llama.attention.sliding_window", 4096_u32)).unwrap();
    assert_eq!((model.text.head_size, model.text.longest, model.text.scaled), (16, 4096, false));
    assert!((model.text.rope.base - 1e6).abs() < 1.0);

    let scaled = llama(|file| _ = file.tensor("rope_freqs.weight", &[8], Packing::F32, 1)).unwrap();
    assert!(scaled.text.scaled);
    assert!(matches!(
        llama(|file| _ = file.tensor("rope_freqs.weight", &[4], Packing::F32, 1)),
        Err(Why::Sized(name)) if name == "rope_freqs.weight"
    ));
}

#[test]
fn what_is_not_known_of_llamas_is_refused_by_its_name() {
    let said =
        |change: fn(&mut write::File)| llama(change).unwrap_err().of(Path::new("poet.gguf")).to_string();
    for (refused, named) in [
        (said(|f| _ = f.set("llama.expert_count", 8_u32)), "llama with experts"),
        (said(|f| _ = f.set("tokenizer.ggml.pre", "deepseek-llm")), "(deepseek-llm)"),
        (said(|f| _ = f.unset("tokenizer.ggml.pre")), "does not say"),
        (said(|f| _ = f.set("tokenizer.ggml.model", "t5")), "(t5)"),
        (said(|f| _ = f.set("tokenizer.ggml.model", "llama")), "lacks the scores of its words"),
        (said(|f| _ = f.tensor("blk.1.attn_k.bias", &[32], Packing::F32, 1)), "(blk.1.attn_k.bias)"),
        (said(|f| _ = f.set("tokenizer.ggml.add_bos_token", 3_u32)), "damaged"),
    ] {
        assert!(refused.contains(named), "{named}: {refused}");
    }
}

/// `SentencePiece`: scores in the place of merges, and all bytes among the words.
#[test]
fn words_with_scores_are_read() {
    let pieces = |file: &mut write::File, bytes: u16| {
        let mut texts: Vec<String> = ["<unk>", "<s>", "</s>"].map(String::from).to_vec();
        texts.extend((0..bytes).map(|byte| format!("<0x{byte:02X}>")));
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let count = texts.len();
        file.set("tokenizer.ggml.model", "llama").set("tokenizer.ggml.tokens", texts.as_slice());
        file.set("tokenizer.ggml.token_type", vec![6_i32; count].as_slice());
        file.set("tokenizer.ggml.scores", vec![0.5_f32; count].as_slice());
        file.tensors[0].dimensions[1] = count as u64;
        file.tensors[0].bytes.resize(count * 64 * 2, 0);
    };
    let model = llama(|file| pieces(file, 256)).unwrap();
    let words = model.words().unwrap();
    assert!(matches!(&words.cut, Cut::Pieces { scores, space_before: true } if scores.len() == 259));
    assert!(words.always_begins);
    assert!(matches!(llama(|file| pieces(file, 255)), Err(Why::Lacks(what)) if what.contains("bytes")));
}

/// Each family's own way to write a talk, where a file brings none.
#[test]
fn a_llama_without_a_template_gets_that_of_the_family_whose_marks_it_knows() {
    for (marks, begins) in [
        (["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"], "<|start_header_id|>"),
        (["<|im_start|>", "<|im_end|>", "unused"], "<|im_start|>"),
    ] {
        let model = llama(|file| {
            let mut texts: Vec<String> = (0..26).map(|n| format!("w{n}")).collect();
            texts.extend(["w", "1", "x"].map(String::from));
            texts.extend(marks.map(String::from));
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            file.unset("tokenizer.chat_template").set("tokenizer.ggml.tokens", texts.as_slice());
            file.set("tokenizer.ggml.merges", ["w 1"].as_slice());
            let kinds: Vec<i32> = (0..32).map(|id| if id < 29 { 1 } else { 3 }).collect();
            file.set("tokenizer.ggml.token_type", kinds.as_slice());
        })
        .unwrap();
        let words = model.words().unwrap();
        assert!(words.template.contains(begins), "{}", words.template);
        assert_eq!(words.ends.len(), 2, "the named end, and the family's: {:?}", words.ends);
    }
}
