//! The engine has no network, and shows it: it tries to reach a listener of the
//! app's, and must fail.

#![allow(clippy::disallowed_types)] // the one socket of the engine, which is to stay shut

use std::{
    io::Write,
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use sotto_engine_protocol::Network;

/// The door is on this machine, so it opens at once or not at all.
const PATIENCE: Duration = Duration::from_secs(2);

/// Tries the door at `address:port`, and says `nonce` there should it open; `None` where
/// that is no address.
///
/// Failing says only that this door stayed shut: that somebody stands behind it, and
/// that nothing came through, is for the app to know.
pub fn attempt(door: &str, nonce: &str) -> Option<Network> {
    let door: SocketAddr = door.parse().ok()?;
    Some(match TcpStream::connect_timeout(&door, PATIENCE) {
        Ok(mut open) => {
            // It is open, whatever comes of this.
            let _ = open.write_all(nonce.as_bytes());
            Network::Open
        }
        Err(error) => {
            tracing::info!(%error, "the door stayed shut");
            Network::Barred
        }
    })
}

#[cfg(test)]
mod tests;
