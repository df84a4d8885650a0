//! One life of the engine process: from its start and handshake to its end.

use std::{path::Path, process::Stdio, time::Duration};

use sotto_engine_protocol::{
    FailureKind, FromEngine, MAX_FRAME_BYTES, Network, ToEngine, VERSION, decode, encode,
};
use tokio::{
    io::AsyncWriteExt,
    net::TcpListener,
    process::{Child, ChildStderr, ChildStdin, ChildStdout, Command},
    sync::mpsc,
    time::timeout,
};
use tokio_util::codec::{FramedRead, LinesCodec};

use crate::{Barred, sandbox};

/// What tells the engine with how many threads to compute: a number of them, or with a
/// minus how many fewer than it would take.
const THREADS: &str = "SOTTO_ENGINE_THREADS";

/// A running engine.
pub(crate) struct Session {
    // Killed when the session is dropped.
    child: Child,
    stdin: ChildStdin,
    lines: mpsc::Receiver<FromEngine>,
    pub(crate) spare_cores: u32,
    pub(crate) barred: Barred,
}

/// Why a session could not begin.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartFault {
    #[error("the engine could not be started")]
    Spawn(#[from] std::io::Error),
    #[error("the engine speaks version {0} of the protocol, not {VERSION}")]
    Version(u32),
    #[error("the engine could reach the network")]
    Open,
    #[error("the engine ended or fell silent before it said hello")]
    Mute,
}

/// Why a session is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    #[error("the engine ended")]
    Gone,
    #[error("the engine fell silent")]
    Silent,
}

impl Session {
    /// Starts `program` behind the bar, with all but `spare_cores` of the cores, shows it a
    /// door, and makes sure that it could not open it.
    ///
    /// Failures: the program is missing or cannot be barred (`Spawn`); it is of
    /// another version (`Version`); the door was opened, whatever the engine says
    /// of it (`Open`); nothing sensible was said in time (`Mute`).
    #[allow(clippy::disallowed_methods)] // this is the one home of processes
    pub(crate) async fn start(
        program: &Path,
        spare_cores: u32,
        patience: Duration,
    ) -> Result<Self, StartFault> {
        let door = TcpListener::bind("127.0.0.1:0").await?;
        let address = door.local_addr()?.to_string();

        let mut command = Command::new(program);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        if spare_cores > 0 {
            command.env(THREADS, format!("-{spare_cores}"));
        }
        sandbox::bar(&mut command)?;
        let mut child = command.spawn()?;
        let (Some(stdin), Some(stdout), Some(stderr)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(StartFault::Mute);
        };
        tokio::spawn(keep_log(stderr));
        let mut session =
            Self { child, stdin, lines: listen(stdout), spare_cores, barred: sandbox::STANDING };

        let hello = ToEngine::Hello { version: VERSION, door: address };
        session.say(&hello).await.map_err(|_| StartFault::Mute)?;
        let (version, network) = loop {
            match session.hear(patience).await.map_err(|_| StartFault::Mute)? {
                FromEngine::Hello { version, network, .. } => break (version, network),
                FromEngine::Failed { kind: FailureKind::NetworkOpen, .. } => return Err(StartFault::Open),
                _ => {}
            }
        };
        if version != VERSION {
            return Err(StartFault::Version(version));
        }
        // Its word is not enough: had it come through, a connection would wait here.
        let came_through = timeout(Duration::ZERO, door.accept()).await.is_ok();
        if network == Network::Open || came_through {
            return Err(StartFault::Open);
        }
        Ok(session)
    }

    /// Says one thing.
    pub(crate) async fn say(&mut self, message: &ToEngine) -> Result<(), Fault> {
        let line = encode(message).map_err(|_| Fault::Gone)?;
        self.stdin.write_all(line.as_bytes()).await.map_err(|_| Fault::Gone)?;
        self.stdin.flush().await.map_err(|_| Fault::Gone)
    }

    /// The next thing the engine says. Nothing for as long as `patience` is a fault.
    /// Safe to drop at any time: nothing heard is lost.
    pub(crate) async fn hear(&mut self, patience: Duration) -> Result<FromEngine, Fault> {
        match timeout(patience, self.lines.recv()).await {
            Ok(Some(message)) => Ok(message),
            Ok(None) => Err(Fault::Gone),
            Err(_) => Err(Fault::Silent),
        }
    }

    /// Resolves when the engine ends by itself; what it says meanwhile belongs to no
    /// run and is dropped.
    pub(crate) async fn ended(&mut self) {
        while self.lines.recv().await.is_some() {}
    }

    /// The number the operating system knows it by.
    pub(crate) fn process(&self) -> Option<u32> {
        self.child.id()
    }

    /// Ends it, now.
    pub(crate) async fn kill(mut self) {
        if let Err(error) = self.child.kill().await {
            tracing::debug!(%error, "the engine was gone already");
        }
    }
}

/// Turns the engine's stdout into messages. A line that is none of ours ends the
/// session: whatever wrote it is not the engine we know.
fn listen(stdout: ChildStdout) -> mpsc::Receiver<FromEngine> {
    let (send, receive) = mpsc::channel(64);
    tokio::spawn(async move {
        let mut lines = FramedRead::new(stdout, LinesCodec::new_with_max_length(MAX_FRAME_BYTES));
        while let Some(Ok(line)) = next(&mut lines).await {
            match decode(line.as_bytes()) {
                Ok(message) => {
                    if send.send(message).await.is_err() {
                        break;
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "the engine said something that is not of the protocol");
                    break;
                }
            }
        }
    });
    receive
}

/// The engine's log goes where ours goes, one level down.
async fn keep_log(stderr: ChildStderr) {
    let mut lines = FramedRead::new(stderr, LinesCodec::new_with_max_length(64 * 1024));
    // A line over the limit is skipped by the codec; the log goes on after it.
    while let Some(line) = next(&mut lines).await {
        if let Ok(line) = line {
            tracing::debug!(target: "sotto_engine", "{line}");
        }
    }
}

async fn next<S: futures_core::Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    std::future::poll_fn(|context| std::pin::Pin::new(&mut *stream).poll_next(context)).await
}
