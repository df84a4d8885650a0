#![cfg(target_os = "linux")]

use super::*;

#[test]
fn no_other_process_looks_into_this_one_and_none_leaves_a_dump() {
    assert!(is_open(), "at first");
    leave_no_dumps();
    close();
    assert!(!is_open());
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().nth(4), Some("0"), "{core}");
}
