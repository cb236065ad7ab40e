//! A back end that fails and stalls on demand: a tool for tests and simulations.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use collab::id::{DocId, Seq};

use super::{Checkpoint, Group, Log, Storage, StorageError};

/// How a disk misbehaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// There is no room left: [`StorageError::Full`].
    Full,
    /// Nothing is written: [`StorageError::Unavailable`].
    Broken,
    /// What is appended gets to the disk, but an error is reported, as after a failed sync. What a later load
    /// finds was never acknowledged.
    Unsure,
}

/// Wraps a back end.
///
/// While there is a fault, every write and every recovery fails. When it is gone, writes go on failing until
/// [`Storage::recover`] is called. Reads are not affected, except by [`Faulty::fail_loads`].
#[derive(Debug, Default)]
pub struct Faulty<S> {
    inner: S,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    fault: Option<Fault>,
    unrecovered: bool,
    loads_fail: bool,
    paused: bool,
    waiting: usize,
    commits: u64,
}

impl<S: Storage> Faulty<S> {
    /// Works as `inner` does, until told otherwise.
    pub fn new(inner: S) -> Self {
        Self { inner, state: Mutex::default(), changed: Condvar::new() }
    }

    /// The back end itself, which always works.
    pub fn inner(&self) -> &S {
        &self.inner
    }

    /// From now on writes fail in this way, or not any more.
    pub fn fail_with(&self, fault: Option<Fault>) {
        self.state().fault = fault;
    }

    /// From now on loads fail with [`StorageError::Unavailable`], or not any more.
    pub fn fail_loads(&self, fail: bool) {
        self.state().loads_fail = fail;
    }

    /// From now on appends wait, as if the disk took long.
    pub fn pause(&self) {
        self.state().paused = true;
    }

    /// Lets those that wait go on.
    pub fn resume(&self) {
        self.state().paused = false;
        self.changed.notify_all();
    }

    /// Blocks until so many appends wait.
    pub fn until_waiting(&self, appends: usize) {
        let mut state = self.state();
        while state.waiting < appends {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// How many appends succeeded.
    pub fn commits(&self) -> u64 {
        self.state().commits
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_while_paused(&self) {
        let mut state = self.state();
        state.waiting += 1;
        self.changed.notify_all();
        while state.paused {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.waiting -= 1;
    }

    /// Whether an append that is going to fail reaches the disk all the same.
    fn leaves_traces(&self) -> bool {
        let state = self.state();
        state.fault == Some(Fault::Unsure) && !state.unrecovered
    }

    /// What a write meets. Not locked while the write itself runs, so that tests can look on.
    fn meet(&self) -> Result<(), StorageError> {
        let mut state = self.state();
        state.unrecovered |= state.fault.is_some();
        match state.fault {
            Some(fault) => Err(fault.error()),
            None if state.unrecovered => {
                Err(unavailable("a write has failed, and the store has not recovered yet"))
            }
            None => Ok(()),
        }
    }
}

impl Fault {
    fn error(self) -> StorageError {
        match self {
            Self::Full => StorageError::Full,
            Self::Broken => unavailable("disk I/O error"),
            Self::Unsure => unavailable("disk I/O error after writing"),
        }
    }
}

fn unavailable(why: &str) -> StorageError {
    StorageError::Unavailable(why.to_owned())
}

impl<S: Storage> Storage for Faulty<S> {
    fn append(&self, groups: &[Group]) -> Result<(), StorageError> {
        self.wait_while_paused();
        if self.leaves_traces() {
            self.inner.append(groups)?;
        }
        self.meet()?;
        self.inner.append(groups)?;
        self.state().commits += 1;
        Ok(())
    }

    fn load(&self, document: &DocId) -> Result<Log, StorageError> {
        if self.state().loads_fail {
            return Err(unavailable("disk I/O error"));
        }
        self.inner.load(document)
    }

    fn checkpoint(&self, document: &DocId, checkpoint: &Checkpoint) -> Result<(), StorageError> {
        self.meet()?;
        self.inner.checkpoint(document, checkpoint)
    }

    fn trim(&self, document: &DocId, before: u64) -> Result<u64, StorageError> {
        self.meet()?;
        self.inner.trim(document, before)
    }

    fn history(&self, document: &DocId, upto: Seq) -> Result<Option<Log>, StorageError> {
        if self.state().loads_fail {
            return Err(unavailable("disk I/O error"));
        }
        self.inner.history(document, upto)
    }

    fn delete(&self, document: &DocId, at: u64) -> Result<bool, StorageError> {
        self.meet()?;
        self.inner.delete(document, at)
    }

    fn undelete(&self, document: &DocId) -> Result<bool, StorageError> {
        self.meet()?;
        self.inner.undelete(document)
    }

    fn purge(&self, before: u64) -> Result<u64, StorageError> {
        self.meet()?;
        self.inner.purge(before)
    }

    fn documents(&self) -> Result<Vec<DocId>, StorageError> {
        self.inner.documents()
    }

    fn recover(&self) -> Result<(), StorageError> {
        let fault = self.state().fault;
        if let Some(fault) = fault {
            return Err(fault.error());
        }
        self.inner.recover()?;
        self.state().unrecovered = false;
        Ok(())
    }

    fn probe(&self) -> Result<(), StorageError> {
        self.recover()?;
        self.inner.probe()
    }
}
