//! Measures a server by talking to it, as any client could.
//!
//! `cargo run --release -p bench -- saved --help`

mod connection;
mod idle;
mod keys;
mod percentiles;
mod saved;
mod typist;

use clap::{Parser, Subcommand};

/// Measures a Scriptorium server that is running on this machine
#[derive(Parser)]
#[command(version, about)]
struct Flags {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// How many updates a second are acknowledged as saved, and how soon
    Saved(saved::Saved),
    /// How long a key takes to somebody else, on one server or on several in turns
    Keys(keys::Keys),
    /// How much memory a session costs that does nothing
    Idle(idle::Idle),
}

#[tokio::main]
async fn main() -> Result<(), connection::Error> {
    match Flags::parse().what {
        What::Saved(saved) => saved.run().await,
        What::Keys(keys) => keys.run().await,
        What::Idle(idle) => idle.run().await,
    }
}
