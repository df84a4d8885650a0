//! The one scripted server of all tests: on this device, over plain HTTP or TLS, it says what a
//! test tells it to, and remembers who came and what they said. A [`provider`] and a [`hub`] are
//! made of it.
//!
//! It runs on threads of its own, so that tests with and without a runtime can use it.

#![allow(clippy::disallowed_types)] // a test may speak to itself

// Whatever fails here fails the test that uses it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::missing_panics_doc)]

pub mod hub;
mod line;
mod nobody;
pub mod provider;
mod request;
mod script;
mod server;
mod tls;
pub mod wire;

pub use line::Line;
pub use nobody::{Crowd, Nobody};
pub use request::Request;
pub use script::Do;
pub use server::Server;
