//! Single edits of the text.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use collab::edit::TextEdit;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    Api,
    body::Json,
    documents::Metadata,
    draft::Change,
    name::{Name, Named},
    problem::{Kind, Problem},
    version::Condition,
};

/// The most edits in one request.
const MOST: usize = 1_000;

/// What is to be done with the text.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Edits {
    /// One after the other: each offset counts what those before it have done.
    #[schema(min_items = 1, max_items = 1000)]
    edits: Vec<Edit>,
}

/// One edit. All lengths are in UTF-16 units, as JavaScript counts them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Edit {
    /// Where; at the end of the text, if nothing is said.
    #[schema(maximum = 2_147_483_647)]
    at: Option<u32>,
    /// How much is deleted there.
    #[serde(default)]
    #[schema(maximum = 2_147_483_647)]
    delete: u32,
    /// What is inserted there.
    #[serde(default)]
    insert: String,
}

/// Edits the text.
///
/// Offsets are those of the version that `If-Match` names; without it, of the newest. Everybody who has the document open
/// sees the change at once. The answer comes when all of it is on disk; if one edit is wrong, none is made.
#[utoipa::path(
    post,
    path = "/api/documents/{document}/edits",
    tag = "text",
    params(
        Named,
        ("If-Match" = Option<String>, Header, description = "the version for which the offsets are meant"),
    ),
    request_body(content = Edits, example = json!({ "edits": [{ "insert": "one more line\n" }] })),
    responses(
        (status = 200, description = "the document as it is now", body = Metadata,
            headers(("ETag" = String, description = "its version"))),
    )
)]
pub(super) async fn edit_text(
    State(api): State<Api>,
    Name(id): Name,
    condition: Condition,
    Json(Edits { edits }): Json<Edits>,
) -> Result<Response, Problem> {
    if edits.is_empty() || edits.len() > MOST {
        return Err(Kind::Unprocessable.because(format!("there must be 1 to {MOST} edits")));
    }
    let change = |text: &str| Ok(Change { edits: check(edits, text)?, ..Change::default() });
    api.revise(&id, condition, change).await?;
    Ok(Metadata::of(&id, &api.rooms.look_after(&id).await?).into_response())
}

/// Makes sure that every edit is within the text, and cuts no character in two.
fn check(edits: Vec<Edit>, text: &str) -> Result<Vec<TextEdit>, Problem> {
    let mut text: Vec<u16> = text.encode_utf16().collect();
    let mut checked = Vec::with_capacity(edits.len());
    for (place, Edit { at, delete, insert }) in edits.into_iter().enumerate() {
        let wrong = |what: &str| Kind::Unprocessable.because(format!("edit {place}: {what}"));
        let len = u32::try_from(text.len()).map_err(|_| wrong("the text is too long"))?;
        let at = at.unwrap_or(len);
        let end = at.checked_add(delete).filter(|end| *end <= len);
        let end = end.ok_or_else(|| wrong(&format!("it reaches past the end of the text, {len}")))?;
        let range = at as usize..end as usize;
        let cuts = |at: usize| text.get(at).is_some_and(|unit| (0xdc00..0xe000).contains(unit));
        if cuts(range.start) || cuts(range.end) {
            return Err(wrong("it cuts a character in two"));
        }
        text.splice(range, insert.encode_utf16());
        checked.push(TextEdit { at, delete, insert });
    }
    Ok(checked)
}

#[cfg(test)]
mod tests {
    use collab::edit::utf16_len;

    use super::*;

    fn checked(text: &str, edits: &str) -> Result<String, String> {
        let edits: Vec<Edit> = serde_json::from_str(edits).expect("they can be read");
        let mut edited = text.to_owned();
        let checked = check(edits, text).map_err(|problem| format!("{problem:?}"))?;
        checked.iter().for_each(|edit| edit.apply_to(&mut edited));
        assert_eq!(utf16_len(&edited) as usize, edited.encode_utf16().count());
        Ok(edited)
    }

    #[test]
    fn edits_follow_one_another() {
        let edits = r#"[{"insert":"!"},{"at":0,"delete":3},{"at":2,"insert":"😀"},{"at":4,"insert":"x"}]"#;
        assert_eq!(checked("one two", edits).as_deref(), Ok(" t😀xwo!"));
        assert_eq!(checked("", r#"[{"insert":"new"}]"#).as_deref(), Ok("new"));
    }

    #[test]
    fn edits_that_cannot_be_are_named() {
        for (edits, why) in [
            (r#"[{"at":8,"insert":"x"}]"#, "edit 0: it reaches past the end of the text, 4"),
            (r#"[{"at":0},{"at":3,"delete":2}]"#, "edit 1: it reaches past the end of the text, 4"),
            (r#"[{"at":4294967295,"delete":4294967295}]"#, "edit 0: it reaches past the end"),
            (r#"[{"at":2,"insert":"x"}]"#, "edit 0: it cuts a character in two"),
            (r#"[{"at":0,"delete":2}]"#, "edit 0: it cuts a character in two"),
        ] {
            let refused = checked("a😀b", edits).expect_err(edits);
            assert!(refused.contains(why), "{refused}");
        }
    }
}
