//! The title, as a page has it.

use collab::{
    Bytes,
    document::Document,
    frame::Message,
    id::ClientId,
    ledger::Pending,
    replica::{Effect, Status},
};

use super::super::{hear, in_step, replica, said};
use crate::support::{edits::edit, words::update};

fn titled(title: &str) -> Message {
    update(&Document::new(ClientId::new(8)).set_title(title).unwrap().into())
}

#[test]
fn a_title_is_an_edit_like_any_other() {
    let mut replica = in_step();
    let effects = replica.set_title("Plan", 5);
    let sent = said(&effects);
    assert!(
        matches!(&sent[..], [frame] if matches!(frame[..], [Message::Update(_), Message::SavedQuery(1)]))
    );
    let kept = effects.iter().filter(|effect| matches!(effect, Effect::Keep(_, Some(Pending { at: 5, .. }))));
    assert_eq!(kept.count(), 1);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Tell(_))));
    assert_eq!(replica.status(), Status::Saving);
    hear(&mut replica, &[Message::Saved(1)]);
    assert_eq!(replica.status(), Status::Saved);
    assert_eq!(replica.set_title("Plan", 6), [], "it is called so already");
}

#[test]
fn a_title_that_was_given_offline_is_sent_later() {
    let mut offline = replica();
    offline.set_title("Plan", 0);
    assert_eq!(offline.status(), Status::Offline { waiting: 1, since: Some(0) });
    offline.connected(1);
    let effects = hear(&mut offline, &[Message::Step1(Bytes::from_static(&[0]))]);
    let sent = said(&effects);
    let [frame] = &sent[..] else { panic!("{sent:?}") };
    let [Message::Step2(update), Message::SavedQuery(_)] = &frame[..] else { panic!("{frame:?}") };
    let mut server = Document::new(ClientId::SERVER);
    server.merge([&**update]);
    assert_eq!(server.given_title().as_deref(), Some("Plan"));
}

#[test]
fn a_sibling_learns_of_a_title() {
    let (mut anna, mut sibling) = (replica(), collab::replica::Replica::new(ClientId::new(8), "{}", 0));
    for effect in anna.set_title("Plan", 0) {
        if let Effect::Tell(words) = effect {
            assert_eq!(sibling.overhear(&words).unwrap(), [], "the text is as it was");
        }
    }
    assert_eq!(sibling.news_of_title().as_deref(), Some("Plan"));
    assert_eq!(sibling.status(), Status::Offline { waiting: 1, since: Some(0) });
}

#[test]
fn a_change_of_the_title_alone_is_news() {
    let mut replica = in_step();
    assert_eq!(replica.news_of_title(), None, "it has none yet");
    let effects = hear(&mut replica, &[titled("Plan")]);
    assert!(matches!(&effects[..], [Effect::Keep(_, None)]), "{effects:?}");
    assert_eq!((replica.news_of_title().as_deref(), replica.title()), (Some("Plan"), "Plan".to_owned()));
    assert_eq!(replica.news_of_title(), None);
    replica.edit(&[edit(0, 0, "another beginning")], 0);
    assert_eq!(replica.news_of_title(), None, "the text does not matter now");
    replica.set_title("", 0);
    assert_eq!(replica.news_of_title().as_deref(), Some("another beginning"));
}

#[test]
fn the_title_follows_the_first_line() {
    let mut replica = in_step();
    let mut news_after = |at, delete, insert| {
        replica.edit(&[edit(at, delete, insert)], 0);
        let news = replica.news_of_title();
        assert_eq!(replica.given_title(), None);
        news
    };
    assert_eq!(news_after(0, 0, "# One\nmore").as_deref(), Some("One"));
    assert_eq!(news_after(10, 0, "\nand more"), None);
    assert_eq!(news_after(5, 0, "s").as_deref(), Some("Ones"));
    assert_eq!(news_after(0, 6, ""), Some("more".to_owned()));
    assert_eq!(news_after(0, 1, "").as_deref(), None, "it is the same line");
    assert_eq!(news_after(0, 99, "").as_deref(), Some(""));
    assert_eq!(news_after(0, 0, "\n\n").as_deref(), None);
    assert_eq!(news_after(2, 0, "late").as_deref(), Some("late"));
}

#[test]
fn a_page_begins_with_the_title_that_it_came_with() {
    let mut replica = replica();
    let mut document = Document::new(ClientId::new(8));
    document.edit(&edit(0, 0, "first line"));
    document.set_title("Plan");
    replica.restore(&document.snapshot()).unwrap();
    assert_eq!(replica.news_of_title().as_deref(), Some("Plan"));
}

#[test]
fn no_title_is_given_to_a_document_that_is_full() {
    let mut replica = in_step();
    hear(&mut replica, &[titled("Plan"), Message::Limit(10)]);
    assert_eq!(replica.set_title("A longer one", 0), []);
    assert_eq!(replica.title(), "Plan");
    assert_ne!(replica.set_title("", 0), [], "less always fits");
}
