//! Which line of the text is at the upper edge of a pane, and how to bring one there.

use leptos_dom::helpers::window;
use web_sys::Element;

/// How many line ends a text has.
pub(super) fn line_ends(text: &str) -> u32 {
    text.bytes().filter(|&byte| byte == b'\n').count() as u32
}

/// A pane that scrolls, whose children show the text one after the other.
pub(super) struct Lines<'a> {
    pub(super) pane: &'a Element,
    /// In which line each child begins, counted from 0.
    pub(super) starts: &'a [u32],
    /// How many lines there are.
    pub(super) end: u32,
}

impl Lines<'_> {
    /// The line at the upper edge, with the part of it that is out of sight: lines of one child count as equally high.
    pub(super) fn top(&self) -> f64 {
        let scrolled = f64::from(self.pane.scroll_top());
        // Children are not asked one by one: a long text has many.
        let (mut first, mut last) = (0, self.starts.len());
        while last - first > 1 {
            let middle = usize::midpoint(first, last);
            if self.place(middle).0 <= scrolled { first = middle } else { last = middle }
        }
        let (top, height) = self.place(first);
        let (start, end) = self.range(first);
        let part = if height > 0.0 { ((scrolled - top) / height).clamp(0.0, 1.0) } else { 0.0 };
        start + (end - start) * part
    }

    /// Brings a line to the upper edge, as far as there is text below it.
    pub(super) fn scroll_to(&self, line: f64) {
        let child = self.child_of(line);
        let (top, height) = self.place(child);
        let (start, end) = self.range(child);
        let part = if end > start { ((line - start) / (end - start)).clamp(0.0, 1.0) } else { 0.0 };
        self.pane.set_scroll_top((top + height * part).round() as i32);
    }

    /// Has a line seen, a third of the way down, whether the pane scrolls or the page with it.
    pub(super) fn reveal(&self, line: u32) {
        let child = self.child_of(f64::from(line));
        let Some(element) = self.pane.children().item(child as u32) else {
            return;
        };
        // What was out of sight is laid out only now, so that its height is not known before.
        element.scroll_into_view();
        let (start, end) = self.range(child);
        let part = f64::from(line) - start;
        let below = element.get_bounding_client_rect().height() * part / (end - start).max(1.0);
        if self.pane.scroll_height() > self.pane.client_height() {
            let way = below - f64::from(self.pane.client_height()) / 3.0;
            self.pane.set_scroll_top(self.pane.scroll_top() + way.round() as i32);
        } else {
            let height = window().inner_height().ok().and_then(|height| height.as_f64());
            window().scroll_by_with_x_and_y(0.0, below - height.unwrap_or_default() / 3.0);
        }
    }

    fn child_of(&self, line: f64) -> usize {
        self.starts.partition_point(|start| f64::from(*start) <= line).saturating_sub(1)
    }

    fn range(&self, child: usize) -> (f64, f64) {
        let line = |index| self.starts.get(index).copied().unwrap_or(self.end);
        (f64::from(line(child)), f64::from(line(child + 1)))
    }

    /// How far below the first child one begins, and how high it is.
    fn place(&self, child: usize) -> (f64, f64) {
        let children = self.pane.children();
        let bounds = |index| children.item(index).map(|child| child.get_bounding_client_rect());
        match (bounds(0), bounds(child as u32)) {
            (Some(first), Some(child)) => (child.top() - first.top(), child.height()),
            _ => (0.0, 0.0),
        }
    }
}
