use std::{fs, path::Path};

use super::{as_asked, fast, list, threads};
use crate::test_dir::TestDir;

/// A machine of as many processors, of which each names its siblings.
fn machine(siblings: &[&str]) -> TestDir {
    let system = TestDir::new();
    write(system.path(), "system/cpu/online", &format!("0-{}\n", siblings.len() - 1));
    for (cpu, siblings) in siblings.iter().enumerate() {
        write(system.path(), &format!("system/cpu/cpu{cpu}/topology/thread_siblings_list"), siblings);
    }
    system
}

fn write(system: &Path, file: &str, text: &str) {
    let file = system.join(file);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

#[test]
fn two_threads_of_a_core_are_one() {
    let system = machine(&["0,2\n", "1,3\n", "0,2\n", "1,3\n"]);
    assert_eq!(fast(system.path()), Some(2));
}

#[test]
fn slow_cores_do_not_compute() {
    let intel = machine(&["0-1\n", "0-1\n", "2-3\n", "2-3\n", "4\n", "5\n", "6\n", "7\n"]);
    write(intel.path(), "cpu_core/cpus", "0-3\n");
    assert_eq!(fast(intel.path()), Some(2));

    let arm = machine(&["0\n", "1\n", "2\n", "3\n", "4\n"]);
    for (cpu, capacity) in [250, 250, 900, 1024, 1024].into_iter().enumerate() {
        write(arm.path(), &format!("system/cpu/cpu{cpu}/cpu_capacity"), &format!("{capacity}\n"));
    }
    assert_eq!(fast(arm.path()), Some(3));
}

#[test]
fn a_machine_that_does_not_say_is_not_guessed_at() {
    let system = TestDir::new();
    assert_eq!(fast(system.path()), None);
    write(system.path(), "system/cpu/online", "zero to three");
    assert_eq!(fast(system.path()), None);
}

#[test]
fn lists_are_read_as_linux_writes_them() {
    assert_eq!(list("0-2,5,7-8\n").unwrap().into_iter().collect::<Vec<_>>(), [0, 1, 2, 5, 7, 8]);
    assert_eq!(list("\n").map(|all| all.len()), Some(0));
}

#[test]
fn what_is_asked_for_is_had_as_far_as_it_is_there() {
    assert_eq!((as_asked(Some("1"), 8), as_asked(Some("-2"), 8)), (1, 6), "so many, or so many fewer");
    for nonsense in [None, Some(""), Some("0"), Some("many")] {
        assert_eq!(as_asked(nonsense, 8), 8);
    }
    let allowed = std::thread::available_parallelism().unwrap().get();
    assert!((1..=allowed).contains(&threads()));
}
