//! Updates that are put together by chance, and nearly always well formed: what random bytes do not come up with.
//!
//! Clients, clocks and lengths are small, so that blocks overlap, refer to each other, leave gaps and contradict what
//! was said before.

use std::collections::BTreeMap;

use arbitrary::Arbitrary;
use collab::{
    Bytes,
    wire::{put_bytes, put_var},
};

use crate::company::{ANNAS_CLIENT, BERTS_CLIENT};

/// What a stranger says, and does.
#[derive(Debug, Arbitrary)]
pub enum Deed {
    /// Sends an update.
    Write(Update),
    /// Sends several updates at once.
    WriteMuch(Update, Update, Update),
    /// Sends an update as the answer to the server's question.
    Answer(Update),
    /// Asks for what is missing.
    Ask(Vec<(Client, Clock)>),
    /// Says who is here.
    Show(Vec<(Client, u8, State)>),
    /// Asks what is saved.
    AskSaved(u64),
    /// Closes the socket and comes back.
    ComeBack,
    /// Reads nothing for a while.
    Stall,
    /// Sends an update while Bert is away.
    WriteWithoutBert(Update),
}

/// An update.
#[derive(Debug, Arbitrary)]
pub struct Update {
    sections: Vec<(Author, Start, Vec<Block>)>,
    deletions: Vec<(Client, Vec<(Clock, Len)>)>,
}

/// Somebody whom a stranger may write as. Several strangers, because blocks of several wait for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Arbitrary)]
pub enum Author {
    One,
    Two,
    Three,
    Four,
    Anna,
    Bert,
}

/// Somebody whom a stranger may refer to.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub enum Client {
    Author(Author),
    /// Who has written nothing.
    Nobody,
}

/// Where a client goes on.
#[derive(Debug, Clone, Copy, Arbitrary)]
enum Start {
    /// Behind all that is known of it.
    Next,
    At(Clock),
}

/// A clock. Most are small.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub enum Clock {
    Small(u8),
    Medium(u16),
}

/// A length: from 1 to 16.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub struct Len(u8);

/// A person's state.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub enum State {
    Gone,
    Here,
    Something(u8),
}

#[derive(Debug, Arbitrary)]
struct Id(Client, Clock);

#[derive(Debug, Arbitrary)]
enum Block {
    /// As people write: behind what they wrote before.
    Typed(Letters),
    Item(Place, Content),
    Gone(Len),
    Gap(Len),
}

#[derive(Debug, Arbitrary)]
enum Place {
    Between(Id, Id),
    Behind(Id),
    Before(Id),
    InText,
    InRoot(Root, Option<Key>),
    InBlock(Id, Option<Key>),
}

#[derive(Debug, Arbitrary)]
enum Root {
    Text,
    Meta,
}

#[derive(Debug, Arbitrary)]
enum Key {
    Title,
    Other,
}

#[derive(Debug, Arbitrary)]
enum Letters {
    Plain(Len),
    Pair,
    Combined,
    Half,
    LineEnd,
}

#[derive(Debug, Arbitrary)]
enum Content {
    Text(Letters),
    Deleted(Len),
    Binary(Len),
    Embed,
    Format(Key, bool),
    Type(u8),
    Values(Len),
}

const HAS_ORIGIN: u8 = 0x80;
const HAS_RIGHT_ORIGIN: u8 = 0x40;
const HAS_KEY: u8 = 0x20;

impl Update {
    /// As it is sent (v1) by who knows how much of each client's is `known`. Those who write stand in the order that Yjs
    /// demands, each once.
    #[must_use]
    pub fn encode(&self, known: impl Fn(u64) -> u64) -> Bytes {
        let mut out = Vec::new();
        let sections: BTreeMap<_, _> = self
            .sections
            .iter()
            .filter(|section| !section.2.is_empty())
            .map(|section| (section.0, section))
            .collect();
        put_var(&mut out, sections.len() as u64);
        for (author, (_, start, blocks)) in sections.into_iter().rev() {
            let mut next = match start {
                Start::Next => known(author.number()),
                Start::At(clock) => clock.number(),
            };
            put_var(&mut out, blocks.len() as u64);
            put_var(&mut out, author.number());
            put_var(&mut out, next);
            for block in blocks {
                next += block.encode(author, next, &mut out);
            }
        }
        self.encode_deletions(&mut out);
        out.into()
    }

    fn encode_deletions(&self, out: &mut Vec<u8>) {
        let lists: BTreeMap<_, _> =
            self.deletions.iter().map(|(client, ranges)| (client.number(), ranges)).collect();
        let lists: Vec<_> = lists.into_iter().filter(|(_, ranges)| !ranges.is_empty()).collect();
        put_var(out, lists.len() as u64);
        for (client, ranges) in lists {
            let ranges: BTreeMap<_, _> =
                ranges.iter().map(|(clock, len)| (clock.number(), len.number())).collect();
            put_var(out, client);
            put_var(out, ranges.len() as u64);
            let mut end = 0;
            for (clock, len) in ranges {
                let start = clock.max(end);
                put_var(out, start);
                put_var(out, len);
                end = start + len;
            }
        }
    }
}

impl Block {
    /// Returns how many clock ticks it takes.
    fn encode(&self, author: Author, clock: u64, out: &mut Vec<u8>) -> u64 {
        match self {
            Self::Gone(len) => skip(0, *len, out),
            Self::Gap(len) => skip(10, *len, out),
            Self::Typed(letters) => {
                let place = match clock.checked_sub(1) {
                    Some(last) => Place::Behind(Id(Client::Author(author), Clock::Medium(last as u16))),
                    None => Place::InText,
                };
                item(&place, &Content::Text(letters.clone()), out)
            }
            Self::Item(place, content) => item(place, content, out),
        }
    }
}

fn skip(kind: u8, len: Len, out: &mut Vec<u8>) -> u64 {
    out.push(kind);
    put_var(out, len.number());
    len.number()
}

fn item(place: &Place, content: &Content, out: &mut Vec<u8>) -> u64 {
    out.push(place.flags() | content.kind());
    place.encode(out);
    content.encode(out)
}

impl Place {
    fn flags(&self) -> u8 {
        match self {
            Self::Between(..) => HAS_ORIGIN | HAS_RIGHT_ORIGIN,
            Self::Behind(_) => HAS_ORIGIN,
            Self::Before(_) => HAS_RIGHT_ORIGIN,
            Self::InRoot(_, Some(_)) | Self::InBlock(_, Some(_)) => HAS_KEY,
            Self::InText | Self::InRoot(_, None) | Self::InBlock(_, None) => 0,
        }
    }

    fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Self::Between(left, right) => {
                left.encode(out);
                right.encode(out);
            }
            Self::Behind(id) | Self::Before(id) => id.encode(out),
            Self::InText => root(&Root::Text, None, out),
            Self::InRoot(name, key) => root(name, key.as_ref(), out),
            Self::InBlock(id, key) => {
                out.push(0);
                id.encode(out);
                put_key(key.as_ref(), out);
            }
        }
    }
}

fn root(root: &Root, key: Option<&Key>, out: &mut Vec<u8>) {
    out.push(1);
    put_bytes(out, if matches!(root, Root::Text) { b"text" } else { b"meta" });
    put_key(key, out);
}

fn put_key(key: Option<&Key>, out: &mut Vec<u8>) {
    if let Some(key) = key {
        put_bytes(out, key.name());
    }
}

impl Key {
    fn name(&self) -> &'static [u8] {
        if matches!(self, Self::Title) { b"title" } else { b"other" }
    }
}

impl Id {
    fn encode(&self, out: &mut Vec<u8>) {
        put_var(out, self.0.number());
        put_var(out, self.1.number());
    }
}

impl Letters {
    /// UTF-8, and its length in UTF-16 units.
    fn text(&self) -> (String, u64) {
        match self {
            Self::Plain(len) => ("x".repeat(len.number() as usize), len.number()),
            Self::Pair => ("😀".to_owned(), 2),
            Self::Combined => ("e\u{301}".to_owned(), 2),
            Self::Half => ("\u{fffd}".to_owned(), 1),
            Self::LineEnd => ("\r\n".to_owned(), 2),
        }
    }
}

impl Clone for Letters {
    fn clone(&self) -> Self {
        match self {
            Self::Plain(len) => Self::Plain(*len),
            Self::Pair => Self::Pair,
            Self::Combined => Self::Combined,
            Self::Half => Self::Half,
            Self::LineEnd => Self::LineEnd,
        }
    }
}

impl Content {
    fn kind(&self) -> u8 {
        match self {
            Self::Deleted(_) => 1,
            Self::Binary(_) => 3,
            Self::Text(_) => 4,
            Self::Embed => 5,
            Self::Format(..) => 6,
            Self::Type(_) => 7,
            Self::Values(_) => 8,
        }
    }

    /// Returns how many clock ticks it takes.
    fn encode(&self, out: &mut Vec<u8>) -> u64 {
        match self {
            Self::Text(letters) => {
                let (text, units) = letters.text();
                put_bytes(out, text.as_bytes());
                return units;
            }
            Self::Deleted(len) => {
                put_var(out, len.number());
                return len.number();
            }
            Self::Binary(len) => put_bytes(out, &vec![7; len.number() as usize]),
            Self::Embed => put_bytes(out, br#"{"a":[1]}"#),
            Self::Format(key, is_on) => {
                put_bytes(out, key.name());
                put_bytes(out, if *is_on { b"true" } else { b"null" });
            }
            Self::Type(kind) => {
                out.push([0, 1, 2, 3, 4, 6][usize::from(kind % 6)]);
                if kind % 6 == 3 {
                    put_bytes(out, b"p");
                }
            }
            Self::Values(len) => {
                put_var(out, len.number());
                // `true`, so often.
                out.extend(vec![120; len.number() as usize]);
                return len.number();
            }
        }
        1
    }
}

impl Author {
    fn number(self) -> u64 {
        match self {
            Self::Anna => ANNAS_CLIENT.into(),
            Self::Bert => BERTS_CLIENT.into(),
            stranger => stranger as u64 + 1,
        }
    }
}

impl Client {
    /// As it stands on the wire.
    #[must_use]
    pub fn number(self) -> u64 {
        match self {
            Self::Author(author) => author.number(),
            Self::Nobody => 77,
        }
    }
}

impl Clock {
    /// As it stands on the wire.
    #[must_use]
    pub fn number(self) -> u64 {
        match self {
            Self::Small(clock) => u64::from(clock % 32),
            Self::Medium(clock) => clock.into(),
        }
    }
}

impl Len {
    fn number(self) -> u64 {
        u64::from(self.0 % 16) + 1
    }
}

impl State {
    /// In JSON.
    #[must_use]
    pub fn json(self) -> String {
        match self {
            Self::Gone => "null".to_owned(),
            Self::Here => "{}".to_owned(),
            Self::Something(some) => format!(r#"{{"a":{some}}}"#),
        }
    }
}
