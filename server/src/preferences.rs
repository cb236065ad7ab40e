//! How a person wants to see the pages: read from each request, and remembered in cookies.

use app::preferences::{Language, Preference, Preferences, Scrolling, Theme};
use axum::{
    Form,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::{provide_context, use_context};
use leptos_axum::ResponseOptions;
use serde::Deserialize;

/// By this header of theirs, browsers say who caused a request. Scripts cannot set it.
const CAUSED_BY: HeaderName = HeaderName::from_static("sec-fetch-site");

/// What the form says.
#[derive(Deserialize)]
pub(crate) struct Wish {
    language: Option<String>,
    theme: Option<String>,
    scrolling: Option<String>,
    back: Option<String>,
}

/// Tells the page that is being rendered who asks for it, and caches on what it depends.
pub(crate) fn provide() {
    if let Some(request) = use_context::<Parts>() {
        provide_context(of(&request.headers));
    }
    if let Some(response) = use_context::<ResponseOptions>() {
        response.insert_header(header::VARY, HeaderValue::from_static("accept-language, cookie"));
    }
}

/// Remembers what a person has chosen, and leads back to the page where they chose it.
pub(crate) async fn remember(headers: HeaderMap, Form(wish): Form<Wish>) -> Response {
    let is_from_elsewhere =
        headers.get(CAUSED_BY).is_some_and(|site| !matches!(site.as_bytes(), b"same-origin" | b"none"));
    if is_from_elsewhere {
        return (StatusCode::FORBIDDEN, "only pages of this server may choose\n").into_response();
    }
    let chosen = [
        cookie::<Language>(wish.language.as_deref()),
        cookie::<Theme>(wish.theme.as_deref()),
        cookie::<Scrolling>(wish.scrolling.as_deref()),
    ];
    match chosen.into_iter().collect::<Result<Vec<_>, _>>() {
        Ok(cookies) => {
            let back = Redirect::to(wish.back.as_deref().filter(|path| is_local(path)).unwrap_or("/"));
            let set = cookies.into_iter().flatten().map(|cookie| (header::SET_COOKIE, cookie));
            let mut response = back.into_response();
            response.headers_mut().extend(set);
            response
        }
        Err(Unknown) => (StatusCode::BAD_REQUEST, "there is no such choice\n").into_response(),
    }
}

struct Unknown;

fn cookie<T: Preference>(code: Option<&str>) -> Result<Option<HeaderValue>, Unknown> {
    let Some(code) = code else {
        return Ok(None);
    };
    let cookie = T::of(code).ok_or(Unknown)?.cookie();
    Ok(Some(HeaderValue::from_str(&cookie).expect("codes are ASCII")))
}

/// Whether an address is a path on this server. Browsers take `//x` and `/\x` for another host's, and ignore tabs and
/// line ends on the way there.
fn is_local(address: &str) -> bool {
    let is_elsewhere = address.starts_with("//") || address.starts_with("/\\");
    address.starts_with('/') && !is_elsewhere && address.bytes().all(|byte| byte.is_ascii_graphic())
}

fn of(headers: &HeaderMap) -> Preferences {
    // HTTP/2 may send cookies one by one.
    let all = |name| {
        let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
        values.collect::<Vec<_>>()
    };
    Preferences::of(&all(header::COOKIE).join("; "), &all(header::ACCEPT_LANGUAGE).join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_on_this_server_are_local() {
        assert!(["/", "/d/a", "/d/a?mode=read&view=markdown", "/%0d%0a"].into_iter().all(is_local));
        let others = [
            "",
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "d/a",
            "/\r\nx: y",
        ];
        assert!(!others.into_iter().any(is_local));
    }

    #[test]
    fn headers_that_come_in_pieces_are_read() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("theme=dark"));
        headers.append(header::COOKIE, HeaderValue::from_static("language=de"));
        headers.append(header::COOKIE, HeaderValue::from_bytes(b"other=\xff").unwrap());
        assert_eq!(
            of(&headers),
            Preferences { language: Language::German, theme: Theme::Dark, scrolling: Scrolling::Together }
        );
    }
}
