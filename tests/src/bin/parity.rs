//! `parity DIR [--only NAME] [--gguf] [--cuda|--metal] [--engine PATH]`: a line for each case, and
//! `N passed, M failed` last.

use std::{
    env,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use journeys::{
    find_engine,
    parity::{Engine, Form, cases},
};
use sotto_engine_protocol::Device;

const USAGE: &str = "parity DIR [--only NAME] [--gguf] [--cuda|--metal] [--engine PATH]";

struct Arguments {
    folder: PathBuf,
    only: Option<String>,
    form: Form,
    device: Device,
    engine: PathBuf,
}

fn main() -> ExitCode {
    match arguments().and_then(|arguments| run(&arguments, &mut io::stdout())) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(trouble) => {
            // Where not even stderr can be written to, nobody is there to tell.
            let _ = writeln!(io::stderr(), "{trouble}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the cases, and says how many failed.
fn run(arguments: &Arguments, out: &mut impl Write) -> Result<usize, String> {
    let cases = cases(&arguments.folder)?;
    let wanted = |name: &str| arguments.only.as_deref().is_none_or(|only| only == name);
    let cases: Vec<_> = cases.into_iter().filter(|case| wanted(&case.name)).collect();
    if let (Some(only), true) = (&arguments.only, cases.is_empty()) {
        return Err(format!("There is no case named {only}."));
    }
    let mut say = |line: String| writeln!(out, "{line}").map_err(|error| error.to_string());

    let mut engine = Engine::start(&arguments.engine, &arguments.folder, arguments.form, arguments.device)?;
    let mut failed = 0;
    for case in &cases {
        match case.check(&mut engine) {
            Ok(()) => say(format!("passed  {}", case.name))?,
            Err(difference) => {
                failed += 1;
                say(format!("FAILED  {}: {difference}", case.name))?;
            }
        }
    }
    say(format!("{} passed, {failed} failed", cases.len() - failed))?;
    Ok(failed)
}

fn arguments() -> Result<Arguments, String> {
    let (mut folder, mut only, mut program) = (None, None, None);
    let (mut form, mut device) = (Form::Folder, Device::Cpu);
    let mut words = env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--only" => only = Some(words.next().ok_or(USAGE)?),
            "--gguf" => form = Form::Gguf,
            "--cuda" => device = Device::Cuda(0),
            "--metal" => device = Device::Metal,
            "--engine" => program = Some(PathBuf::from(words.next().ok_or(USAGE)?)),
            word if word.starts_with('-') || folder.is_some() => return Err(USAGE.into()),
            word => folder = Some(Path::new(word).to_path_buf()),
        }
    }
    Ok(Arguments {
        folder: folder.ok_or(USAGE)?,
        only,
        form,
        device,
        engine: program
            .or_else(find_engine)
            .ok_or("There is no sotto-engine beside this program. Name it with --engine.")?,
    })
}
