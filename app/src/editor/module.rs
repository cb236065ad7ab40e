//! The surface's code, which is TypeScript (`app/surface`): loaded when it is needed, and spoken to through here only.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Element;

use super::MODULE;

#[wasm_bindgen]
extern "C" {
    /// What `LOADER` has put into the page.
    #[wasm_bindgen(js_name = loadModule)]
    fn load(address: &str) -> Promise;

    /// The class `Surface` in `app/surface/src/surface.ts`.
    pub(super) type View;

    #[wasm_bindgen(method, catch)]
    pub(super) fn apply(this: &View, edits: &Array) -> Result<(), JsValue>;

    #[wasm_bindgen(method)]
    pub(super) fn text(this: &View) -> String;

    #[wasm_bindgen(method, js_name = topLine)]
    pub(super) fn top_line(this: &View) -> f64;

    #[wasm_bindgen(method, js_name = scrollToLine)]
    pub(super) fn scroll_to_line(this: &View, line: f64);

    #[wasm_bindgen(method)]
    pub(super) fn turn(this: &View, setting: &str, is_on: bool);

    #[wasm_bindgen(method)]
    pub(super) fn introduce(this: &View, id: f64, name: &str, color: &str, ink: &str);

    #[wasm_bindgen(method)]
    pub(super) fn point(this: &View, id: f64, anchor: Option<u32>, head: Option<u32>);

    #[wasm_bindgen(method)]
    pub(super) fn leave(this: &View, id: f64);

    #[wasm_bindgen(method)]
    pub(super) fn reveal(this: &View, id: f64);

    #[wasm_bindgen(method)]
    pub(super) fn search(this: &View);
}

/// The module, once it is loaded.
pub(crate) struct Module(JsValue);

impl Module {
    /// Loads it.
    ///
    /// # Errors
    /// If it cannot be reached.
    pub(crate) async fn load() -> Result<Self, JsValue> {
        JsFuture::from(load(MODULE)).await.map(Self)
    }

    /// Makes a surface, in the place of what `parent` holds.
    pub(super) fn mount(
        &self,
        parent: &Element,
        text: &str,
        words: &Object,
        settings: &Array,
        listener: &Object,
    ) -> View {
        let class: Function = field(&self.0, "Surface").unchecked_into();
        let arguments = Array::of5(parent, &text.into(), words, settings, listener);
        Reflect::construct(&class, &arguments).expect("the surface's code is whole").unchecked_into()
    }
}

/// A JavaScript object with these fields.
pub(super) fn object<'a>(fields: impl IntoIterator<Item = (&'a str, JsValue)>) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        Reflect::set(&object, &name.into(), &value).expect("a new object takes every field");
    }
    object
}

fn field(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).expect("modules and objects can be looked into")
}
