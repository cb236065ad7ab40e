//! The text itself.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{
    Api,
    body::Text,
    draft::Change,
    name::{Name, Named},
    problem::Problem,
    version::{Condition, Version},
};
use crate::difference::difference;

const PLAIN: (header::HeaderName, &str) = (header::CONTENT_TYPE, "text/plain; charset=utf-8");
/// Whoever keeps it has to ask whether it is still the newest.
pub(super) const ASK: (header::HeaderName, &str) = (header::CACHE_CONTROL, "private, no-cache");

/// Reads the text.
///
/// Every name is a document's: one that was never written to is empty. With `If-None-Match`, the answer is 304 while
/// nothing has changed.
#[utoipa::path(
    get,
    path = "/api/documents/{document}/text",
    tag = "text",
    params(Named, ("If-None-Match" = Option<String>, Header, description = "the version that you have")),
    responses(
        (status = 200, description = "the text", body = String, content_type = "text/plain",
            headers(("ETag" = String, description = "its version"))),
        (status = 304, description = "you have the newest version"),
    )
)]
pub(super) async fn read_text(
    State(api): State<Api>,
    Name(id): Name,
    condition: Condition,
) -> Result<Response, Problem> {
    let sight = api.rooms.look(&id).await?;
    let version = Version::of(&sight);
    if condition.is_known(version)? {
        return Ok((StatusCode::NOT_MODIFIED, [version.header()]).into_response());
    }
    Ok(([version.header()], [PLAIN, ASK], sight.glimpse.text).into_response())
}

/// Replaces the text.
///
/// It becomes the smallest edits that make the new text of the version that you had, which `If-Match` names; without it,
/// of the newest. What others have written since stays, and everybody who has the document open sees the change at once.
/// The answer comes when it is on disk.
#[utoipa::path(
    put,
    path = "/api/documents/{document}/text",
    tag = "text",
    params(
        Named,
        ("If-Match" = Option<String>, Header,
            description = "the version that you had, or `*` if there must be one"),
        ("If-None-Match" = Option<String>, Header, description = "`*` if nothing may be there yet"),
    ),
    request_body(content = String, content_type = "text/plain"),
    responses(
        (status = 200, description = "the text as it is now, with what others have written", body = String,
            content_type = "text/plain", headers(("ETag" = String, description = "its version"))),
        (status = 201, description = "nothing had been there; the text is as you sent it",
            headers(("ETag" = String, description = "its version"))),
        (status = 204, description = "the text is as you sent it",
            headers(("ETag" = String, description = "its version"))),
    )
)]
pub(super) async fn write_text(
    State(api): State<Api>,
    Name(id): Name,
    condition: Condition,
    Text(wanted): Text,
) -> Result<Response, Problem> {
    let new = wanted.clone();
    let change = move |old: &str| Ok(Change { edits: difference(old, &new), ..Change::default() });
    let before = api.revise(&id, condition, change).await?;
    let is_first = before.last.0 == 0;
    let sight = api.rooms.look_after(&id).await?;
    let tag = Version::of(&sight).header();
    Ok(match sight.glimpse.text {
        text if text != wanted => ([tag], [PLAIN], text).into_response(),
        _ if is_first && sight.last.0 > 0 => (StatusCode::CREATED, [tag]).into_response(),
        _ => (StatusCode::NO_CONTENT, [tag]).into_response(),
    })
}
