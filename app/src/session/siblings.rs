//! The browser's other tabs on the same document.

use collab::{Bytes, id::DocId};
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

/// A way to them, where the browser has one. It lasts as long as the page.
pub(super) struct Siblings(Option<BroadcastChannel>);

impl Siblings {
    /// From now on this tab hears what they say.
    pub(super) fn join(id: &DocId, hear: impl Fn(Bytes) + 'static) -> Self {
        let Ok(channel) = BroadcastChannel::new(&format!("scriptorium/{id}")) else {
            return Self(None);
        };
        let listener = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if let Ok(words) = event.data().dyn_into::<Uint8Array>() {
                hear(words.to_vec().into());
            }
        });
        channel.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        listener.forget();
        Self(Some(channel))
    }

    /// Tells all of them.
    pub(super) fn tell(&self, words: &[u8]) {
        if let Some(channel) = &self.0 {
            // Only a closed channel refuses.
            let _ = channel.post_message(&Uint8Array::from(words));
        }
    }
}

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests {
    use std::{cell::RefCell, rc::Rc};

    use futures::channel::oneshot;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    async fn siblings_hear_each_other_and_not_themselves() {
        let (sender, heard) = oneshot::channel();
        let sender = RefCell::new(Some(sender));
        let own = Rc::new(RefCell::new(Vec::new()));
        let [document, other] = ["siblings", "siblings-2"].map(|name| name.parse::<DocId>().unwrap());
        let hear = |words: &Rc<RefCell<Vec<Bytes>>>| {
            let words = words.clone();
            move |said| words.borrow_mut().push(said)
        };
        let one = Siblings::join(&document, hear(&own));
        let _stranger = Siblings::join(&other, hear(&own));
        let _sibling = Siblings::join(&document, move |words| {
            let _ = sender.take().map(|sender| sender.send(words));
        });
        one.tell(&[1, 2, 3]);
        assert_eq!(heard.await.unwrap()[..], [1, 2, 3]);
        assert!(own.borrow().is_empty());
    }
}
