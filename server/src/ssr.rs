//! Answers what the pages ask while they are rendered.

use app::ports::{Documents, List, Peek};
use collab::id::DocId;

use crate::rooms::Rooms;

/// How many documents a page lists at the most.
const MOST: usize = 100;

/// What pages may know of the documents.
pub(crate) struct Shelf {
    /// The documents.
    pub(crate) rooms: Rooms,
    /// Whether they are listed.
    pub(crate) lists: bool,
}

impl Documents for Shelf {
    fn peek(&self, id: DocId) -> Peek {
        let rooms = self.rooms.clone();
        Box::pin(async move { rooms.look(&id).await.map(|sight| sight.glimpse) })
    }

    fn list(&self, after: Option<DocId>) -> Option<List> {
        let rooms = self.rooms.clone();
        self.lists.then(|| Box::pin(async move { rooms.list(after.as_ref(), MOST).await }) as List)
    }
}
