//! What a document's page shows, as its address says: `?mode=read&view=markdown`.

/// The panes, and what is in the one for reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) mode: Mode,
    pub(crate) view: View,
}

/// Which panes there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// The one in which the text is edited.
    Edit,
    /// Both, side by side where there is room.
    Split,
    /// The one in which the text is read.
    Read,
}

/// How the text is shown for reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum View {
    /// As it is, letter by letter.
    Plain,
    /// Rendered, as Markdown.
    Markdown,
}

impl Layout {
    /// What a query says that has these values; where it says nothing, as in `otherwise`.
    pub(crate) fn of(value: impl Fn(&str) -> Option<String>, otherwise: Self) -> Self {
        let mode = value("mode").and_then(|code| Mode::ALL.into_iter().find(|mode| mode.code() == code));
        let view = value("view").and_then(|code| View::of(&code));
        Self { mode: mode.unwrap_or(otherwise.mode), view: view.unwrap_or(otherwise.view) }
    }

    /// The query that says this.
    pub(crate) fn query(self) -> String {
        format!("?mode={}&view={}", self.mode.code(), self.view.code())
    }

    /// Whether the text is shown as it is.
    #[cfg(feature = "ssr")]
    pub(crate) fn shows_plain(self) -> bool {
        self.mode.reads() && self.view == View::Plain
    }

    /// Whether the text is shown as Markdown.
    pub(crate) fn shows_markdown(self) -> bool {
        self.mode.reads() && self.view == View::Markdown
    }
}

impl Mode {
    pub(crate) const ALL: [Self; 3] = [Self::Edit, Self::Split, Self::Read];

    /// As in the address and in the attribute `data-mode`.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Edit => "edit",
            Self::Split => "split",
            Self::Read => "read",
        }
    }

    /// Whether there is a pane to edit in.
    pub(crate) fn edits(self) -> bool {
        self != Self::Read
    }

    /// Whether there is a pane to read in.
    pub(crate) fn reads(self) -> bool {
        self != Self::Edit
    }
}

impl View {
    pub(crate) const ALL: [Self; 2] = [Self::Plain, Self::Markdown];

    /// The one with this code.
    pub(crate) fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.code() == code)
    }

    /// As in the address and in the attribute `data-view`.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Markdown => "markdown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Layout = Layout { mode: Mode::Split, view: View::Plain };

    fn layout(query: &[(&str, &str)]) -> Layout {
        let value = |name: &str| query.iter().find(|(other, _)| *other == name);
        Layout::of(|name| value(name).map(|&(_, code)| code.to_owned()), USUAL)
    }

    #[test]
    fn the_address_says_what_is_shown() {
        assert_eq!(layout(&[]), USUAL);
        assert_eq!(layout(&[("mode", "read")]), Layout { mode: Mode::Read, ..USUAL });
        assert_eq!(
            layout(&[("view", "markdown"), ("mode", "sleep")]),
            Layout { view: View::Markdown, ..USUAL }
        );
    }

    #[test]
    fn every_layout_has_an_address() {
        for (mode, view) in Mode::ALL.into_iter().flat_map(|mode| View::ALL.map(|view| (mode, view))) {
            assert_eq!(layout(&[("mode", mode.code()), ("view", view.code())]), Layout { mode, view });
            let said = Layout { mode, view }.query();
            assert_eq!(said, format!("?mode={}&view={}", mode.code(), view.code()));
        }
    }
}
