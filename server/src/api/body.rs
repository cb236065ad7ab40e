//! What a request brings.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, schema::Type},
};

use super::problem::{Kind, Problem};

/// A body that is text in UTF-8.
pub(super) struct Text(pub(super) String);

/// A body that is JSON, and as it should be.
pub(super) struct Json<T>(pub(super) T);

/// A body that is bytes.
pub(super) struct Octets(pub(super) Bytes);

impl PartialSchema for Octets {
    fn schema() -> RefOr<Schema> {
        let format = SchemaFormat::KnownFormat(KnownFormat::Binary);
        ObjectBuilder::new().schema_type(Type::String).format(Some(format)).into()
    }
}

impl ToSchema for Octets {}

/// How the body is marked, without parameters, in small letters; empty where it is not.
pub(super) fn media_type(headers: &HeaderMap) -> String {
    let marked = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    marked.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

pub(super) fn text_of(bytes: Bytes) -> Result<String, Problem> {
    String::from_utf8(bytes.into()).map_err(|error| Kind::BadRequest.because(format!("no UTF-8: {error}")))
}

pub(super) fn json_of<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| Kind::BadRequest.because(error))?;
    // Lists would be taken for objects whose fields come in order.
    if !value.is_object() {
        return Err(Kind::Unprocessable.because("this must be an object"));
    }
    serde_json::from_value(value).map_err(|error| Kind::Unprocessable.because(error))
}

impl<S: Send + Sync> FromRequest<S> for Text {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let kind = media_type(request.headers());
        if !kind.is_empty() && !kind.starts_with("text/") {
            return Err(unknown(&kind, "text/plain"));
        }
        text_of(read(request, state).await?).map(Self)
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let kind = media_type(request.headers());
        if kind != "application/json" {
            return Err(unknown(&kind, "application/json"));
        }
        json_of(&read(request, state).await?).map(Self)
    }
}

impl<S: Send + Sync> FromRequest<S> for Octets {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let kind = media_type(request.headers());
        if !kind.is_empty() && kind != "application/octet-stream" {
            return Err(unknown(&kind, "application/octet-stream"));
        }
        read(request, state).await.map(Self)
    }
}

pub(super) fn unknown(kind: &str, expected: &str) -> Problem {
    Kind::MediaType.because(format!("{kind:?} is not {expected}"))
}

pub(super) async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state).await.map_err(|rejection: BytesRejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Kind::TooLarge.because(rejection.body_text()),
        _ => Kind::BadRequest.because(rejection.body_text()),
    })
}
