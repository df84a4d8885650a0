use std::sync::mpsc;

use super::*;

/// Begins at `home`, and gives what is heard there.
fn first(home: &Path) -> (Listening, mpsc::Receiver<Option<Wish>>) {
    let Start::First(first) = start(home, &Wish::default()).unwrap() else { panic!("another has it") };
    let (tell, heard) = mpsc::channel();
    (first.listen(move |note| tell.send(note.take()).unwrap()).unwrap(), heard)
}

fn notes(home: &Path) -> usize {
    fs::read_dir(home.join(NOTES)).unwrap().count()
}

#[test]
fn a_second_start_hands_over_all_that_it_was_given() {
    let home = tempfile::tempdir().unwrap();
    let (_listening, heard) = first(home.path());
    for wish in [
        Wish::default(),
        Wish { model: Some("/m/naïve.gguf".into()), activation: Some("token".into()) },
        #[cfg(unix)]
        Wish {
            model: Some(std::os::unix::ffi::OsStringExt::from_vec(b"/m/na\xefve\n.gguf".to_vec())),
            activation: None,
        },
    ] {
        assert!(matches!(start(home.path(), &wish), Ok(Start::HandedOver)));
        assert_eq!(heard.recv().unwrap(), Some(wish));
        assert_eq!(notes(home.path()), 0, "nothing is left behind");
    }
}

#[test]
fn of_many_at_once_one_is_the_first_and_hears_of_all_others() {
    let home = tempfile::tempdir().unwrap();
    let (tell, heard) = mpsc::channel();
    let (done, ends) = mpsc::channel();
    thread::scope(|scope| {
        for number in 0..16 {
            let (home, tell, done) = (home.path(), tell.clone(), done.clone());
            scope.spawn(move || {
                let wish = Wish { model: Some(number.to_string().into()), activation: None };
                let listening = match start(home, &wish).unwrap() {
                    Start::First(first) => {
                        Some(first.listen(move |note| tell.send(note.take()).unwrap()).unwrap())
                    }
                    Start::HandedOver => None,
                };
                done.send((number, listening)).unwrap();
            });
        }
    });
    drop((tell, done));
    let (firsts, others): (Vec<_>, Vec<_>) = ends.into_iter().partition(|(_, listening)| listening.is_some());
    assert_eq!((firsts.len(), others.len()), (1, 15));
    drop(firsts);
    let mut told: Vec<_> = heard.into_iter().map(|wish| wish.unwrap().model.unwrap()).collect();
    let mut sent: Vec<_> = others.iter().map(|(number, _)| OsString::from(number.to_string())).collect();
    told.sort();
    sent.sort();
    assert_eq!(told, sent);
}

#[test]
fn whoever_gives_it_up_is_followed_by_the_next_who_starts() {
    let home = tempfile::tempdir().unwrap();
    drop(first(home.path()));
    let (_listening, _) = first(home.path());
}

#[test]
fn what_was_laid_for_one_that_ended_is_not_met_by_another() {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join(NOTES)).unwrap();
    let left = Note::named_anew(&home.path().join(NOTES));
    left.lay(&Wish::default()).unwrap();
    let (_listening, heard) = first(home.path());
    assert!(matches!(start(home.path(), &Wish::default()), Ok(Start::HandedOver)));
    assert_eq!(heard.iter().take(1).count(), 1);
    assert!(heard.try_recv().is_err() && !left.is_laid());
}

#[test]
fn one_that_does_not_answer_is_said_and_the_note_taken_back() {
    let home = tempfile::tempdir().unwrap();
    let deaf = start(home.path(), &Wish::default()).unwrap();
    let told = start(home.path(), &Wish::default());
    assert!(matches!(told, Err(NotTold::NoAnswer)), "{told:?}");
    assert_eq!(notes(home.path()), 0);
    drop(deaf);
}

#[test]
fn what_is_no_note_is_nobodys_wish() {
    let home = tempfile::tempdir().unwrap();
    let (_listening, heard) = first(home.path());
    let notes = home.path().join(NOTES);
    for (number, nonsense) in ["", "{", "7", "{\"model\":7}"].into_iter().enumerate() {
        fs::write(notes.join("new"), nonsense).unwrap();
        fs::rename(notes.join("new"), notes.join(format!("{number}.laid"))).unwrap();
        assert_eq!(heard.recv().unwrap(), None, "{nonsense}");
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("/dev/zero", notes.join("link.laid")).unwrap();
        assert_eq!(heard.recv().unwrap(), None, "a link");
    }
}
