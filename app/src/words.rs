//! Everything that the interface says, in every language that it speaks.
//!
//! A language is one value of [`Words`], so that one that lacks a word does not compile. Where words depend on
//! numbers or names, they are functions, and each language counts in its own way. What the server alone says is unknown to
//! the browser.

mod english;
mod german;

#[cfg(feature = "ssr")]
use collab::id::DocIdError;

pub(crate) use english::ENGLISH;
pub(crate) use german::GERMAN;

use crate::{
    monitor::{Connection, Refusal},
    upload::Complaint,
    when::Ago,
};

/// One language.
pub(crate) struct Words {
    /// What the product is, in a sentence: for search engines.
    #[cfg(feature = "ssr")]
    pub(crate) description: &'static str,
    pub(crate) front: Front,
    #[cfg(feature = "ssr")]
    pub(crate) home: Home,
    #[cfg(feature = "ssr")]
    pub(crate) notices: Notices,
    pub(crate) surface: Surface,
    #[cfg(feature = "ssr")]
    pub(crate) document: Document,
    pub(crate) title: Title,
    #[cfg(feature = "ssr")]
    pub(crate) menu: Menu,
    #[cfg(feature = "ssr")]
    pub(crate) deleted: Deleted,
    pub(crate) copying: Copying,
    pub(crate) badge: Badge,
    pub(crate) people: People,
    #[cfg(feature = "ssr")]
    pub(crate) tools: Tools,
    #[cfg(feature = "ssr")]
    pub(crate) mishap: Mishap,
    #[cfg(feature = "ssr")]
    pub(crate) refused: Refused,
    #[cfg(feature = "ssr")]
    pub(crate) take_along: TakeAlong,
    #[cfg(feature = "ssr")]
    pub(crate) preferences: Preferences,
    /// Why a name is no document's name, as a sentence.
    #[cfg(feature = "ssr")]
    pub(crate) bad_name: fn(&DocIdError) -> String,
}

/// What changes on the front page.
pub(crate) struct Front {
    pub(crate) file_help: &'static str,
    pub(crate) not_taken: fn(Complaint) -> String,
    pub(crate) ago: fn(Ago) -> String,
    /// Takes a document with this title off the list.
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only browsers know of any"))]
    pub(crate) forget: fn(&str) -> String,
}

/// The front page.
#[cfg(feature = "ssr")]
pub(crate) struct Home {
    pub(crate) motto: &'static str,
    pub(crate) lead: &'static str,
    pub(crate) new_document: &'static str,
    pub(crate) open_file: &'static str,
    pub(crate) send_file: &'static str,
    pub(crate) drop_here: &'static str,
    pub(crate) open_shared: &'static str,
    pub(crate) open_by_name: &'static str,
    pub(crate) open: &'static str,
    pub(crate) name_help: &'static str,
    pub(crate) recently: &'static str,
    pub(crate) none_yet: &'static str,
    pub(crate) forget_all: &'static str,
    pub(crate) everything: &'static str,
    pub(crate) none_here: &'static str,
    pub(crate) more: &'static str,
}

/// The pages that are no more than a message.
#[cfg(feature = "ssr")]
pub(crate) struct Notices {
    pub(crate) bad_name: &'static str,
    pub(crate) choose_name: &'static str,
    pub(crate) not_found: &'static str,
    /// Where documents are found: the words before and after `/d/`.
    pub(crate) documents_are: (&'static str, &'static str),
    pub(crate) open_document: &'static str,
    pub(crate) unreadable: &'static str,
    pub(crate) unreadable_help: &'static str,
    pub(crate) try_again: &'static str,
}

/// A document's page.
#[cfg(feature = "ssr")]
pub(crate) struct Document {
    pub(crate) edit: &'static str,
    pub(crate) split: &'static str,
    pub(crate) read: &'static str,
    pub(crate) read_label: &'static str,
    pub(crate) rendered_label: &'static str,
    pub(crate) modes: &'static str,
    pub(crate) plain: &'static str,
    pub(crate) markdown: &'static str,
    pub(crate) empty: &'static str,
    /// Why what was added is not there any more.
    pub(crate) full: &'static str,
}

/// The editing surface.
pub(crate) struct Surface {
    pub(crate) edit_label: &'static str,
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only browsers show it"))]
    pub(crate) edit_placeholder: &'static str,
    /// What CodeMirror says, after its own English words.
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only browsers show it"))]
    pub(crate) phrases: &'static [(&'static str, &'static str)],
    /// What browsers may ask when a page with unsaved changes is left.
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only browsers ask"))]
    pub(crate) leaving: &'static str,
}

/// What is said while something is taken elsewhere.
pub(crate) struct Copying {
    pub(crate) link: &'static str,
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only browsers copy"))]
    pub(crate) done: &'static str,
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only browsers copy"))]
    pub(crate) failed: &'static str,
    /// Of a text that is to become a document: it may have so many megabytes.
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only browsers take texts along"))]
    pub(crate) too_large: fn(usize) -> String,
}

/// What the document is called.
pub(crate) struct Title {
    #[cfg_attr(not(feature = "ssr"), expect(dead_code, reason = "it is in the page"))]
    pub(crate) label: &'static str,
    /// A document without a title, text, or a name that says something.
    pub(crate) untitled: &'static str,
    /// Asks whether the document with this title should be deleted.
    pub(crate) delete_this: fn(&str) -> String,
}

/// What can be done with a whole document.
#[cfg(feature = "ssr")]
pub(crate) struct Menu {
    pub(crate) title: &'static str,
    pub(crate) print: &'static str,
    pub(crate) download: &'static str,
    pub(crate) as_text: &'static str,
    pub(crate) as_markdown: &'static str,
    pub(crate) as_html: &'static str,
    pub(crate) delete: &'static str,
    pub(crate) delete_help: &'static str,
    pub(crate) keep: &'static str,
    pub(crate) delete_it: &'static str,
}

/// A document that was deleted.
#[cfg(feature = "ssr")]
pub(crate) struct Deleted {
    pub(crate) title: &'static str,
    /// To those who have it open.
    pub(crate) advice: &'static str,
    /// To those who come to its address: that it can be taken back for so many days, the last one not a whole one.
    pub(crate) can_return: fn(u64) -> String,
    pub(crate) is_gone: &'static str,
    pub(crate) restore: &'static str,
    pub(crate) go_home: &'static str,
}

/// Who is here, and how the link is.
pub(crate) struct Badge {
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only browsers say it"))]
    pub(crate) people: fn(usize) -> String,
    pub(crate) connection: fn(&Connection) -> String,
    /// What is said after trouble.
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only browsers say it"))]
    pub(crate) well_again: &'static str,
    #[cfg_attr(not(feature = "ssr"), expect(dead_code, reason = "it is in the page"))]
    pub(crate) without_script: &'static str,
}

/// The people in a document.
pub(crate) struct People {
    #[cfg_attr(not(feature = "ssr"), expect(dead_code, reason = "it is in the page"))]
    pub(crate) here: &'static str,
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only browsers say it"))]
    pub(crate) you: fn(&str) -> String,
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only browsers say it"))]
    pub(crate) go_to: fn(&str) -> String,
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only browsers say it"))]
    pub(crate) looks_away: fn(&str) -> String,
    /// Somebody whose name is not known.
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only browsers say it"))]
    pub(crate) nameless: &'static str,
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only browsers say it"))]
    pub(crate) joined: fn(&[String]) -> String,
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only browsers say it"))]
    pub(crate) left: fn(&[String]) -> String,
    /// Of these, one each makes a name for somebody who has not chosen one.
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only browsers say it"))]
    pub(crate) adjectives: &'static [&'static str],
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only browsers say it"))]
    pub(crate) animals: &'static [&'static str],
}

/// The tools beside the place to write in.
#[cfg(feature = "ssr")]
pub(crate) struct Tools {
    pub(crate) search: &'static str,
    pub(crate) keys: &'static str,
    /// What keys do: their names, as they stand on the keyboard, those on a Mac's, and what that is.
    pub(crate) key_list: &'static [(&'static str, &'static str, &'static str)],
    pub(crate) settings: &'static str,
    pub(crate) name: &'static str,
    pub(crate) color: &'static str,
    /// The colours of the palette.
    pub(crate) colors: [&'static str; 8],
    pub(crate) line_numbers: &'static str,
    pub(crate) wrapping: &'static str,
    pub(crate) spell_check: &'static str,
}

/// What is said when the program in the page has broken down.
#[cfg(feature = "ssr")]
pub(crate) struct Mishap {
    pub(crate) sorry: &'static str,
    pub(crate) reload: &'static str,
}

/// What is said when the server does not take what was written.
#[cfg(feature = "ssr")]
pub(crate) struct Refused {
    pub(crate) advice: &'static str,
    pub(crate) begin_afresh: &'static str,
}

/// The ways to take a text along.
#[cfg(feature = "ssr")]
pub(crate) struct TakeAlong {
    pub(crate) copy_text: &'static str,
    pub(crate) as_new: &'static str,
}

/// The menu of preferences.
#[cfg(feature = "ssr")]
pub(crate) struct Preferences {
    pub(crate) title: &'static str,
    pub(crate) language: &'static str,
    pub(crate) theme: &'static str,
    pub(crate) system: &'static str,
    pub(crate) light: &'static str,
    pub(crate) dark: &'static str,
    pub(crate) scrolling: &'static str,
    pub(crate) together: &'static str,
    pub(crate) apart: &'static str,
}

/// Why the server does not want a page, as far as its close codes have words (see `docs/protocol.md`).
enum Because<'a> {
    /// Something that the page sent is malformed.
    Malformed,
    /// The page sent more at once than the server takes.
    TooLarge,
    /// The document would become too large.
    Full,
    /// Somebody has deleted the document.
    Deleted,
    /// The document breaks under what was written.
    Breaks,
    /// The page and the server have no common ground.
    OutOfStep,
    /// As many pages have written in the document as it bears.
    Crowded,
    /// Nobody knows.
    Unknown,
    /// The server's own words, in English.
    Said(&'a str),
}

impl<'a> From<&'a Refusal> for Because<'a> {
    fn from(refusal: &'a Refusal) -> Self {
        match (refusal.code, refusal.reason.as_str()) {
            (Some(1009), _) => Self::TooLarge,
            (Some(4400), _) => Self::Malformed,
            (Some(4409), _) => Self::OutOfStep,
            (Some(4410), _) => Self::Deleted,
            (Some(4413), _) => Self::Full,
            (Some(4414), _) => Self::Crowded,
            (Some(4422), _) => Self::Breaks,
            (_, "") => Self::Unknown,
            (_, reason) => Self::Said(reason),
        }
    }
}
