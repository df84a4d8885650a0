//! Which files the kernel itself executes to start a program.

use std::{
    ffi::OsStr,
    fs::File,
    io::Read,
    os::unix::{ffi::OsStrExt, fs::FileExt},
    path::{Path, PathBuf},
};

/// The program, and what it is started with: a script's interpreter (in the tests a script
/// plays the engine), and the loader that an ELF file names.
pub fn started_with(program: &Path) -> Vec<PathBuf> {
    let mut files = vec![program.to_owned()];
    // The kernel follows four scripts at most.
    while files.len() < 6 {
        match files.last().and_then(|last| next(last)) {
            Some(more) => files.push(more),
            None => break,
        }
    }
    files
}

fn next(program: &Path) -> Option<PathBuf> {
    let file = File::open(program).ok()?;
    let mut start = Vec::new();
    (&file).take(256).read_to_end(&mut start).ok()?;
    if let Some(line) = start.strip_prefix(b"#!") {
        let named = line.split(u8::is_ascii_whitespace).find(|word| !word.is_empty())?;
        return Some(PathBuf::from(OsStr::from_bytes(named)));
    }
    loader(&file, &start)
}

/// The loader that a 64-bit ELF file names (`PT_INTERP`; System V ABI, chapter 5). The
/// byte order is this machine's, or the file would not run here.
fn loader(file: &File, header: &[u8]) -> Option<PathBuf> {
    const NAMES_LOADER: u32 = 3;
    if header.get(..5) != Some(b"\x7fELF\x02") {
        return None;
    }
    let word = |bytes: &[u8], at: usize| Some(u64::from_ne_bytes(bytes.get(at..at + 8)?.try_into().ok()?));
    let half = |at: usize| Some(u16::from_ne_bytes(header.get(at..at + 2)?.try_into().ok()?));
    let (table, size, count) = (word(header, 32)?, half(54)?, half(56)?);
    for number in 0..u64::from(count.min(64)) {
        let mut entry = [0; 56];
        file.read_exact_at(&mut entry, table.checked_add(number * u64::from(size))?).ok()?;
        if u32::from_ne_bytes(entry[..4].try_into().ok()?) == NAMES_LOADER {
            let length = usize::try_from(word(&entry, 32)?).ok().filter(|length| *length < 4096)?;
            let mut name = vec![0; length];
            file.read_exact_at(&mut name, word(&entry, 8)?).ok()?;
            let name = name.split(|byte| *byte == 0).next()?;
            return Some(PathBuf::from(OsStr::from_bytes(name)));
        }
    }
    None
}
