//! Ten thousand files that were changed at random: each is a model or a sentence, in bounded
//! time and memory.

// A test may end here and now; clippy knows that of test functions only.
#![allow(clippy::unwrap_used)]

use std::{fs, path::Path};

use crate::{
    Header, Model, Text, Vision,
    split::File,
    write::{self, Random},
};

const MUTATIONS: u64 = 10_000;
/// How much memory the whole test may take, in kilobytes.
const MOST_MEMORY: u64 = 300_000;

#[test]
fn a_changed_file_is_a_model_or_a_sentence() {
    let (text, sight) = (write::model(32, 7), write::vision(32, 7));
    let bases = [text.bytes(), write::ollamas(&text, &sight).bytes(), sight.bytes()];
    let mut taken = 0_u32;
    for seed in 0..MUTATIONS {
        let mut random = Random(seed);
        let (is_sight, is_both) = (seed % 4 == 3, seed % 4 == 2);
        let base = if is_sight { 2 } else { usize::from(is_both) };
        let bytes = mutated(&bases[base], &mut random);
        let read = match Header::read(bytes.as_slice()) {
            Ok(header) if is_sight => Vision::of(File { path: "m".into(), length: 0, header }).map(|_| ()),
            Ok(header) => Text::of(&header).and_then(|text| match Vision::within(&header, &text) {
                Some(vision) => vision.map(|_| ()),
                None => Ok(()),
            }),
            Err(why) => Err(why),
        };
        let read = read.map_err(|why| why.of(Path::new("m")));
        match read {
            Ok(()) => taken += 1,
            Err(refused) => assert!(refused.to_string().ends_with('.'), "{seed}: {refused}"),
        }
    }
    // Many changes fall into the weights, and harm no header.
    assert!((u64::from(taken)) < MUTATIONS && taken > 0, "{taken} were taken");
    assert!(peak() < MOST_MEMORY, "{} kB", peak());
}

/// One to eight changes: bytes and numbers, mostly of the header, cut, doubled and left out.
fn mutated(base: &[u8], random: &mut Random) -> Vec<u8> {
    const NUMBERS: [u64; 10] = [0, 1, 2, 9, 255, 1 << 20, 1 << 31, 1 << 40, u64::MAX / 2, u64::MAX];
    let mut bytes = base.to_vec();
    let pick = |random: &mut Random, end: usize| usize::try_from(random.below(end.max(1) as u64)).unwrap();
    for _ in 0..=random.below(8) {
        // The header is the first part; weights follow.
        let end = if random.below(8) == 0 { bytes.len() } else { bytes.len().min(4096) };
        let at = pick(random, end);
        match random.below(8) {
            0 => bytes.truncate(at),
            1 => {
                let length = pick(random, 64);
                let piece: Vec<u8> = bytes.iter().skip(at).take(length).copied().collect();
                bytes.splice(at..at, piece);
            }
            2 => {
                let until = (at + pick(random, 64)).min(bytes.len());
                bytes.drain(at..until);
            }
            3 | 4 if at + 8 <= bytes.len() => {
                let number = NUMBERS[pick(random, NUMBERS.len())];
                bytes[at..at + 8].copy_from_slice(&number.to_le_bytes());
            }
            5 if at + 4 <= bytes.len() => {
                let number = u32::try_from(random.below(64)).unwrap();
                bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
            }
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << random.below(8);
                }
            }
        }
    }
    bytes
}

/// A list whose length is only holes, in a file of eight gigabytes that takes no room on the
/// disk.
#[test]
fn a_file_of_holes_takes_no_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sparse.gguf");
    let mut file = write::File::new("mistral3");
    file.set("tokenizer.ggml.tokens", [].as_slice() as &[&str]);
    let mut bytes = file.bytes();
    // The list's length is the last that the file says.
    let at = bytes.len() - 8;
    for count in [3 << 20, 500_000_000_u64, u64::MAX] {
        bytes[at..at + 8].copy_from_slice(&count.to_le_bytes());
        fs::write(&path, &bytes).unwrap();
        fs::File::options().write(true).open(&path).unwrap().set_len(8 << 30).unwrap();
        assert!(Model::open(&path).is_err(), "{count}");
    }
    assert!(peak() < MOST_MEMORY, "{} kB", peak());
}

/// The most memory that this process ever had, in kilobytes; 0 where the system does not say.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}
