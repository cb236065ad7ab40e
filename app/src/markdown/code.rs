//! Colours for code: a lexer for all languages, which knows no more of each than [`languages`](super::languages) says.
//!
//! It reads every character once, and where it is mistaken a word has the wrong colour.

use super::{escape, languages::Language};

/// Appends code as HTML. Elements of the classes `keyword`, `string`, `comment` and `number` hold what they say, and
/// in the language `diff`, `inserted` and `deleted` lines.
pub(super) fn highlight(name: &str, code: &str, html: &mut String) {
    match Language::named(name) {
        Some(language) => Lexer { language, rest: code }.run(html),
        None if matches!(name, "diff" | "patch") => compare(code, html),
        None => escape::push(html, code),
    }
}

fn compare(code: &str, html: &mut String) {
    for line in code.split_inclusive('\n') {
        match line.as_bytes()[0] {
            b'+' => mark(html, "inserted", line),
            b'-' => mark(html, "deleted", line),
            _ => escape::push(html, line),
        }
    }
}

fn mark(html: &mut String, class: &str, text: &str) {
    html.push_str("<span class=\"");
    html.push_str(class);
    html.push_str("\">");
    escape::push(html, text);
    html.push_str("</span>");
}

struct Lexer<'a> {
    language: &'static Language,
    rest: &'a str,
}

impl Lexer<'_> {
    fn run(mut self, html: &mut String) {
        while let Some(first) = self.rest.chars().next() {
            let (class, length) = self.next(first);
            let (text, rest) = self.rest.split_at(length);
            match class {
                Some(class) => mark(html, class, text),
                None => escape::push(html, text),
            }
            self.rest = rest;
        }
    }

    /// What comes next, and how long it is.
    fn next(&self, first: char) -> (Option<&'static str>, usize) {
        if first.is_alphabetic() || first == '_' {
            let length = self.length_of(is_word);
            let is_keyword = self.language.is_keyword(&self.rest[..length]);
            return (is_keyword.then_some("keyword"), length);
        }
        if first.is_ascii_digit() {
            return (Some("number"), self.length_of(|c| is_word(c) || c == '.'));
        }
        let found = self.comment().map(|length| ("comment", length));
        match found.or_else(|| self.string(first).map(|length| ("string", length))) {
            Some((class, length)) => (Some(class), length),
            None => (None, first.len_utf8()),
        }
    }

    fn comment(&self) -> Option<usize> {
        if let Some((start, end)) = self.language.block_comment
            && let Some(inside) = self.rest.strip_prefix(start)
        {
            let length = inside.find(end).map_or(inside.len(), |at| at + end.len());
            return Some(start.len() + length);
        }
        let is_comment = self.language.line_comments.iter().any(|start| self.rest.starts_with(start));
        is_comment.then(|| self.length_of(|c| c != '\n'))
    }

    fn string(&self, quote: char) -> Option<usize> {
        if quote == '\'' && self.language.has_characters {
            return self.character();
        }
        if !self.language.quotes.contains(quote) {
            return None;
        }
        let is_long = self.language.long_quotes.contains(quote);
        let mut is_escaped = false;
        for (at, c) in self.rest.char_indices().skip(1) {
            match c {
                '\n' if !is_long => return Some(at),
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = true,
                _ if c == quote => return Some(at + c.len_utf8()),
                _ => {}
            }
        }
        Some(self.rest.len())
    }

    /// A character between quotes; what else begins with a quote has no colour.
    fn character(&self) -> Option<usize> {
        let mut inside = self.rest.char_indices().skip(1);
        match inside.next()? {
            (_, '\\') => inside.skip(1).take(10).find(|(_, c)| *c == '\'').map(|(at, _)| at + 1),
            (_, '\'') => None,
            _ => inside.next().filter(|(_, c)| *c == '\'').map(|(at, _)| at + 1),
        }
    }

    fn length_of(&self, belongs: impl Fn(char) -> bool) -> usize {
        self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len())
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The marked parts, as `class:text`.
    fn marks(name: &str, code: &str) -> Vec<String> {
        let mut html = String::new();
        highlight(name, code, &mut html);
        let parts = html.split("<span class=\"").skip(1);
        parts.map(|part| part.split("</span>").next().unwrap_or_default().replace("\">", ":")).collect()
    }

    #[test]
    fn words_strings_comments_and_numbers_are_told_apart() {
        let code = "fn a<'b>(x: &'b str) -> u8 { \"\\\"q\" /* c\n */ 'x' '\\'' 0xff_u8 // end\n}";
        assert_eq!(
            marks("rust", code),
            [
                "keyword:fn",
                "keyword:str",
                "keyword:u8",
                "string:&quot;\\&quot;q&quot;",
                "comment:/* c\n */",
                "string:&#39;x&#39;",
                "string:&#39;\\&#39;&#39;",
                "number:0xff_u8",
                "comment:// end",
            ]
        );
        assert_eq!(marks("python title=\"x\"", "def f(): # it's"), ["keyword:def", "comment:# it&#39;s"]);
        assert_eq!(marks("SQL", "Select 'a\nb'"), ["keyword:Select", "string:&#39;a\nb&#39;"]);
        assert_eq!(marks("json", "{\"a\": 1.5}"), ["string:&quot;a&quot;", "number:1.5"]);
        assert_eq!(marks("diff", "+a\n-b\n c\n"), ["inserted:+a\n", "deleted:-b\n"]);
    }

    #[test]
    fn strings_that_do_not_end_end_with_their_line() {
        assert_eq!(marks("c", "\"a\nint b"), ["string:&quot;a", "keyword:int"]);
        assert_eq!(marks("js", "`a\nlet b"), ["string:`a\nlet b"]);
        assert_eq!(marks("rust", "'"), Vec::<String>::new());
    }

    #[test]
    fn code_in_no_known_language_is_text() {
        for name in ["", " ", "nonsense", "<script>"] {
            let mut html = String::new();
            highlight(name, "let <a> = \"b\"", &mut html);
            assert_eq!(html, "let &lt;a&gt; = &quot;b&quot;");
        }
    }
}
