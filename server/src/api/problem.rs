//! What goes wrong, as developers are told: RFC 9457.

use app::ports::{Absence, Deletion};
use axum::{
    body::{self, Body},
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::moment::Moment;
use crate::{
    rooms::{DeleteError, OpenError, UndeleteError},
    visit::VisitError,
};

/// How such an answer is marked.
const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/problem+json");
/// The longest reason that is taken over from a plain answer, in bytes.
const REASON: usize = 1024;

/// Why a request was not carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// Which kind of problem it is; stays the same for ever.
    #[serde(rename = "type")]
    #[schema(example = "urn:scriptorium:problem:deleted")]
    kind: String,
    /// The kind, in words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What happened this time.
    detail: String,
    /// When the document was deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    deleted: Option<Moment>,
    /// Until when that can be undone at least.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Moment>,
}

/// The kinds that callers treat differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    BadRequest,
    BadName,
    Forbidden,
    ListingOff,
    NotFound,
    MethodNotAllowed,
    Conflict,
    Deleted,
    PreconditionFailed,
    VersionGone,
    TooLarge,
    AddressTooLong,
    MediaType,
    Unprocessable,
    TooManyRequests,
    Internal,
    NotSaved,
    Unavailable,
    Other(StatusCode),
}

impl Kind {
    /// Its status, its name and its title.
    fn about(self) -> (StatusCode, &'static str, &'static str) {
        use StatusCode as S;
        match self {
            Self::BadRequest => (S::BAD_REQUEST, "bad-request", "The request cannot be understood"),
            Self::BadName => (S::BAD_REQUEST, "bad-name", "No document can have this name"),
            Self::Forbidden => (S::FORBIDDEN, "forbidden", "This is not allowed"),
            Self::ListingOff => (S::FORBIDDEN, "listing-off", "This server does not list its documents"),
            Self::NotFound => (S::NOT_FOUND, "not-found", "There is no such thing"),
            Self::MethodNotAllowed => {
                (S::METHOD_NOT_ALLOWED, "method-not-allowed", "That cannot be done with this")
            }
            Self::Conflict => (S::CONFLICT, "conflict", "The update does not fit the document"),
            Self::Deleted => (S::GONE, "deleted", "The document was deleted"),
            Self::PreconditionFailed => {
                (S::PRECONDITION_FAILED, "precondition-failed", "The document is not as you want it to be")
            }
            Self::VersionGone => {
                (S::PRECONDITION_FAILED, "version-gone", "This version of the document is not known any more")
            }
            Self::TooLarge => (S::PAYLOAD_TOO_LARGE, "too-large", "That is too large"),
            Self::AddressTooLong => (S::URI_TOO_LONG, "address-too-long", "The address is too long"),
            Self::MediaType => {
                (S::UNSUPPORTED_MEDIA_TYPE, "media-type", "A body of this type is not understood here")
            }
            Self::Unprocessable => {
                (S::UNPROCESSABLE_ENTITY, "unprocessable", "This cannot be done with this document")
            }
            Self::TooManyRequests => {
                (S::TOO_MANY_REQUESTS, "too-many-requests", "Too many requests come from your address")
            }
            Self::Internal => (S::INTERNAL_SERVER_ERROR, "internal", "Something went wrong here"),
            Self::NotSaved => (S::SERVICE_UNAVAILABLE, "not-saved", "Nobody can say that this is saved"),
            Self::Unavailable => {
                (S::SERVICE_UNAVAILABLE, "unavailable", "The server cannot do this at the moment")
            }
            Self::Other(status) => (status, "other", "The request was not carried out"),
        }
    }

    /// What a status means where only that is known.
    fn of(status: StatusCode) -> Self {
        match status {
            StatusCode::BAD_REQUEST => Self::BadRequest,
            StatusCode::FORBIDDEN => Self::Forbidden,
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::URI_TOO_LONG => Self::AddressTooLong,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::MediaType,
            StatusCode::UNPROCESSABLE_ENTITY => Self::Unprocessable,
            StatusCode::INTERNAL_SERVER_ERROR => Self::Internal,
            StatusCode::SERVICE_UNAVAILABLE => Self::Unavailable,
            other => Self::Other(other),
        }
    }

    /// It has happened, in this way.
    pub(crate) fn because(self, detail: impl ToString) -> Problem {
        let (status, name, title) = self.about();
        Problem {
            kind: format!("urn:scriptorium:problem:{name}"),
            title,
            status: status.as_u16(),
            detail: detail.to_string(),
            deleted: None,
            until: None,
        }
    }
}

impl Problem {
    /// Whether it says that the document was deleted.
    pub(super) fn is_deletion(&self) -> bool {
        self.status == StatusCode::GONE.as_u16()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).expect("it was made of a status");
        let body = serde_json::to_vec(&self).expect("strings and numbers are JSON");
        (status, [(header::CONTENT_TYPE, MEDIA_TYPE)], body).into_response()
    }
}

impl From<Absence> for Problem {
    fn from(absence: Absence) -> Self {
        match absence {
            Absence::Deleted(Deletion { at, until }) => Self {
                deleted: Some(Moment(at)),
                until: Some(Moment(until)),
                ..Kind::Deleted.because("It can be brought back: POST …/restore.")
            },
            Absence::Unreadable => Kind::Unavailable.because(absence),
        }
    }
}

impl From<OpenError> for Problem {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Deleted => Kind::Deleted.because(error),
            _ => Kind::Unavailable.because(error),
        }
    }
}

impl From<VisitError> for Problem {
    fn from(error: VisitError) -> Self {
        match error {
            VisitError::NotOpened(error) => error.into(),
            VisitError::NotSaved(_) | VisitError::Unknown => Kind::NotSaved.because(error),
            VisitError::SentAway(reason) => match reason.code {
                4409 => Kind::Conflict,
                4410 => Kind::Deleted,
                1009 | 4413 | 4414 => Kind::TooLarge,
                4400 | 4422 => Kind::Unprocessable,
                _ => Kind::NotSaved,
            }
            .because(reason.reason),
        }
    }
}

impl From<DeleteError> for Problem {
    fn from(error: DeleteError) -> Self {
        match error {
            DeleteError::NothingThere => Kind::NotFound.because(error),
            DeleteError::NotOpened(error) => error.into(),
            DeleteError::NotNow => Kind::Unavailable.because(error),
        }
    }
}

impl From<UndeleteError> for Problem {
    fn from(error: UndeleteError) -> Self {
        match error {
            UndeleteError::NotDeleted => Kind::NotFound.because(error),
            UndeleteError::NotNow => Kind::Unavailable.because(error),
        }
    }
}

/// Whoever or whatever has refused a request to the interface: the answer is a problem.
pub(crate) async fn dress(request: Request, next: Next) -> Response {
    let is_ours = request.uri().path().starts_with("/api/");
    let response = next.run(request).await;
    let status = response.status();
    let is_dressed = response.headers().get(header::CONTENT_TYPE) == Some(&MEDIA_TYPE);
    if !is_ours || is_dressed || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let problem = Kind::of(status).because(reason(parts.headers.get(header::CONTENT_TYPE), body).await);
    parts.headers.insert(header::CONTENT_TYPE, MEDIA_TYPE);
    parts.headers.remove(header::CONTENT_LENGTH);
    let body = serde_json::to_vec(&problem).expect("strings and numbers are JSON");
    Response::from_parts(parts, Body::from(body))
}

/// What a plain answer says.
async fn reason(media_type: Option<&HeaderValue>, body: Body) -> String {
    let is_plain = media_type.is_some_and(|value| value.as_bytes().starts_with(b"text/plain"));
    let said =
        if is_plain { body::to_bytes(body, REASON).await.unwrap_or_default() } else { Default::default() };
    String::from_utf8_lossy(&said).trim().to_owned()
}
