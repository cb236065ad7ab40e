//! Large updates are divided, and the pieces are the whole.

use collab::{
    Bytes,
    document::Document,
    edit::utf16_len,
    guard::{check_update, divide},
    id::ClientId,
};

use crate::{
    document, is_whole,
    support::{
        chance::{Chance, for_each_seed},
        edits::edit,
    },
    with_text,
};

/// What a piece may be larger than it should: the head of a text, and numbers around it.
const MORE: usize = 64;

/// Takes pieces one by one, each of which must be whole without those that follow.
fn take(reader: &mut Document, pieces: &[Bytes]) {
    for piece in pieces {
        check_update(piece).unwrap();
        for outcome in reader.merge([&**piece]).outcomes {
            assert_eq!(outcome.error, None);
        }
    }
}

/// Documents of several people who write at once and merge now and then.
fn history(chance: &mut Chance) -> Vec<Document> {
    let mut peers: Vec<Document> = (1..=4).map(document).collect();
    for _ in 0..60 {
        let (one, other) = (chance.below(peers.len()), chance.below(peers.len()));
        let text = peers[one].text();
        peers[one].edit(&chance.edit(&text));
        if chance.one_in(3) {
            let news = peers[one].diff_since(&peers[other].state_vector()).unwrap();
            peers[other].merge([&*news]);
        }
    }
    peers
}

#[test]
fn pieces_are_the_whole_in_an_order_that_leaves_no_gap() {
    for_each_seed(100, |chance| {
        let mut peers = history(chance);
        let [author, reader] = [0, 1].map(|_| chance.below(peers.len()));
        let missing = peers[author].diff_since(&peers[reader].state_vector()).unwrap();
        let most = 40 + chance.below(400);
        let pieces = divide(&missing, most);
        if missing.len() > 2 * (most + MORE) {
            assert!(pieces.len() > 1);
        }
        let text = peers[author].text();
        let mut fresh = document(9);
        take(&mut fresh, &divide(&peers[author].snapshot(), most));
        assert_eq!(fresh.text(), text);
        assert!(is_whole(&fresh));
        // The whole says nothing that the pieces have not said.
        assert_eq!(fresh.merge([&*peers[author].snapshot()]).update, None);

        let whole = peers[reader].snapshot();
        let mut other = Document::new(ClientId::new(10));
        other.merge([&*whole, &*missing]);
        take(&mut peers[reader], &pieces);
        assert_eq!(peers[reader].text(), other.text());
    });
}

#[test]
fn a_long_text_is_cut_between_characters() {
    let long: String = "many words, 😀 and é\r\n".repeat(2_000);
    let mut author = with_text(7, "[]");
    let base = author.snapshot();
    let update = Bytes::from(author.edit(&edit(1, 0, &long)).unwrap());
    let pieces = divide(&update, 1_000);
    assert!(pieces.len() > long.len() / 1_000);
    assert!(pieces.iter().all(|piece| piece.len() <= 1_000 + MORE));

    let mut reader = document(8);
    reader.merge([&*base]);
    take(&mut reader, &pieces);
    assert_eq!(reader.text(), format!("[{long}]"));
    assert_eq!(reader.len(), utf16_len(&long) + 2);
    let outcomes = reader.merge([&*update]).outcomes;
    assert!(!outcomes[0].is_new && outcomes[0].error.is_none());
    assert_eq!(reader.snapshot(), author.snapshot());
}

#[test]
fn what_is_small_stays_in_one_piece() {
    let author = with_text(7, "text");
    let update = author.snapshot();
    assert_eq!(divide(&update, update.len()), std::slice::from_ref(&update));
    assert_eq!(divide(&Bytes::from_static(&[0, 0]), 0).len(), 1);
}
