//! German.

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

/// What the interface says in German.
pub(crate) static GERMAN: Words = Words {
    #[cfg(feature = "ssr")]
    description: "Scriptorium: ein Raum, in dem viele Menschen gemeinsam an einem Text schreiben.",
    front: Front {
        file_help: "Oder hier ablegen. Wer die Adresse eines Dokuments hat, kann es lesen und darin schreiben.",
        not_taken,
        ago,
        forget: |title| format!("„{title}“ von der Liste nehmen"),
    },
    #[cfg(feature = "ssr")]
    home: Home {
        motto: "Ein Text, viele Hände.",
        lead: "Scriptorium ist ein Raum, in dem Menschen gemeinsam an einem Text schreiben. Alle sehen jeden \
               Buchstaben, sobald er getippt ist, und was die Seite gespeichert nennt, liegt auf der Festplatte des \
               Servers.",
        new_document: "Neues Dokument",
        open_file: "Textdatei öffnen …",
        send_file: "Dokument daraus machen",
        drop_here: "Loslassen macht ein Dokument daraus",
        open_shared: "Oder das Dokument besuchen, das alle teilen",
        open_by_name: "Nach Namen öffnen",
        open: "Öffnen",
        name_help: "Buchstaben ohne Umlaute, Ziffern und - . _ ~. Ein neuer Name beginnt ein neues Dokument.",
        recently: "Zuletzt geöffnet",
        none_yet: "Was du in diesem Browser öffnest, steht dann hier, nur für dich.",
        forget_all: "Liste leeren",
        everything: "Alle Dokumente",
        none_here: "Es gibt noch keine.",
        more: "Weitere zeigen",
    },
    #[cfg(feature = "ssr")]
    notices: Notices {
        bad_name: "So kann kein Dokument heißen",
        choose_name: "Einen anderen Namen wählen",
        not_found: "Diese Seite gibt es nicht",
        documents_are: ("Dokumente finden sich unter ", " und ihrem Namen."),
        open_document: "Ein Dokument öffnen",
        unreadable: "Dieses Dokument ist gerade nicht lesbar",
        unreadable_help: "Der Server konnte es nicht laden. Es wurde nichts verändert. Bitte versuche es in einer Weile \
                          noch einmal.",
        try_again: "Noch einmal versuchen",
    },
    surface: Surface {
        edit_label: "Text schreiben",
        edit_placeholder: "Hier schreiben …",
        phrases: &[
            ("Find", "Suchen"),
            ("Replace", "Ersetzen"),
            ("next", "Weiter"),
            ("previous", "Zurück"),
            ("all", "Alle"),
            ("match case", "Groß und klein"),
            ("regexp", "Muster"),
            ("by word", "Ganze Wörter"),
            ("replace", "Ersetzen"),
            ("replace all", "Alle ersetzen"),
            ("close", "schließen"),
            ("current match", "dieser Treffer"),
            ("on line", "in Zeile"),
            ("replaced match on line $", "Treffer in Zeile $ ersetzt"),
            ("replaced $ matches", "$ Treffer ersetzt"),
            ("Go to line", "Zu Zeile"),
            ("go", "Gehen"),
            ("Selection deleted", "Auswahl gelöscht"),
            ("Control character", "Steuerzeichen"),
        ],
        leaving: "Einige Änderungen sind noch nicht gespeichert.",
    },
    #[cfg(feature = "ssr")]
    document: Document {
        edit: "Schreiben",
        split: "Beides",
        read: "Lesen",
        read_label: "Gemeinsamer Text",
        rendered_label: "Gesetzter Text",
        modes: "Was zu sehen ist",
        plain: "Text",
        markdown: "Markdown",
        empty: "Hier steht noch nichts.",
        full: "Das Dokument ist voll. Was du hinzugefügt hast, wurde wieder entfernt: Lösche zuerst etwas.",
    },
    title: Title {
        label: "Titel",
        untitled: "Ohne Titel",
        delete_this: |title| format!("„{title}“ löschen?"),
    },
    #[cfg(feature = "ssr")]
    menu: Menu {
        title: "Dokument",
        print: "Drucken",
        download: "Herunterladen",
        as_text: "als reinen Text",
        as_markdown: "als Markdown",
        as_html: "als Webseite",
        delete: "Löschen …",
        delete_help: "Es wird für alle gelöscht. Wer es geöffnet hat, erfährt davon. Eine Weile lang kann es jeder \
                      zurückholen, der die Adresse kennt.",
        keep: "Behalten",
        delete_it: "Löschen",
    },
    #[cfg(feature = "ssr")]
    deleted: Deleted {
        title: "Dieses Dokument wurde gelöscht",
        advice: "Der Text bleibt stehen, bis du die Seite verlässt: Kopiere, was du brauchst. Was noch nicht gespeichert \
                 war, behält dieser Browser und sendet es, wenn das Dokument zurückkommt.",
        can_return: |days| match days {
            1 => "Jemand hat es gelöscht. Bis morgen lässt es sich zurückholen, so wie es war, für alle."
                .to_owned(),
            _ => format!(
                "Jemand hat es gelöscht. {days} Tage lang lässt es sich zurückholen, so wie es war, für alle."
            ),
        },
        is_gone: "Jemand hat es gelöscht, vor zu langer Zeit, um es zurückzuholen. Bald ist sein Name wieder frei.",
        restore: "Zurückholen",
        go_home: "Zu deinen Dokumenten",
    },
    copying: Copying {
        link: "Link kopieren",
        done: "Kopiert",
        failed: "Dieser Browser lässt Seiten nichts kopieren",
        too_large: |megabytes| format!("Zu groß dafür: Mehr als {megabytes} MB gehen nicht"),
    },
    badge: Badge {
        people,
        connection,
        well_again: "Wieder verbunden, und alles ist gespeichert.",
        without_script: "Nur lesen: Schreiben braucht JavaScript",
    },
    people: People {
        here: "Wer hier ist",
        you: |name| format!("{name} (du)"),
        go_to: |name| format!("Zu {name} gehen"),
        looks_away: |name| format!("{name} sieht gerade anderswohin"),
        nameless: "Jemand",
        joined: |names| format!("{} hinzugekommen.", list(names)),
        left: |names| format!("{} gegangen.", list(names)),
        adjectives: &[
            "Bunter", "Eifriger", "Flinker", "Froher", "Heiterer", "Kluger", "Lustiger", "Munterer",
            "Ruhiger", "Sanfter", "Stiller", "Wacher",
        ],
        animals: &[
            "Biber", "Dachs", "Falke", "Fuchs", "Hase", "Igel", "Kranich", "Luchs", "Otter", "Rabe",
            "Reiher", "Specht",
        ],
    },
    #[cfg(feature = "ssr")]
    tools: Tools {
        search: "Suchen und ersetzen",
        keys: "Tastatur",
        key_list: &[
            ("Strg+F", "⌘F", "Suchen und ersetzen"),
            ("Strg+Z", "⌘Z", "Eigenes zurücknehmen"),
            ("Strg+Y", "⇧⌘Z", "Zurückgenommenes wiederherstellen"),
            ("Tab", "Tab", "Einrücken"),
            ("Umschalt+Tab", "⇧Tab", "Weniger einrücken"),
            ("Esc, Tab", "Esc, Tab", "Weiter zu dem, was nach dem Text kommt"),
            ("Alt+↑, Alt+↓", "⌥↑, ⌥↓", "Zeile verschieben"),
            ("Strg+D", "⌘D", "Nächstes Vorkommen mit auswählen"),
            ("Strg+Alt+G", "⌥⌘G", "Zu einer Zeile gehen"),
            ("F1", "F1", "Diese Tasten zeigen"),
        ],
        settings: "Du und dein Editor",
        name: "Dein Name",
        color: "Deine Farbe",
        colors: ["Rot", "Orange", "Grün", "Petrol", "Blau", "Indigo", "Violett", "Rosa"],
        line_numbers: "Zeilennummern",
        wrapping: "Lange Zeilen umbrechen",
        spell_check: "Rechtschreibung prüfen",
    },
    #[cfg(feature = "ssr")]
    mishap: Mishap {
        sorry: "Etwas ist schiefgegangen. Lade die Seite neu, um weiterzuschreiben; was gespeichert war, ist sicher.",
        reload: "Neu laden",
    },
    #[cfg(feature = "ssr")]
    refused: Refused {
        advice: "Der Server nimmt nicht an, was hier geschrieben wurde. Der Text bleibt stehen, bis du die Seite \
                 verlässt: Kopiere, was du brauchst, oder behalte ihn als neues Dokument. Von vorn anzufangen \
                 verwirft, was nicht gespeichert ist.",
        begin_afresh: "Von vorn anfangen",
    },
    #[cfg(feature = "ssr")]
    take_along: TakeAlong { copy_text: "Text kopieren", as_new: "Als neues Dokument behalten" },
    #[cfg(feature = "ssr")]
    preferences: Preferences {
        title: "Sprache und Farben",
        language: "Sprache",
        theme: "Farben",
        system: "System",
        light: "Hell",
        dark: "Dunkel",
        scrolling: "Nebeneinander wird gescrollt",
        together: "Gemeinsam",
        apart: "Getrennt",
    },
    #[cfg(feature = "ssr")]
    bad_name,
};

#[cfg(feature = "ssr")]
fn bad_name(error: &DocIdError) -> String {
    match error {
        DocIdError::Empty => "Der Name eines Dokuments darf nicht leer sein.".to_owned(),
        DocIdError::TooLong => format!("Der Name eines Dokuments hat höchstens {} Zeichen.", DocId::MAX_LEN),
        DocIdError::LeadingDot => "Der Name eines Dokuments darf nicht mit einem Punkt beginnen.".to_owned(),
        DocIdError::Character(c) => format!(
            "Der Name eines Dokuments besteht nur aus den Buchstaben a bis z, Ziffern und - . _ ~; {c:?} kann darin nicht \
             vorkommen."
        ),
    }
}

fn ago(Ago { count, unit }: Ago) -> String {
    let (one, many) = match unit {
        Unit::Minute if count == 0 => return "gerade eben".to_owned(),
        Unit::Minute => ("einer Minute", "Minuten"),
        Unit::Hour => ("einer Stunde", "Stunden"),
        Unit::Day => ("einem Tag", "Tagen"),
        Unit::Week => ("einer Woche", "Wochen"),
        Unit::Month => ("einem Monat", "Monaten"),
        Unit::Year => ("einem Jahr", "Jahren"),
    };
    if count == 1 { format!("vor {one}") } else { format!("vor {count} {many}") }
}

fn not_taken(complaint: Complaint) -> String {
    match complaint {
        Complaint::TooLarge => {
            format!("Diese Datei ist zu groß: Mehr als {} MB geht nicht.", upload::MOST_BYTES >> 20)
        }
        Complaint::NoText => "Diese Datei ist kein Text: Sie ist nicht in UTF-8.".to_owned(),
        Complaint::NotOne => "Bitte wähle eine einzige Datei.".to_owned(),
        Complaint::NotNow => {
            "Der Server nimmt diese Datei nicht an. Versuche es später noch einmal.".to_owned()
        }
    }
}

fn people(count: usize) -> String {
    match count {
        1 => "1 Person hier".to_owned(),
        _ => format!("{count} Personen hier"),
    }
}

fn connection(connection: &Connection) -> String {
    match connection {
        Connection::Connecting => "Wird verbunden …".to_owned(),
        Connection::Saving => "Wird gespeichert …".to_owned(),
        Connection::Saved => "Gespeichert".to_owned(),
        Connection::NotSaving(reason) => format!("Wird nicht gespeichert: {}", trouble(reason)),
        Connection::Offline { waiting, minutes, cause, is_kept } => {
            let waiting = match waiting {
                0 => String::new(),
                1 => ": 1 Änderung wartet".to_owned(),
                _ => format!(": {waiting} Änderungen warten"),
            };
            let age = if *minutes == 0 { String::new() } else { format!(" seit {minutes} Min.") };
            let advice = if *is_kept {
                ""
            } else {
                " – Seite offen lassen: Dieser Browser behält keine Änderungen"
            };
            format!("Offline{}{waiting}{age}{advice}", because(*cause))
        }
        Connection::Refused(refusal) => match refusal.into() {
            Because::Malformed => "Abgewiesen: Der Server versteht diese Seite nicht".to_owned(),
            Because::TooLarge => {
                "Abgewiesen: Es wurde mehr auf einmal geschrieben, als der Server annimmt".to_owned()
            }
            Because::Full => "Abgewiesen: Das Dokument würde zu groß".to_owned(),
            Because::Deleted => "Gelöscht".to_owned(),
            Because::Breaks => {
                "Abgewiesen: Das Dokument zerbricht an dem, was hier geschrieben wurde".to_owned()
            }
            Because::OutOfStep => {
                "Abgewiesen: Diese Seite hat den Anschluss an das Dokument verloren".to_owned()
            }
            Because::Crowded => "Abgewiesen: Zu viele Seiten haben in diesem Dokument geschrieben".to_owned(),
            Because::Unknown => "Vom Server abgewiesen".to_owned(),
            Because::Said(reason) => format!("Abgewiesen: {reason}"),
        },
    }
}

fn because(cause: Cause) -> &'static str {
    match cause {
        Cause::NoWay => "",
        Cause::Restart => " (der Server wird neu gestartet)",
        Cause::Busy => " (der Server ist ausgelastet oder die Verbindung langsam)",
        Cause::RoomFailed => " (im Server ging etwas schief)",
        Cause::Unreadable => " (der Server kann dieses Dokument nicht lesen)",
    }
}

/// What the server says in English, where it is known.
fn trouble(reason: &str) -> &str {
    match reason {
        "the server's disk is full" => "Die Festplatte des Servers ist voll",
        "the server cannot write to its disk" => "Der Server kann nicht auf seine Festplatte schreiben",
        "the stored document is damaged" => "Das gespeicherte Dokument ist beschädigt",
        _ => reason,
    }
}

fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [name] => format!("{name} ist"),
        [rest @ .., last] if rest.len() < 4 => format!("{} und {last} sind", rest.join(", ")),
        many => format!("{} Leute sind", many.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_count_properly() {
        let offline = |waiting, minutes, cause| {
            connection(&Connection::Offline { waiting, minutes, cause, is_kept: true })
        };
        assert_eq!(offline(0, 0, Cause::NoWay), "Offline");
        assert_eq!(offline(1, 0, Cause::NoWay), "Offline: 1 Änderung wartet");
        assert_eq!(
            offline(2, 3, Cause::Restart),
            "Offline (der Server wird neu gestartet): 2 Änderungen warten seit 3 Min."
        );
        assert_eq!([people(1), people(2)], ["1 Person hier", "2 Personen hier"]);
    }
}
