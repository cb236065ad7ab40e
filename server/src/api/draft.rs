//! A change of a document that somebody makes on their own copy, to be brought into its room.

use collab::{
    document::Document,
    id::{ClientId, DocId},
};
use tokio::task;

use super::{
    Api,
    problem::{Kind, Problem},
    version::{Condition, Version},
};
use crate::rooms::Sight;

/// How many of the versions that a request names are looked for in the log.
const RECALLED: usize = 4;
/// Who has written what comes in by HTTP, in the log.
const AUTHOR: &str = "http";

/// What a change begins from.
pub(super) struct Draft {
    /// The document as it is now.
    pub(super) now: Sight,
    /// The version that the change is meant for, if that is another.
    then: Option<Sight>,
}

impl Api {
    /// Finds the version that a change is meant for.
    pub(super) async fn draft(&self, id: &DocId, condition: Condition) -> Result<Draft, Problem> {
        let now = self.rooms.look(id).await?;
        let current = Version::of(&now);
        let versions = match condition {
            Condition::Something if now.last.0 == 0 => {
                return Err(Kind::PreconditionFailed.because("nothing was ever written to it"));
            }
            Condition::Nothing if now.last.0 > 0 => {
                return Err(Kind::PreconditionFailed.because("it was written to already"));
            }
            Condition::NoMatch(versions) if versions.contains(&current) => {
                return Err(Kind::PreconditionFailed.because(format!("it is at {current}")));
            }
            Condition::Match(versions) if !versions.contains(&current) => versions,
            _ => return Ok(Draft { now, then: None }),
        };
        for version in versions.into_iter().take(RECALLED) {
            let then = self.rooms.recall(id, version.seq).await?;
            if let Some(then) = then.filter(|then| Version::of(then) == version) {
                return Ok(Draft { now, then: Some(then) });
            }
        }
        Err(Kind::VersionGone.because(format!("it is at {current}")))
    }

    /// Makes a change and brings it into the document, on disk. What others have written meanwhile stays.
    pub(super) async fn revise(
        &self,
        id: &DocId,
        draft: Sight,
        change: impl FnOnce(&mut Document, &str) -> Result<Option<Vec<u8>>, Problem> + Send + 'static,
    ) -> Result<(), Problem> {
        let revising = task::spawn_blocking(move || {
            let mut copy = copy(&draft.glimpse.state)?;
            change(&mut copy, &draft.glimpse.text)
        });
        let update = revising.await.map_err(|_| Kind::Internal.because("it is in the server's log"))??;
        match update {
            Some(update) => self.bring(id, update.into()).await,
            None => Ok(()),
        }
    }

    /// Brings an update into the document, on disk.
    pub(super) async fn bring(&self, id: &DocId, update: bytes::Bytes) -> Result<(), Problem> {
        match self.visits.bring(id, AUTHOR, update).await.map_err(Problem::from) {
            // Whoever has been told that it was deleted wants to know when.
            Err(problem) if problem.is_deletion() => {
                Err(self.rooms.look(id).await.err().map_or(problem, Into::into))
            }
            brought => brought,
        }
    }
}

impl Draft {
    /// The version that the change is meant for.
    pub(super) fn base(self) -> Sight {
        self.then.unwrap_or(self.now)
    }
}

/// A copy to write in, under a number that nobody has written under.
fn copy(state: &[u8]) -> Result<Document, Problem> {
    loop {
        let client = getrandom::u32().map_err(|error| Kind::Internal.because(error))?;
        let mut copy = Document::new(ClientId::new(client));
        copy.merge([state]);
        if copy.known(ClientId::new(client)) == 0 {
            return Ok(copy);
        }
    }
}
