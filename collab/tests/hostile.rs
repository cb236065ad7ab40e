//! Bytes that were made to break things: what is known to kill yrs, and what chance makes of good bytes.
#![allow(clippy::unwrap_used, reason = "a test that fails should panic")]

mod support {
    pub(crate) mod chance;
    pub(crate) mod edits;
    pub(crate) mod forger;
    pub(crate) mod sessions;
    pub(crate) mod words;
}

mod attempts {
    pub(crate) mod bounds;
    pub(crate) mod killers;
    pub(crate) mod mutations;
}
