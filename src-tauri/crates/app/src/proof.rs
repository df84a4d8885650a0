//! The bar around the model, shown to the user: what it tries, and that it is refused.

use std::io;

use sotto_engine_client::Tried;

use crate::{App, home::LIBRARY};

impl App {
    /// Has the engine's program try to get out, and to the user's library.
    ///
    /// # Errors
    /// It could not be tried; nothing is proven then.
    pub async fn prove_bar(&self) -> io::Result<Vec<Tried>> {
        self.engine.prove(&self.home.join(LIBRARY)).await
    }
}
