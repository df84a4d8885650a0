//! The only door to the network: nothing leaves this device except through here, and every
//! departure is recorded first.
//!
//! A [`Departure`] says what is to leave, whole. [`decide`] makes a [`Permit`] of it, or a
//! [`Refusal`]. The [`Door`] takes the permit, writes the departure into the journal, and only
//! then opens a connection. Redirects are not followed: [`Response::redirect`] gives a departure
//! for the next server, and that is decided on like any other.
//!
//! ```no_run
//! # use sotto_egress::*;
//! # async fn example(door: Door, rules: Rules) -> Result<(), Failure> {
//! let address = "https://huggingface.co/api/models/mistralai/Ministral-3-3B-Instruct-2512-GGUF";
//! let why = "You asked for Ministral 3 3B.";
//! let departure = Departure::get(Errand::ModelDetails, address, "Hugging Face", why)?;
//! let permit = decide(departure, &rules, None)?;
//! let response = door.send(permit, Headers::new().plain("accept", "application/json")).await?;
//! let details = response.text(64 * 1024).await?;
//! # Ok(())
//! # }
//! ```
//!
//! Each departure has a connection of its own, closed when its answer has been read: the journal
//! is also the list of all connections ever made.

mod client;
mod door;
mod failure;
mod headers;
mod lock;
mod options;
mod origin;
mod policy;
mod resolve;
mod response;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use bytes::Bytes;
pub use door::Door;
pub use failure::{Failure, Refusal};
pub use headers::Headers;
pub use lock::Lock;
pub use options::{Clock, DoorOptions, Proxy};
pub use origin::{Origin, Reach, typed};
pub use policy::{Consent, Departure, Errand, Permit, Rules, decide, within_limit};
pub use reqwest::StatusCode;
pub use response::{Body, Response};
pub use sotto_domain::ContentKind as Content;
