//! The core that server and browser share.
//!
//! It does no I/O, has no clock and no source of chance: sockets, time and random numbers are given to it, and it
//! returns what should be done with them. The modules in reading order: what things are called ([`id`]), what a
//! person does ([`edit`]), what is shared ([`document`]) and its name for people ([`title`]), how it travels ([`wire`],
//! [`frame`], [`presence`], [`person`]), what keeps hostile bytes out ([`guard`]), what waits to be confirmed
//! ([`ledger`]), what tabs of one browser tell each other ([`whisper`]), and the two halves of the protocol
//! ([`replica`], [`room`]).

pub mod document;
pub mod edit;
#[cfg(feature = "faults")]
pub mod faults;
pub mod frame;
pub mod guard;
pub mod id;
pub mod ledger;
mod line;
pub mod person;
pub mod presence;
pub mod replica;
pub mod room;
pub mod title;
pub mod whisper;
pub mod wire;

pub use bytes::Bytes;
