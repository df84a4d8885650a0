//! The engine's program, started for one short task instead of a model: behind the same bar, and
//! for as long as the task takes.

use std::{io, path::Path, process::Stdio, time::Duration};

use sotto_engine_protocol::TASK;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::Command,
    time::timeout,
};

use crate::sandbox::{self, Reach};

/// What a task may take.
#[derive(Debug, Clone, Copy)]
pub struct TaskLimits {
    /// Memory, in bytes.
    pub memory: u64,
    /// Time, the processor's and the user's, in seconds.
    pub seconds: u64,
    /// The length of its answer, in bytes.
    pub answer: u64,
}

/// Gives `input` to `program` for the task of this name, and returns what it answered: all of it,
/// or as much as there was when it fell or ran out of what it may take. The process reads no file
/// but its own libraries.
///
/// Fails where it cannot be started, or not behind the bar.
#[allow(clippy::disallowed_methods)] // the program is the engine's own
pub(crate) async fn run(program: &Path, task: &str, input: &[u8], limits: TaskLimits) -> io::Result<Vec<u8>> {
    let mut command = Command::new(program);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
    let TaskLimits { memory, seconds, answer: longest } = limits;
    let reach = Reach { memory: Some(memory), seconds: Some(seconds), ..Reach::default() };
    sandbox::bar(&mut command, &reach)?;
    let mut child = command.env(TASK, task).spawn()?;
    let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(io::Error::other("a process without pipes"));
    };
    let mut answer = Vec::new();
    let tell = async {
        // One that has seen enough does not listen to the end.
        let _ = stdin.write_all(input).await;
        drop(stdin);
    };
    let hear = async {
        let _ = stdout.take(longest).read_to_end(&mut answer).await;
    };
    let over = timeout(Duration::from_secs(seconds), async { tokio::join!(tell, hear) }).await;
    if over.is_err() {
        tracing::warn!(task, "a task took too long");
    }
    // Whatever it may still want to say, nobody listens.
    child.kill().await?;
    Ok(answer)
}
