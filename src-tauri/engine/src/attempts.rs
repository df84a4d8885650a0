//! What the engine must not be able to do, tried before the user's eyes. It is told of targets on
//! this computer, tries each, and says what the system said; whether anything arrived is for the app
//! to know.

#![allow(clippy::disallowed_types)] // sockets that are to stay shut

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    net::{TcpStream, UdpSocket},
    process::ExitCode,
    time::Duration,
};

use sotto_engine_protocol::{Attempt, Targets, Tried};

/// All targets are on this computer: they answer at once or not at all.
const PATIENCE: Duration = Duration::from_secs(2);

/// No list of targets is longer.
const LONGEST: u64 = 64 * 1024;

/// Reads the targets, tries them, and writes what came of it.
pub fn serve(stdin: impl Read, mut stdout: impl Write) -> ExitCode {
    let targets: Targets = match serde_json::from_reader(stdin.take(LONGEST)) {
        Ok(targets) => targets,
        Err(error) => {
            tracing::error!(%error, "no targets");
            return ExitCode::FAILURE;
        }
    };
    let tried = all(&targets);
    let told =
        serde_json::to_writer(&mut stdout, &tried).map_err(io::Error::from).and_then(|()| stdout.flush());
    if told.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Tries all of it.
pub fn all(targets: &Targets) -> Vec<Tried> {
    let mut all = vec![said(Attempt::Tcp, &connect(&targets.tcp))];
    if let Some(address) = &targets.ipv6 {
        all.push(said(Attempt::Ipv6, &connect(address)));
    }
    all.push(said(Attempt::Udp, &send(&targets.udp)));
    #[cfg(unix)]
    if let Some(path) = &targets.local {
        let spoken =
            std::os::unix::net::UnixStream::connect(path).and_then(|mut open| open.write_all(b"heard"));
        all.push(said(Attempt::Local, &spoken));
    }
    if cfg!(target_os = "linux") {
        all.push(said(Attempt::AppMemory, &File::open(format!("/proc/{}/mem", targets.app)).map(drop)));
    }
    let read = File::open(&targets.file).and_then(|mut file| file.read_exact(&mut [0]));
    all.push(said(Attempt::ReadFile, &read));
    all.push(said(Attempt::WriteFile, &File::create_new(&targets.planted).map(drop)));
    // Nothing is left lying about where it could be made.
    let _ = fs::remove_file(&targets.planted);
    all
}

fn said(attempt: Attempt, outcome: &io::Result<()>) -> Tried {
    let said = outcome.as_ref().err().map_or_else(String::new, ToString::to_string);
    Tried { attempt, refused: outcome.is_err(), said }
}

fn connect(address: &str) -> io::Result<()> {
    let address = address.parse().map_err(io::Error::other)?;
    TcpStream::connect_timeout(&address, PATIENCE)?.write_all(b"heard")
}

fn send(address: &str) -> io::Result<()> {
    UdpSocket::bind("127.0.0.1:0")?.send_to(b"heard", address).map(drop)
}

#[cfg(test)]
mod tests;
