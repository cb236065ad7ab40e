//! What happens, written down.

use std::{fmt, fs, path::Path};

use serde::{Deserialize, Serialize};

use crate::support::chance::Chance;

/// How many tabs there are.
pub(crate) const TABS: usize = 5;

/// Steps, one a line in JSON.
pub(crate) struct Plan {
    pub(crate) steps: Vec<Step>,
}

/// Something happens. `who` is a tab; numbers that are larger than what there is are taken modulo that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Step {
    /// Somebody writes, deletes, or both.
    Edit { who: usize, at: u32, remove: u32, insert: String },
    /// The room takes so many of somebody's frames, in one step with what others sent.
    Take { frames: [usize; TABS] },
    /// Somebody reads so many of the frames that the room has sent.
    Read { who: usize, frames: usize },
    /// Somebody sends again what was sent before, by whomever.
    Repeat { who: usize, which: usize },
    /// Somebody's connection breaks. So many of the frames on their way arrive.
    Cut { who: usize, arrive: usize },
    /// Somebody connects.
    Connect { who: usize },
    /// Somebody closes the tab, and opens another that knows nothing.
    Reopen { who: usize },
    /// So many of the updates that wait for the disk get there.
    Sync { updates: usize },
    /// The server dies. So many of the updates that wait for the disk have got there.
    Restart { updates: usize },
    /// All comes to rest.
    Rest,
}

impl Plan {
    pub(crate) fn by_chance(chance: &mut Chance, steps: u64) -> Self {
        Self { steps: (0..steps).map(|_| Step::by_chance(chance)).collect() }
    }

    pub(crate) fn load(file: &Path) -> Self {
        let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        Self { steps: text.lines().map(|line| serde_json::from_str(line).expect("a step")).collect() }
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.steps.iter().try_for_each(|step| {
            let line = serde_json::to_string(step).expect("a step can be written down");
            writeln!(f, "{line}")
        })
    }
}

impl Step {
    fn by_chance(chance: &mut Chance) -> Self {
        let who = chance.below(TABS);
        match chance.below(100) {
            0..35 => {
                let edit = chance.edit(&"x".repeat(200));
                Self::Edit { who, at: edit.at, remove: edit.delete, insert: edit.insert }
            }
            35..60 => Self::Take { frames: std::array::from_fn(|_| chance.below(4)) },
            60..82 => Self::Read { who, frames: 1 + chance.below(5) },
            82..86 => Self::Repeat { who, which: chance.below(1_000) },
            86..89 => Self::Cut { who, arrive: chance.below(4) },
            89..92 => Self::Connect { who },
            92 => Self::Reopen { who },
            93..96 => Self::Sync { updates: chance.below(20) },
            96 => Self::Restart { updates: chance.below(20) },
            97 => Self::Rest,
            _ => Self::Take { frames: [3; TABS] },
        }
    }
}
