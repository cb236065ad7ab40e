//! Goes once through all that a key goes through, before the first one is pressed.

use collab::{
    Bytes,
    document::EMPTY_STATE_VECTOR,
    edit::TextEdit,
    frame::Message,
    id::ClientId,
    replica::{Effect, Replica},
};

/// Browsers compile each function when it is called for the first time. With two replicas that nobody sees, that
/// happens while somebody still looks for the place to write at, and not while they wait for a letter.
pub(super) fn rehearse() {
    let [mut author, mut reader] = [1, 2].map(|client| Replica::new(ClientId::new(client), "{}", 0));
    let mut heard = author.connected(0);
    let knows_nothing = Message::Step1(Bytes::from_static(&EMPTY_STATE_VECTOR));
    // All that is said here is forgotten.
    let _ = author.receive(&Message::frame(&[knows_nothing]), 0, &mut heard);
    for (at, delete, insert) in [(0, 0, "rehearsal"), (2, 0, "x"), (1, 3, "y"), (0, 8, "the end")] {
        for effect in author.edit(&[TextEdit { at, delete, insert: insert.into() }], 0) {
            if let Effect::Send(frame) = effect {
                let _ = reader.receive(&frame, 0, &mut heard);
            }
        }
    }
}
