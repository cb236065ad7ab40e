//! Tells whoever waits how far it has come.

use std::io::{IsTerminal, Write, stderr};

/// Replaces the last line of the terminal. Where nobody looks, nothing is said.
pub(crate) fn say(what: &str) {
    if stderr().is_terminal() {
        let mut stderr = stderr().lock();
        // Who cannot be told need not know.
        let _ = write!(stderr, "\r\x1b[K{what}").and_then(|()| stderr.flush());
    }
}

/// Clears the line.
pub(crate) fn done() {
    say("");
}
