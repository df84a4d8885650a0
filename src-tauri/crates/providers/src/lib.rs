//! Models that answer elsewhere, in the words of those that answer here: whom to ask is data, two dialects of
//! the wire become one kind of event, and what an answer costs is never guessed to be nothing.
//!
//! A message goes in three steps. [`Cloud::prepare`] makes a [`Prepared`]: the very bytes that
//! would leave, and their parts for the user to look at. [`sotto_egress::decide`] says whether they
//! may. [`Cloud::send`] sends them, and what comes back is an answer like any other.

mod answer;
mod can;
mod capability_cache;
mod choice;
mod cloud;
mod cost;
mod dialect;
mod endpoint;
mod error;
mod exchange;
mod foreign;
mod limits;
mod models;
mod money;
mod prepare;
mod read;
mod refused;
mod registry;
mod said;
mod sse;
mod stream_from_future;
mod timeouts;
mod usage;
mod wire;

pub use can::{Can, TokenLimit};
pub use choice::{Choice, Route};
pub use cloud::Cloud;
pub use cost::{Price, Rate, Tariff};
pub use dialect::Dialect;
pub use endpoint::Endpoint;
pub use error::ProviderError;
pub use limits::Limits;
pub use models::{Backend, Model};
pub use prepare::{Part, Prepared};
pub use registry::{Auth, Base, KeyNeed, KeyTest, Models, PROVIDERS, Prices, Provider, provider};
pub use timeouts::Timeouts;

use can::Field;
use cost::cost;
use dialect::Event;
use said::Said;
use sse::{MAX_EVENT_BYTES, Torn, events};
use usage::Spent;
