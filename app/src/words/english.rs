//! English.

#[cfg(feature = "ssr")]
use collab::id::{DocId, DocIdError};

use super::{Badge, Because, Copying, Front, People, Surface, Title, Words};
#[cfg(feature = "ssr")]
use super::{Deleted, Document, Home, Menu, Mishap, Notices, Preferences, Refused, TakeAlong, Tools};
use crate::{
    monitor::{Cause, Connection},
    upload::{self, Complaint},
    when::{Ago, Unit},
};

/// What the interface says in English.
pub(crate) static ENGLISH: Words = Words {
    #[cfg(feature = "ssr")]
    description: "Scriptorium: a room where many people write one text together.",
    front: Front {
        file_help: "Or drop one here. Everybody who has a document’s address can read it and write in it.",
        not_taken,
        ago,
        forget: |title| format!("Take “{title}” off the list"),
    },
    #[cfg(feature = "ssr")]
    home: Home {
        motto: "One text, many hands.",
        lead: "Scriptorium is a room where people write a text together. Everybody sees every letter as it is typed, \
               and what the page calls saved is on the server’s disk.",
        new_document: "New document",
        open_file: "Open a text file…",
        send_file: "Make it a document",
        drop_here: "Let go to make it a document",
        open_shared: "Or visit the document that everybody shares",
        open_by_name: "Open by name",
        open: "Open",
        name_help: "Letters, digits, and - . _ ~. A new name begins a new document.",
        recently: "Recently opened",
        none_yet: "Documents that you open in this browser are listed here, for you alone.",
        forget_all: "Clear the list",
        everything: "All documents",
        none_here: "There are none yet.",
        more: "Show more",
    },
    #[cfg(feature = "ssr")]
    notices: Notices {
        bad_name: "No document can have this name",
        choose_name: "Choose another name",
        not_found: "There is no such page",
        documents_are: ("Documents are found under ", " and their name."),
        open_document: "Open a document",
        unreadable: "This document cannot be read at the moment",
        unreadable_help: "The server could not load it. Nothing was changed. Please try again in a while.",
        try_again: "Try again",
    },
    surface: Surface {
        edit_label: "Edit text",
        edit_placeholder: "Write here…",
        phrases: &[
            ("next", "Next"),
            ("previous", "Previous"),
            ("all", "All"),
            ("match case", "Match case"),
            ("regexp", "Pattern"),
            ("by word", "Whole words"),
            ("replace", "Replace"),
            ("replace all", "Replace all"),
            ("go", "Go"),
        ],
        leaving: "There are changes that are not saved yet.",
    },
    #[cfg(feature = "ssr")]
    document: Document {
        edit: "Edit",
        split: "Both",
        read: "Read",
        read_label: "Shared text",
        rendered_label: "Rendered text",
        modes: "What is shown",
        plain: "Plain",
        markdown: "Markdown",
        empty: "Nothing is written here yet.",
        full: "The document is full, so that what you added was taken out again. Delete something first.",
    },
    title: Title {
        label: "Title", untitled: "Untitled", delete_this: |title| format!("Delete “{title}”?")
    },
    #[cfg(feature = "ssr")]
    menu: Menu {
        title: "Document",
        print: "Print",
        download: "Download",
        as_text: "as plain text",
        as_markdown: "as Markdown",
        as_html: "as a web page",
        delete: "Delete…",
        delete_help: "It is deleted for everybody. Those who have it open are told. It can be taken back for a while, by \
                      anybody who knows its address.",
        keep: "Keep it",
        delete_it: "Delete",
    },
    #[cfg(feature = "ssr")]
    deleted: Deleted {
        title: "This document was deleted",
        advice: "The text stays here until you leave this page, so copy what you need. What was not saved yet is kept \
                 in this browser, and sent if the document comes back.",
        can_return: |days| match days {
            1 => "Somebody has deleted it. Until tomorrow, it can be taken back, as it was, for everybody."
                .to_owned(),
            _ => format!(
                "Somebody has deleted it. For {days} days, it can be taken back, as it was, for everybody."
            ),
        },
        is_gone: "Somebody has deleted it, too long ago to take it back. Soon its name is free again.",
        restore: "Take it back",
        go_home: "Go to your documents",
    },
    copying: Copying {
        link: "Copy the link",
        done: "Copied",
        failed: "This browser does not let pages copy",
        too_large: |megabytes| format!("Too large for that: {megabytes} MB is the most"),
    },
    badge: Badge {
        people,
        connection,
        well_again: "Connected again, and everything is saved.",
        without_script: "Read only: writing needs JavaScript",
    },
    people: People {
        here: "People here",
        you: |name| format!("{name} (you)"),
        go_to: |name| format!("Go to {name}"),
        looks_away: |name| format!("{name} is looking at something else"),
        nameless: "Somebody",
        joined: |names| format!("{} joined.", list(names)),
        left: |names| format!("{} left.", list(names)),
        adjectives: &[
            "Able", "Bright", "Calm", "Clever", "Eager", "Gentle", "Happy", "Jolly", "Keen", "Merry",
            "Quick", "Quiet",
        ],
        animals: &[
            "Badger", "Beaver", "Crane", "Falcon", "Fox", "Hare", "Heron", "Lynx", "Otter", "Raven", "Robin",
            "Seal",
        ],
    },
    #[cfg(feature = "ssr")]
    tools: Tools {
        search: "Find and replace",
        keys: "Keyboard",
        key_list: &[
            ("Ctrl+F", "⌘F", "Find and replace"),
            ("Ctrl+Z", "⌘Z", "Undo what you wrote"),
            ("Ctrl+Y", "⇧⌘Z", "Redo it"),
            ("Tab", "Tab", "Indent"),
            ("Shift+Tab", "⇧Tab", "Indent less"),
            ("Esc, Tab", "Esc, Tab", "Go on to what comes after the text"),
            ("Alt+↑, Alt+↓", "⌥↑, ⌥↓", "Move the line"),
            ("Ctrl+D", "⌘D", "Select the next occurrence as well"),
            ("Ctrl+Alt+G", "⌥⌘G", "Go to a line"),
            ("F1", "F1", "Show these keys"),
        ],
        settings: "You and your editor",
        name: "Your name",
        color: "Your colour",
        colors: ["Red", "Orange", "Green", "Teal", "Blue", "Indigo", "Violet", "Pink"],
        line_numbers: "Line numbers",
        wrapping: "Wrap long lines",
        spell_check: "Check spelling",
    },
    #[cfg(feature = "ssr")]
    mishap: Mishap {
        sorry: "Something went wrong. Reload the page to go on writing; what was saved is safe.",
        reload: "Reload",
    },
    #[cfg(feature = "ssr")]
    refused: Refused {
        advice: "The server does not take what was written here. The text stays until you leave this page: copy what \
                 you need, or keep it as a new document. To begin afresh drops the changes that are not saved.",
        begin_afresh: "Begin afresh",
    },
    #[cfg(feature = "ssr")]
    take_along: TakeAlong { copy_text: "Copy the text", as_new: "Keep it as a new document" },
    #[cfg(feature = "ssr")]
    preferences: Preferences {
        title: "Language and colours",
        language: "Language",
        theme: "Colours",
        system: "System",
        light: "Light",
        dark: "Dark",
        scrolling: "Panes beside each other scroll",
        together: "Together",
        apart: "Apart",
    },
    #[cfg(feature = "ssr")]
    bad_name,
};

#[cfg(feature = "ssr")]
fn bad_name(error: &DocIdError) -> String {
    match error {
        DocIdError::Empty => "A document’s name must not be empty.".to_owned(),
        DocIdError::TooLong => format!("A document’s name has at most {} characters.", DocId::MAX_LEN),
        DocIdError::LeadingDot => "A document’s name must not begin with a dot.".to_owned(),
        DocIdError::Character(c) => format!(
            "A document’s name has only the letters a to z, digits, and - . _ ~, so {c:?} cannot be in it."
        ),
    }
}

fn ago(Ago { count, unit }: Ago) -> String {
    let unit = match unit {
        Unit::Minute if count == 0 => return "just now".to_owned(),
        Unit::Minute => "minute",
        Unit::Hour => "hour",
        Unit::Day => "day",
        Unit::Week => "week",
        Unit::Month => "month",
        Unit::Year => "year",
    };
    if count == 1 { format!("1 {unit} ago") } else { format!("{count} {unit}s ago") }
}

fn not_taken(complaint: Complaint) -> String {
    match complaint {
        Complaint::TooLarge => {
            format!("This file is too large: {} MB is the most.", upload::MOST_BYTES >> 20)
        }
        Complaint::NoText => "This file is no text: it is not in UTF-8.".to_owned(),
        Complaint::NotOne => "Please choose one file.".to_owned(),
        Complaint::NotNow => "The server does not take this file. Try again later.".to_owned(),
    }
}

fn people(count: usize) -> String {
    match count {
        1 => "1 person here".to_owned(),
        _ => format!("{count} people here"),
    }
}

fn connection(connection: &Connection) -> String {
    match connection {
        Connection::Connecting => "Connecting…".to_owned(),
        Connection::Saving => "Saving…".to_owned(),
        Connection::Saved => "Saved".to_owned(),
        Connection::NotSaving(reason) => format!("Not saving: {reason}"),
        Connection::Offline { waiting, minutes, cause, is_kept } => {
            let waiting = match waiting {
                0 => String::new(),
                1 => ": 1 change waiting".to_owned(),
                _ => format!(": {waiting} changes waiting"),
            };
            // No seconds: what changes all the time is read aloud all the time.
            let age = if *minutes == 0 { String::new() } else { format!(" for {minutes} min") };
            let advice =
                if *is_kept { "" } else { ". Keep this page open: this browser does not store changes" };
            format!("Offline{}{waiting}{age}{advice}", because(*cause))
        }
        Connection::Refused(refusal) => match refusal.into() {
            Because::Malformed => "Refused: the server does not understand this page".to_owned(),
            Because::TooLarge => "Refused: more was written at once than the server takes".to_owned(),
            Because::Full => "Refused: the document would become too large".to_owned(),
            Because::Deleted => "Deleted".to_owned(),
            Because::Breaks => "Refused: the document breaks under what was written here".to_owned(),
            Because::OutOfStep => "Refused: this page has lost touch with the document".to_owned(),
            Because::Crowded => "Refused: too many pages have written in this document".to_owned(),
            Because::Unknown => "Refused by the server".to_owned(),
            Because::Said(reason) => format!("Refused: {reason}"),
        },
    }
}

fn because(cause: Cause) -> &'static str {
    match cause {
        Cause::NoWay => "",
        Cause::Restart => " (the server is restarting)",
        Cause::Busy => " (the server is busy, or the connection slow)",
        Cause::RoomFailed => " (the server had a mishap)",
        Cause::Unreadable => " (the server cannot read this document)",
    }
}

fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [name] => name.clone(),
        [rest @ .., last] if rest.len() < 4 => format!("{} and {last}", rest.join(", ")),
        many => format!("{} people", many.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::monitor::Refusal;

    #[test]
    fn words_count_properly() {
        let offline = |waiting, minutes, cause, is_kept| {
            connection(&Connection::Offline { waiting, minutes, cause, is_kept })
        };
        assert_eq!(offline(0, 0, Cause::NoWay, true), "Offline");
        assert_eq!(offline(1, 0, Cause::NoWay, true), "Offline: 1 change waiting");
        assert_eq!(
            offline(2, 3, Cause::Restart, true),
            "Offline (the server is restarting): 2 changes waiting for 3 min"
        );
        assert!(
            offline(2, 3, Cause::NoWay, false)
                .ends_with("for 3 min. Keep this page open: this browser does not store changes")
        );
        assert_eq!([people(1), people(2)], ["1 person here", "2 people here"]);
    }

    #[test]
    fn a_refusal_is_told_in_the_servers_words_where_there_are_no_others() {
        let refused = |code, reason: &str| {
            connection(&Connection::Refused(Refusal { code, reason: reason.to_owned() }))
        };
        assert_eq!(refused(None, "no room"), "Refused: no room");
        assert_eq!(refused(Some(4499), ""), "Refused by the server");
        assert_eq!(refused(Some(4414), "too many"), "Refused: too many pages have written in this document");
        assert_eq!(
            refused(Some(4400), "malformed frame"),
            "Refused: the server does not understand this page"
        );
    }
}
