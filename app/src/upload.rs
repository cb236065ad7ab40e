//! A text file that becomes a new document: what the form that sends it and the server that takes it agree upon.

/// Where the form is sent to, as `multipart/form-data`. Asked for without a form, it leads to a new, empty document.
pub const PATH: &str = "/new";

/// The form's field that holds the file.
pub const FIELD: &str = "file";

/// The largest file that is taken, in bytes.
pub const MOST_BYTES: usize = 4 * 1024 * 1024;

/// The front page's parameter that says why a file was not taken.
pub const PARAMETER: &str = "file";

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Complaint {
    /// It has more than [`MOST_BYTES`].
    TooLarge,
    /// It is no text in UTF-8.
    NoText,
    /// There is none, or more than one.
    NotOne,
    /// The server cannot make a document of it, or not at the moment.
    NotNow,
}

impl Complaint {
    #[cfg(feature = "ssr")]
    const ALL: [Self; 4] = [Self::TooLarge, Self::NoText, Self::NotOne, Self::NotNow];

    /// As in the front page's address.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::NoText => "no-text",
            Self::NotOne => "not-one",
            Self::NotNow => "not-now",
        }
    }

    /// The one with this code.
    #[cfg(feature = "ssr")]
    pub(crate) fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|complaint| complaint.code() == code)
    }

    /// The answer's HTTP status.
    #[cfg(feature = "ssr")]
    pub(crate) fn status(self) -> u16 {
        match self {
            Self::TooLarge => 413,
            Self::NoText => 415,
            Self::NotOne => 400,
            Self::NotNow => 503,
        }
    }
}
