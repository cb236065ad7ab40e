//! What an operator can do beside serving.

use std::{
    fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use clap::Subcommand;
use collab::{
    document::{Document, EMPTY_STATE_VECTOR},
    edit::TextEdit,
    id::{ClientId, DocId},
};
use thiserror::Error;

use crate::{
    clock,
    config::Config,
    purge::purge,
    rooms::{fold, write_checkpoint},
    storage::{
        Group, Log, Record, Storage, StorageError,
        sqlite::{Reader, Sqlite},
    },
};

/// The commands.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Serve pages and documents until told to stop (the default)
    Serve,
    /// Write a document to standard output; works while the server runs
    Export {
        /// The document's name
        document: DocId,
        /// Write the state, as one Yjs update (v1), instead of the text
        #[arg(long)]
        state: bool,
    },
    /// Read a text into a document, as the smallest edit that makes the document equal to it; the server must not be
    /// running
    Import {
        /// The document's name
        document: DocId,
        /// The file to read; standard input if there is none
        file: Option<PathBuf>,
        /// What is read is a Yjs update (v1), to be merged into the document
        #[arg(long)]
        state: bool,
    },
    /// Write a consistent copy of all documents to a new file; works while the server runs
    Backup {
        /// The file to write; it must not exist
        to: PathBuf,
    },
    /// Verify every checksum, and that every log replays; works while the server runs
    Check,
    /// Write a checkpoint of every document, remove updates past --keep-updates and deleted documents past
    /// --keep-deleted, and give the space back; the server must not be running
    Compact,
}

/// Why a command did not do what was asked.
#[derive(Debug, Error)]
pub enum CommandError {
    /// The store.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// Standard input or output, or a file.
    #[error("{0}: {1}")]
    Io(String, io::Error),
    /// There is nothing to export.
    #[error("there is no document {0}")]
    NoDocument(DocId),
    /// What was read cannot be imported.
    #[error("this cannot be imported: {0}")]
    Import(String),
    /// The check found something.
    #[error("{0} problems were found")]
    Problems(usize),
}

impl Command {
    /// Does it, and says so on standard output. [`Command::Serve`] is not for here.
    ///
    /// # Errors
    /// If it could not be done.
    pub fn run(&self, config: &Config) -> Result<(), CommandError> {
        match self {
            Self::Serve => Ok(()),
            Self::Export { document, state } => export(&Reader::open(&config.data)?, document, *state),
            Self::Import { document, file, state } => {
                import(&Sqlite::open(&config.data)?, document, &read(file.as_deref())?, *state)
            }
            Self::Backup { to } => backup(&Reader::open(&config.data)?, to),
            Self::Check => check(&Reader::open(&config.data)?),
            Self::Compact => compact(&Sqlite::open(&config.data)?, config),
        }
    }
}

fn export(store: &Reader, id: &DocId, state: bool) -> Result<(), CommandError> {
    let log = store.load(id)?;
    is_not_deleted(id, &log)?;
    if log == Log::default() {
        return Err(CommandError::NoDocument(id.clone()));
    }
    let document = fold(id, &log)?;
    let bytes = if state { document.snapshot().into() } else { document.text().into_bytes() };
    print(&bytes)
}

fn is_not_deleted(id: &DocId, log: &Log) -> Result<(), StorageError> {
    log.deleted.map_or(Ok(()), |_| Err(StorageError::Deleted(id.clone())))
}

fn import(store: &Sqlite, id: &DocId, bytes: &[u8], state: bool) -> Result<(), CommandError> {
    let log = store.load(id)?;
    is_not_deleted(id, &log)?;
    let mut document = fold(id, &log)?;
    let update = if state { merge(&mut document, bytes)? } else { replace(document, bytes)? };
    let Some(update) = update else { return print(b"Nothing is new.\n") };
    let record =
        Record { seq: log.last().next(), at: clock::now(), author: "import".into(), update: update.into() };
    store.append(&[Group { document: id.clone(), records: vec![record] }])?;
    print(b"Imported.\n")
}

fn merge(document: &mut Document, update: &[u8]) -> Result<Option<Vec<u8>>, CommandError> {
    let mut merged = document.merge([update]);
    let outcome = merged.outcomes.pop().unwrap_or_default();
    match outcome.error {
        Some(error) => Err(CommandError::Import(error.to_string())),
        None => Ok(merged.update),
    }
}

fn replace(document: Document, bytes: &[u8]) -> Result<Option<Vec<u8>>, CommandError> {
    let text = std::str::from_utf8(bytes).map_err(|error| CommandError::Import(error.to_string()))?;
    let Some(edit) = TextEdit::between(&document.text(), text, None) else { return Ok(None) };
    let mut writer = Document::new(ClientId::new(fastrand::u32(1..)));
    writer.merge([&*document.diff_since(&EMPTY_STATE_VECTOR).expect("this is a state vector")]);
    Ok(writer.edit(&edit))
}

fn backup(store: &Reader, to: &Path) -> Result<(), CommandError> {
    store.backup(to)?;
    print(format!("Everything is in {}.\n", to.display()).as_bytes())
}

fn check(store: &Reader) -> Result<(), CommandError> {
    let mut problems: Vec<_> = store.check()?.iter().map(ToString::to_string).collect();
    let (present, deleted) = (store.documents()?, store.deleted()?);
    let documents = [&present[..], &deleted].concat();
    problems.extend(documents.iter().filter_map(|id| replay(store, id).err()).map(|error| error.to_string()));
    for problem in &problems {
        print(format!("{problem}\n").as_bytes())?;
    }
    match problems.len() {
        0 if deleted.is_empty() => {
            print(format!("All is well with {} documents.\n", present.len()).as_bytes())
        }
        0 => {
            let [present, deleted] = [&present, &deleted].map(Vec::len);
            print(format!("All is well with {present} documents, and {deleted} deleted ones.\n").as_bytes())
        }
        count => Err(CommandError::Problems(count)),
    }
}

/// Folds a document's log as a server would, and, where no update has been removed, also from the first on: both
/// must give the same text.
fn replay(store: &Reader, id: &DocId) -> Result<(), StorageError> {
    let log = store.load(id)?;
    let document = fold(id, &log)?;
    let tail = store.records(id)?;
    let is_complete = tail.first().is_some_and(|record| record.seq.0 == 1);
    if is_complete && fold(id, &Log { tail, ..Log::default() })?.text() != document.text() {
        let why = "the checkpoint and the updates that it includes give different texts".to_owned();
        return Err(StorageError::Corrupt { what: id.to_string(), why });
    }
    Ok(())
}

fn compact(store: &Sqlite, config: &Config) -> Result<(), CommandError> {
    let documents = store.documents()?;
    let mut removed = 0;
    for id in &documents {
        removed += write_checkpoint(store, id, config.rooms.keep_updates)?;
    }
    let purged = purge(store, config.rooms.keep_deleted)?;
    store.shrink()?;
    let purged =
        if purged > 0 { format!(" {purged} deleted documents are gone for good.") } else { String::new() };
    print(format!("{} documents, {removed} old updates removed.{purged}\n", documents.len()).as_bytes())
}

fn read(file: Option<&Path>) -> Result<Vec<u8>, CommandError> {
    match file {
        Some(file) => fs::read(file).map_err(|error| CommandError::Io(file.display().to_string(), error)),
        None => {
            let mut bytes = Vec::new();
            let read = io::stdin().read_to_end(&mut bytes);
            read.map_err(|error| CommandError::Io("standard input".into(), error))?;
            Ok(bytes)
        }
    }
}

fn print(bytes: &[u8]) -> Result<(), CommandError> {
    let mut out = io::stdout().lock();
    let written = out.write_all(bytes).and_then(|()| out.flush());
    written.map_err(|error| CommandError::Io("standard output".into(), error))
}
