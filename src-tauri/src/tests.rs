//! Every command of the terminal is run once with every kind of argument. What there is to run is
//! read from the definition of the commands, so that a new one cannot be forgotten.
//!
//! The commands are run in a process of their own, which is this test once more: with a home that
//! is fresh, the offline lock on, and no message bus on which a real keychain could be met.
#![allow(clippy::disallowed_methods, clippy::unwrap_used)] // it starts itself, and may end here and now

use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
    process::{Command, Stdio},
};

use clap::{Arg, ArgAction, CommandFactory, Parser};

use super::{Arguments, Task, dispatch};

/// Set in the process in which the commands are run: the path of the one to run.
const INSIDE: &str = "SOTTO_COMMANDS_TEST";

/// What is tried for whatever takes a value.
const VALUES: [&str; 5] = ["own", "-", "1", "http://127.0.0.1:9", "/nowhere/model.gguf"];

/// What is no command to run to its end, by its path.
const NOT_RUN: [&str; 1] = ["help"];

#[test]
fn the_definition_of_the_commands_is_sound() {
    Arguments::command().debug_assert();
}

#[test]
fn every_command_runs_with_every_kind_of_argument() {
    if let Ok(path) = std::env::var(INSIDE) {
        let path: Vec<_> = path.split(' ').map(str::to_owned).collect();
        return run_all(&path);
    }
    let mut root = Arguments::command();
    root.build();
    let mut paths = Vec::new();
    leaves(&root, &[], &mut paths);
    assert!(paths.len() >= 14, "{paths:?}");
    for path in paths {
        let home = tempfile::tempdir().unwrap();
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "tests::every_command_runs_with_every_kind_of_argument", "--nocapture"])
            .env(INSIDE, path.join(" "))
            .env("SOTTO_HOME", home.path())
            .env("HOME", home.path())
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said =
            [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
        assert!(output.status.success() && said.contains("1 passed"), "{path:?}: {said}");
        assert!(!said.contains("panicked"), "{path:?}: {said}");
    }
}

#[test]
fn an_amount_that_is_none_is_refused_in_words() {
    for typed in ["5,50", "$5", "much", ""] {
        let Err(error) = Arguments::try_parse_from(["sotto", "cloud", "cap", typed]) else {
            panic!("{typed} is an amount")
        };
        let said = error.to_string();
        assert!(said.contains("a point before the cents"), "{typed}: {said}");
    }
    assert!(Arguments::try_parse_from(["sotto", "cloud", "cap", " 5.50 "]).is_ok());
}

/// All commands that have none below them.
fn leaves(command: &clap::Command, path: &[String], found: &mut Vec<Vec<String>>) {
    for below in command.get_subcommands().filter(|below| !NOT_RUN.contains(&below.get_name())) {
        let path = [path, &[below.get_name().to_owned()]].concat();
        if below.has_subcommands() { leaves(below, &path, found) } else { found.push(path) }
    }
}

/// Runs the command at `path` with each of its arguments.
fn run_all(path: &[String]) {
    let locked = Arguments { model: None, task: Some(Task::Lock(crate::cloud::Lock::on())) };
    dispatch(locked);
    let mut root = Arguments::command();
    root.build();
    let mut command = &root;
    for name in path {
        command = command.find_subcommand(name).unwrap();
    }
    let shown = |arg: &&Arg| {
        !matches!(
            arg.get_action(),
            ArgAction::Help | ArgAction::HelpShort | ArgAction::HelpLong | ArgAction::Version
        )
    };
    let arguments: Vec<&Arg> = command.get_arguments().filter(shown).collect();
    let forms: Vec<Vec<Vec<String>>> = arguments.iter().map(|arg| forms(arg)).collect();
    let mut tried = BTreeSet::new();
    for (at, arg) in arguments.iter().enumerate() {
        for form in &forms[at] {
            let others = (0..arguments.len()).filter(|other| *other != at).collect::<Vec<_>>();
            let with = completed(path, form, &others, &forms);
            let line = with.unwrap_or_else(|| panic!("nothing makes {path:?} take {form:?}"));
            if tried.insert(line.clone()) {
                let ran = catch_unwind(AssertUnwindSafe(|| {
                    dispatch(Arguments::parse_from(&line));
                }));
                assert!(ran.is_ok(), "{line:?} ended in a panic ({})", arg.get_id());
            }
        }
    }
    if tried.is_empty() {
        dispatch(Arguments::parse_from(line(path, &[])));
    }
}

/// Each way to give an argument: a flag by its name, a value of each kind that it takes.
fn forms(arg: &Arg) -> Vec<Vec<String>> {
    let name = arg.get_long().map(|long| format!("--{long}"));
    if !arg.get_action().takes_values() {
        return name.into_iter().map(|name| vec![name]).collect();
    }
    let possible: Vec<_> =
        arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    let values = if possible.is_empty() { VALUES.map(String::from).to_vec() } else { possible };
    let parses = |value: &String| {
        let parser = arg.get_value_parser();
        let alone = clap::Command::new("alone")
            .arg(Arg::new("value").allow_hyphen_values(true).value_parser(parser.clone()));
        alone.try_get_matches_from(["alone", value]).is_ok()
    };
    values.into_iter().filter(parses).map(|value| name.iter().cloned().chain([value]).collect()).collect()
}

/// A line that has `form` in it and is taken, with as few others as it needs.
fn completed(
    path: &[String],
    form: &[String],
    others: &[usize],
    forms: &[Vec<Vec<String>>],
) -> Option<Vec<String>> {
    let first = |other: &usize| forms[*other].first().cloned().unwrap_or_default();
    let mut tries: Vec<Vec<Vec<String>>> = vec![vec![]];
    for (at, one) in others.iter().enumerate() {
        tries.push(vec![first(one)]);
        for (next, two) in others.iter().enumerate().skip(at + 1) {
            tries.push(vec![first(one), first(two)]);
            tries
                .extend(others.iter().skip(next + 1).map(|three| vec![first(one), first(two), first(three)]));
        }
    }
    tries.sort_by_key(Vec::len);
    // Values without a name go by their order: the others may stand before or behind.
    let lines = tries.into_iter().flat_map(|more| {
        [[vec![form.to_vec()], more.clone()].concat(), [more, vec![form.to_vec()]].concat()]
    });
    lines.map(|words| line(path, &words.concat())).find(|line| Arguments::try_parse_from(line).is_ok())
}

fn line(path: &[String], words: &[String]) -> Vec<String> {
    [&["sotto".to_owned()], path, words].concat()
}
