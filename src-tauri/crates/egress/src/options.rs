//! What a door is made of.

use std::{path::PathBuf, sync::Arc, time::Duration};

use sotto_domain::{Journal, Timestamp};

use crate::Lock;

/// The time, where the door asks for it.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What a door is made of. When one of these changes, a new door is made; a new door with
/// the same lock is as locked as the old one.
pub struct DoorOptions {
    /// How the world is reached. This device and the user's own network are always reached directly.
    pub proxy: Proxy,
    /// A file with certificates (PEM) to trust besides the system's.
    pub extra_ca: Option<PathBuf>,
    /// How long a connection may take to come about.
    pub connect_timeout: Duration,
    /// The offline lock.
    pub lock: Lock,
    /// Where departures are written down.
    pub journal: Arc<dyn Journal>,
    /// The time for the journal.
    pub clock: Clock,
}

/// How the world is reached.
#[derive(Clone, PartialEq, Eq)]
pub enum Proxy {
    /// As the system and its environment say.
    System,
    /// Connections are made directly.
    None,
    /// Through this one: `http://`, `https://` or `socks5://`.
    At(String),
}

impl DoorOptions {
    /// The usual: the system's proxy and certificates, and 10 seconds to connect.
    pub fn new(journal: Arc<dyn Journal>, lock: Lock, clock: Clock) -> Self {
        Self {
            proxy: Proxy::System,
            extra_ca: None,
            connect_timeout: Duration::from_secs(10),
            lock,
            journal,
            clock,
        }
    }
}
