//! The pages, as the server sends them.

#![cfg(feature = "ssr")]

use std::sync::{
    Arc,
    atomic::{AtomicU16, AtomicUsize, Ordering},
};

use any_spawner::Executor;
use app::{
    App,
    ports::{Absence, Deletion, Documents, Glimpse, Host, List, Peek, SetStatus},
    preferences::{Language, Preferences},
};
use collab::id::DocId;
use futures::{StreamExt, executor::block_on};
use leptos::prelude::*;
use leptos_meta::ServerMetaContext;
use leptos_router::location::RequestUrl;

/// A host with one document, whatever its name is.
struct Shelf {
    glimpse: Result<Glimpse, Absence>,
    looks: AtomicUsize,
}

impl Documents for Shelf {
    fn peek(&self, _: DocId) -> Peek {
        self.looks.fetch_add(1, Ordering::Relaxed);
        let glimpse = self.glimpse.clone();
        Box::pin(async move {
            // The answer of a real host is not there at once.
            Executor::tick().await;
            glimpse
        })
    }

    fn list(&self, _: Option<DocId>) -> Option<List> {
        None
    }
}

struct Page {
    html: String,
    status: u16,
    looks: usize,
}

impl Page {
    /// The content of the only element with this in its tag.
    fn content(&self, tag: &str, end: &str) -> &str {
        assert_eq!(self.html.matches(tag).count(), 1, "{tag} in {}", self.html);
        let (_, after) = self.html.split_once(tag).expect("it was found");
        let (_, content) = after.split_once('>').expect("tags end");
        content.split_once(end).expect("elements end").0
    }

    /// The text to be edited, without the elements that it is divided into.
    fn editing(&self) -> String {
        undivided(self.content("role=\"textbox\"", "</section>"))
    }

    /// The text as it is, without them.
    fn reading(&self) -> String {
        let content = self.content("data-testid=\"synced-text\"", "data-testid=\"rendered-text\"");
        let (content, _) = content.rsplit_once("</div><div ").expect("the next pane follows");
        undivided(content)
    }

    fn rendered(&self) -> &str {
        self.content("data-testid=\"rendered-text\"", "</div></section>")
    }

    fn state(&self) -> &str {
        self.content("<script type=\"application/octet-stream\" id=\"state\"", "</script>")
    }
}

fn undivided(html: &str) -> String {
    html.replace("<div class=\"chunk\">", "").replace("</div>", "")
}

fn ask(address: &str, glimpse: Result<Glimpse, Absence>) -> Page {
    ask_as(Preferences::default(), address, glimpse)
}

fn ask_as(preferences: Preferences, address: &str, glimpse: Result<Glimpse, Absence>) -> Page {
    let _ = Executor::init_futures_executor();
    let shelf = Arc::new(Shelf { glimpse, looks: AtomicUsize::new(0) });
    let status = Arc::new(AtomicU16::new(200));
    let owner = Owner::new();
    let html = owner.with(|| {
        let (meta, _output) = ServerMetaContext::new();
        provide_context(meta);
        provide_context(RequestUrl::new(address));
        provide_context(Host(shelf.clone()));
        provide_context(preferences);
        let told = status.clone();
        provide_context(SetStatus(Arc::new(move |code| told.store(code, Ordering::Relaxed))));
        block_on(ScopedFuture::new(App().to_html_stream_in_order().collect::<String>()))
    });
    Page { html, status: status.load(Ordering::Relaxed), looks: shelf.looks.load(Ordering::Relaxed) }
}

fn holding(text: &str) -> Page {
    let glimpse = Glimpse { title: String::new(), text: text.to_owned(), state: vec![1, 2, 3, 250] };
    ask("/spike1", Ok(glimpse))
}

#[test]
fn a_document_is_there_to_write_and_to_read() {
    let page = holding("first line\nsecond");
    assert_eq!(page.status, 200);
    assert_eq!(page.editing(), "first line\nsecond");
    assert_eq!(page.reading(), "first line\nsecond");
    assert_eq!(page.state(), "AQID+g==");
    assert_eq!(page.html.matches("first line").count(), 2);
    assert_eq!(page.looks, 1);
}

#[test]
fn text_never_becomes_markup() {
    let page = holding("</textarea></div><script>alert(1)</script>&lt;");
    let escaped = "&lt;/textarea&gt;&lt;/div&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;lt;";
    assert_eq!(page.editing(), escaped);
    assert_eq!(page.reading(), escaped);
    assert!(!page.html.contains("<script>alert"));
}

#[test]
fn the_address_says_what_a_page_shows() {
    let text = "# Title\n\n<b>";
    let glimpse = Glimpse { title: String::new(), text: text.to_owned(), state: vec![1] };
    let shown = |address: &str| {
        let page = ask(address, Ok(glimpse.clone()));
        (page.editing().to_owned(), page.reading(), page.rendered().to_owned())
    };
    let (editing, plain) = ("# Title\n\n&lt;b&gt;", "# Title\n\n&lt;b&gt;");
    let (_, _, markdown) = shown("/d/a");
    assert!(markdown.contains("<h1 dir=\"auto\" id=\"text-title\">Title</h1>"), "{markdown}");
    assert!(markdown.contains("&lt;b&gt;</p>") && !markdown.contains("<b>"), "{markdown}");
    let none = String::new;
    assert_eq!(shown("/d/a"), (editing.into(), none(), markdown.clone()));
    assert_eq!(shown("/spike1"), (editing.into(), plain.into(), none()));
    assert_eq!(shown("/d/a?view=plain"), (editing.into(), plain.into(), none()));
    assert_eq!(shown("/d/a?mode=edit"), (editing.into(), none(), none()));
    assert_eq!(shown("/d/a?mode=read"), (none(), none(), markdown.clone()));
    assert_eq!(shown("/spike1?view=markdown&mode=split"), (editing.into(), none(), markdown));
    assert_eq!(shown("/spike1?mode=read&view=nonsense"), (none(), plain.into(), none()));
}

#[test]
fn newlines_survive_the_parser() {
    let page = holding("\n\r\n\rend");
    assert_eq!(page.editing(), "\n&#13;\n&#13;end");
    assert_eq!(page.reading(), "\n&#13;\n&#13;end");
}

#[test]
fn an_empty_document_is_empty() {
    let page = holding("");
    assert_eq!(page.editing(), "");
    assert_eq!(page.reading(), "");
}

#[test]
fn the_surface_is_read_only_until_it_lives() {
    let page = holding("");
    let (_, tag) = page.html.split_once("role=\"textbox\"").expect("there is a surface");
    let (tag, _) = tag.split_once('>').expect("tags end");
    assert!(tag.contains("aria-readonly=\"true\""), "{tag}");
    assert!(tag.contains("aria-label=\"Edit text\""), "{tag}");
}

#[test]
fn an_unreadable_document_does_not_look_empty() {
    let page = ask("/d/mine", Err(Absence::Unreadable));
    assert_eq!(page.status, 503);
    assert!(page.html.contains("cannot be read"), "{}", page.html);
    assert!(!page.html.contains("role=\"textbox\""));
}

const DELETED: Absence = Absence::Deleted(Deletion { at: 1_790_000_000_000, until: 1_790_600_000_000 });

#[test]
fn a_deleted_document_does_not_look_empty() {
    let page = ask("/d/mine", Err(DELETED));
    assert_eq!(page.status, 410);
    assert!(page.html.contains("was deleted"), "{}", page.html);
    assert!(!page.html.contains("role=\"textbox\""));
}

#[test]
fn names_are_checked() {
    let page = ask("/d/mine.2", Ok(Glimpse::default()));
    assert_eq!(page.status, 200);
    assert!(page.html.contains(">mine.2</h1>"), "{}", page.html);

    for address in ["/d/.hidden", "/d/a%20b", "/d/%C3%A9", "/d/%3Cb%3E", &format!("/d/{}", "x".repeat(129))] {
        let page = ask(address, Ok(Glimpse::default()));
        assert_eq!((page.status, page.looks), (400, 0), "{address}");
        assert!(page.html.contains("No document can have this name"), "{address}");
        assert!(!page.html.contains("<b>"));
    }
}

#[test]
fn other_addresses_lead_nowhere() {
    for address in ["/nonsense", "/d", "/d/a/b", "/spike2"] {
        let page = ask(address, Ok(Glimpse::default()));
        assert_eq!(page.status, 404, "{address}");
        assert!(page.html.contains("There is no such page"), "{address}");
    }
}

#[test]
fn the_front_page_leads_to_documents() {
    let page = ask("/", Ok(Glimpse::default()));
    assert_eq!((page.status, page.looks), (200, 0));
    assert!(page.html.contains("href=\"/spike1\""));

    let page = ask("/?name=a%2Fb", Ok(Glimpse::default()));
    assert_eq!(page.status, 400);
    assert!(page.html.contains("value=\"a/b\""), "{}", page.html);
}

#[test]
fn every_page_speaks_german() {
    let german = Preferences { language: Language::German, ..Preferences::default() };
    let asked = |address, glimpse| ask_as(german, address, glimpse).html;
    let pages = [
        (asked("/", Ok(Glimpse::default())), "Ein Text, viele Hände."),
        (asked("/?name=a%2Fb", Ok(Glimpse::default())), "Der Name eines Dokuments"),
        (asked("/d/mine", Ok(Glimpse::default())), "aria-label=\"Text schreiben\""),
        (asked("/d/mine", Err(Absence::Unreadable)), "Dieses Dokument ist gerade nicht lesbar"),
        (asked("/d/mine", Err(DELETED)), "Dieses Dokument wurde gelöscht"),
        (asked("/d/a%20b", Ok(Glimpse::default())), "So kann kein Dokument heißen"),
        (asked("/nonsense", Ok(Glimpse::default())), "Diese Seite gibt es nicht"),
    ];
    for (html, words) in pages {
        assert!(html.contains(words), "{words} in {html}");
        for english in ["Open", "Edit", "Something", "Language", "document", "There"] {
            assert!(!visible(&html).contains(english), "{english} in {html}");
        }
    }
}

/// What people read: the page without its scripts and tags.
fn visible(html: &str) -> String {
    let mut parts = html.split("<script");
    let before = parts.next().into_iter();
    let words: String =
        before.chain(parts.filter_map(|part| part.split_once("</script>")).map(|(_, words)| words)).collect();
    words.split('<').filter_map(|tag| tag.split_once('>')).map(|(_, text)| text).collect()
}

#[test]
fn choosing_leads_back_to_the_same_page() {
    let page = ask("/d/mine?a=b&c=d", Ok(Glimpse::default()));
    assert!(page.html.contains("value=\"/d/mine?a=b&amp;c=d\""), "{}", page.html);
}
