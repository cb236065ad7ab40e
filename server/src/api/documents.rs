//! Documents as things that are made, named, listed and deleted.

use axum::{
    body::Bytes,
    extract::{Query, Request, State, rejection::QueryRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use collab::{
    edit::{TextEdit, utf16_len},
    id::DocId,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Api,
    body::{self, Json},
    draft,
    moment::Moment,
    name::{self, Name, Named},
    problem::{Kind, Problem},
    version::{Condition, Version},
};
use crate::{edge::client_address::ClientAddress, rooms::Sight};

/// The most documents in one answer.
const MOST: usize = 100;

/// What is known of a document, beside its text.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Metadata {
    /// Its name.
    id: String,
    /// What it is called: as somebody has given it a title, or as its text begins.
    title: String,
    /// How long the text is, in UTF-16 units, as offsets count.
    length: u32,
    /// How long the text is, in bytes of UTF-8.
    bytes: usize,
    /// When it was last changed; nothing, if nobody has ever written to it.
    updated: Option<Moment>,
    /// The version of the text, as in `ETag`.
    version: String,
}

/// A new document. All of it may be left out.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct New {
    /// What it is called.
    title: Option<String>,
    /// Its text.
    text: Option<String>,
}

/// What is to be another way.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    /// What it is called from now on. `null`, or nothing that can be seen: as its text begins.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required)]
    title: Option<String>,
}

/// Some of the server's documents.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Listed {
    /// By name.
    documents: Vec<Entry>,
    /// Ask for those after this one to learn of more; nothing, if there are none.
    next: Option<String>,
}

/// One of the server's documents.
#[derive(Debug, Serialize, ToSchema)]
struct Entry {
    /// Its name.
    id: String,
    /// What it is called.
    title: String,
    /// When it was last changed.
    updated: Option<Moment>,
}

/// Which documents are asked for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Page {
    /// Those whose names come after this one.
    after: Option<String>,
    /// How many at the most.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<usize>,
}

impl Metadata {
    pub(super) fn of(id: &DocId, sight: &Sight) -> Self {
        Self {
            id: id.to_string(),
            title: sight.glimpse.title.clone(),
            length: utf16_len(&sight.glimpse.text),
            bytes: sight.glimpse.text.len(),
            updated: moment(sight.updated),
            version: Version::of(sight).to_string(),
        }
    }
}

impl IntoResponse for Metadata {
    fn into_response(self) -> Response {
        let tag = HeaderValue::from_str(&self.version).expect("digits are ASCII");
        ([(header::ETAG, tag)], axum::Json(self)).into_response()
    }
}

fn moment(at: u64) -> Option<Moment> {
    (at > 0).then_some(Moment(at))
}

/// Lists the server's documents.
///
/// Only where the operator lets it. Whoever knows a document's name can write to it.
#[utoipa::path(
    get,
    path = "/api/documents",
    tag = "documents",
    params(Page),
    responses((status = 200, description = "some of them, by name", body = Listed))
)]
pub(super) async fn list(
    State(api): State<Api>,
    page: Result<Query<Page>, QueryRejection>,
) -> Result<axum::Json<Listed>, Problem> {
    let Query(page) = page.map_err(|rejection| Kind::BadRequest.because(rejection.body_text()))?;
    if !api.settings.lists {
        return Err(Kind::ListingOff.because("its operator can change that: --list-documents"));
    }
    let limit = page.limit.unwrap_or(MOST);
    if !(1..=MOST).contains(&limit) {
        return Err(Kind::BadRequest.because(format!("limit must be from 1 to {MOST}")));
    }
    let after = page.after.map(|name| name.parse::<DocId>()).transpose();
    let after = after.map_err(|error| Kind::BadName.because(error))?;
    let listing = api.rooms.list(after.as_ref(), limit).await?;
    let entry = |entry: app::ports::Entry| Entry {
        id: entry.id.to_string(),
        title: entry.title,
        updated: moment(entry.updated),
    };
    let documents = listing.entries.into_iter().map(entry).collect();
    Ok(axum::Json(Listed { documents, next: listing.next.map(|id| id.to_string()) }))
}

/// Makes a document.
///
/// Its name cannot be guessed. The body may be its title and text as JSON, or a text itself (`text/…`), or empty. As long
/// as nothing is written to it, the server keeps nothing of it.
#[utoipa::path(
    post,
    path = "/api/documents",
    tag = "documents",
    request_body(content(
        (New = "application/json"),
        (String = "text/plain"),
    )),
    responses(
        (status = 201, description = "it is there", body = Metadata,
            headers(
                ("Location" = String, description = "its address"),
                ("ETag" = String, description = "its version"),
            )),
    )
)]
pub(super) async fn create(State(api): State<Api>, request: Request) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let New { title, text } = New::of(&headers, body::read(request, &api).await?)?;
    let id = api.make(title, text.unwrap_or_default()).await?;
    let metadata = Metadata::of(&id, &api.rooms.look_after(&id).await?);
    let address = HeaderValue::from_str(&format!("/api/documents/{id}")).expect("names are ASCII");
    let mut response = (StatusCode::CREATED, metadata).into_response();
    response.headers_mut().insert(header::LOCATION, address);
    Ok(response)
}

impl Api {
    /// Makes a document, under a name that nobody can guess.
    pub(crate) async fn make(&self, title: Option<String>, text: String) -> Result<DocId, Problem> {
        let id = name::fresh()?;
        let edits = vec![TextEdit { at: 0, delete: 0, insert: text }];
        self.revise(&id, Condition::Nothing, |_: &str| Ok(draft::Change { edits, title })).await?;
        Ok(id)
    }
}

impl New {
    fn of(headers: &HeaderMap, bytes: Bytes) -> Result<Self, Problem> {
        match &*body::media_type(headers) {
            "application/json" => body::json_of(&bytes),
            kind if kind.starts_with("text/") => Ok(Self { text: Some(body::text_of(bytes)?), title: None }),
            _ if bytes.is_empty() => Ok(Self::default()),
            kind => Err(body::unknown(kind, "application/json or text/plain")),
        }
    }
}

/// Tells what is known of a document.
///
/// Every name is a document's: one that was never written to is empty.
#[utoipa::path(
    get,
    path = "/api/documents/{document}",
    tag = "documents",
    params(Named),
    responses(
        (status = 200, description = "what is known of it", body = Metadata,
            headers(("ETag" = String, description = "its version"))),
    )
)]
pub(super) async fn describe(State(api): State<Api>, Name(id): Name) -> Result<Metadata, Problem> {
    Ok(Metadata::of(&id, &api.rooms.look(&id).await?))
}

/// Gives a document a title, or takes it away.
///
/// The title is part of the document: everybody who has it open sees it at once.
#[utoipa::path(
    patch,
    path = "/api/documents/{document}",
    tag = "documents",
    params(Named),
    request_body = Change,
    responses(
        (status = 200, description = "the document as it is now", body = Metadata,
            headers(("ETag" = String, description = "its version"))),
    )
)]
pub(super) async fn rename(
    State(api): State<Api>,
    Name(id): Name,
    Json(Change { title }): Json<Change>,
) -> Result<Metadata, Problem> {
    let change = |_: &str| Ok(draft::Change { title: Some(title.unwrap_or_default()), ..Default::default() });
    api.revise(&id, Condition::None, change).await?;
    Ok(Metadata::of(&id, &api.rooms.look_after(&id).await?))
}

/// Deletes a document.
///
/// Everybody who has it open is told. Until it is final, a deletion can be undone; after that, the name is free.
#[utoipa::path(
    delete,
    path = "/api/documents/{document}",
    tag = "documents",
    params(Named),
    responses(
        (status = 204, description = "it is deleted"),
        (status = 404, description = "nobody has ever written to it", body = Problem,
            content_type = "application/problem+json"),
    )
)]
pub(super) async fn delete(
    State(api): State<Api>,
    Name(id): Name,
    client: ClientAddress,
) -> Result<StatusCode, Problem> {
    // Whoever is told that it was deleted before wants to know when.
    api.rooms.look(&id).await?;
    api.rooms.delete(&id).await?;
    tracing::info!(document = %id, %client, "somebody has deleted a document");
    Ok(StatusCode::NO_CONTENT)
}

/// Brings a deleted document back, as it was.
#[utoipa::path(
    post,
    path = "/api/documents/{document}/restore",
    tag = "documents",
    params(Named),
    responses(
        (status = 200, description = "the document as it is now", body = Metadata,
            headers(("ETag" = String, description = "its version"))),
        (status = 404, description = "there is no deleted document of this name", body = Problem,
            content_type = "application/problem+json"),
    )
)]
pub(super) async fn restore(State(api): State<Api>, Name(id): Name) -> Result<Metadata, Problem> {
    api.rooms.undelete(&id).await?;
    Ok(Metadata::of(&id, &api.rooms.look_after(&id).await?))
}
