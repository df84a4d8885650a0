//! A folder for one test, gone when the test is.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU32, Ordering},
};

// Not tempfile: it would ask other features of rustix than the engine does, and
// mistralrs-core, which stands above that, would be built twice.
pub struct TestDir(PathBuf);

impl TestDir {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = env::temp_dir().join(format!("sotto-engine-test-{}-{count}", process::id()));
        fs::create_dir_all(&folder).expect("tests can write to the temporary folder");
        // As the engine will see it, which follows links.
        Self(folder.canonicalize().expect("it was just made"))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TestDir {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
