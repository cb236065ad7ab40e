//! Which request goes where.

use std::{path::Path, sync::Arc};

use app::{
    App,
    ports::{Host, SetStatus},
    preferences::PATH,
    shell, worker,
};
use axum::{
    Router,
    extract::FromRef,
    http::{HeaderValue, StatusCode, header},
    middleware::from_fn_with_state,
    response::Response,
    routing::{get, post},
};
use leptos::{
    config::LeptosOptions,
    prelude::{IntoAny, expect_context, provide_context},
};
use leptos_axum::{LeptosRoutes, ResponseOptions, generate_route_list};
use tower_http::{
    compression::CompressionLayer,
    limit::RequestBodyLimitLayer,
    services::{ServeDir, ServeFile},
    set_header::{SetResponseHeader, SetResponseHeaderLayer},
};

use crate::{
    api::{self, Api, Pace},
    downloads,
    edge::{limits, policy, provenance},
    forms,
    health::{self, Health},
    parts, preferences,
    socket::{self, Sockets},
    ssr::Shelf,
    style,
};

/// What handlers may ask for.
#[derive(Clone)]
struct AppState {
    leptos: LeptosOptions,
    sockets: Sockets,
    health: Health,
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}

impl FromRef<AppState> for Sockets {
    fn from_ref(state: &AppState) -> Self {
        state.sockets.clone()
    }
}

impl FromRef<AppState> for Health {
    fn from_ref(state: &AppState) -> Self {
        state.health.clone()
    }
}

/// All routes of the server.
pub(crate) fn router(leptos: LeptosOptions, api: Api, sockets: Sockets, health: Health) -> Router {
    let host = Host(Arc::new(Shelf { rooms: api.rooms.clone(), lists: api.settings.lists }));
    let context = {
        let (leptos, style, parts) = (leptos.clone(), style::read(&leptos), parts::find(&leptos));
        move || {
            provide_context(host.clone());
            style.clone().into_iter().for_each(provide_context);
            provide_context(parts.clone());
            provide_context(SetStatus(Arc::new(set_status)));
            preferences::provide();
            provenance::provide();
            policy::provide(&leptos);
        }
    };
    let page = {
        let leptos = leptos.clone();
        // Handlers are made for each kind of route and method. With the view's own type in all of them, which is as
        // long as the page, debug builds would take gigabytes.
        move || shell(leptos.clone()).into_any()
    };
    let pace = Pace::new(api.settings.requests);
    let state = AppState { leptos: leptos.clone(), sockets, health };
    Router::new()
        .leptos_routes_with_context(&state, generate_route_list(App), context.clone(), page.clone())
        .fallback(leptos_axum::file_and_error_handler_with_context::<AppState, _>(context, move |_| page()))
        // They hold the text several times, and are seldom short.
        .layer(CompressionLayer::new())
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/ws/{document}", get(socket::open))
        .route(PATH, post(preferences::remember))
        .nest_service(
            &format!("/{}", leptos.site_pkg_dir),
            packages(&leptos, &leptos.site_pkg_dir, leptos.hash_files),
        )
        .route_service(worker::PATH, worker(&leptos))
        .nest_service("/surface", packages(&leptos, "surface", true))
        .with_state(state)
        .layer(RequestBodyLimitLayer::new(limits::BODY))
        .merge(downloads::routes(api.rooms.clone()).layer(from_fn_with_state(pace.clone(), api::pace::check)))
        .merge(forms::routes(api.clone(), pace.clone()))
        .merge(api::routes(api, pace))
}

/// Called while a page is rendered, where the answer that it will be part of is at hand.
fn set_status(code: u16) {
    let status = StatusCode::from_u16(code).expect("pages name statuses that exist");
    expect_context::<ResponseOptions>().set_status(status);
}

/// The service worker. Its name stays when its content changes, so that browsers must ask.
fn worker(leptos: &LeptosOptions) -> SetResponseHeader<ServeFile, HeaderValue> {
    let file = ServeFile::new(Path::new(&*leptos.site_root).join(worker::PATH.trim_start_matches('/')));
    SetResponseHeader::overriding(file, header::CACHE_CONTROL, HeaderValue::from_static("no-cache"))
}

/// The code and styles that pages load. Where their names bear the hash of their content, they never change.
fn packages(leptos: &LeptosOptions, directory: &str, is_hashed: bool) -> Router {
    let caching = if is_hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
    let found_only =
        move |response: &Response| response.status().is_success().then(|| HeaderValue::from_static(caching));
    let directory = Path::new(&*leptos.site_root).join(directory);
    Router::new()
        .fallback_service(ServeDir::new(directory).precompressed_br().precompressed_gzip())
        .layer(SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, found_only))
}
