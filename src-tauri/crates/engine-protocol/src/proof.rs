//! The task of showing the bar: what the engine's program tries, and what came of it.

use serde::{Deserialize, Serialize};

/// Where something would hear or have the engine, if it got there. All of it is this computer's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Targets {
    /// A listener's address.
    pub tcp: String,
    /// One's of IPv6, where the system has that.
    pub ipv6: Option<String>,
    /// The address of a socket for datagrams.
    pub udp: String,
    /// The path of a listener's socket.
    pub local: Option<String>,
    /// A file of the user's.
    pub file: String,
    /// A file that is not there.
    pub planted: String,
    /// The app's process.
    pub app: u32,
}

/// Something that is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attempt {
    /// A connection, as to a server.
    Tcp,
    /// The same by the newer protocol.
    Ipv6,
    /// A datagram, as names are looked up by.
    Udp,
    /// Speaking to another program through a socket of this computer.
    Local,
    /// Reading what the app has in its memory.
    AppMemory,
    /// Reading a file of the user's.
    ReadFile,
    /// Making a file beside it.
    WriteFile,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// What was tried.
    pub attempt: Attempt,
    /// Whether it was refused.
    pub refused: bool,
    /// What the system said.
    pub said: String,
}
