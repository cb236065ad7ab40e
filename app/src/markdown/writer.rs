//! Writes HTML.
//!
//! Whatever the direction of the whole, each part runs in its own: `dir="auto"`. The style `unicode-bidi: plaintext` would
//! say the same, but browsers then need a minute for a paragraph of 4 MB.

use std::{collections::HashMap, mem};

use pulldown_cmark::{Alignment, CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Tag};

use super::{
    address::{self, Address},
    code, escape,
    names::{Names, PREFIX},
};

/// Elements are nested no deeper than this; what would be is still written, as text. Browsers have a limit of their
/// own, and a text of nothing but `>` should cost no more than another.
const DEPTH: usize = 64;

/// What leads away from the page. `external` keeps the link from the page's own router.
const ELSEWHERE: &str = "rel=\"external nofollow noopener noreferrer\" target=\"_blank\"";

/// Takes events and gives HTML, block by block.
#[derive(Default)]
pub(super) struct Writer<'a> {
    html: String,
    /// How the open elements end.
    open: Vec<End<'a>>,
    names: Names,
    footnotes: HashMap<CowStr<'a>, usize>,
    /// How the columns of the table are aligned, and in which of them we are.
    columns: Vec<Alignment>,
    column: usize,
    is_in_head: bool,
    is_in_link: bool,
    /// The heading's text so far, while we are in one.
    heading: Option<String>,
    /// The text of what cannot hold elements, while we are in such a thing.
    plain: Option<String>,
}

/// What is to be done when an element ends.
enum End<'a> {
    Tag(&'static str),
    Link,
    Head,
    /// The heading began here, and is of this level.
    Heading(usize, HeadingLevel),
    /// In this language.
    Code(CowStr<'a>),
    /// The image's address, if it may have one, and whether it is the outermost.
    Image(Option<CowStr<'a>>),
}

impl<'a> Writer<'a> {
    /// Whether all that was begun has ended.
    pub(super) fn is_between_blocks(&self) -> bool {
        self.open.is_empty()
    }

    /// What was written since this was called last.
    pub(super) fn take(&mut self) -> String {
        mem::take(&mut self.html)
    }

    pub(super) fn write(&mut self, event: Event<'a>) {
        match event {
            Event::Start(tag) => {
                let end = if self.open.len() < DEPTH { self.begin(tag) } else { End::Tag("") };
                self.open.push(end);
            }
            Event::End(_) => {
                if let Some(end) = self.open.pop() {
                    self.end(end);
                }
            }
            Event::Code(text) => self.element("<code>", &text, "</code>"),
            Event::SoftBreak => self.text("\n"),
            Event::HardBreak => self.tag("<br>"),
            Event::Rule => self.tag("<hr>"),
            Event::TaskListMarker(is_done) => {
                self.element("<span class=\"task\">", if is_done { "☑" } else { "☐" }, "</span> ");
            }
            Event::FootnoteReference(label) => self.footnote_reference(label),
            Event::Text(text) => self.text(&text),
            Event::Html(text)
            | Event::InlineHtml(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text) => {
                self.text(&text);
            }
        }
    }

    fn begin(&mut self, tag: Tag<'a>) -> End<'a> {
        let (start, end) = match tag {
            Tag::Heading { level, .. } => {
                self.heading = Some(String::new());
                return End::Heading(self.html.len(), level);
            }
            Tag::CodeBlock(kind) => return self.begin_code(kind),
            Tag::Link { link_type, dest_url, .. } => return self.begin_link(link_type, &dest_url),
            Tag::Image { dest_url, .. } => return self.begin_image(dest_url),
            Tag::FootnoteDefinition(label) => return self.begin_footnote(label),
            Tag::Table(columns) => {
                self.columns = columns;
                ("<table>", "</tbody></table>")
            }
            Tag::TableHead => {
                (self.column, self.is_in_head) = (0, true);
                self.tag("<thead><tr>");
                return End::Head;
            }
            Tag::TableRow => {
                self.column = 0;
                ("<tr>", "</tr>")
            }
            Tag::TableCell => self.cell(),
            Tag::List(Some(first)) if first != 1 => {
                self.tag(&format!("<ol start=\"{first}\">"));
                return End::Tag("</ol>");
            }
            other => tags(&other),
        };
        self.tag(start);
        End::Tag(end)
    }

    fn end(&mut self, end: End<'a>) {
        match end {
            End::Tag(tag) => self.tag(tag),
            End::Link => {
                self.is_in_link = false;
                self.tag("</a>");
            }
            End::Head => {
                self.is_in_head = false;
                self.tag("</tr></thead><tbody>");
            }
            End::Heading(at, level) => self.end_heading(at, level),
            End::Code(language) => {
                let code = self.plain.take().unwrap_or_default();
                code::highlight(&language, &code, &mut self.html);
                self.tag("</code></pre>");
            }
            End::Image(address) => self.end_image(address),
        }
    }

    /// The name of a heading is made of its text, which is known only now.
    fn end_heading(&mut self, at: usize, level: HeadingLevel) {
        let text = self.heading.take().unwrap_or_default();
        let mut start = format!("<{level} dir=\"auto\" id=\"{PREFIX}");
        escape::push(&mut start, &self.names.give(&text));
        start.push_str("\">");
        self.html.insert_str(at, &start);
        self.tag(&format!("</{level}>"));
    }

    fn begin_code(&mut self, kind: CodeBlockKind<'a>) -> End<'a> {
        self.tag("<pre><code>");
        self.plain = Some(String::new());
        match kind {
            CodeBlockKind::Fenced(language) => End::Code(language),
            CodeBlockKind::Indented => End::Code("".into()),
        }
    }

    fn begin_link(&mut self, kind: LinkType, written: &str) -> End<'a> {
        let mail = if kind == LinkType::Email { format!("mailto:{written}") } else { String::new() };
        let address = Address::parse(if mail.is_empty() { written } else { &mail });
        match address {
            Some(address) if self.plain.is_none() && !self.is_in_link => {
                self.link(&address);
                End::Link
            }
            _ => End::Tag(""),
        }
    }

    fn link(&mut self, address: &Address<'_>) {
        let (prefix, address, attributes) = match address {
            Address::Place(place) => (format!("#{PREFIX}"), place.to_lowercase().into(), "rel=\"external\""),
            Address::Here(address) => (String::new(), address.clone(), "rel=\"external nofollow\""),
            Address::Elsewhere(address) => (String::new(), address.clone(), ELSEWHERE),
        };
        self.is_in_link = true;
        self.html.push_str("<a href=\"");
        self.html.push_str(&prefix);
        escape::push(&mut self.html, &address);
        self.html.push_str("\" ");
        self.html.push_str(attributes);
        self.html.push('>');
    }

    /// An image's description holds no elements.
    fn begin_image(&mut self, address: CowStr<'a>) -> End<'a> {
        if self.plain.is_some() {
            return End::Tag("");
        }
        self.plain = Some(String::new());
        End::Image(Some(address))
    }

    /// Images on this server are shown. One on another host is a link to it: to load it would tell that host who reads
    /// this text, and when.
    fn end_image(&mut self, address: Option<CowStr<'a>>) {
        let description = self.plain.take().unwrap_or_default();
        match address.as_deref().and_then(Address::parse) {
            Some(Address::Here(address)) => {
                self.html.push_str("<img src=\"");
                escape::push(&mut self.html, &address);
                self.html.push_str("\" alt=\"");
                escape::push(&mut self.html, &description);
                self.html.push_str("\" loading=\"lazy\">");
            }
            Some(elsewhere @ Address::Elsewhere(_)) if !self.is_in_link => {
                self.link(&elsewhere);
                let Address::Elsewhere(address) = &elsewhere else { return };
                escape::push(&mut self.html, if description.is_empty() { address } else { &description });
                self.end(End::Link);
            }
            _ => escape::push(&mut self.html, &description),
        }
    }

    fn begin_footnote(&mut self, label: CowStr<'a>) -> End<'a> {
        let number = self.number(label);
        self.tag(&format!("<div class=\"footnote\" id=\"{PREFIX}note-{number}\"><span class=\"footnote-label\">{number}.</span><div>"));
        End::Tag("</div></div>")
    }

    fn footnote_reference(&mut self, label: CowStr<'a>) {
        let number = self.number(label);
        let shown = number.to_string();
        if self.is_in_link {
            self.element("<sup>", &shown, "</sup>");
        } else {
            self.element(
                &format!("<sup><a href=\"#{PREFIX}note-{number}\" rel=\"external\">"),
                &shown,
                "</a></sup>",
            );
        }
    }

    /// Footnotes are numbered as they are met.
    fn number(&mut self, label: CowStr<'a>) -> usize {
        let next = self.footnotes.len() + 1;
        *self.footnotes.entry(label).or_insert(next)
    }

    fn cell(&mut self) -> (&'static str, &'static str) {
        let alignment = self.columns.get(self.column).copied().unwrap_or(Alignment::None);
        self.column += 1;
        match (self.is_in_head, alignment) {
            (true, Alignment::None) => ("<th dir=\"auto\">", "</th>"),
            (true, Alignment::Left) => ("<th dir=\"auto\" class=\"left\">", "</th>"),
            (true, Alignment::Center) => ("<th dir=\"auto\" class=\"center\">", "</th>"),
            (true, Alignment::Right) => ("<th dir=\"auto\" class=\"right\">", "</th>"),
            (false, Alignment::None) => ("<td dir=\"auto\">", "</td>"),
            (false, Alignment::Left) => ("<td dir=\"auto\" class=\"left\">", "</td>"),
            (false, Alignment::Center) => ("<td dir=\"auto\" class=\"center\">", "</td>"),
            (false, Alignment::Right) => ("<td dir=\"auto\" class=\"right\">", "</td>"),
        }
    }

    fn element(&mut self, start: &str, text: &str, end: &str) {
        self.tag(start);
        if !self.keep(text) {
            escape::push(&mut self.html, text);
        }
        self.tag(end);
    }

    /// Keeps a text where it is needed later; returns whether it belongs there only.
    fn keep(&mut self, text: &str) -> bool {
        if let Some(heading) = &mut self.heading {
            heading.push_str(text);
        }
        if let Some(plain) = &mut self.plain {
            plain.push_str(text);
        }
        self.plain.is_some()
    }

    /// The only way in which a tag gets into the HTML. What stands in it is ours, or escaped.
    fn tag(&mut self, tag: &str) {
        if self.plain.is_none() {
            self.html.push_str(tag);
        }
    }

    /// Addresses in it become links.
    fn text(&mut self, text: &str) {
        if self.keep(text) {
            return;
        }
        let mut rest = text;
        while let Some((at, address)) = address::find(rest).filter(|_| !self.is_in_link) {
            escape::push(&mut self.html, &rest[..at]);
            self.link(&Address::Elsewhere(address.into()));
            escape::push(&mut self.html, address);
            self.end(End::Link);
            rest = &rest[at + address.len()..];
        }
        escape::push(&mut self.html, rest);
    }
}

/// The tags of elements that are always the same.
fn tags(tag: &Tag<'_>) -> (&'static str, &'static str) {
    match tag {
        Tag::Paragraph => ("<p dir=\"auto\">", "</p>"),
        Tag::BlockQuote(_) => ("<blockquote>", "</blockquote>"),
        Tag::HtmlBlock => ("<p dir=\"auto\" class=\"markup\">", "</p>"),
        Tag::List(None) => ("<ul>", "</ul>"),
        Tag::List(Some(_)) => ("<ol>", "</ol>"),
        Tag::Item => ("<li dir=\"auto\">", "</li>"),
        Tag::Emphasis => ("<em>", "</em>"),
        Tag::Strong => ("<strong>", "</strong>"),
        Tag::Strikethrough => ("<del>", "</del>"),
        // What the chosen dialect does not have.
        _ => ("", ""),
    }
}
