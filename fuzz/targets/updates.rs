//! One update, as bytes: whatever the guard accepts, yrs reads, and a document that has merged it is whole.

#![no_main]

use collab::{
    document::{Document, MergeError},
    guard::inspect_update,
    id::ClientId,
};
use fuzz::memory::bounded;
use libfuzzer_sys::fuzz_target;
use yrs::{Update, updates::decoder::Decode};

fuzz_target!(|bytes: &[u8]| {
    bounded(bytes.len(), || {
        let mut document = Document::new(ClientId::SERVER);
        document.track_edits();
        let outcome = document.merge([bytes]).outcomes.remove(0);
        let contents = inspect_update(bytes);
        assert_eq!(contents.is_err(), matches!(outcome.error, Some(MergeError::Malformed(_))), "{outcome:?}");
        if let Ok(contents) = contents {
            Update::decode_v1(bytes).expect("whatever the guard accepts, yrs reads");
            let copy = copy_of(&document);
            // What stands between two units in the wrong order is kept out by the room, which knows their order.
            assert!(contents.backward > 0 || copy.text() == document.text(), "the copy reads something else");
        }
    });
});

/// A document that was made of what another one sends to newcomers, and that lacks nothing.
fn copy_of(document: &Document) -> Document {
    let mut copy = Document::new(ClientId::SERVER);
    let outcome = copy.merge([&*document.snapshot()]).outcomes.remove(0);
    assert_eq!(outcome.error, None, "its own encoding cannot be merged");
    let lacking = document.diff_since(&copy.state_vector()).expect("a state vector of ours");
    assert_eq!(copy.merge([&*lacking]).update, None, "the copy lacks something");
    copy
}
