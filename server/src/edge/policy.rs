//! What a page may load, run and be part of: its content security policy.
//!
//! A script runs only if the page names it with a number that is made up for this one answer, or if such a script loads
//! it. So text that slipped into a page as markup would still run nothing.

use axum::http::{HeaderValue, header, request::Parts};
use leptos::{
    config::LeptosOptions,
    nonce::{Nonce, use_nonce},
    prelude::use_context,
};
use leptos_axum::ResponseOptions;

use super::provenance::Provenance;

/// Everything that does not depend on the answer. Browsers count the same host's WebSockets as `'self'`.
const FIXED: &str = "default-src 'none'; font-src 'self'; frame-ancestors 'none'; base-uri 'none'; \
    form-action 'self'; img-src 'self' data:; manifest-src 'self'; object-src 'none'; worker-src 'self'";

/// What an answer that is no page may do if a browser shows it as one. A service worker lives by the policy of its own
/// script, so that it may fetch what the server has.
pub(super) const NO_PAGE: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
);

/// Puts the policy of the page that is being rendered into its answer. Answers with a nonce are for one person and one
/// time, so that no cache on the way may keep them.
pub(crate) fn provide(leptos: &LeptosOptions) {
    let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) else { return };
    let policy = policy(&nonce, &live_reload(leptos).unwrap_or_default());
    let policy = HeaderValue::from_str(&policy).expect("nonces, hosts and ports are ASCII");
    response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    response.insert_header(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
}

fn policy(nonce: &Nonce, also: &str) -> String {
    format!(
        "{FIXED}; connect-src 'self'{also}; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
        style-src 'self' 'nonce-{nonce}'"
    )
}

/// Where `cargo leptos watch`, if it has started this server, tells pages that there is something new.
fn live_reload(leptos: &LeptosOptions) -> Option<String> {
    std::env::var_os("LEPTOS_WATCH")?;
    let request = use_context::<Parts>()?;
    let host = request.extensions.get::<Provenance>()?.host.as_ref()?.host().to_owned();
    let port = leptos.reload_external_port.unwrap_or(leptos.reload_port);
    Some(format!(" ws://{host}:{port} wss://{host}:{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_runs_but_what_the_page_names() {
        let policy = policy(&Nonce::from_value("abc"), "");
        assert!(policy.contains("script-src 'nonce-abc' 'strict-dynamic' 'wasm-unsafe-eval';"), "{policy}");
        assert!(policy.contains("style-src 'self' 'nonce-abc'"), "{policy}");
        assert!(policy.contains("connect-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
    }
}
