use super::*;

const LOCK: &str = "[[package]]\nname = \"quill\"\nversion = \"0.1.0\"\ndependencies = [\n \"ink\",\n]\n";

#[test]
fn a_patch_is_applied_to_what_was_published_and_the_result_is_kept() {
    let desk = Desk::new("kept");
    desk.patch("0001-colour.patch", "-let ink = \"black\";\n+let ink = \"madder\";\n");
    let sources = desk.prepare().unwrap();
    assert_eq!(fs::read_to_string(sources.join("src/lib.rs")).unwrap(), "let ink = \"madder\";\n");
    assert_eq!(desk.kept(), std::slice::from_ref(&sources), "nothing else is left behind");

    fs::remove_dir_all(desk.cargo_home()).unwrap();
    assert_eq!(desk.prepare().unwrap(), sources, "what is there is not made again");
}

#[test]
fn other_patches_make_other_sources() {
    let desk = Desk::new("other");
    desk.patch("0001-colour.patch", "-let ink = \"black\";\n+let ink = \"madder\";\n");
    let madder = desk.prepare().unwrap();
    desk.patch("0001-colour.patch", "-let ink = \"black\";\n+let ink = \"moss\";\n");
    let moss = desk.prepare().unwrap();
    assert_ne!(madder, moss);
    assert_eq!(fs::read_to_string(moss.join("src/lib.rs")).unwrap(), "let ink = \"moss\";\n");
}

#[test]
fn a_better_word_about_a_patch_makes_nothing_anew() {
    let desk = Desk::new("word");
    desk.patch("0001-colour.patch", "-let ink = \"black\";\n+let ink = \"madder\";\n");
    let before = desk.prepare().unwrap();
    let file = desk.0.join("engine/patches/quill/0001-colour.patch");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(file, format!("It is red now.\n{text}")).unwrap();
    assert_eq!(desk.prepare().unwrap(), before);
}

#[test]
fn a_crate_that_is_not_the_one_we_know_is_refused() {
    let desk = Desk::new("stranger");
    desk.patch("0001-colour.patch", "-let ink = \"black\";\n+let ink = \"madder\";\n");
    fs::write(desk.crate_file(), "something else").unwrap();
    let refused = desk.prepare().unwrap_err();
    assert!(refused.contains("SHA-256") && refused.contains("quill-0.1.0.crate"), "{refused}");
    assert_eq!(desk.kept(), Vec::<PathBuf>::new());
}

#[test]
fn a_patch_that_does_not_fit_leaves_nothing_that_looks_finished() {
    let desk = Desk::new("unfit");
    desk.patch("0001-colour.patch", "-let ink = \"blue\";\n+let ink = \"madder\";\n");
    assert!(desk.prepare().unwrap_err().contains("patch"));
    assert_eq!(desk.kept(), Vec::<PathBuf>::new());
}

#[test]
fn the_crate_is_asked_for_as_it_was_published() {
    let desk = Desk::new("lock");
    let patched = Patched::read(&desk.0.join("engine/patches/quill")).unwrap();
    let published = patched.as_published(LOCK);
    let lines: Vec<_> = published.lines().collect();
    assert_eq!(lines[2], "version = \"0.1.0\"");
    assert_eq!(lines[3], "source = \"registry+https://github.com/rust-lang/crates.io-index\"");
    assert_eq!(lines[4], format!("checksum = \"{}\"", patched.sha256));
    assert_eq!(lines[5], "dependencies = [");
}

/// cargo takes a file that is missing for one that has changed, and compiles a crate
/// again at every build that asks after one.
#[test]
fn the_patched_crates_ask_only_after_files_that_are_there() {
    let engine = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src-tauri/engine");
    let places = Places::of_the_user().unwrap();
    for folder in listing(&engine.join("patches")).unwrap() {
        let sources = Patched::read(&folder).unwrap().sources(&engine, &places).unwrap();
        let script = fs::read_to_string(sources.join("build.rs")).unwrap();
        // With one colon or two.
        let asked = script.split(":rerun-if-changed=").skip(1).map(|rest| rest.split('"').next().unwrap());
        // What is put together at run time follows from the first of them.
        let asked: Vec<_> = asked.filter(|file| !file.contains('{')).collect();
        assert!(!asked.is_empty());
        assert!(asked.iter().all(|file| sources.join(file).exists()), "{asked:?}");
    }
}

/// A checkout, a cargo home and a cache, with one published crate: quill.
struct Desk(PathBuf);

impl Desk {
    fn new(name: &str) -> Self {
        let desk = Self(env::temp_dir().join(format!("sotto-xtask-patches-{name}-{}", std::process::id())));
        let publish = desk.0.join("publish");
        fs::create_dir_all(publish.join("quill-0.1.0/src")).unwrap();
        fs::write(publish.join("quill-0.1.0/src/lib.rs"), "let ink = \"black\";\n").unwrap();
        let file = desk.crate_file();
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        step::run(Command::new("tar").arg("-czf").arg(&file).arg("-C").arg(publish).arg("quill-0.1.0"))
            .unwrap();

        let patches = desk.0.join("engine/patches/quill");
        fs::create_dir_all(&patches).unwrap();
        let sum = format!("{}  quill-0.1.0.crate\n", sha256(&file).unwrap());
        fs::write(patches.join("upstream.sha256"), sum).unwrap();
        desk
    }

    fn patch(&self, name: &str, lines: &str) {
        let text = format!("What it mends.\n\n--- a/src/lib.rs\n+++ b/src/lib.rs\n@@ -1 +1 @@\n{lines}");
        fs::write(self.0.join("engine/patches/quill").join(name), text).unwrap();
    }

    /// The sources that the arguments lead to.
    fn prepare(&self) -> Result<PathBuf, String> {
        let places = Places { cargo_home: self.cargo_home(), cache: self.0.join("cache") };
        let arguments = prepare_in(&self.0.join("engine"), &places)?;
        let [config, path, locked] = &arguments[..] else { panic!("{arguments:?}") };
        assert_eq!((config.as_str(), locked.as_str()), ("--config", "--locked"));
        Ok(path.strip_prefix("patch.crates-io.quill.path=\"").unwrap().strip_suffix('"').unwrap().into())
    }

    fn kept(&self) -> Vec<PathBuf> {
        listing(&self.0.join("cache")).unwrap_or_default()
    }

    fn cargo_home(&self) -> PathBuf {
        self.0.join("cargo")
    }

    fn crate_file(&self) -> PathBuf {
        self.cargo_home().join("registry/cache/somewhere/quill-0.1.0.crate")
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
