//! The machine: what it is, how fast its memory is, and what a process of it took, of its
//! graphics card too.

use std::{
    fs,
    hint::black_box,
    process::Command,
    thread,
    time::{Instant, SystemTime},
};

/// Bytes that each thread reads: far more than any cache holds.
const SHARE: usize = 512 << 20;

/// What the processor calls itself, and the instructions that matter here.
pub fn name() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        info.lines().find_map(|line| line.strip_prefix("model name")).and_then(|rest| rest.split_once(':'));
    let flags = info.lines().find(|line| line.starts_with("flags")).unwrap_or_default();
    let has = |flag: &str| flags.split_whitespace().any(|there| there == flag);
    let vectors = match () {
        () if has("avx512_vnni") => ", AVX-512 VNNI",
        () if has("avx_vnni") => ", AVX-VNNI",
        () if has("avx2") => ", AVX2",
        () => "",
    };
    format!("{}{vectors}", model.map_or(std::env::consts::ARCH, |(_, name)| name.trim()))
}

/// How many threads this process may run at once.
pub fn cores() -> usize {
    thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Bytes a second that `threads` read from memory together, at best.
pub fn bandwidth(threads: usize) -> f64 {
    let shares: Vec<Vec<u64>> = (0..threads).map(|_| (0..SHARE as u64 / 8).collect()).collect();
    let pass = || {
        let begun = Instant::now();
        thread::scope(|scope| {
            for share in &shares {
                scope.spawn(|| black_box(share.iter().fold(0u64, |sum, number| sum.wrapping_add(*number))));
            }
        });
        (threads * SHARE) as f64 / begun.elapsed().as_secs_f64()
    };
    (0..9).map(|_| pass()).fold(0.0, f64::max)
}

/// The most memory that a running process ever had, in bytes, where the system says so.
pub fn peak(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kilobytes| kilobytes << 10)
}

/// Each NVIDIA card and its driver, where the bench was built for them.
pub fn cards() -> Vec<String> {
    nvidia(&["--query-gpu=name,driver_version"]).iter().map(|line| line.replace(", ", ", driver ")).collect()
}

/// What a running process has of an NVIDIA card's memory, in bytes, where its driver says so.
pub fn of_the_card(process: u32) -> Option<u64> {
    let lines = nvidia(&["--query-compute-apps=pid,used_memory"]);
    let of_it = |line: &String| {
        let (id, mebibytes) = line.split_once(", ")?;
        (id.parse() == Ok(process)).then(|| mebibytes.parse::<u64>().ok())?
    };
    lines.iter().find_map(of_it).map(|mebibytes| mebibytes << 20)
}

/// The lines that NVIDIA's own program answers with: none where it is not there.
fn nvidia(question: &[&str]) -> Vec<String> {
    if !cfg!(feature = "cuda") {
        return Vec::new();
    }
    let answer = Command::new("nvidia-smi").args(question).arg("--format=csv,noheader,nounits").output();
    let answer = answer.map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&answer).lines().map(str::to_owned).collect()
}

/// Today, as year-month-day, in universal time.
pub fn today() -> String {
    let days =
        SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |age| age.as_secs() / 86_400);
    // Years are counted from a first of March, so that the odd day comes last in each.
    let day = days + 719_468;
    let (era, day) = (day / 146_097, day % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (date, month) = (day - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    format!("{}-{month:02}-{date:02}", era * 400 + year + u64::from(month <= 2))
}
