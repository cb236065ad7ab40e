//! Keeps everything in memory: for tests, and for servers whose documents may be gone after a restart.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use collab::id::{DocId, Seq};

use super::{Checkpoint, Group, Log, Record, Storage, StorageError, order};

/// A store that lasts as long as the process.
#[derive(Debug, Default)]
pub struct Memory {
    documents: Mutex<BTreeMap<DocId, Kept>>,
}

/// What is kept of one document.
#[derive(Debug, Default)]
struct Kept {
    records: BTreeMap<Seq, Record>,
    checkpoint: Option<Checkpoint>,
    last: Seq,
    updated: u64,
    deleted: Option<u64>,
}

impl Memory {
    /// A panic elsewhere leaves nothing half done here, so that a poisoned lock is as good as any.
    fn lock(&self) -> MutexGuard<'_, BTreeMap<DocId, Kept>> {
        self.documents.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Storage for Memory {
    fn append(&self, groups: &[Group]) -> Result<(), StorageError> {
        let mut documents = self.lock();
        let mut ends = BTreeMap::new();
        for group in groups.iter().filter(|group| !group.records.is_empty()) {
            let kept = documents.get(&group.document);
            if kept.is_some_and(|kept| kept.deleted.is_some()) {
                return Err(StorageError::Deleted(group.document.clone()));
            }
            let end = ends.entry(&group.document).or_insert(kept.map_or(Seq::default(), |kept| kept.last));
            let again = order::stored_already(group, *end)?;
            if let Some(other) = group.records[..again].iter().find(|&record| !holds(kept, record)) {
                return Err(order::conflict(&group.document, other.seq));
            }
            *end = group.records.last().map_or(*end, |record| record.seq.max(*end));
        }
        // Nothing was changed so far, so that a group which is refused takes the whole commit with it.
        for (document, end) in ends {
            documents.entry(document.clone()).or_default().last = end;
        }
        for group in groups {
            if let Some(kept) = documents.get_mut(&group.document) {
                kept.records.extend(group.records.iter().map(|record| (record.seq, record.clone())));
                let last = group.records.last().filter(|record| record.seq == kept.last);
                kept.updated = last.map_or(kept.updated, |record| record.at);
            }
        }
        Ok(())
    }

    fn load(&self, document: &DocId) -> Result<Log, StorageError> {
        let documents = self.lock();
        Ok(documents.get(document).map_or_else(Log::default, |kept| kept.log(kept.last)))
    }

    fn history(&self, document: &DocId, upto: Seq) -> Result<Option<Log>, StorageError> {
        let documents = self.lock();
        let log = documents.get(document).map_or_else(Log::default, |kept| kept.log(upto));
        order::reaches(document, log, upto)
    }

    fn checkpoint(&self, document: &DocId, checkpoint: &Checkpoint) -> Result<(), StorageError> {
        let mut documents = self.lock();
        let kept = documents.get_mut(document);
        let last = kept.as_ref().map_or(Seq::default(), |kept| kept.last);
        order::includes_stored(document, checkpoint, last)?;
        if let Some(kept) = kept
            && kept.checkpoint.as_ref().is_none_or(|newest| newest.upto <= checkpoint.upto)
        {
            kept.checkpoint = Some(checkpoint.clone());
        }
        Ok(())
    }

    fn trim(&self, document: &DocId, before: u64) -> Result<u64, StorageError> {
        let mut documents = self.lock();
        Ok(documents.get_mut(document).map_or(0, |kept| kept.trim(before)))
    }

    fn documents(&self) -> Result<Vec<DocId>, StorageError> {
        let documents = self.lock();
        Ok(documents.iter().filter(|(_, kept)| kept.deleted.is_none()).map(|(id, _)| id.clone()).collect())
    }

    fn delete(&self, document: &DocId, at: u64) -> Result<bool, StorageError> {
        let mut documents = self.lock();
        let kept = documents.get_mut(document).filter(|kept| kept.deleted.is_none());
        Ok(kept.map(|kept| kept.deleted = Some(at)).is_some())
    }

    fn undelete(&self, document: &DocId) -> Result<bool, StorageError> {
        Ok(self.lock().get_mut(document).and_then(|kept| kept.deleted.take()).is_some())
    }

    fn purge(&self, before: u64) -> Result<u64, StorageError> {
        let mut documents = self.lock();
        let count = documents.len();
        documents.retain(|_, kept| kept.deleted.is_none_or(|at| at >= before));
        Ok(u64::try_from(count - documents.len()).unwrap_or(u64::MAX))
    }

    fn recover(&self) -> Result<(), StorageError> {
        Ok(())
    }

    fn probe(&self) -> Result<(), StorageError> {
        Ok(())
    }
}

impl Kept {
    fn log(&self, upto: Seq) -> Log {
        let checkpoint = self.checkpoint.clone().filter(|checkpoint| checkpoint.upto <= upto);
        let from = checkpoint.as_ref().map_or(Seq::default(), |checkpoint| checkpoint.upto).next();
        let tail = self.records.values().filter(|record| (from..=upto).contains(&record.seq));
        Log { checkpoint, tail: tail.cloned().collect(), updated: self.updated, deleted: self.deleted }
    }

    fn trim(&mut self, before: u64) -> u64 {
        let Some(newest) = self.checkpoint.as_ref().map(|checkpoint| checkpoint.upto) else {
            return 0;
        };
        let young = self.records.values().find(|record| record.at >= before);
        let first = young.map_or(newest.next(), |record| record.seq.min(newest.next()));
        let left = self.records.split_off(&first);
        let removed = std::mem::replace(&mut self.records, left);
        u64::try_from(removed.len()).unwrap_or(u64::MAX)
    }
}

fn holds(kept: Option<&Kept>, record: &Record) -> bool {
    kept.and_then(|kept| kept.records.get(&record.seq)) == Some(record)
}
