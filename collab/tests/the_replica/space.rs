//! How full the document is, as the page may tell the person.

use collab::{frame::Message, id::ClientId, replica::Replica};

use crate::support::edits::edit;

fn replica_with_limit(bytes: u64) -> Replica {
    let mut replica = Replica::new(ClientId::new(7), "{}", 0);
    replica.connected(0);
    replica.receive(&Message::frame(&[Message::Limit(bytes)]), 0, &mut Vec::new()).unwrap();
    replica
}

#[test]
fn everything_fits_until_the_server_has_said_how_much() {
    let mut replica = Replica::new(ClientId::new(7), "{}", 0);
    assert!(replica.would_fit(&[edit(0, 0, &"x".repeat(100_000))]));
    assert_eq!(replica.fullness(), None);
}

#[test]
fn what_the_server_would_refuse_does_not_fit() {
    let mut replica = replica_with_limit(1000);
    assert_eq!(replica.fullness(), Some(0));
    assert!(replica.would_fit(&[edit(0, 0, &"x".repeat(900))]));
    replica.edit(&[edit(0, 0, &"x".repeat(900))], 0);
    assert_eq!(replica.fullness(), Some(91));
    assert!(!replica.would_fit(&[edit(0, 0, &"x".repeat(100))]));
    assert!(!replica.would_fit(&[edit(0, 1, &"x".repeat(100))]));
    assert!(replica.would_fit(&[edit(0, 900, "")]));
    // What was typed key by key takes less than it seems, and what was deleted makes space.
    for at in 0..10 {
        assert!(replica.would_fit(&[edit(900 + at, 0, "y")]));
        replica.edit(&[edit(900 + at, 0, "y")], 0);
    }
    replica.edit(&[edit(0, 900, "")], 0);
    assert!(replica.would_fit(&[edit(0, 0, &"x".repeat(900))]));
    assert_eq!(replica.fullness(), Some(3));
}
