//! How the person at this page is called and coloured for the others.

use collab::person::{Color, Name, PALETTE};

use crate::{preferences::words, storage};

const NAME: &str = "scriptorium.name";
const COLOR: &str = "scriptorium.color";
/// Is there once the person has chosen the colour.
const CHOSEN: &str = "scriptorium.color-chosen";

/// A name and a colour. Chosen once and remembered; until then by chance, so that no question is in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Profile {
    /// The name.
    pub(crate) name: Name,
    /// The colour.
    pub(crate) color: Color,
    /// Whether the person has chosen it.
    is_chosen: bool,
}

impl Profile {
    /// The one of the last visit, or a new one.
    pub(crate) fn recall() -> Self {
        let name = storage::item(NAME).and_then(|name| Name::new(&name));
        let color = storage::item(COLOR).and_then(|color| color.parse().ok());
        let profile = Self {
            name: name.unwrap_or_else(any_name),
            color: color.unwrap_or_else(|| *any(&PALETTE)),
            is_chosen: storage::item(CHOSEN).is_some(),
        };
        profile.remember();
        profile
    }

    /// The person wants this colour.
    pub(crate) fn choose(&mut self, color: Color) {
        self.color = color;
        self.is_chosen = true;
    }

    /// Takes another colour if one of these people has this one, unless it was chosen. Returns whether it was so.
    pub(crate) fn stand_out(&mut self, others: &[Color]) -> bool {
        let is_alike = !self.is_chosen && others.contains(&self.color);
        if is_alike {
            self.color = *any(&Color::rarest(others));
        }
        is_alike
    }

    /// Keeps it for the next visit.
    pub(crate) fn remember(&self) {
        storage::keep(NAME, self.name.as_str());
        storage::keep(COLOR, &self.color.to_string());
        if self.is_chosen {
            storage::keep(CHOSEN, "");
        }
    }
}

fn any_name() -> Name {
    let words = &words().people;
    Name::new(&format!("{} {}", any(words.adjectives), any(words.animals))).expect("words can be seen")
}

fn any<T>(choice: &[T]) -> &T {
    &choice[(js_sys::Math::random() * choice.len() as f64) as usize]
}
