//! Lists that change.

use web_sys::Element;

/// The entries of a list, each made for a key. It stays the same element as long as its key is there, so that it keeps
/// the focus.
pub(crate) struct Entries<K> {
    list: Element,
    shown: Vec<(K, Element)>,
}

impl<K: PartialEq> Entries<K> {
    /// Of a list in which others have put nothing behind these entries.
    pub(crate) fn of(list: Element) -> Self {
        Self { list, shown: Vec::new() }
    }

    /// Shows an entry for each of these keys, in their order. Returns all of them.
    pub(crate) fn show(&mut self, keys: Vec<K>, make: impl Fn(&K) -> Option<Element>) -> &[(K, Element)] {
        let mut before = std::mem::take(&mut self.shown);
        before.retain(|(key, element)| {
            let stays = keys.contains(key);
            if !stays {
                element.remove();
            }
            stays
        });
        for key in keys {
            match before.iter().position(|(other, _)| *other == key) {
                Some(0) => self.shown.push(before.remove(0)),
                Some(later) => {
                    let entry = before.remove(later);
                    self.insert(&entry.1, &before);
                    self.shown.push(entry);
                }
                None => {
                    if let Some(element) = make(&key) {
                        self.insert(&element, &before);
                        self.shown.push((key, element));
                    }
                }
            }
        }
        &self.shown
    }

    /// Puts an element before those that are yet to come.
    fn insert(&self, element: &Element, before: &[(K, Element)]) {
        let next = before.first().map(|(_, element)| element.as_ref());
        let _ = self.list.insert_before(element, next);
    }
}

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests {
    use leptos_dom::helpers::document;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn make(key: &char) -> Option<Element> {
        let element = document().create_element("li").ok()?;
        element.set_text_content(Some(&key.to_string()));
        Some(element)
    }

    #[wasm_bindgen_test]
    fn entries_are_in_order_and_stay_the_same_elements() {
        let list = document().create_element("ul").unwrap();
        let mut entries = Entries::of(list.clone());
        let mut known: Vec<(char, Element)> = Vec::new();
        for keys in ["bd", "abcd", "dcba", "", "ca", "xcya", "a"] {
            let shown = entries.show(keys.chars().collect(), make).to_vec();
            assert_eq!(list.text_content().unwrap(), keys);
            for (key, element) in &shown {
                let before = known.iter().find(|(other, _)| other == key);
                assert!(before.is_none_or(|(_, before)| before == element), "{key} of {keys}");
            }
            known = shown;
        }
    }
}
