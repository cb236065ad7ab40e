//! Looks for damage in the whole store.

use std::fmt;

use collab::id::{DocId, Seq};
use rusqlite::Connection;

use super::{StorageError, rows::Document};
use crate::storage::order;

/// One thing that is wrong in a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The name of the document that it concerns; none if it concerns the store itself.
    pub document: Option<String>,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.document {
            Some(document) => write!(f, "{document}: {}", self.what),
            None => write!(f, "the store: {}", self.what),
        }
    }
}

/// See [`super::Reader::check`].
pub(super) fn run(connection: &Connection) -> Result<Vec<Problem>, StorageError> {
    let mut problems = Vec::new();
    let mut note = |document: Option<&str>, what: String| {
        problems.push(Problem { document: document.map(str::to_owned), what });
    };
    pages(connection, &mut note)?;
    // Of those whose removal has begun, nothing need be whole.
    for name in names(connection, "deleted IS NOT 0")? {
        let noted = |what| note(Some(&name), what);
        match name.parse::<DocId>() {
            Ok(document) => log(connection, &document, noted)?,
            Err(why) => note(Some(&name), why.to_string()),
        }
    }
    Ok(problems)
}

/// The names of all documents for which a condition holds, in order.
pub(super) fn names(connection: &Connection, condition: &str) -> Result<Vec<String>, StorageError> {
    let named = format!("SELECT name FROM documents WHERE {condition} ORDER BY name");
    let mut rows = connection.prepare_cached(&named)?;
    let names = rows.query_map([], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// The file's structure, and that each row belongs to a document.
fn pages(connection: &Connection, note: &mut impl FnMut(Option<&str>, String)) -> Result<(), StorageError> {
    let read = || -> Result<(Vec<String>, Vec<String>), StorageError> {
        let mut pages = connection.prepare("PRAGMA integrity_check")?;
        let verdicts = pages.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let mut owners = connection.prepare("PRAGMA foreign_key_check")?;
        let orphans = owners.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok((verdicts, orphans))
    };
    match read() {
        Ok((verdicts, mut orphans)) => {
            verdicts.into_iter().filter(|verdict| verdict != "ok").for_each(|verdict| note(None, verdict));
            orphans.dedup();
            orphans.iter().for_each(|table| note(None, format!("rows in {table} belong to no document")));
        }
        Err(error) => note(None, damage(error)?),
    }
    Ok(())
}

/// One document's checkpoints and records, and that none is missing.
fn log(connection: &Connection, name: &DocId, mut note: impl FnMut(String)) -> Result<(), StorageError> {
    let mut read = || {
        let Some(document) = Document::find(connection, name)? else {
            note("it is in the list of documents, but not in the list's index".to_owned());
            return Ok(());
        };
        let mut newest = Seq::default();
        document.checkpoints(connection, |checkpoint| match checkpoint {
            Ok(checkpoint) => newest = checkpoint.upto,
            Err(error) => note(reason(error)),
        })?;
        let mut before = None;
        document.inspect(connection, |seq, damage| {
            damage.into_iter().for_each(|damage| note(reason(damage)));
            // Retention may have removed the first records, but none that the checkpoint does not include.
            let expected = before.map_or(seq.min(newest.next()), Seq::next);
            if seq != expected {
                note(reason(order::gap(name, Seq(expected.0 - 1), seq)));
            }
            before = Some(seq);
        })?;
        let found = before.unwrap_or_default().max(newest);
        if found != document.last {
            note(reason(order::cut(name, found, document.last)));
        }
        Ok(())
    };
    match read() {
        Ok(()) => Ok(()),
        Err(error) => damage(error).map(note),
    }
}

/// Damage is an answer here; that the store cannot be read is an error.
fn damage(error: StorageError) -> Result<String, StorageError> {
    match error {
        StorageError::Corrupt { why, .. } => Ok(why),
        other => Err(other),
    }
}

fn reason(error: StorageError) -> String {
    match error {
        StorageError::Corrupt { why, .. } => why,
        other => other.to_string(),
    }
}
