use std::fs;

use tempfile::TempDir;

use super::*;
use crate::{Taking, testing};

/// A library with two models and the part that sees beside them.
fn library() -> (TempDir, Library) {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("models");
    fs::create_dir_all(folder.join("tiny")).unwrap();
    fs::write(folder.join("tiny/Tiny-Q4.gguf"), testing::model(640, 1)).unwrap();
    fs::write(folder.join("tiny/Tiny-Q8.gguf"), testing::model(6_400, 2)).unwrap();
    fs::write(folder.join("tiny/Tiny-mmproj.gguf"), testing::vision(320, 3)).unwrap();
    let library = Library::new(folder, Catalog::built_in());
    (home, library)
}

fn ids(library: &Library) -> Vec<String> {
    library.installed().into_iter().map(|model| model.id).collect()
}

fn go() -> CancellationToken {
    CancellationToken::new()
}

#[test]
fn what_lies_there_whole_is_listed_and_nothing_else() {
    let (_home, library) = library();
    let folder = library.folder().join("tiny");
    let whole = testing::model(640, 4);
    fs::write(folder.join("Cut.gguf"), &whole[..whole.len() - 1]).unwrap();
    fs::write(folder.join(".Hidden.gguf"), &whole).unwrap();
    fs::write(folder.join("Part.gguf.part"), &whole).unwrap();
    fs::write(folder.join("Other.gguf"), testing::gguf("gemma4", 64, 5)).unwrap();
    fs::create_dir_all(library.folder().join(".downloads")).unwrap();
    fs::write(library.folder().join(".downloads/a.gguf"), &whole).unwrap();
    assert_eq!(ids(&library), ["tiny/Tiny-Q4.gguf", "tiny/Tiny-Q8.gguf"]);
    let model = library.find("tiny/Tiny-Q4.gguf").unwrap();
    assert_eq!(model.vision.as_ref().map(|(path, _)| path.ends_with("tiny/Tiny-mmproj.gguf")), Some(true));
    assert_eq!(model.standing, Standing::Unchecked);
    assert_eq!(model.weight().files, model.bytes + model.vision.unwrap().1);
}

#[test]
fn a_catalogued_file_is_called_as_in_the_catalogue() {
    let (_home, library) = library();
    let entry = library.catalog.find("ministral-3-3b").unwrap().clone();
    let folder = library.folder().join(&entry.family);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(&entry.text.file), testing::model(64, 1)).unwrap();
    let model = library.find("ministral-3-3b").unwrap();
    assert_eq!(model.name, "Ministral 3 3B");
    // It is not what the catalogue pins, and looking at it shows it.
    assert_eq!(library.verify(&model.id, 7, &go(), |_| {}).unwrap(), Verdict::Wrong);
    assert_eq!(library.find("ministral-3-3b").unwrap().standing, Standing::Damaged(7));
}

#[test]
fn a_lost_or_senseless_index_is_made_again() {
    let (_home, library) = library();
    let before = library.installed();
    let index = library.folder().join(".index.json");
    assert!(index.is_file());
    for text in ["", "{", "[]", r#"{"tiny/Tiny-Q4.gguf":1}"#] {
        fs::write(&index, text).unwrap();
        assert_eq!(library.installed(), before);
    }
    fs::remove_file(&index).unwrap();
    assert_eq!(library.installed(), before);
}

#[test]
fn bytes_that_change_after_they_were_checked_are_found_out() {
    let (_home, library) = library();
    let id = "tiny/Tiny-Q4.gguf";
    let mut told = 0;
    let first = library.verify(id, 1, &go(), |done| told = told.max(done)).unwrap();
    let model = library.find(id).unwrap();
    assert_eq!((first, model.standing), (Verdict::NothingToCompare, Standing::Verified(1)));
    assert_eq!(told, model.weight().files);
    assert_eq!(library.verify(id, 2, &go(), |_| {}).unwrap(), Verdict::Right);

    let mut bytes = fs::read(&model.path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&model.path, bytes).unwrap();
    assert_eq!(library.verify(id, 3, &go(), |_| {}).unwrap(), Verdict::Wrong);
    assert_eq!(library.find(id).unwrap().standing, Standing::Damaged(3));
}

#[test]
fn looking_through_a_model_can_be_stopped() {
    let (_home, library) = library();
    let stop = go();
    stop.cancel();
    let stopped = library.verify("tiny/Tiny-Q4.gguf", 1, &stop, |_| {});
    assert!(matches!(stopped, Err(ModelsError::Stopped)), "{stopped:?}");
    assert_eq!(library.find("tiny/Tiny-Q4.gguf").unwrap().standing, Standing::Unchecked);
}

#[test]
fn what_is_removed_lies_in_the_trash_and_can_be_had_back() {
    let (_home, library) = library();
    let before = library.installed();
    let first = library.remove("tiny/Tiny-Q4.gguf", 10).unwrap().trashed;
    assert_eq!(ids(&library), ["tiny/Tiny-Q8.gguf"]);
    // Its sibling still sees.
    assert!(library.installed()[0].vision.is_some());
    let second = library.remove("tiny/Tiny-Q8.gguf", 11).unwrap().trashed;
    assert!(library.installed().is_empty());
    assert_eq!(second.bytes, before[1].weight().files);
    assert_eq!(library.trash(), [second.clone(), first.clone()]);

    library.restore(&second.id).unwrap();
    library.restore(&first.id).unwrap();
    assert_eq!(library.installed(), before);
    assert!(library.trash().is_empty());
    assert!(matches!(library.restore(&first.id), Err(ModelsError::Gone { .. })));
}

#[test]
fn emptying_the_trash_frees_what_it_says() {
    let (_home, library) = library();
    let trashed = library.remove("tiny/Tiny-Q4.gguf", 10).unwrap().trashed;
    assert_eq!(library.empty_trash().unwrap(), trashed.bytes);
    assert_eq!(library.empty_trash().unwrap(), 0);
    assert_eq!(ids(&library), ["tiny/Tiny-Q8.gguf"]);
}

#[test]
fn what_came_again_meanwhile_is_not_overwritten_from_the_trash() {
    let (_home, library) = library();
    let trashed = library.remove("tiny/Tiny-Q4.gguf", 10).unwrap().trashed;
    let path = library.folder().join("tiny/Tiny-Q4.gguf");
    fs::write(&path, testing::model(64, 9)).unwrap();
    assert!(matches!(library.restore(&trashed.id), Err(ModelsError::Already { .. })));
    assert_eq!(fs::read(path).unwrap(), testing::model(64, 9));
    assert_eq!(library.trash().len(), 1);
}

#[test]
fn a_file_of_theirs_is_never_thrown_away_with_its_model() {
    let (home, library) = library();
    let theirs = home.path().join("Theirs.gguf");
    fs::write(&theirs, testing::model(64, 9)).unwrap();
    library.import(&theirs, Taking::WhereItLies, &go(), |_| {}).unwrap();
    let id = theirs.to_string_lossy().into_owned();
    assert_eq!(library.find(&id).unwrap().place, Place::Elsewhere);
    let trashed = library.remove(&id, 10).unwrap().trashed;
    assert_eq!((trashed.bytes, ids(&library).len()), (0, 2));
    library.restore(&trashed.id).unwrap();
    assert_eq!(ids(&library).len(), 3);
    library.remove(&id, 11).unwrap();
    library.empty_trash().unwrap();
    assert!(theirs.is_file());
}

#[test]
fn a_move_copies_switches_and_only_then_deletes() {
    let (home, library) = library();
    library.remove("tiny/Tiny-Q4.gguf", 10).unwrap();
    let to = home.path().join("disk/models");
    let (from, mut told) = (library.folder().to_path_buf(), 0);
    let switch = |folder: &Path| {
        assert!(from.join("tiny/Tiny-Q8.gguf").is_file() && folder.join("tiny/Tiny-Q8.gguf").is_file());
        Ok::<_, ()>(())
    };
    library.relocate(&to, &go(), |done| told = done, switch).unwrap();
    assert!(told > 0 && !from.exists());
    let moved = Library::new(to, Catalog::built_in());
    assert_eq!((ids(&moved).len(), moved.trash().len()), (1, 1));
}

#[test]
fn a_move_that_cannot_be_noted_did_not_happen() {
    let (home, library) = library();
    let to = home.path().join("disk");
    let failed = library.relocate(&to, &go(), |_| {}, |_| Err("no"));
    assert!(matches!(failed, Err(MoveError::Switch("no"))));
    assert_eq!(ids(&library).len(), 2);
    // Tried again, it goes on with the copy it made.
    library.relocate(&to, &go(), |_| {}, |_| Ok::<_, ()>(())).unwrap();
    assert_eq!(ids(&Library::new(to, Catalog::built_in())).len(), 2);
}

#[test]
fn a_move_cut_off_anywhere_loses_nothing() {
    let (home, library) = library();
    let to = home.path().join("disk");
    let mut pieces = 0;
    library.relocate(&to, &go(), |_| pieces += 1, |_| Err(())).unwrap_err();
    fs::remove_dir_all(&to).unwrap();
    for cut in 1..pieces {
        let (stop, mut seen) = (go(), 0);
        let told = |_| {
            seen += 1;
            if seen == cut {
                stop.cancel();
            }
        };
        // The last of what is told comes when all is copied.
        let _ = library.relocate(&to, &stop, told, |_| Err(()));
        finish_moving(library.folder());
        assert_eq!(ids(&library).len(), 2, "cut at {cut}");
    }
    // Cut off right after the switch: the next start clears what is left.
    let cut_off = library.relocate(&to, &go(), |_| {}, |_| Err("the power went"));
    assert!(cut_off.is_err());
    let moved = Library::new(to, Catalog::built_in());
    finish_moving(moved.folder());
    assert!(!library.folder().exists());
    assert_eq!(ids(&moved).len(), 2);
}

#[test]
fn models_move_only_to_a_place_of_their_own() {
    let (home, library) = library();
    fs::create_dir_all(home.path().join("full")).unwrap();
    fs::write(home.path().join("full/letter.txt"), "dear").unwrap();
    for to in [home.path().join("full"), library.folder().join("in"), home.path().into(), "here".into()] {
        let refused = library.relocate(&to, &go(), |_| {}, |_| Ok::<_, ()>(()));
        assert!(matches!(refused, Err(MoveError::Copy(ModelsError::NotAPlace))), "{}", to.display());
    }
    assert_eq!(fs::read_to_string(home.path().join("full/letter.txt")).unwrap(), "dear");
}
