use std::{collections::VecDeque, io::Result, sync::Mutex, thread, time::Duration};

use crate::{Line, Server};

/// What a server does, one after another.
#[derive(Debug, Clone)]
pub enum Do {
    /// Sends this.
    Say(String),
    /// Sends this, text or not.
    Raw(Vec<u8>),
    /// Sends this, a byte at a time.
    Spell(String),
    /// Sends this again and again, with this pause between, until nobody listens.
    Repeat(String, Duration),
    /// Says nothing for this long.
    Wait(Duration),
    /// Waits until the other side has closed, and keeps the connection until then.
    Hold,
}

impl Server {
    /// Answers each request with the next script. Whoever still comes after the last is seen,
    /// and gets nothing.
    pub fn playing(scripts: Vec<Vec<Do>>) -> Self {
        let scripts = Mutex::new(VecDeque::from(scripts));
        Self::open(move |_, line| {
            let script = scripts.lock().unwrap().pop_front().unwrap_or_default();
            script.into_iter().try_for_each(|act| play(act, line))
        })
    }
}

fn play(act: Do, line: &mut Line) -> Result<()> {
    match act {
        Do::Say(text) => line.send(text),
        Do::Raw(bytes) => line.send(bytes),
        Do::Spell(text) => text.as_bytes().iter().try_for_each(|byte| line.send([*byte])),
        Do::Repeat(text, pause) => loop {
            line.send(&text)?;
            thread::sleep(pause);
        },
        Do::Wait(pause) => {
            thread::sleep(pause);
            Ok(())
        }
        Do::Hold => line.hold(),
    }
}
