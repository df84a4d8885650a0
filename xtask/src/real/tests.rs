use super::*;

/// "dawn and moss", in two parts.
const POEM: Published = Published {
    packages: &["a", "b"],
    parts: &["a/poem.00", "b/poem.01"],
    name: "poem.gguf",
    sha256: "260d00b871692f56cdf3039603f1284b0faf8862c68add2e2055eee06fb17893",
    variable: "POEM",
};

struct Cache(PathBuf);

impl Cache {
    fn new(name: &str) -> Self {
        let folder = env::temp_dir().join(format!("xtask-real-{name}-{}", process::id()));
        let _ = fs::remove_dir_all(&folder);
        Self(folder)
    }

    fn holds(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).into_iter().flatten().flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }
}

impl Drop for Cache {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn unpack(words: [&'static str; 2]) -> impl FnOnce(&[&str], &Path) -> Result<(), String> {
    move |packages, folder| {
        for (package, (word, part)) in packages.iter().zip(words.iter().zip(POEM.parts)) {
            fs::create_dir_all(folder.join(package)).unwrap();
            fs::write(folder.join(part), word).unwrap();
        }
        Ok(())
    }
}

fn unreachable(_: &[&str], _: &Path) -> Result<(), String> {
    Err("no network".into())
}

#[test]
fn a_model_is_fetched_once_and_joined_of_its_parts() {
    let cache = Cache::new("once");
    let model = POEM.fetched(&cache.0, unpack(["dawn ", "and moss"])).unwrap();
    assert_eq!(fs::read_to_string(&model).unwrap(), "dawn and moss");
    assert_eq!(cache.holds(), ["poem.gguf"], "nothing else is left");
    assert_eq!(POEM.fetched(&cache.0, unreachable), Ok(model), "it is in the cache");
}

#[test]
fn what_is_damaged_is_fetched_again_and_another_is_not_taken() {
    let cache = Cache::new("damaged");
    let other = POEM.fetched(&cache.0, unpack(["dusk ", "and moss"])).unwrap_err();
    assert!(other.contains("not the model that was asked for"), "{other}");
    assert!(cache.holds().is_empty(), "{:?}", cache.holds());
    fs::write(cache.0.join("poem.gguf"), "dawn an").unwrap();
    assert_eq!(POEM.fetched(&cache.0, unreachable).unwrap_err(), "no network");
    let model = POEM.fetched(&cache.0, unpack(["dawn ", "and moss"])).unwrap();
    assert_eq!(fs::read_to_string(model).unwrap(), "dawn and moss");
}

#[test]
fn without_a_model_only_ci_fails() {
    let ended = |variable| nothing_compared("no network", in_ci(variable)).is_ok();
    assert_eq!([None, Some(""), Some("false"), Some("0")].map(ended), [true; 4]);
    assert_eq!([Some("true"), Some("1")].map(ended), [false; 2]);
}
