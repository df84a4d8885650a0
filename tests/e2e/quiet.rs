//! A story told where no network is: whatever packet wants to leave is caught there.

use std::env;

/// Says to this program, started again, that it is in there.
const INSIDE: &str = "SOTTO_TEST_IN_THE_QUIET";

/// Tells the story, which is the test of this name, in a network of its own with nothing in
/// it but this machine. The window, its driver and the screen talk over the loopback device,
/// which is no departure.
pub fn quietly(test: &str, story: impl FnOnce()) {
    if env::var_os(INSIDE).is_some() {
        return story();
    }
    let told = journeys::unshared("n")
        .arg(env!("CARGO_BIN_EXE_quiet"))
        .arg(env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(INSIDE, "yes")
        .output()
        .expect("unshare is needed for this test: cargo xtask setup");
    let (said, troubles) = (String::from_utf8_lossy(&told.stdout), String::from_utf8_lossy(&told.stderr));
    assert!(told.status.success(), "{}: {said}\n{troubles}", told.status);
    assert!(said.contains("1 passed"), "no test of the name {test}: {said}");
}
