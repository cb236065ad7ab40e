//! A change of a document that somebody makes on a copy, to be brought into its room.

use collab::{
    document::Document,
    edit::TextEdit,
    id::{ClientId, DocId},
};
use tokio::task;

use super::{
    Api,
    pens::{Pen, client},
    problem::{Kind, Problem},
    version::{Condition, Version},
};
use crate::rooms::Sight;

/// How many of the versions that a request names are looked for in the log.
const RECALLED: usize = 4;
/// Who has written what comes in by HTTP, in the log.
const AUTHOR: &str = "http";

/// What is to be done with a document.
#[derive(Default)]
pub(super) struct Change {
    /// With its text, one after the other.
    pub(super) edits: Vec<TextEdit>,
    /// What it is called from now on, if that is to change; empty for no title.
    pub(super) title: Option<String>,
}

/// What a change begins from.
struct Draft {
    /// The document as it is now.
    now: Sight,
    /// The version that the change is meant for, if that is another.
    then: Option<Sight>,
}

impl Api {
    /// Changes a document: `change` is given the text of the version that it is meant for. What others have written since
    /// stays. Returns, once it is on disk, what the document was before.
    pub(super) async fn revise(
        &self,
        id: &DocId,
        condition: Condition,
        change: impl FnOnce(&str) -> Result<Change, Problem> + Send + 'static,
    ) -> Result<Sight, Problem> {
        let pen = self.pens.of(id);
        let mut pen = pen.lock().await;
        let last = *pen;
        let draft = self.draft(id, condition).await?;
        let revising =
            task::spawn_blocking(move || draft.write(last, change).map(|written| (draft, written)));
        let (draft, written) =
            revising.await.map_err(|_| Kind::Internal.because("it is in the server's log"))??;
        let (next, update) = written;
        if let Some(update) = update {
            // Whatever becomes of it: only when it is surely in the document, the next change may follow on it.
            *pen = None;
            self.bring(id, update.into()).await?;
            *pen = Some(next);
        }
        Ok(draft.now)
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

    /// Finds the version that a change is meant for.
    async fn draft(&self, id: &DocId, condition: Condition) -> Result<Draft, Problem> {
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
}

impl Draft {
    /// Makes the change on a copy. Returns the update that carries it, if it changes anything, and with which pen it was
    /// written.
    fn write(
        &self,
        last: Option<Pen>,
        change: impl FnOnce(&str) -> Result<Change, Problem>,
    ) -> Result<(Pen, Option<Vec<u8>>), Problem> {
        let meant_for = self.then.as_ref().unwrap_or(&self.now);
        let Change { mut edits, title } = change(&meant_for.glimpse.text)?;
        if let Some(then) = &self.then {
            edits = self.follow_on(then, &edits)?;
        }
        let (mut copy, client) = self.copy(last)?;
        let known = copy.state_vector();
        let edited = copy.edit_all(&edits);
        let named = title.and_then(|title| copy.set_title(&title));
        let update = match (edited, named) {
            (Some(_), Some(_)) => {
                Some(copy.diff_since(&known).map_err(|error| Kind::Internal.because(error))?.into())
            }
            (edited, named) => edited.or(named),
        };
        Ok((Pen { client, clock: copy.known(client) }, update))
    }

    /// What edits of an earlier version come to in the text as it is now: they are merged into it, as if their author had
    /// been away since.
    fn follow_on(&self, then: &Sight, edits: &[TextEdit]) -> Result<Vec<TextEdit>, Problem> {
        let mut old = Document::new(client()?);
        old.merge([&*then.glimpse.state]);
        let Some(update) = old.edit_all(edits) else { return Ok(Vec::new()) };
        let mut now = Document::new(ClientId::SERVER);
        now.merge([&*self.now.glimpse.state]);
        now.track_edits();
        Ok(now.merge([&*update]).edits)
    }

    /// A copy of the document to write in, with the pen that was used last or else with a new one.
    fn copy(&self, last: Option<Pen>) -> Result<(Document, ClientId), Problem> {
        let copy = |client| {
            let mut copy = Document::new(client);
            copy.merge([&*self.now.glimpse.state]);
            copy
        };
        if let Some(Pen { client, clock }) = last {
            let copy = copy(client);
            if copy.known(client) == clock {
                return Ok((copy, client));
            }
        }
        loop {
            let client = client()?;
            let copy = copy(client);
            if copy.known(client) == 0 {
                return Ok((copy, client));
            }
        }
    }
}
