//! The name in an address.

use axum::{
    extract::{FromRequestParts, Path, rejection::PathRejection},
    http::request::Parts,
};
use collab::id::DocId;
use utoipa::IntoParams;

use super::problem::{Kind, Problem};

/// A document, as the address names it.
pub(crate) struct Name(pub(crate) DocId);

/// How the interface's description tells of it.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "it is read by what describes the interface")]
pub(super) struct Named {
    /// The document's name.
    #[param(pattern = "^[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,127}$", example = "minutes")]
    document: String,
}

/// A name that no document has and nobody can guess.
pub(crate) fn fresh() -> Result<DocId, Problem> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|error| Kind::Internal.because(error))?;
    Ok(DocId::unguessable(u128::from_ne_bytes(random)))
}

impl<S: Send + Sync> FromRequestParts<S> for Name {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let named = Path::<String>::from_request_parts(parts, state).await;
        let Path(name) = named.map_err(|error: PathRejection| Kind::BadName.because(error.body_text()))?;
        name.parse().map(Self).map_err(|error| Kind::BadName.because(error))
    }
}
