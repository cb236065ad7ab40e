//! Documents as files.

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use collab::id::DocId;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::task;

use crate::rooms::{Rooms, Sight};

/// What RFC 8187 lets stand for itself, and no more.
const ATTRIBUTE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// The longest name of a file, in characters, without its extension: all file systems take it, however the characters are
/// encoded.
const LONGEST: usize = 60;

/// The forms in which a document can be taken along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// The text as it is.
    Text,
    /// The same, called Markdown.
    Markdown,
    /// The text as Markdown, rendered.
    Html,
}

/// `GET /d/{document}/download.txt`, `.md` and `.html`.
pub(crate) fn routes(rooms: Rooms) -> Router {
    Form::ALL
        .into_iter()
        .fold(Router::new(), |router, form| {
            let path = format!("/d/{{document}}/download.{}", form.extension());
            router.route(&path, get(move |rooms, name| download(form, rooms, name)))
        })
        .with_state(rooms)
}

async fn download(form: Form, State(rooms): State<Rooms>, Path(name): Path<String>) -> Response {
    let id: DocId = match name.parse() {
        Ok(id) => id,
        Err(error) => return (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
    };
    match rooms.look(&id).await {
        Ok(sight) => form.file(&id, sight).await,
        Err(absence) => {
            let status = match absence {
                app::ports::Absence::Deleted(_) => StatusCode::GONE,
                app::ports::Absence::Unreadable => StatusCode::SERVICE_UNAVAILABLE,
            };
            (status, format!("{absence}\n")).into_response()
        }
    }
}

impl Form {
    const ALL: [Self; 3] = [Self::Text, Self::Markdown, Self::Html];

    fn extension(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Markdown => "md",
            Self::Html => "html",
        }
    }

    fn media_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain; charset=utf-8",
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Html => "text/html; charset=utf-8",
        }
    }

    async fn file(self, id: &DocId, sight: Sight) -> Response {
        let title = if sight.glimpse.title.is_empty() { id.to_string() } else { sight.glimpse.title };
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(self.media_type())),
            disposition(&title, self.extension()),
            (header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
        ];
        let text = sight.glimpse.text;
        if self != Self::Html {
            return (headers, text).into_response();
        }
        // Long texts take a while.
        match task::spawn_blocking(move || app::export::html(&title, &text)).await {
            Ok(html) => (headers, html).into_response(),
            // A panic is in the log already.
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }
}

/// Has browsers save the answer under a name: RFC 6266, with the name once in ASCII and once as it is.
fn disposition(title: &str, extension: &str) -> (HeaderName, HeaderValue) {
    let name = file_name(title);
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "-._ ".contains(c) { c } else { '_' }).collect();
    let name = format!("{name}.{extension}");
    let encoded = utf8_percent_encode(&name, ATTRIBUTE);
    let value = format!("attachment; filename=\"{plain}.{extension}\"; filename*=UTF-8''{encoded}");
    (header::CONTENT_DISPOSITION, HeaderValue::from_str(&value).expect("all of it is ASCII"))
}

/// A title without what some file system does not take.
fn file_name(title: &str) -> String {
    let taken = |c: char| if c.is_control() || "/\\:*?\"<>|".contains(c) { '_' } else { c };
    let name: String = title.chars().map(taken).take(LONGEST).collect();
    // Neither hidden nor a directory, and some systems drop what is at the end.
    let name = name.trim_matches(['.', ' ']);
    if name.is_empty() { "document".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_called_as_their_documents() {
        let named = |title: &str| disposition(title, "md").1.to_str().expect("it is ASCII").to_owned();
        assert_eq!(named("Plan 1"), "attachment; filename=\"Plan 1.md\"; filename*=UTF-8''Plan%201.md");
        assert_eq!(
            named("Größe \"x\""),
            "attachment; filename=\"Gr__e _x_.md\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20_x_.md"
        );
        assert_eq!(named("../.."), "attachment; filename=\"_.md\"; filename*=UTF-8''_.md");
        assert_eq!(named(" .. "), "attachment; filename=\"document.md\"; filename*=UTF-8''document.md");
        assert_eq!(file_name(&"😀".repeat(200)).chars().count(), LONGEST);
        assert_eq!(file_name("a\r\nb:c"), "a__b_c");
    }
}
