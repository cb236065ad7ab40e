//! Settings: defaults that need none, then `Leptos.toml`, then environment variables, then flags.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::{Parser, ValueEnum};
use leptos::config::{LeptosOptions, errors::LeptosConfigError, get_config_from_str};

use crate::{rooms::RoomSettings, socket::SessionLimits};

/// The file as it was when this program was built: the defaults where there is no such file.
const BUILT_IN: &str = include_str!("../../Leptos.toml");

/// Serves Scriptorium: a room where many people write one text together.
#[derive(Debug, Parser)]
#[command(version, about)]
pub struct Flags {
    /// Where to listen; also LEPTOS_SITE_ADDR [default: site-addr in Leptos.toml, or 127.0.0.1:8080]
    #[arg(long, env = "SCRIPTORIUM_ADDRESS", value_name = "ADDRESS:PORT")]
    address: Option<SocketAddr>,

    /// Where to read settings from; a missing file means the defaults
    #[arg(long, env = "SCRIPTORIUM_CONFIG", value_name = "FILE", default_value = "Leptos.toml")]
    config: PathBuf,

    /// Largest frame that a client may send, in bytes
    #[arg(long, env = "SCRIPTORIUM_MAX_FRAME", value_name = "BYTES", default_value_t = SessionLimits::default().frame_bytes)]
    max_frame: usize,

    /// Most bytes that wait for a slow reader before it is brought up to date in one go
    #[arg(long, env = "SCRIPTORIUM_OUTBOX", value_name = "BYTES", default_value_t = SessionLimits::default().outbox_bytes)]
    outbox: usize,

    /// How long a document stays in memory after the last person has left, in seconds
    #[arg(long, env = "SCRIPTORIUM_RETIRE_AFTER", value_name = "SECONDS", default_value_t = RoomSettings::default().retire_after.as_secs())]
    retire_after: u64,

    /// How to write the log
    #[arg(long, env = "SCRIPTORIUM_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,

    /// What to log, in the syntax of tracing's EnvFilter
    #[arg(long, env = "RUST_LOG", value_name = "FILTER", default_value = "info")]
    pub log: String,
}

/// The log's form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines: one JSON object a line.
    Json,
}

/// What the server runs with.
#[derive(Debug, Clone)]
pub struct Config {
    /// What the pages are built from.
    pub leptos: LeptosOptions,
    /// What a session may do.
    pub limits: SessionLimits,
    /// When rooms rest.
    pub rooms: RoomSettings,
}

/// Why there are no settings to run with.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is there but cannot be read.
    #[error("the settings in {0} cannot be read: {1}")]
    Unreadable(PathBuf, std::io::Error),
    /// The file, or an environment variable, makes no sense.
    #[error("the settings in {0} or in LEPTOS_ variables are wrong: {1}")]
    Invalid(PathBuf, LeptosConfigError),
}

impl Flags {
    /// Reads the file and puts everything together.
    ///
    /// # Errors
    /// If the file is there but makes no sense.
    pub fn resolve(&self) -> Result<Config, ConfigError> {
        let text = match std::fs::read_to_string(&self.config) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => BUILT_IN.to_owned(),
            Err(error) => return Err(ConfigError::Unreadable(self.config.clone(), error)),
        };
        let mut leptos =
            get_config_from_str(&text).map_err(|error| ConfigError::Invalid(self.config.clone(), error))?;
        leptos.site_addr = self.address.unwrap_or(leptos.site_addr);
        let limits = SessionLimits { frame_bytes: self.max_frame, outbox_bytes: self.outbox };
        let retire_after = Duration::from_secs(self.retire_after);
        Ok(Config { leptos, limits, rooms: RoomSettings { retire_after, ..RoomSettings::default() } })
    }
}
