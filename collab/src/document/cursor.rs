//! Where in the text somebody is, in a way that outlives what others write around them.
//!
//! A place is named by the character that stands behind it, or by the text's end: Yjs's relative positions, as
//! y-codemirror and its kin put them into awareness states.

use serde::{Deserialize, Serialize, Serializer};
use yrs::{
    Assoc, ID, IndexScope, IndexedSequence, StickyIndex, Transact,
    branch::{Branch, BranchPtr},
};

use super::{Document, TEXT};

/// A selection in a text, in UTF-16 offsets. Where both are the same, it is a caret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selection {
    /// Where it began.
    pub anchor: u32,
    /// Where it is moved.
    pub head: u32,
}

/// A selection that stays with the text, as it travels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    #[serde(serialize_with = "write")]
    anchor: StickyIndex,
    #[serde(serialize_with = "write")]
    head: StickyIndex,
}

/// A place as Yjs writes it. yrs leaves out what is `null`, on which y-codemirror breaks down.
#[derive(Serialize)]
struct Written<'a> {
    r#type: Option<&'a ID>,
    tname: Option<&'a str>,
    item: Option<&'a ID>,
    assoc: i8,
}

fn write<S: Serializer>(place: &StickyIndex, serializer: S) -> Result<S::Ok, S::Error> {
    let (r#type, tname, item) = match place.scope() {
        IndexScope::Relative(id) => (None, Some(TEXT), Some(id)),
        IndexScope::Nested(id) => (Some(id), None, None),
        IndexScope::Root(name) => (None, Some(&**name), None),
    };
    Written { r#type, tname, item, assoc: place.assoc as i8 }.serialize(serializer)
}

impl Document {
    /// What others need to find a selection. Offsets past the end mean the end.
    #[must_use]
    pub fn cursor(&self, selection: Selection) -> Cursor {
        Cursor { anchor: self.stick(selection.anchor), head: self.stick(selection.head) }
    }

    /// Where a cursor is now; `None` if it is not in this text, or in a part of it that is not known here.
    #[must_use]
    pub fn selection(&self, cursor: &Cursor) -> Option<Selection> {
        Some(Selection { anchor: self.find(&cursor.anchor)?, head: self.find(&cursor.head)? })
    }

    fn stick(&self, offset: u32) -> StickyIndex {
        let end = || StickyIndex::new(IndexScope::Root(TEXT.into()), Assoc::After);
        self.text.sticky_index(&self.doc.transact(), offset, Assoc::After).unwrap_or_else(end)
    }

    fn find(&self, place: &StickyIndex) -> Option<u32> {
        let found = place.get_offset(&self.doc.transact())?;
        // Another client may name a place in anything.
        let text: &Branch = self.text.as_ref();
        (found.branch == BranchPtr::from(text)).then_some(found.index)
    }
}
