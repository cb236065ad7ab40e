//! What changes the store. Each function is one commit.

use collab::id::{DocId, Seq};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::{
    StorageError,
    rows::{Document, END},
};
use crate::storage::{Checkpoint, Group, Record, order};

/// How many records one commit removes. Removing more at once would keep appends waiting.
const REMOVED_AT_ONCE: u64 = 2000;

/// See [`crate::storage::Storage::append`].
pub(super) fn append(connection: &mut Connection, groups: &[Group]) -> Result<(), StorageError> {
    let transaction = begin(connection)?;
    for group in groups.iter().filter(|group| !group.records.is_empty()) {
        append_group(&transaction, group)?;
    }
    transaction.commit()?;
    Ok(())
}

fn append_group(transaction: &Transaction<'_>, group: &Group) -> Result<(), StorageError> {
    let document = find_or_add(transaction, &group.document)?;
    if document.deleted.is_some() {
        return Err(StorageError::Deleted(group.document.clone()));
    }
    let (again, new) = group.records.split_at(order::stored_already(group, document.last)?);
    remove_again(transaction, &document, again)?;
    insert(transaction, &document, &group.records)?;
    if let Some(last) = new.last() {
        let columns = "UPDATE documents SET last = ?2, updated = ?3 WHERE key = ?1";
        let mut moved = transaction.prepare_cached(columns)?;
        moved.execute((document.key, last.seq.0.cast_signed(), last.at.cast_signed()))?;
    }
    Ok(())
}

fn find_or_add<'a>(transaction: &Transaction<'_>, name: &'a DocId) -> Result<Document<'a>, StorageError> {
    if let Some(document) = Document::find(transaction, name)? {
        return Ok(document);
    }
    transaction
        .prepare_cached("INSERT INTO documents (name, last) VALUES (?1, 0)")?
        .execute([name.as_str()])?;
    let added = Document::find(transaction, name)?;
    added.ok_or_else(|| order::damaged(name, "it was added but cannot be found".to_owned()))
}

/// Makes way for records that are there already, so that they are written anew and share the fate of this
/// commit's sync. They have to be what is there, because what was acknowledged never changes.
fn remove_again(
    transaction: &Transaction<'_>,
    document: &Document<'_>,
    again: &[Record],
) -> Result<(), StorageError> {
    let (Some(first), Some(last)) = (again.first(), again.last()) else {
        return Ok(());
    };
    let kept = document.records(transaction, Seq(first.seq.0 - 1), END)?;
    let mut kept = kept.iter();
    if let Some(other) = again.iter().find(|&record| kept.next() != Some(record)) {
        return Err(order::conflict(document.name, other.seq));
    }
    let mut rows =
        transaction.prepare_cached("DELETE FROM records WHERE document = ?1 AND seq BETWEEN ?2 AND ?3")?;
    rows.execute((document.key, first.seq.0.cast_signed(), last.seq.0.cast_signed()))?;
    Ok(())
}

fn insert(
    transaction: &Transaction<'_>,
    document: &Document<'_>,
    records: &[Record],
) -> Result<(), StorageError> {
    let mut rows = transaction.prepare_cached(
        "INSERT INTO records (document, seq, at, author, checksum, \"update\") VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    // Neighbours mostly have one author.
    let mut known = ("", 0);
    for record in records {
        if known.0 != &*record.author {
            known = (&record.author, author_number(transaction, document, &record.author)?);
        }
        let checksum = document.checksum.record(record.seq, record.at, &record.author, &record.update);
        let (seq, at) = (record.seq.0.cast_signed(), record.at.cast_signed());
        rows.execute(params![document.key, seq, at, known.1, checksum, &record.update[..]])?;
    }
    Ok(())
}

/// The number that stands for an author in one document's records.
fn author_number(
    transaction: &Transaction<'_>,
    document: &Document<'_>,
    author: &str,
) -> Result<i64, StorageError> {
    if author.is_empty() {
        return Ok(0);
    }
    let mut known =
        transaction.prepare_cached("SELECT number FROM authors WHERE document = ?1 AND name = ?2")?;
    if let Some(number) = known.query_row((document.key, author), |row| row.get(0)).optional()? {
        return Ok(number);
    }
    let mut added = transaction.prepare_cached(
        "INSERT INTO authors (document, number, name) \
         SELECT ?1, coalesce(max(number), 0) + 1, ?2 FROM authors WHERE document = ?1 RETURNING number",
    )?;
    Ok(added.query_row((document.key, author), |row| row.get(0))?)
}

/// See [`crate::storage::Storage::checkpoint`].
pub(super) fn checkpoint(
    connection: &mut Connection,
    name: &DocId,
    checkpoint: &Checkpoint,
) -> Result<(), StorageError> {
    let transaction = begin(connection)?;
    let found = Document::find(&transaction, name)?;
    let last = found.as_ref().map_or(Seq::default(), |found| found.last);
    order::includes_stored(name, checkpoint, last)?;
    if let Some(document) = found {
        let Checkpoint { upto, state, shown } = checkpoint;
        let mut row = transaction.prepare_cached(
            "INSERT OR REPLACE INTO checkpoints (document, upto, checksum, state, text, title) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        let text = shown.as_ref().map(|shown| &*shown.text);
        let title = shown.as_ref().map(|shown| &*shown.title);
        let checksum = document.checksum.checkpoint(*upto, state, text, title);
        let text = text.map(str::as_bytes);
        row.execute(params![document.key, upto.0.cast_signed(), checksum, &state[..], text, title])?;
        // One of them is enough, and each is as large as the document.
        transaction
            .prepare_cached(
                "DELETE FROM checkpoints WHERE document = ?1 \
                 AND upto < (SELECT max(upto) FROM checkpoints WHERE document = ?1)",
            )?
            .execute([document.key])?;
    }
    transaction.commit()?;
    Ok(())
}

/// Removes the next few of the records before `first`, oldest first. Returns how many: none if all are gone.
pub(super) fn remove_some(connection: &mut Connection, key: i64, first: Seq) -> Result<u64, StorageError> {
    let transaction = begin(connection)?;
    let oldest: Option<i64> = transaction
        .prepare_cached("SELECT min(seq) FROM records WHERE document = ?1")?
        .query_row([key], |row| row.get(0))?;
    let Some(oldest) = oldest else { return Ok(0) };
    let end = first.min(Seq(oldest.cast_unsigned().saturating_add(REMOVED_AT_ONCE)));
    let removed = transaction
        .prepare_cached("DELETE FROM records WHERE document = ?1 AND seq < ?2")?
        .execute((key, end.0.cast_signed()))?;
    transaction.commit()?;
    Ok(u64::try_from(removed).unwrap_or(u64::MAX))
}

/// Removes the authors of whom no record is left.
pub(super) fn remove_authors(connection: &mut Connection, key: i64) -> Result<(), StorageError> {
    let transaction = begin(connection)?;
    transaction
        .prepare_cached(
            "DELETE FROM authors WHERE document = ?1 \
             AND number NOT IN (SELECT author FROM records WHERE document = ?1)",
        )?
        .execute([key])?;
    transaction.commit()?;
    Ok(())
}

/// See [`crate::storage::Storage::delete`].
pub(super) fn delete(connection: &mut Connection, name: &DocId, at: u64) -> Result<bool, StorageError> {
    // 0 would mean that nothing is left.
    let at = at.max(1).cast_signed();
    let marked = connection
        .prepare_cached("UPDATE documents SET deleted = ?2 WHERE name = ?1 AND deleted IS NULL")?
        .execute((name.as_str(), at))?;
    Ok(marked > 0)
}

/// See [`crate::storage::Storage::undelete`].
pub(super) fn undelete(connection: &mut Connection, name: &DocId) -> Result<bool, StorageError> {
    let unmarked = connection
        .prepare_cached("UPDATE documents SET deleted = NULL WHERE name = ?1 AND deleted > 0")?
        .execute([name.as_str()])?;
    Ok(unmarked > 0)
}

/// Chooses the documents that were deleted before a time, and takes down that their removal has begun: it may take
/// several commits, and whatever ends the process between them, nobody is to take half a document back.
pub(super) fn condemn(connection: &mut Connection, before: u64) -> Result<Vec<i64>, StorageError> {
    let transaction = begin(connection)?;
    let before = i64::try_from(before).unwrap_or(i64::MAX);
    let keys = transaction
        .prepare_cached("UPDATE documents SET deleted = 0 WHERE deleted < ?1 RETURNING key")?
        .query_map([before], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    transaction.commit()?;
    Ok(keys)
}

/// Removes what is left of a document that has no records any more.
pub(super) fn remove_document(connection: &mut Connection, key: i64) -> Result<(), StorageError> {
    let transaction = begin(connection)?;
    for table in ["checkpoints", "authors"] {
        transaction.prepare_cached(&format!("DELETE FROM {table} WHERE document = ?1"))?.execute([key])?;
    }
    transaction.prepare_cached("DELETE FROM documents WHERE key = ?1")?.execute([key])?;
    transaction.commit()?;
    Ok(())
}

fn begin(connection: &mut Connection) -> Result<Transaction<'_>, StorageError> {
    // Takes the write lock at once: a transaction that begins by reading could find it taken later, and fail.
    Ok(connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
}
