//! The document as a CRDT.

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{
    Engine,
    alphabet::URL_SAFE,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use collab::{document::Document, id::ClientId};
use serde::Deserialize;
use tokio::task;
use utoipa::IntoParams;

use super::{
    Api,
    body::Octets,
    name::{Name, Named},
    problem::{Kind, Problem},
    text::ASK,
    version::Version,
};

const OCTETS: (header::HeaderName, &str) = (header::CONTENT_TYPE, "application/octet-stream");

/// Base64 as it stands in addresses, with or without its padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What is asked for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wish {
    /// What you know: a state vector, in base64url. The answer holds the rest.
    #[param(example = "AA")]
    state_vector: Option<String>,
}

/// Reads the state.
///
/// It is one Yjs update (v1): the text is the root text `text`, and a title that somebody has given is the string `title`
/// in the root map `meta`.
#[utoipa::path(
    get,
    path = "/api/documents/{document}/state",
    tag = "state",
    params(Named, Wish),
    responses(
        (status = 200, description = "a Yjs update (v1)", body = Octets,
            content_type = "application/octet-stream",
            headers(("ETag" = String, description = "the version of the text"))),
    )
)]
pub(super) async fn read_state(
    State(api): State<Api>,
    Name(id): Name,
    wish: Result<Query<Wish>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(wish) = wish.map_err(|rejection| Kind::BadRequest.because(rejection.body_text()))?;
    let known = wish.state_vector.map(|vector| BASE64.decode(vector)).transpose();
    let known = known.map_err(|error| Kind::BadRequest.because(format!("state_vector: {error}")))?;
    let sight = api.rooms.look(&id).await?;
    let tag = Version::of(&sight).header();
    let state = sight.glimpse.state;
    let state = match known {
        Some(known) => task::spawn_blocking(move || since(&state, &known))
            .await
            .map_err(|_| Kind::Internal.because("it is in the server's log"))??,
        None => state,
    };
    Ok(([tag], [OCTETS, ASK], state).into_response())
}

fn since(state: &[u8], known: &[u8]) -> Result<Vec<u8>, Problem> {
    let mut document = Document::new(ClientId::SERVER);
    document.merge([state]);
    let missing = document.diff_since(known);
    missing.map(Into::into).map_err(|error| Kind::BadRequest.because(format!("state_vector: {error}")))
}

/// Merges an update.
///
/// It may be the difference to a state that you have read, or a whole document. What is there already does no harm. The
/// answer comes when it is on disk.
#[utoipa::path(
    post,
    path = "/api/documents/{document}/state",
    tag = "state",
    params(Named),
    request_body(content = Octets, content_type = "application/octet-stream", description = "a Yjs update (v1)"),
    responses(
        (status = 204, description = "it is part of the document",
            headers(("ETag" = String, description = "the version of the text"))),
    )
)]
pub(super) async fn merge_state(
    State(api): State<Api>,
    Name(id): Name,
    Octets(update): Octets,
) -> Result<Response, Problem> {
    api.bring(&id, update).await?;
    let version = Version::of(&api.rooms.look_after(&id).await?);
    Ok((StatusCode::NO_CONTENT, [version.header()]).into_response())
}
