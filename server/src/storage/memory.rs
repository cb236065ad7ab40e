//! stub
use super::*;
use std::{collections::BTreeMap, sync::Mutex};
/// stub
#[derive(Default)]
pub struct Memory(Mutex<BTreeMap<DocId, Vec<Record>>>);
impl Storage for Memory {
    fn append(&self, groups: &[Group]) -> Result<(), StorageError> {
        let mut m = self.0.lock().unwrap();
        for g in groups {
            m.entry(g.document.clone()).or_default().extend(g.records.clone());
        }
        Ok(())
    }
    fn load(&self, d: &DocId) -> Result<Log, StorageError> {
        Ok(Log { checkpoint: None, tail: self.0.lock().unwrap().get(d).cloned().unwrap_or_default() })
    }
    fn checkpoint(&self, _: &DocId, _: &Checkpoint) -> Result<(), StorageError> {
        Ok(())
    }
    fn trim(&self, _: &DocId, _: u64) -> Result<u64, StorageError> {
        Ok(0)
    }
    fn documents(&self) -> Result<Vec<DocId>, StorageError> {
        Ok(self.0.lock().unwrap().keys().cloned().collect())
    }
    fn recover(&self) -> Result<(), StorageError> {
        Ok(())
    }
}
