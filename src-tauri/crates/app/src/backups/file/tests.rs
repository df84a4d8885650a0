use super::*;

const NOON: i64 = 1_795_348_800_000;

fn made(days_ago: i64, why: BackUpWhy) -> BackupFile {
    BackupFile { path: format!("{days_ago} {why:?}").into(), at: NOON - days_ago * DAY, why, bytes: 0 }
}

#[test]
fn names_say_when_and_why_and_are_read_again() {
    let folder = tempfile::tempdir().unwrap();
    for (why, word) in WHYS {
        for more in ["", " 2", " 3"] {
            let path = free_name(folder.path(), NOON, why);
            let name = path.file_name().unwrap().to_str().unwrap();
            assert_eq!(name, format!("2026-11-22 12.00.00 {word}{more}.sotto-backup"));
            fs::write(&path, "1234").unwrap();
            assert_eq!(read(&path), Some(BackupFile { path, at: NOON, why, bytes: 4 }));
        }
    }
    assert_eq!(all(folder.path()).len(), 12);
}

#[test]
fn other_files_are_no_backups() {
    let folder = tempfile::tempdir().unwrap();
    for name in [
        "notes.txt",
        ".sotto-backup",
        "2026-11-22 12.00.00.sotto-backup",
        "2026-11-22 12.00.00 holiday.sotto-backup",
        "2026-11-22 12.00.00 daily two.sotto-backup",
        "2026-13-22 12.00.00 daily.sotto-backup",
        "2026-11-22 12.00.00 daily.sotto-backup.unfinished",
        "é026-11-22 12.00.00 daily.sotto-backup",
    ] {
        fs::write(folder.path().join(name), "").unwrap();
    }
    fs::create_dir(folder.path().join("2026-11-22 12.00.00 daily.sotto-backup")).unwrap();
    assert_eq!(all(folder.path()), []);
    assert_eq!(all(&folder.path().join("nowhere")), []);
}

#[test]
fn backups_thin_out_with_age_and_the_newest_and_those_asked_for_stay() {
    // Made daily for three years, some days twice.
    let all: Vec<_> = (0..1100).map(|days| made(days, BackUpWhy::Daily)).collect();
    let (gone, kept) = thinned(all, NOON);
    assert_eq!(gone.len() + kept.len(), 1100);
    let ages: Vec<_> = kept.iter().map(|backup| (NOON - backup.at) / DAY).collect();
    assert_eq!(&ages[..14], (0..14).collect::<Vec<_>>(), "each day of two weeks");
    let between = |from: i64, to: i64| ages.iter().filter(|age| (from..to).contains(*age)).count();
    assert!((6..=8).contains(&between(14, 60)), "a week each: {ages:?}");
    assert!((11..=13).contains(&between(60, 400)), "a month each: {ages:?}");
    assert!((1..=3).contains(&between(400, 1100)), "a year each: {ages:?}");
    // Thinning what was thinned takes nothing more.
    assert_eq!(thinned(kept, NOON).0, []);

    let asked: Vec<_> = (0..500).map(|days| made(days, BackUpWhy::Asked)).collect();
    assert_eq!(thinned(asked, NOON).0, []);
    let (gone, kept) = thinned(vec![made(-300, BackUpWhy::Daily), made(900, BackUpWhy::Daily)], NOON);
    assert_eq!((gone.len(), kept.len()), (0, 2), "a clock that went ahead costs nothing");
    assert_eq!(thinned(vec![made(9000, BackUpWhy::Daily)], NOON).0, [], "the newest stays, however old");
}
