use super::*;

#[test]
fn the_catalogue_that_ships_can_be_read() {
    let catalog = Catalog::read(include_str!("../../catalog.json")).unwrap();
    let ids: Vec<_> = catalog.entries.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "ministral-3-3b",
            "ministral-3-3b-finer",
            "ministral-3-3b-finest",
            "ministral-3-8b",
            "ministral-3-14b"
        ]
    );
    assert_eq!(Catalog::built_in(), catalog);
}

#[test]
fn the_model_to_begin_with_is_pinned_to_a_commit_a_length_and_a_hash() {
    let entry = Catalog::built_in().find("ministral-3-3b").unwrap().clone();
    assert_eq!(entry.text.revision.len(), 40);
    assert_eq!(entry.text.bytes, Some(2_147_023_008));
    assert!(matches!(entry.text.trust, Trust::Pinned(_)));
    assert_eq!(entry.shape.kv_bytes(), 106_496);
}

#[test]
fn every_entry_has_words_and_a_commit() {
    for entry in Catalog::built_in().entries {
        assert!(entry.good_for.len() > 30 && entry.good_for.ends_with('.'), "{}", entry.id);
        for source in [&entry.text, &entry.vision] {
            assert!(source.revision.len() == 40 && source.bytes.is_some(), "{}", source.file);
            assert!(hub_file(&format!("{}:{}", source.repo, source.file)).is_ok());
        }
    }
}

#[test]
fn an_unknown_name_is_said_to_be_unknown() {
    let error = Catalog::built_in().find("gpt").unwrap_err().to_string();
    assert!(error.contains("gpt"), "{error}");
}

#[test]
fn a_file_on_the_hub_is_named_as_people_name_it() {
    let file = |text: &str| {
        let source = hub_file(text).unwrap();
        format!("{} {} {}", source.repo, source.revision, source.file)
    };
    assert_eq!(file("a/b-GGUF:c.Q4_K_M.gguf"), "a/b-GGUF main c.Q4_K_M.gguf");
    assert_eq!(file(" https://huggingface.co/a/b/blob/main/c.gguf "), "a/b main c.gguf");
    assert_eq!(
        file("https://hf-mirror.com/a/b/resolve/0123abc/sub/c.gguf?download=true"),
        "a/b 0123abc sub/c.gguf"
    );
}

#[test]
fn a_name_that_could_lead_elsewhere_is_no_name() {
    for text in [
        "",
        "a/b",
        "a/b:c.bin",
        "a/b:../../etc/c.gguf",
        "../b:c.gguf",
        "a/b:/c.gguf",
        "a/b:c d.gguf",
        "a/b:c%2fd.gguf",
        "a/b:.gguf",
        "https://huggingface.co/a/b/tree/main/c.gguf",
        "https://huggingface.co/a/b/resolve/../c.gguf",
    ] {
        assert!(hub_file(text).is_err(), "{text}");
    }
}
