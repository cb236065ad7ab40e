//! One awareness message, as bytes: whatever the guard accepts, yrs and our own reader read alike.

#![no_main]

use collab::{
    guard::check_awareness,
    presence::{decode_presences, encode_presences},
};
use fuzz::memory::bounded;
use libfuzzer_sys::fuzz_target;
use yrs::{sync::AwarenessUpdate, updates::decoder::Decode};

fuzz_target!(|bytes: &[u8]| {
    bounded(bytes.len(), || {
        if check_awareness(bytes).is_err() {
            return;
        }
        let theirs = AwarenessUpdate::decode_v1(bytes).expect("whatever the guard accepts, yrs reads");
        let ours = decode_presences(bytes).expect("whatever the guard accepts, we read");
        for presence in &ours {
            let entry = &theirs.clients[&yrs::block::ClientID::new(presence.client.get())];
            let is_last = ours.iter().rfind(|other| other.client == presence.client) == Some(presence);
            if is_last {
                assert_eq!(entry.clock, presence.clock);
                assert_eq!(&*entry.json, presence.state.as_deref().unwrap_or("null"));
            }
        }
        assert_eq!(decode_presences(&encode_presences(ours.iter())).as_deref(), Ok(&*ours));
    });
});
