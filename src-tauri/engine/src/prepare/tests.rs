use super::*;
use crate::test_dir::TestDir;

#[test]
fn the_context_is_what_is_asked_for_and_the_tables_grow_in_whole_steps() {
    for (asked, context, tables) in [(700, 700, 1024), (512, 512, 512), (5000, 1024, 1024), (1, 1, 512)] {
        let scratch = TestDir::new();
        let prepared = prepare(&tiny(), scratch.path(), asked).unwrap();
        assert_eq!(prepared.context, context);
        let config = read(&prepared.config);
        assert_eq!(config["text_config"]["max_position_embeddings"], tables, "{asked}");
        assert_eq!(config["text_config"]["rope_parameters"]["original_max_position_embeddings"], 64);
    }
}

#[test]
fn the_loader_is_told_where_the_output_layer_is_the_embeddings() {
    let told = |inner: Value, outer: Value| {
        let mut model = tiny();
        model.config["text_config"]["tie_word_embeddings"] = inner;
        model.config["tie_word_embeddings"] = outer;
        let scratch = TestDir::new();
        let prepared = prepare(&model, scratch.path(), 512).unwrap();
        read(&prepared.config)["text_config"]["tie_word_embeddings"].clone()
    };
    assert_eq!(told(Value::Null, json!(true)), true);
    assert_eq!(told(Value::Null, json!(false)), false);
    assert_eq!(told(Value::Null, Value::Null), true);
    assert_eq!(told(json!(false), json!(true)), false);
}

#[test]
fn the_loader_finds_the_names_that_it_would_panic_without() {
    let scratch = TestDir::new();
    let mut model = tiny();
    model.processor = None;
    let prepared = prepare(&model, scratch.path(), 512).unwrap();
    let processor = read(&prepared.processor);
    assert_eq!((&processor["image_token"], &processor["patch_size"]), (&json!("[IMG]"), &json!(14)));
    model.processor = Some(json!({"image_token": "<picture>"}));
    let prepared = prepare(&model, scratch.path(), 512).unwrap();
    assert_eq!(read(&prepared.processor)["image_token"], "<picture>", "the model's own, where it has one");
}

#[test]
fn a_config_without_its_numbers_is_damaged() {
    let scratch = TestDir::new();
    let mut model = tiny();
    model.config["text_config"]["max_position_embeddings"] = json!("many");
    assert!(matches!(prepare(&model, scratch.path(), 512), Err(Fault::Damaged { .. })));
}

#[test]
fn a_folder_that_cannot_be_written_to_is_named() {
    let folder = TestDir::new();
    let file = folder.path().join("in the way");
    fs::write(&file, "").unwrap();
    assert!(matches!(prepare(&tiny(), &file, 512), Err(Fault::Scratch(path)) if path == file));
}

fn tiny() -> Folder {
    Folder::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/ministral3-tiny/hf"))
        .unwrap()
}

fn read(file: &Path) -> Value {
    serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
}
