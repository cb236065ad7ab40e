//! The HTTP interface, for whoever has no browser and speaks no Yjs: `docs/http.md` shows it.
//!
//! In reading order: what addresses and requests hold (`name`, `version`, `body`), what is done with documents
//! (`documents`) and their content (`text`, `edits`, `state`), how a change gets into a room (`draft`, `pens`), how often
//! one may ask (`pace`), and what is said when something goes wrong (`problem`).

mod body;
mod documents;
mod draft;
mod edits;
mod moment;
pub(crate) mod name;
pub(crate) mod pace;
mod pens;
pub(crate) mod problem;
mod state;
mod text;
mod version;

use axum::{Router, extract::DefaultBodyLimit, middleware::from_fn_with_state, routing};
use tower_http::limit::RequestBodyLimitLayer;
use utoipa::{
    OpenApi, PartialSchema, ToSchema,
    openapi::{self, ContentBuilder, Ref, RefOr, Required, ResponseBuilder, path::Operation},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use self::problem::Kind;
pub(crate) use self::{pace::Pace, pens::Pens, problem::Problem};
use crate::{rooms::Rooms, visit::Visits};

/// What an operator may decide about the interface.
#[derive(Debug, Clone)]
pub struct ApiSettings {
    /// Whether it lists all documents.
    pub lists: bool,
    /// How many requests may come from one address each second; ten seconds' worth at once.
    pub requests: u32,
    /// The largest body, in bytes.
    pub body_bytes: usize,
}

impl Default for ApiSettings {
    fn default() -> Self {
        Self { lists: false, requests: 50, body_bytes: 4 * 1024 * 1024 }
    }
}

/// What handlers need.
#[derive(Clone)]
pub(crate) struct Api {
    /// The documents.
    pub(crate) rooms: Rooms,
    /// The way into them.
    pub(crate) visits: Visits,
    /// What is written with.
    pub(crate) pens: Pens,
    /// What the operator has decided.
    pub(crate) settings: ApiSettings,
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Scriptorium",
        description = "Documents that many people write at once. Whoever knows a document's name may read and write it.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    tags(
        (name = "documents", description = "Documents as things that are made, named, listed and deleted"),
        (name = "text", description = "Their text"),
        (name = "state", description = "The CRDT that they are: Yjs, v1"),
    )
)]
struct Description;

/// All routes of the interface, and what describes them.
fn described() -> (Router<Api>, openapi::OpenApi) {
    let (router, mut description) = OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(documents::list, documents::create))
        .routes(routes!(documents::describe, documents::rename, documents::delete))
        .routes(routes!(documents::restore))
        .routes(routes!(text::read_text, text::write_text))
        .routes(routes!(edits::edit_text))
        .routes(routes!(state::read_state, state::merge_state))
        .routes(routes!(describe_interface))
        .split_for_parts();
    add_problem(&mut description);
    (router, description)
}

/// The routes of the interface.
pub(crate) fn routes(api: Api, pace: Pace) -> Router {
    let body_bytes = api.settings.body_bytes;
    described()
        .0
        .route("/api/{*rest}", routing::any(nothing_there))
        .with_state(api)
        .layer(DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(body_bytes))
        .layer(from_fn_with_state(pace, pace::check))
}

/// This description, as OpenAPI has it.
#[utoipa::path(
    get,
    path = "/api/openapi.json",
    tag = "documents",
    responses((status = 200, description = "what you are reading", body = Object))
)]
async fn describe_interface() -> axum::Json<openapi::OpenApi> {
    axum::Json(described().1)
}

async fn nothing_there() -> Problem {
    Kind::NotFound.because("the interface has no such address")
}

/// Whatever an operation has no other answer for is a problem.
fn add_problem(description: &mut openapi::OpenApi) {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(Problem::name())));
    let response = ResponseBuilder::new()
        .description("It was not done, and this is why: RFC 9457.")
        .content("application/problem+json", content.build())
        .build();
    for item in description.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            operation.responses.responses.insert("default".to_owned(), response.clone().into());
            require_body(operation);
        }
    }
    let components = description.components.get_or_insert_default();
    components.schemas.insert(Problem::name().into_owned(), Problem::schema());
}

/// A new document may have a body, all else that has one needs it.
fn require_body(operation: &mut Operation) {
    let is_optional = operation.operation_id.as_deref() == Some("create");
    if let Some(RefOr::T(body)) = &mut operation.request_body {
        body.required = Some(if is_optional { Required::False } else { Required::True });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every operation, as method and path.
    fn operations() -> Vec<(&'static str, String)> {
        let mut operations = Vec::new();
        for (path, item) in described().1.paths.paths {
            let methods = [
                ("GET", item.get),
                ("PUT", item.put),
                ("POST", item.post),
                ("PATCH", item.patch),
                ("DELETE", item.delete),
            ];
            let there = methods.into_iter().filter(|(_, operation)| operation.is_some());
            operations.extend(there.map(|(method, _)| (method, path.clone())));
        }
        operations
    }

    #[test]
    fn the_documentation_shows_every_operation() {
        let documentation = include_str!("../../docs/http.md");
        for (method, path) in operations() {
            let heading = format!("`{method} {}`", path.replace("{document}", "{name}"));
            assert!(documentation.contains(&heading), "{heading} is missing");
        }
    }

    #[test]
    fn every_operation_may_have_a_problem() {
        let description = serde_json::to_value(described().1).unwrap();
        for (method, path) in operations() {
            let operation = &description["paths"][&path][method.to_ascii_lowercase()];
            let problem = &operation["responses"]["default"]["content"]["application/problem+json"];
            assert_eq!(problem["schema"]["$ref"], "#/components/schemas/Problem", "{method} {path}");
        }
    }
}
