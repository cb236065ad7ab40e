//! One frame from a stranger, as bytes, in a room where two people write.
//!
//! Where its messages are an even number, they arrive together, otherwise the first of them one by one.

#![no_main]

use collab::{Bytes, frame::Message};
use fuzz::{company::Company, memory::bounded};
use libfuzzer_sys::fuzz_target;

/// How many messages are taken one by one: enough for what one leads to with the next.
const MOST: usize = 8;

fuzz_target!(|bytes: &[u8]| {
    let frame = Bytes::copy_from_slice(bytes);
    bounded(bytes.len(), || {
        let Ok(mut messages) = Message::decode_frame(&frame) else { return };
        let mut company = Company::default();
        let one_by_one = if messages.len() % 2 == 0 { 0 } else { messages.len().min(MOST) };
        for message in messages.drain(..one_by_one) {
            company.hear(vec![message]);
            company.is_undisturbed();
        }
        company.hear(messages);
        company.is_undisturbed();
        company.ends_well();
    });
});
