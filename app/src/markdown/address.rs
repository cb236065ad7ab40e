//! Where links lead.

use std::borrow::Cow;

/// An address that may stand in a page. There are no others: what runs scripts or opens files is none.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Address<'a> {
    /// A place in the same text.
    Place(Cow<'a, str>),
    /// Something on this server.
    Here(Cow<'a, str>),
    /// Something on another host, or a person's mailbox.
    Elsewhere(Cow<'a, str>),
}

impl<'a> Address<'a> {
    /// Reads an address as browsers do (WHATWG URL): they ignore white space around it and line ends and tabs in it,
    /// and take a backslash for a slash.
    pub(super) fn parse(written: &'a str) -> Option<Self> {
        let address = tidy(written);
        if let Some(place) = address.strip_prefix('#') {
            return Some(Self::Place(place.to_owned().into()));
        }
        let head = address.split(['/', '\\', '?', '#']).next().unwrap_or_default();
        match head.split_once(':') {
            Some((scheme, _)) => {
                let is_safe =
                    ["http", "https", "mailto"].iter().any(|safe| scheme.eq_ignore_ascii_case(safe));
                is_safe.then_some(Self::Elsewhere(address))
            }
            None if is_host(&address) => Some(Self::Elsewhere(address)),
            None => Some(Self::Here(address)),
        }
    }
}

/// Whether an address without a scheme begins with a host.
fn is_host(address: &str) -> bool {
    let mut slashes = address.chars().map(|c| matches!(c, '/' | '\\'));
    slashes.next() == Some(true) && slashes.next() == Some(true)
}

fn tidy(written: &str) -> Cow<'_, str> {
    let trimmed = written.trim_matches(|c: char| c <= ' ');
    if trimmed.contains(['\t', '\n', '\r']) {
        trimmed.replace(['\t', '\n', '\r'], "").into()
    } else {
        trimmed.into()
    }
}

/// The first address that stands in a text as it is, and where: `https://` or `http://`, and what follows.
pub(super) fn find(text: &str) -> Option<(usize, &str)> {
    text.match_indices("http")
        .map(|(at, _)| at)
        .find(|&at| begins(text, at))
        .map(|at| (at, bare(&text[at..])))
}

/// Looks at no more than the beginning, since a text may hold any number of them.
fn begins(text: &str, at: usize) -> bool {
    let is_word = text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
    let host = text[at..].strip_prefix("https://").or_else(|| text[at..].strip_prefix("http://"));
    !is_word && host.is_some_and(|host| host.starts_with(|c: char| c.is_alphanumeric() || c == '['))
}

/// The address at the beginning of a text, without what belongs to the sentence around it.
fn bare(text: &str) -> &str {
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"')).unwrap_or(text.len());
    let mut address = &text[..end];
    let mut unopened = address.matches(')').count().saturating_sub(address.matches('(').count());
    while let Some(last) = address.chars().next_back() {
        match last {
            ')' if unopened > 0 => unopened -= 1,
            '.' | ',' | ':' | ';' | '!' | '?' | '\'' | '*' | '_' | '~' => {}
            _ => break,
        }
        address = &address[..address.len() - 1];
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_browsers_read_them() {
        let elsewhere = [
            "https://a.example/b?c#d",
            "HTTP://a.example",
            "mailto:a@b.example",
            "//a.example",
            "/\\a.example",
            "\\\\a",
        ];
        for address in elsewhere {
            assert_eq!(Address::parse(address), Some(Address::Elsewhere(address.into())));
        }
        for address in ["", "/d/other", "other", "?mode=read", "a/b:c", "./c:d"] {
            assert_eq!(Address::parse(address), Some(Address::Here(address.into())));
        }
        assert_eq!(Address::parse("#a"), Some(Address::Place("a".into())));
        assert_eq!(Address::parse(" /\t/a.example\n"), Some(Address::Elsewhere("//a.example".into())));
    }

    #[test]
    fn what_could_run_is_no_address() {
        let runs = [
            "javascript:alert(1)",
            " JaVaScRiPt:alert(1)",
            "java\nscript:alert(1)",
            "\u{1}javascript:alert(1)",
            "data:text/html,<script>alert(1)</script>",
            "vbscript:x",
            "file:///etc/passwd",
            "blob:x",
            "intent:x",
            "javascript&colon;alert(1):",
        ];
        for address in runs {
            assert_eq!(Address::parse(address), None, "{address}");
        }
    }

    #[test]
    fn addresses_in_sentences_are_found() {
        assert_eq!(find("See https://a.example/b. And"), Some((4, "https://a.example/b")));
        assert_eq!(find("(http://a.example/b_(c))"), Some((1, "http://a.example/b_(c)")));
        assert_eq!(find("https://, xhttp://a, http, \"https://b\""), Some((28, "https://b")));
        assert_eq!(find("ftp://a"), None);
    }
}
