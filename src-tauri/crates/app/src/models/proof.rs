//! The bar around the model, shown to the user: what it tries, and that it is refused.

use std::io;

use sotto_engine_client::Tried;

use super::Models;
use crate::home::LIBRARY;

impl Models<'_> {
    /// Has the engine's program try to get out, and to the user's library.
    ///
    /// # Errors
    /// It could not be tried; nothing is proven then.
    pub async fn prove_bar(self) -> io::Result<Vec<Tried>> {
        self.core.engine.prove(&self.core.home.join(LIBRARY)).await
    }
}
