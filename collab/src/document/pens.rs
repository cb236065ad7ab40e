//! Where people are typing.

use std::collections::BTreeMap;

use crate::{
    edit::TextEdit,
    guard::{self, Block, Id, Place},
};

/// How many are remembered. Where more people type, they are found again one by one.
const REMEMBERED: usize = 32;

/// The places in the text where clients wrote last and, if they go on, will write next.
///
/// yrs finds an offset by walking along the list of all blocks, which takes milliseconds where the text is in a hundred
/// thousand pieces. But most edits go on where their author's last one ended, and there the offset is known: a unit
/// that is inserted after another stands right after it, unless somebody else has inserted something there, too. Then
/// the place is forgotten.
#[derive(Default)]
pub(super) struct Pens(BTreeMap<u64, Pen>);

struct Pen {
    /// The clock of the client's next unit.
    next: u64,
    /// The offset after its last unit.
    at: u32,
    /// What stood on the right of that when it was written.
    right: Option<Id>,
}

impl Pens {
    /// At which offset a block stands that goes on where its author's last one ended.
    pub(super) fn find(&self, block: &Block<'_>) -> Option<u32> {
        let pen = self.0.get(&block.id.client)?;
        let last = Id { client: block.id.client, clock: pen.next.checked_sub(1)? };
        let goes_on = matches!(block.place, Place::Beside { left: Some(left), .. } if left == last);
        (goes_on && block.id.clock == pen.next).then_some(pen.at)
    }

    /// Whether a block goes on where its author's last one ended, before the same unit as that.
    pub(super) fn goes_on(&self, block: &Block<'_>) -> bool {
        let right = |pen: &Pen| matches!(block.place, Place::Beside { right, .. } if right == pen.right);
        self.find(block).is_some() && self.0.get(&block.id.client).is_some_and(right)
    }

    /// The update that makes an edit of `client`'s, if it is an insertion that goes on where the last one ended.
    pub(super) fn write(&self, client: u64, edit: &TextEdit) -> Option<Vec<u8>> {
        let pen = self.0.get(&client)?;
        if edit.at != pen.at || edit.delete > 0 || edit.insert.is_empty() {
            return None;
        }
        let left = Id { client, clock: pen.next.checked_sub(1)? };
        Some(guard::one_block(Id { client, clock: pen.next }, left, pen.right, &edit.insert))
    }

    /// The text was edited: whoever typed elsewhere goes on where that is now.
    pub(super) fn shift(&mut self, edit: &TextEdit) {
        let end = edit.at + edit.delete;
        self.0.retain(|_, pen| {
            let is_behind = pen.at > end;
            if is_behind {
                pen.at = pen.at - edit.delete + edit.inserted();
            }
            is_behind || pen.at < edit.at
        });
    }

    /// A client has written something else than text: nothing that it writes goes on where it typed.
    pub(super) fn forget(&mut self, client: u64) {
        self.0.remove(&client);
    }

    /// A client wrote a block that ends at this offset.
    pub(super) fn put(&mut self, block: &Block<'_>, at: u32) {
        let right = match block.place {
            Place::Beside { right, .. } => right,
            _ => None,
        };
        if self.0.len() >= REMEMBERED {
            self.0.clear();
        }
        self.0.insert(block.id.client, Pen { next: block.id.clock + block.len, at, right });
    }
}
