//! For tests: a journal that remembers, and one that cannot be written.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use sotto_domain::{
    Budget, Charge, ContentKind, Entry, EntryId, Journal, JournalError, Outcome, Promises, Standing,
};

use crate::{Door, DoorOptions, Failure, Lock, Proxy};

/// A journal in memory.
pub struct Remembered {
    entries: Mutex<Vec<(Entry, Option<Outcome>)>>,
    /// What holds, and can be changed at any moment.
    pub promises: Mutex<Promises>,
    /// The month's limit, and what is gone of it.
    pub budget: Mutex<Budget>,
    /// What a remembered agreement covers.
    pub agreed: Mutex<Option<BTreeSet<ContentKind>>>,
}

impl Default for Remembered {
    /// The lock is off, the cloud is on.
    fn default() -> Self {
        let promises =
            Promises { offline_lock: false, cloud: true, confirmed: Vec::new(), monthly_cap: None };
        Self {
            entries: Mutex::default(),
            promises: Mutex::new(promises),
            budget: Mutex::default(),
            agreed: Mutex::default(),
        }
    }
}

impl Remembered {
    /// What was written down, with how it went where it is over.
    pub fn entries(&self) -> Vec<(Entry, Option<Outcome>)> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Journal for Remembered {
    fn opening(
        &self,
        entry: &Entry,
        _: Option<&Charge>,
        allows: &mut dyn FnMut(&Standing) -> bool,
    ) -> Result<EntryId, JournalError> {
        let promises = self.promises.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let budget = *self.budget.lock().unwrap_or_else(PoisonError::into_inner);
        let agreed = self.agreed.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if !allows(&Standing { promises, budget, agreed }) {
            return Err(JournalError("it may not leave".into()));
        }
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.push((entry.clone(), None));
        Ok(EntryId(i64::try_from(entries.len()).unwrap_or(i64::MAX) - 1))
    }

    fn closed(&self, EntryId(number): EntryId, outcome: Outcome) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = usize::try_from(number).ok().and_then(|number| entries.get_mut(number));
        if let Some((_, went)) = entry {
            assert!(went.is_none(), "entry {number} is closed twice");
            *went = Some(outcome);
        }
    }
}

/// A journal whose disk is full.
pub struct Full;

impl Journal for Full {
    fn opening(
        &self,
        _: &Entry,
        _: Option<&Charge>,
        _: &mut dyn FnMut(&Standing) -> bool,
    ) -> Result<EntryId, JournalError> {
        Err(JournalError("the disk is full".into()))
    }

    fn closed(&self, _: EntryId, _: Outcome) {}
}

/// A door without a proxy, at time 0, and its lock off.
pub fn door(journal: Arc<dyn Journal>) -> Result<Door, Failure> {
    let options = DoorOptions::new(journal, Lock::new(false), Arc::new(|| 0));
    Door::new(DoorOptions { proxy: Proxy::None, ..options })
}
