//! One life of the engine process: from its start and handshake to its end. It is started
//! for one model, and ends with it.

use std::{
    io::Read,
    path::PathBuf,
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sotto_engine_protocol::{
    FailureKind, FrameError, FromEngine, Network, ToEngine, VERSION, decode, encode,
};
use tokio::{
    io::{AsyncWriteExt, BufReader},
    net::TcpListener,
    process::{Child, ChildStderr, ChildStdin, ChildStdout, Command},
    sync::mpsc,
    task::JoinHandle,
    time::timeout,
};

use crate::{
    Barred, EngineOptions,
    ending::{End, Fault},
    lines::{Line, Lines, Pace},
    plan::Choice,
    sandbox::{self, Reach},
};

/// What tells the engine with how many threads to compute: a number of them, or with a
/// minus how many fewer than it would take.
const THREADS: &str = "SOTTO_ENGINE_THREADS";

/// The longest line that is heard. The engine's own are far shorter.
const LONGEST_LINE: usize = 1024 * 1024;
const LONGEST_LOG_LINE: usize = 64 * 1024;

/// How long a process whose last word was heard may take to be gone.
const PARTING: Duration = Duration::from_secs(2);

/// A running engine.
pub(crate) struct Session {
    // Killed when the session is dropped.
    child: Child,
    stdin: ChildStdin,
    heard: mpsc::Receiver<Result<FromEngine, Fault>>,
    log: JoinHandle<()>,
    /// Whether it said that memory was refused to it.
    starved: Arc<AtomicBool>,
    pub(crate) barred: Barred,
}

/// Why a session could not begin.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartFault {
    #[error("the engine could not be started")]
    Spawn(#[from] std::io::Error),
    #[error("the engine's own folder could not be made")]
    Folder(PathBuf, #[source] std::io::Error),
    #[error("the engine speaks version {0} of the protocol, not {VERSION}")]
    Version(u32),
    #[error("the engine could reach the network")]
    Open,
    #[error("the engine ended before it said hello")]
    Ended(End),
    #[error("the engine did not say hello in time, or said something else")]
    Mute,
}

/// Why something could not be said to the engine.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unsaid {
    /// It cannot be written down; the engine is as well as before.
    #[error("this cannot be put into a line")]
    Unwritable(#[from] FrameError),
    #[error("the engine does not listen")]
    Fault(Fault),
}

impl Session {
    /// Starts the engine behind the bar, for the model of `choice`, shows it a door, and
    /// makes sure that it could not open it.
    ///
    /// Failures: the program is missing or cannot be barred (`Spawn`), or its folder cannot
    /// be made; it is of another version; the door was opened, whatever the engine says of
    /// it (`Open`); it ended, or nothing sensible was said in time.
    #[allow(clippy::disallowed_methods)] // this is the one home of processes
    pub(crate) async fn start(options: &EngineOptions, choice: &Choice) -> Result<Self, StartFault> {
        for folder in [&options.scratch, &options.pictures] {
            sandbox::make_folder(folder).map_err(|error| StartFault::Folder(folder.clone(), error))?;
        }
        let door = TcpListener::bind("127.0.0.1:0").await?;
        let mut command = Command::new(&options.program);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let barred = sandbox::bar(&mut command, &Reach::of_engine(options, choice))?;
        if choice.plan.spare_cores > 0 {
            command.env(THREADS, format!("-{}", choice.plan.spare_cores));
        }
        let mut child = command.spawn()?;
        let (Some(stdin), Some(stdout), Some(stderr)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(StartFault::Mute);
        };
        let starved = Arc::new(AtomicBool::new(false));
        let log = tokio::spawn(keep_log(stderr, starved.clone()));
        let mut session = Self { child, stdin, heard: listen(stdout), log, starved, barred };

        match timeout(options.timeouts.hello, session.greet(&door)).await {
            Ok(Ok(())) => Ok(session),
            Ok(Err(StartFault::Ended(_))) => Err(StartFault::Ended(session.bury(Fault::Gone).await)),
            Ok(Err(fault)) => Err(fault),
            Err(_) => Err(StartFault::Mute),
        }
    }

    /// The handshake, and the door.
    async fn greet(&mut self, door: &TcpListener) -> Result<(), StartFault> {
        let nonce = nonce();
        let hello =
            ToEngine::Hello { version: VERSION, door: door.local_addr()?.to_string(), nonce: nonce.clone() };
        self.say(&hello).await.map_err(|_| StartFault::Ended(End::Otherwise))?;
        let (version, network) = loop {
            match self.hear().await {
                Ok(FromEngine::Hello { version, network, .. }) => break (version, network),
                Ok(FromEngine::Failed { kind: FailureKind::NetworkOpen, .. }) => {
                    return Err(StartFault::Open);
                }
                Ok(_) => {}
                Err(Fault::Gone) => return Err(StartFault::Ended(End::Otherwise)),
                Err(_) => return Err(StartFault::Mute),
            }
        };
        if version != VERSION {
            return Err(StartFault::Version(version));
        }
        // Its word is not enough: had it come through, what it said would wait here.
        if network == Network::Open || came_through(door, &nonce).await {
            return Err(StartFault::Open);
        }
        Ok(())
    }

    /// Says one thing.
    pub(crate) async fn say(&mut self, message: &ToEngine) -> Result<(), Unsaid> {
        let line = encode(message)?;
        let gone = |_| Unsaid::Fault(Fault::Gone);
        self.stdin.write_all(line.as_bytes()).await.map_err(gone)?;
        self.stdin.flush().await.map_err(gone)
    }

    /// The next thing the engine says. Safe to drop at any time: nothing heard is lost.
    pub(crate) async fn hear(&mut self) -> Result<FromEngine, Fault> {
        self.heard.recv().await.unwrap_or(Err(Fault::Gone))
    }

    /// Resolves when the engine ends by itself; what it says meanwhile belongs to no
    /// run and is dropped.
    pub(crate) async fn ended(&mut self) -> Fault {
        loop {
            if let Err(fault) = self.hear().await {
                return fault;
            }
        }
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

    /// How it ended, where it has; one that has not is ended.
    pub(crate) async fn bury(mut self, fault: Fault) -> End {
        if fault != Fault::Gone {
            self.kill().await;
            return End::Otherwise;
        }
        let Ok(Ok(status)) = timeout(PARTING, self.child.wait()).await else {
            self.kill().await;
            return End::Otherwise;
        };
        // Its last words may say more than its status.
        let _ = timeout(PARTING, &mut self.log).await;
        tracing::info!(%status, "the engine ended");
        End::of(status, self.starved.load(Ordering::Relaxed))
    }
}

/// Letters that nobody else can know.
fn nonce() -> String {
    use std::hash::{BuildHasher, RandomState};
    // Each state has keys of its own, from the system's source of chance.
    let letters = || RandomState::new().hash_one(0u8);
    format!("{:016x}{:016x}", letters(), letters())
}

/// Whether somebody who knows `nonce` stands at the door. Others on this machine may knock
/// there; they have nothing to do with the engine.
async fn came_through(door: &TcpListener, nonce: &str) -> bool {
    while let Ok(Ok((visitor, _))) = timeout(Duration::ZERO, door.accept()).await {
        let mut said = vec![0; nonce.len()];
        // The engine says it before it greets us: it lies here already, and is not waited for.
        let read = visitor.into_std().and_then(|mut visitor| visitor.read(&mut said)).unwrap_or(0);
        if said.get(..read) == Some(nonce.as_bytes()) {
            return true;
        }
    }
    false
}

/// Turns the engine's stdout into messages. A line that is none of ours ends the
/// session: whatever wrote it is not the engine we know. So does more than it can have to say.
fn listen(stdout: ChildStdout) -> mpsc::Receiver<Result<FromEngine, Fault>> {
    let (send, receive) = mpsc::channel(64);
    tokio::spawn(async move {
        let (mut lines, mut pace) = (Lines::new(BufReader::new(stdout), LONGEST_LINE), Pace::new());
        let fault = loop {
            let line = match lines.next().await {
                Ok(Some(Line::Whole(line))) => line,
                Ok(Some(Line::TooLong)) => break Fault::Flood,
                Ok(None) | Err(_) => break Fault::Gone,
            };
            if !pace.allows(line.len()) {
                break Fault::Flood;
            }
            match decode(&line) {
                Ok(message) => {
                    if send.send(Ok(message)).await.is_err() {
                        return;
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "the engine said something that is not of the protocol");
                    break Fault::Garbled;
                }
            }
        };
        let _ = send.send(Err(fault)).await;
    });
    receive
}

/// The engine's log goes where ours goes, one level down. It is read to its end whatever
/// stands in it: an engine whose log is not read stands still.
async fn keep_log(stderr: ChildStderr, starved: Arc<AtomicBool>) {
    /// What Rust's own runtime says before it gives up.
    const STARVED: &[u8] = b"memory allocation of ";
    let (mut lines, mut pace) = (Lines::new(BufReader::new(stderr), LONGEST_LOG_LINE), Pace::new());
    while let Ok(Some(line)) = lines.next().await {
        match line {
            Line::Whole(line) => {
                if line.starts_with(STARVED) {
                    starved.store(true, Ordering::Relaxed);
                }
                if pace.allows(line.len()) {
                    tracing::debug!(target: "sotto_engine", "{}", String::from_utf8_lossy(&line).escape_debug());
                }
            }
            Line::TooLong => tracing::debug!(target: "sotto_engine", "(a line that is too long)"),
        }
    }
}
