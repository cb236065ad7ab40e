//! Answers what the pages ask while they are rendered.

use app::ports::{Documents, Peek};
use collab::id::DocId;

use crate::rooms::Rooms;

impl Documents for Rooms {
    fn peek(&self, id: DocId) -> Peek {
        let rooms = self.clone();
        Box::pin(async move { Rooms::peek(&rooms, &id).await })
    }
}
