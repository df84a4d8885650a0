//! A ring that is gone when Sotto ends.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use zeroize::Zeroizing;

use crate::{KeyError, Ring};

/// Keeps values in memory, which is overwritten when they go.
#[derive(Default)]
pub struct Memory(Mutex<HashMap<String, Zeroizing<String>>>);

impl Memory {
    fn values(&self) -> MutexGuard<'_, HashMap<String, Zeroizing<String>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ring for Memory {
    fn write(&self, account: &str, value: &Zeroizing<String>) -> Result<(), KeyError> {
        self.values().insert(account.into(), value.clone());
        Ok(())
    }

    fn read(&self, account: &str) -> Result<Option<Zeroizing<String>>, KeyError> {
        Ok(self.values().get(account).cloned())
    }

    fn erase(&self, account: &str) -> Result<(), KeyError> {
        self.values().remove(account);
        Ok(())
    }

    fn lasts(&self) -> bool {
        false
    }
}
