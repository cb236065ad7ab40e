//! The service worker, which opens pages without a network (`public/service-worker.js`).
//!
//! The server says in the page where it is. During development it says nothing, so that no worker stands between a
//! change and its page.

/// Where it is. A worker serves what lies beside and below it.
pub const PATH: &str = "/service-worker.js";

/// The name of the `<meta>` element that says so.
pub(crate) const META: &str = "service-worker";

/// Whether pages should have it: not while `cargo leptos watch` serves them.
#[cfg(feature = "ssr")]
pub(crate) fn is_wanted() -> bool {
    std::env::var_os("LEPTOS_WATCH").is_none()
}

/// Has the worker keep this page and the files that it has loaded, or sends away one from before. Where it fails, as
/// it does in browsers that allow no workers or on addresses without TLS, pages need a network as ever.
///
/// A browser starts a process for it, so it comes when the page has been open for a while, and not in the way of the
/// first keys. So does what the page may need without a network, with a worker or not.
#[cfg(feature = "hydrate")]
pub(crate) fn employ() {
    let settle = || wasm_bindgen_futures::spawn_local(async { drop(employment::settle().await) });
    leptos_dom::helpers::set_timeout(settle, std::time::Duration::from_secs(5));
}

#[cfg(feature = "hydrate")]
mod employment {
    use js_sys::{Array, Reflect};
    use leptos_dom::helpers::{document, location, window};
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::JsFuture;
    use web_sys::{ServiceWorkerContainer, ServiceWorkerRegistration};

    use super::META;
    use crate::reading::renderer;

    pub(super) async fn settle() -> Result<(), JsValue> {
        // Without a network, too, somebody may want to see Markdown, or print it.
        renderer::load().await;
        let container = Reflect::get(&window().navigator(), &"serviceWorker".into())?;
        let container: ServiceWorkerContainer = container.dyn_into()?;
        let meta = document().query_selector(&format!("meta[name={META}]"))?;
        match meta.and_then(|meta| meta.get_attribute("content")) {
            Some(path) => hire(&container, &path).await,
            None => dismiss(&container).await,
        }
    }

    async fn hire(container: &ServiceWorkerContainer, path: &str) -> Result<(), JsValue> {
        JsFuture::from(container.register(path)).await?;
        let registration: ServiceWorkerRegistration = JsFuture::from(container.ready()?).await?.dyn_into()?;
        let worker = registration.active().ok_or(JsValue::UNDEFINED)?;
        worker.post_message(&loaded()?.into())
    }

    async fn dismiss(container: &ServiceWorkerContainer) -> Result<(), JsValue> {
        let registrations = JsFuture::from(container.get_registrations()).await?;
        for registration in Array::from(&registrations) {
            let registration: ServiceWorkerRegistration = registration.dyn_into()?;
            JsFuture::from(registration.unregister()?).await?;
        }
        Ok(())
    }

    /// The paths of all files that this page has loaded from its server.
    fn loaded() -> Result<Array, JsValue> {
        let origin = location().origin()?;
        let performance = window().performance().ok_or(JsValue::UNDEFINED)?;
        let files = Array::new();
        for entry in performance.get_entries_by_type("resource") {
            let name = Reflect::get(&entry, &"name".into())?.as_string().unwrap_or_default();
            if let Some(path) = name.strip_prefix(&origin) {
                files.push(&path.into());
            }
        }
        Ok(files)
    }
}
