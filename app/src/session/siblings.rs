//! The browser's other tabs on the same document.

use collab::{Bytes, id::DocId};
use js_sys::Uint8Array;
use leptos::wasm_bindgen::{JsCast, closure::Closure};
use leptos::web_sys::{BroadcastChannel, MessageEvent};

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
