//! What is selected on a surface.

use collab::edit::{Bias, TextEdit};

/// From where to where, in UTF-16 units of the surface's text. A caret is a selection of nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Selection {
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Selection {
    /// The same selection after somebody else's edit. What others insert at its edges stays outside, and a caret
    /// stays where it is when others insert exactly there.
    pub(super) fn through(self, edit: &TextEdit) -> Self {
        self.map(|offset, bias| edit.map(offset, bias))
    }

    /// Moves both ends.
    pub(super) fn map(self, find: impl Fn(u32, Bias) -> u32) -> Self {
        let end = find(self.end, Bias::Before);
        if self.start == self.end {
            return Self { start: end, end };
        }
        // Where all that was selected is gone, the ends would pass each other by.
        let start = find(self.start, Bias::After).min(end);
        Self { start, end }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(start: u32, end: u32, at: u32, delete: u32, insert: &str) -> (u32, u32) {
        let edit = TextEdit { at, delete, insert: insert.to_owned() };
        let selection = Selection { start, end }.through(&edit);
        (selection.start, selection.end)
    }

    #[test]
    fn a_caret_stays_with_what_stands_before_it() {
        assert_eq!(through(5, 5, 5, 0, "xy"), (5, 5));
        assert_eq!(through(5, 5, 4, 0, "xy"), (7, 7));
        assert_eq!(through(5, 5, 3, 4, ""), (3, 3));
    }

    #[test]
    fn a_selection_holds_what_was_selected_and_no_more() {
        assert_eq!(through(5, 10, 5, 0, "xy"), (7, 12));
        assert_eq!(through(5, 10, 10, 0, "xy"), (5, 10));
        assert_eq!(through(5, 10, 7, 0, "xy"), (5, 12));
        assert_eq!(through(5, 10, 8, 4, "z"), (5, 8));
        assert_eq!(through(5, 10, 4, 8, "z"), (4, 4));
    }
}
