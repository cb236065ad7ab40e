//! Measures a server by talking to it, as any client could, and by looking at its process.
//!
//! `cargo run --release -p bench -- --help`. In reading order: whom to talk to ([`target`]) and how ([`dialect`],
//! [`client`]), what people do ([`typist`], [`presence`]), what is seen of it ([`latencies`], [`process`]), and what
//! comes of it ([`outcome`]). Each of the [`scenarios`] is a command.

mod client;
mod dialect;
mod latencies;
mod outcome;
mod presence;
mod process;
mod progress;
mod scenarios;
mod target;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use self::{
    scenarios::{fan_out::FanOut, idle::Idle, join::Join, saturate::Saturate, saved::Saved, storm::Storm},
    target::Target,
};

type Error = Box<dyn std::error::Error + Send + Sync>;

/// Measures a server that speaks the Yjs protocol
#[derive(Parser)]
#[command(version, about)]
struct Flags {
    #[command(flatten)]
    target: Target,
    /// Append what was measured to this file, as a line of JSON
    #[arg(long, global = true)]
    json: Option<PathBuf>,
    #[command(subcommand)]
    scenario: Scenario,
}

#[derive(Subcommand)]
enum Scenario {
    /// People write at a steady pace, and others look on
    FanOut(FanOut),
    /// People write as fast as the others get to read it
    Saturate(Saturate),
    /// Many open a large document at once
    Join(Join),
    /// Sessions are open, and nothing happens
    Idle(Idle),
    /// Everybody is cut off, and comes back at once
    Storm(Storm),
    /// How many updates a second are acknowledged as saved, and how soon
    Saved(Saved),
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let Flags { target, json, scenario } = Flags::parse();
    target.check().await?;
    let outcomes = match scenario {
        Scenario::FanOut(scenario) => vec![scenario.run(&target).await?],
        Scenario::Saturate(scenario) => vec![scenario.run(&target).await?],
        Scenario::Join(scenario) => scenario.run(&target).await?,
        Scenario::Idle(scenario) => vec![scenario.run(&target).await?],
        Scenario::Storm(scenario) => vec![scenario.run(&target).await?],
        Scenario::Saved(scenario) => vec![scenario.run(&target).await?],
    };
    for outcome in &outcomes {
        println!("{outcome}");
        if let Some(file) = &json {
            outcome.append_to(file)?;
        }
    }
    Ok(())
}
