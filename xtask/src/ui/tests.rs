use super::*;

#[test]
fn a_source_changed_added_or_renamed_makes_the_build_stale_and_its_results_do_not() {
    let ui = std::env::temp_dir().join(format!("sotto-xtask-ui-{}", std::process::id()));
    for folder in ["src", "dist", "node_modules"] {
        fs::create_dir_all(ui.join(folder)).unwrap();
    }
    fs::write(ui.join("src/a.ts"), "1").unwrap();
    let first = sources(&ui).unwrap();

    fs::write(ui.join("dist/index.html"), "built").unwrap();
    fs::write(ui.join("node_modules/.sotto-built"), "stamp").unwrap();
    assert_eq!(sources(&ui).unwrap(), first);

    fs::write(ui.join("src/a.ts"), "2").unwrap();
    let changed = sources(&ui).unwrap();
    fs::write(ui.join("src/b.ts"), "").unwrap();
    let added = sources(&ui).unwrap();
    fs::rename(ui.join("src/b.ts"), ui.join("src/c.ts")).unwrap();
    let renamed = sources(&ui).unwrap();
    let all = std::collections::BTreeSet::from([first, changed, added, renamed]);
    assert_eq!(all.len(), 4);
    fs::remove_dir_all(ui).unwrap();
}

#[test]
fn node_is_old_by_its_minor_version_too() {
    assert!(parsed("v20.19.0\n").unwrap() >= OLDEST_NODE);
    assert!(parsed("v22.1.0\n").unwrap() >= OLDEST_NODE);
    assert!(parsed("v20.9.0\n").unwrap() < OLDEST_NODE);
    assert_eq!(parsed("who knows"), None);
}
