//! Somebody who moves about in the text.

use bytes::Bytes;
use collab::{
    frame::Message,
    presence::{Presence, encode_presences},
};

/// Makes the presences of one client: who they are, and a caret that is somewhere else each time.
pub(crate) struct Walker {
    client: u64,
    clock: u32,
}

impl Walker {
    pub(crate) fn new(client: u64) -> Self {
        Self { client, clock: 0 }
    }

    /// What they say next, as stock editors do.
    pub(crate) fn step(&mut self) -> Message {
        self.clock += 1;
        let Self { client, clock } = *self;
        let at = format!(
            "{{\"type\":null,\"tname\":\"text\",\"item\":{{\"client\":{client},\"clock\":{clock}}},\"assoc\":0}}"
        );
        let state = format!(
            "{{\"user\":{{\"name\":\"Person {client}\",\"color\":\"#0a7a70\"}},\"cursor\":{{\"anchor\":{at},\"head\":{at}}}}}"
        );
        let presence = Presence { client: client.into(), clock, state: Some(state.into()) };
        Message::Awareness(Bytes::from(encode_presences([presence].iter())))
    }
}
