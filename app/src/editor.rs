//! Where a person edits the text, and where it is read. With [`session`](crate::session), the only place that touches
//! the page's elements.

mod buffer;
#[cfg(test)]
mod chance;
mod newlines;
#[cfg(feature = "hydrate")]
pub(crate) mod reading;
mod rebase;
mod selection;
#[cfg(feature = "hydrate")]
pub(crate) mod textarea;

/// An editing surface. It is given a callback when it is made, and calls it with every edit that the person makes.
#[cfg(feature = "hydrate")]
pub(crate) trait Surface {
    /// Shows this text and no other.
    fn set_text(&self, text: &str);

    /// Shows what others did, as edits of the document, each after the one before it. The person's selection stays
    /// with the text that it was in.
    fn apply(&self, edits: &[collab::edit::TextEdit]);

    /// Whether the person may edit.
    fn set_read_only(&self, is_read_only: bool);
}
