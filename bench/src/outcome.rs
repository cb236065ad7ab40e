//! What was measured, for people and for programs.

use std::{
    fmt,
    fs::File,
    io::{self, Write},
    path::Path,
};

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::{latencies::Latencies, target::Target};

/// One run of one scenario against one server.
#[derive(Debug, Serialize)]
pub(crate) struct Outcome {
    server: String,
    scenario: String,
    /// What was done: the same for servers that are compared.
    settings: Map<String, Value>,
    /// What came of it; names end in their unit.
    numbers: Map<String, Value>,
}

impl Outcome {
    pub(crate) fn new(target: &Target, scenario: &str) -> Self {
        Self {
            server: target.name.clone(),
            scenario: scenario.to_owned(),
            settings: Map::new(),
            numbers: Map::new(),
        }
    }

    pub(crate) fn setting(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.settings.insert(name.to_owned(), value.into());
        self
    }

    pub(crate) fn number(mut self, name: &str, value: f64) -> Self {
        // Nobody reads more than four digits, and nothing here is measured more finely.
        let rounded = format!("{value:.3e}").parse().unwrap_or(value);
        self.numbers
            .insert(name.to_owned(), if value.abs() < 1e4 { json!(rounded) } else { json!(value.round()) });
        self
    }

    /// The same, of something that may not have been measured.
    pub(crate) fn number_if(self, name: &str, value: Option<f64>) -> Self {
        match value {
            Some(value) => self.number(name, value),
            None => self,
        }
    }

    pub(crate) fn latencies(self, latencies: &Latencies) -> Self {
        let percents = [("p50_ms", 50.0), ("p90_ms", 90.0), ("p99_ms", 99.0), ("max_ms", 100.0)];
        percents
            .into_iter()
            .fold(self, |outcome, (name, percent)| outcome.number(name, latencies.at(percent)))
    }

    /// Appends it to a file, as one line.
    pub(crate) fn append_to(&self, file: &Path) -> io::Result<()> {
        let mut file = File::options().create(true).append(true).open(file)?;
        writeln!(file, "{}", serde_json::to_string(self)?)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}:", self.server, self.scenario)?;
        for (name, value) in &self.settings {
            write!(f, " {name} {value}")?;
        }
        for (name, value) in &self.numbers {
            write!(f, "\n  {name:<24} {value:>12}")?;
        }
        Ok(())
    }
}
