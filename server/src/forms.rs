//! What pages send by forms, and the link to a new document: all of it works without a script, and leads to a page.

use app::{
    forms,
    upload::{self, Complaint},
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Multipart, State, multipart::MultipartRejection},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::from_fn_with_state,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use collab::id::DocId;
use tower_http::limit::RequestBodyLimitLayer;

use crate::{
    api::{
        Api, Pace, Problem,
        name::{self, Name},
        pace,
    },
    edge::client_address::ClientAddress,
    rooms::{DeleteError, UndeleteError},
};

/// What a form adds to its file, in bytes.
const AROUND_THE_FILE: usize = 64 * 1024;

const KEEP_NOTHING: (HeaderName, HeaderValue) = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));

/// `GET` and `POST /new`, `POST /d/{document}/delete` and `restore`.
pub(crate) fn routes(api: Api, pace: Pace) -> Router {
    Router::new()
        .route(upload::PATH, get(begin).post(take))
        .route(forms::DELETE, post(delete))
        .route(forms::RESTORE, post(restore))
        .with_state(api)
        .layer(DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(upload::MOST_BYTES + AROUND_THE_FILE))
        .layer(from_fn_with_state(pace, pace::check))
}

/// Leads to a document that nobody has been to, at an address that nobody can guess. Until somebody writes in it, it is
/// nowhere.
async fn begin() -> Result<Response, Problem> {
    Ok(([KEEP_NOTHING], lead_to(&name::fresh()?)).into_response())
}

/// Makes a document of a file, and leads there; or back to the form, if it cannot be.
async fn take(State(api): State<Api>, form: Result<Multipart, MultipartRejection>) -> Redirect {
    let made = match read(form).await {
        Ok(text) => api.make(None, text).await.map_err(|_| Complaint::NotNow),
        Err(complaint) => Err(complaint),
    };
    match made {
        Ok(id) => lead_to(&id),
        Err(complaint) => Redirect::to(&format!("/?{}={}", upload::PARAMETER, complaint.code())),
    }
}

/// The text in the form's one file. The mark with which some programs let files in UTF-8 begin is none of it.
async fn read(form: Result<Multipart, MultipartRejection>) -> Result<String, Complaint> {
    let mut form = form.map_err(|_| Complaint::NotOne)?;
    while let Some(field) = form.next_field().await.map_err(|_| Complaint::NotOne)? {
        if field.name() != Some(upload::FIELD) || field.file_name().is_none_or(str::is_empty) {
            continue;
        }
        let bytes = field.bytes().await.map_err(|error| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Complaint::TooLarge,
            _ => Complaint::NotOne,
        })?;
        if bytes.len() > upload::MOST_BYTES {
            return Err(Complaint::TooLarge);
        }
        let text = String::from_utf8(bytes.into()).map_err(|_| Complaint::NoText)?;
        return Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text));
    }
    Err(Complaint::NotOne)
}

/// Deletes a document, and leads to the page that says so. What nobody has written to is gone already.
async fn delete(State(api): State<Api>, Name(id): Name, client: ClientAddress) -> Response {
    match api.rooms.delete(&id).await {
        Ok(_) => {
            tracing::info!(document = %id, %client, "somebody has deleted a document");
            lead_to(&id).into_response()
        }
        Err(DeleteError::NothingThere) => Redirect::to("/").into_response(),
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")).into_response(),
    }
}

/// Takes a deleted document back, and leads there. Somebody else may have been first.
async fn restore(State(api): State<Api>, Name(id): Name) -> Response {
    match api.rooms.undelete(&id).await {
        Ok(()) | Err(UndeleteError::NotDeleted) => lead_to(&id).into_response(),
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")).into_response(),
    }
}

fn lead_to(id: &DocId) -> Redirect {
    Redirect::to(&format!("/d/{id}"))
}
