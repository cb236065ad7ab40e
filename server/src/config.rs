//! Settings: defaults that need none, then `Leptos.toml`, then environment variables, then flags.

mod settings;

use std::{net::SocketAddr, path::PathBuf};

use clap::Parser;
use leptos::config::{LeptosOptions, errors::LeptosConfigError, get_config_from_str};
use serde::Deserialize;

use self::settings::Settings;
pub use self::settings::{LogFormat, StorageKind};
use crate::{
    api::ApiSettings, commands::Command, edge::EdgeSettings, rooms::RoomSettings, socket::SessionLimits,
};

/// The file as it was when this program was built: the defaults where there is no such file.
const BUILT_IN: &str = include_str!("../../Leptos.toml");

/// Scriptorium: a room where many people write one text together.
#[derive(Debug, Parser)]
#[command(version, about)]
pub struct Flags {
    /// Where to read settings from; a missing file means the defaults
    #[arg(
        long,
        global = true,
        env = "SCRIPTORIUM_CONFIG",
        value_name = "FILE",
        default_value = "Leptos.toml"
    )]
    config: PathBuf,

    #[command(flatten)]
    settings: Settings,

    /// What to do; without a command, serve
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What the program runs with.
#[derive(Debug, Clone)]
pub struct Config {
    /// What the pages are built from, and where to listen.
    pub leptos: LeptosOptions,
    /// Where the documents are.
    pub data: PathBuf,
    /// In which form.
    pub storage: StorageKind,
    /// Where the operator's tools read the metrics.
    pub metrics: Option<SocketAddr>,
    /// Who comes in.
    pub edge: EdgeSettings,
    /// What a session may do.
    pub limits: SessionLimits,
    /// What the HTTP interface allows.
    pub api: ApiSettings,
    /// When rooms rest, and what of their logs is kept.
    pub rooms: RoomSettings,
    /// The log's form.
    pub log_format: LogFormat,
    /// What is logged.
    pub log: String,
}

/// Why there are no settings to run with.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is there but cannot be read.
    #[error("the settings in {0} cannot be read: {1}")]
    Unreadable(PathBuf, std::io::Error),
    /// The file, or a LEPTOS_ variable, makes no sense.
    #[error("the settings in {0} or in LEPTOS_ variables are wrong: {1}")]
    Leptos(PathBuf, LeptosConfigError),
    /// The file's table `[scriptorium]` makes no sense.
    #[error("the settings in {0} are wrong: {1}")]
    Invalid(PathBuf, toml::de::Error),
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
        let leptos =
            get_config_from_str(&text).map_err(|error| ConfigError::Leptos(self.config.clone(), error))?;
        let file: File =
            toml::from_str(&text).map_err(|error| ConfigError::Invalid(self.config.clone(), error))?;
        Ok(self.settings.clone().or(file.scriptorium).resolve(leptos))
    }
}

/// What of the settings file is ours. The rest is Leptos's.
#[derive(Deserialize)]
struct File {
    #[serde(default)]
    scriptorium: Settings,
}
