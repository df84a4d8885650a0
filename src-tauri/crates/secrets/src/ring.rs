//! Where values are kept.

use zeroize::Zeroizing;

use crate::KeyError;

/// Where values are kept: by account, as text of the simplest kind.
pub trait Ring: Send + Sync {
    /// Puts a value in the place of whatever was there.
    fn write(&self, account: &str, value: &Zeroizing<String>) -> Result<(), KeyError>;
    /// What is there.
    fn read(&self, account: &str) -> Result<Option<Zeroizing<String>>, KeyError>;
    /// Removes what is there; nothing there is fine.
    fn erase(&self, account: &str) -> Result<(), KeyError>;
    /// Whether what is kept there is there at the next start.
    fn lasts(&self) -> bool {
        true
    }
}
