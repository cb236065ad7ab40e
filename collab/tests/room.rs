//! The server's half of the protocol.
#![allow(clippy::unwrap_used, reason = "a test that fails should panic")]

mod support {
    pub(crate) mod chance;
    pub(crate) mod edits;
    pub(crate) mod link;
    pub(crate) mod sessions;
    pub(crate) mod stock;
    pub(crate) mod words;
}

mod the_room {
    mod gate;
    mod invariants;
    mod names;
    mod overflow;
    mod ownership;
    mod revival;
    mod roster;
    mod saved;
    mod steps;
}
