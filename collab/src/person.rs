//! What a person says of themselves and where they are: the content of a presence, as y-codemirror and its kin write
//! and read it.
//!
//! `{"user":{"name":…,"color":"#rrggbb","colorLight":"#rrggbb33"},"cursor":{"anchor":…,"head":…}}`. What others put
//! there is not trusted: whatever is not as it should be counts as absent.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};

use crate::{document::Cursor, id::ClientId, line::one_line};

/// How somebody wants to be called: one line, without characters that are not seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(String);

/// A colour of 8 bits a channel, as `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Color([u8; 3]);

/// Colours for people. White can be read on each (5 : 1), and each is seen on light and dark paper (3 : 1).
pub const PALETTE: [Color; 8] = [
    Color([0xde, 0x01, 0x25]),
    Color([0xb3, 0x5b, 0x00]),
    Color([0x06, 0x7e, 0x21]),
    Color([0x0a, 0x7a, 0x70]),
    Color([0x0a, 0x71, 0xb1]),
    Color([0x62, 0x51, 0xfa]),
    Color([0xa9, 0x14, 0xee]),
    Color([0xd5, 0x01, 0x8d]),
];

/// Somebody who is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Nobody has to say how they are called.
    pub name: Option<Name>,
    /// Theirs, or else one by the number of their replica.
    pub color: Color,
    /// Where they are, while they look at the text.
    pub cursor: Option<Cursor>,
}

#[derive(Serialize, Deserialize)]
struct State {
    #[serde(default, deserialize_with = "if_sound")]
    user: Option<User>,
    #[serde(default, deserialize_with = "if_sound")]
    cursor: Option<Cursor>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct User {
    #[serde(default, deserialize_with = "if_sound")]
    name: Option<Name>,
    #[serde(default, deserialize_with = "if_sound")]
    color: Option<Color>,
    /// For selections. Read by others; ours are drawn from `color`.
    #[serde(skip_deserializing)]
    color_light: String,
}

impl Person {
    /// What a presence says of its person.
    #[must_use]
    pub fn read(client: ClientId, state: &str) -> Self {
        let state = serde_json::from_str(state).unwrap_or(State { user: None, cursor: None });
        let user = state.user.unwrap_or(User { name: None, color: None, color_light: String::new() });
        Self { name: user.name, color: user.color.unwrap_or(Color::of(client)), cursor: state.cursor }
    }

    /// What a presence should say of this person, in JSON.
    #[must_use]
    pub fn write(&self) -> String {
        let user = User {
            name: self.name.clone(),
            color: Some(self.color),
            color_light: format!("{}33", self.color),
        };
        let state = State { user: Some(user), cursor: self.cursor.clone() };
        serde_json::to_string(&state).expect("names, colours and positions are JSON")
    }
}

impl Name {
    /// The most characters that a name has; what is beyond is cut off.
    pub const MAX_LEN: usize = 40;

    /// Makes a name of what somebody wrote; `None` where nothing is left.
    #[must_use]
    pub fn new(written: &str) -> Option<Self> {
        let name = one_line(written, Self::MAX_LEN);
        (!name.is_empty()).then_some(Self(name))
    }

    /// As it is shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Color {
    /// The colour of somebody who has chosen none.
    #[must_use]
    pub fn of(client: ClientId) -> Self {
        PALETTE[(client.get() % PALETTE.len() as u64) as usize]
    }

    /// Those of the [palette](PALETTE) that the fewest of these people have.
    #[must_use]
    pub fn rarest(taken: &[Self]) -> Vec<Self> {
        let times = |color: Self| taken.iter().filter(|&&other| other == color).count();
        let fewest = PALETTE.map(times).into_iter().min().unwrap_or_default();
        PALETTE.into_iter().filter(|&color| times(color) == fewest).collect()
    }

    /// Whether white is better to read on it than black (WCAG 2, relative luminance).
    #[must_use]
    pub fn is_dark(self) -> bool {
        let [red, green, blue] = self.0.map(|channel| {
            let channel = f64::from(channel) / 255.0;
            if channel <= 0.040_45 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
        });
        let luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// The text is no colour as `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a colour is written as #rrggbb")]
pub struct NoColor;

impl FromStr for Color {
    type Err = NoColor;

    fn from_str(text: &str) -> Result<Self, NoColor> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6).ok_or(NoColor)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(NoColor);
        }
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).map_err(|_| NoColor)?.to_be_bytes();
        Ok(Self([red, green, blue]))
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = String::deserialize(deserializer)?;
        Self::new(&written).ok_or_else(|| serde::de::Error::custom("nothing that is seen"))
    }
}

impl Serialize for Color {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Color {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A value, or nothing where it is of another kind.
fn if_sound<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Option<T>, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(state: &str) -> Person {
        Person::read(ClientId::new(9), state)
    }

    #[test]
    fn what_is_not_as_it_should_be_counts_as_absent() {
        let nobody = Person { name: None, color: PALETTE[1], cursor: None };
        for state in
            ["", "7", "[]", "{}", r#"{"user":7,"cursor":[]}"#, r#"{"user":{"name":"","color":"red"}}"#]
        {
            assert_eq!(read(state), nobody, "{state}");
        }
        let anna =
            read(r##"{"user":{"name":"Anna","color":"#A1b2C3","x":1},"cursor":{"anchor":{}},"more":[]}"##);
        assert_eq!(anna.name.unwrap().as_str(), "Anna");
        assert_eq!(anna.color.to_string(), "#a1b2c3");
        assert_eq!(anna.cursor, None);
    }

    #[test]
    fn colours_have_one_form() {
        for wrong in ["", "#", "#fff", "#12345g", "123456", "#1234567", "#+12345", "url(x)", "#1234é"] {
            assert_eq!(wrong.parse::<Color>(), Err(NoColor), "{wrong}");
        }
    }

    #[test]
    fn the_rarest_colours_are_those_that_the_fewest_have() {
        let own: Color = "#123456".parse().unwrap();
        assert_eq!(Color::rarest(&[]), PALETTE);
        assert_eq!(Color::rarest(&[PALETTE[0], own, PALETTE[2], PALETTE[2]])[..2], [PALETTE[1], PALETTE[3]]);
        let twice_but_one = [&PALETTE[..], &PALETTE[1..]].concat();
        assert_eq!(Color::rarest(&twice_but_one), [PALETTE[0]]);
    }

    #[test]
    fn names_are_one_short_line() {
        let name = |written: &str| Name::new(written).map(|name| name.as_str().to_owned());
        assert_eq!(name("  Anna \n von\tOben "), Some("Anna von Oben".to_owned()));
        assert_eq!(name("a\u{202e}b\0c"), Some("a b c".to_owned()));
        assert_eq!(name(" \u{200b} "), None);
        assert_eq!(name(&"é".repeat(99)), Some("é".repeat(Name::MAX_LEN)));
        assert_eq!(name("👩‍👩‍👧"), Some("👩‍👩‍👧".to_owned()));
    }

    #[test]
    fn the_palette_can_be_read_on_and_seen() {
        for color in PALETTE {
            assert!(color.is_dark(), "{color}");
            assert_eq!(color.to_string().parse(), Ok(color));
        }
        assert!(!"#ffe000".parse::<Color>().unwrap().is_dark());
    }

    #[test]
    fn what_is_written_is_read() {
        let anna = Person { name: Name::new("Anna"), color: PALETTE[3], cursor: None };
        assert_eq!(
            anna.write(),
            r##"{"user":{"name":"Anna","color":"#0a7a70","colorLight":"#0a7a7033"},"cursor":null}"##
        );
        assert_eq!(read(&anna.write()), anna);
    }
}
