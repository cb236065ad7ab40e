//! How a person wants to see the pages: in which language, and in which light.
//!
//! The server reads it from the request and writes it into the root element. The browser's half takes it from there,
//! so that both render the same page. It is remembered in cookies, one for each preference, and the forms that set
//! them need no script.

#[cfg(feature = "ssr")]
use leptos::prelude::use_context;
#[cfg(feature = "hydrate")]
use leptos_dom::helpers::document;

use crate::words::{self, Words};

/// Where the forms that set preferences are sent to.
pub const PATH: &str = "/preferences";

/// For how long browsers remember a preference, in seconds.
const REMEMBERED: u32 = 365 * 24 * 60 * 60;

/// What a person prefers, or the system that they use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Preferences {
    /// In which language the pages speak.
    pub language: Language,
    /// In which light they appear.
    pub theme: Theme,
    /// Whether panes beside each other show the same place.
    pub scrolling: Scrolling,
}

/// A value that is remembered in a cookie.
pub trait Preference: Copy + 'static {
    /// The cookie's name, and that of the field in a form.
    const NAME: &'static str;
    /// All there are, in the order in which they are offered.
    const ALL: &'static [Self];

    /// The cookie's value.
    fn code(self) -> &'static str;

    /// The value with this code.
    #[must_use]
    fn of(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.code().eq_ignore_ascii_case(code))
    }

    /// The cookie that remembers this value, as in the header `Set-Cookie`. Scripts may read and write it: it is
    /// nobody's secret.
    #[must_use]
    fn cookie(self) -> String {
        format!("{}={}; Path=/; Max-Age={REMEMBERED}; SameSite=Lax", Self::NAME, self.code())
    }
}

/// A language of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// The one that is spoken where nobody asks for another.
    #[default]
    English,
    /// German.
    German,
}

/// The colours of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the person's system has it.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// How panes beside each other are scrolled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scrolling {
    /// Where one goes, the other follows.
    #[default]
    Together,
    /// Each by itself.
    Apart,
}

impl Preference for Language {
    const NAME: &'static str = "language";
    const ALL: &'static [Self] = &[Self::English, Self::German];

    /// As in the attribute `lang` (BCP 47).
    fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }
}

impl Preference for Theme {
    const NAME: &'static str = "theme";
    const ALL: &'static [Self] = &[Self::System, Self::Light, Self::Dark];

    /// As in the root's attribute `data-theme`.
    fn code(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

impl Preference for Scrolling {
    const NAME: &'static str = "scrolling";
    const ALL: &'static [Self] = &[Self::Together, Self::Apart];

    /// As in the root's attribute `data-scrolling`.
    fn code(self) -> &'static str {
        match self {
            Self::Together => "together",
            Self::Apart => "apart",
        }
    }
}

impl Preferences {
    /// What a request says: what was chosen before, or else what the browser accepts.
    ///
    /// `cookies` and `accepted` are the headers `Cookie` (RFC 6265) and `Accept-Language` (RFC 9110, section 12.5.4),
    /// empty where there is none. Whatever is wrong in them is taken for absent.
    #[must_use]
    pub fn of(cookies: &str, accepted: &str) -> Self {
        let language = remembered(cookies).or_else(|| Language::accepted(accepted));
        Self {
            language: language.unwrap_or_default(),
            theme: remembered(cookies).unwrap_or_default(),
            scrolling: remembered(cookies).unwrap_or_default(),
        }
    }

    /// Those of the page that is rendered now.
    #[cfg(feature = "ssr")]
    pub(crate) fn here() -> Self {
        use_context().unwrap_or_default()
    }

    /// Those with which the server has rendered this page.
    #[cfg(feature = "hydrate")]
    pub(crate) fn here() -> Self {
        let root = document().document_element();
        let said = |name| root.as_ref().and_then(|root| root.get_attribute(name)).unwrap_or_default();
        Self {
            language: Language::of(&said("lang")).unwrap_or_default(),
            theme: Theme::of(&said("data-theme")).unwrap_or_default(),
            scrolling: Scrolling::of(&said("data-scrolling")).unwrap_or_default(),
        }
    }
}

impl Language {
    /// Its name in itself, so that those who need it can read it.
    #[cfg(feature = "ssr")]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
        }
    }

    /// What the interface says in it.
    pub(crate) fn words(self) -> &'static Words {
        match self {
            Self::English => &words::ENGLISH,
            Self::German => &words::GERMAN,
        }
    }

    /// The language that a browser would rather have than all others that are spoken here. Of equals the first.
    fn accepted(header: &str) -> Option<Self> {
        let ranges = header.split(',').filter_map(|range| {
            let (range, weight) = range.split_once(';').unwrap_or((range, "q=1"));
            let weight: f32 = weight.trim().strip_prefix("q=")?.parse().ok()?;
            Some((Self::in_range(range.trim())?, weight)).filter(|(_, weight)| *weight > 0.0)
        });
        ranges
            .fold(None, |best, next| best.filter(|(_, weight)| *weight >= next.1).or(Some(next)))
            .map(|(best, _)| best)
    }

    /// The language that a range such as `de-AT` asks for; `*` leaves the choice.
    fn in_range(range: &str) -> Option<Self> {
        let primary = range.split('-').next()?;
        if primary == "*" { Some(Self::default()) } else { Self::of(primary) }
    }
}

impl Theme {
    /// The root's attribute `data-theme`; none where the system decides.
    pub(crate) fn attribute(self) -> Option<&'static str> {
        (self != Self::System).then(|| self.code())
    }

    /// The content of `<meta name="color-scheme">`, which holds until the style sheet is there.
    pub(crate) fn color_scheme(self) -> &'static str {
        match self {
            Self::System => "light dark",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The content of `<meta name="theme-color">` for a system that is `system`: the colour `--paper` of
    /// `style/tokens.css`, into which browsers dip their own frame.
    pub(crate) fn color(self, system: Self) -> &'static str {
        match if self == Self::System { system } else { self } {
            Self::Dark => "#171512",
            Self::System | Self::Light => "#f7f3ea",
        }
    }

    /// Shows the page in this light, and the next ones as well.
    #[cfg(feature = "hydrate")]
    pub(crate) fn choose(self) {
        set_root("data-theme", self.attribute());
        let set = |meta: &str, content: &str| {
            if let Ok(Some(meta)) = document().query_selector(meta) {
                let _ = meta.set_attribute("content", content);
            }
        };
        set("meta[name=color-scheme]", self.color_scheme());
        set("meta[name=theme-color][media*=light]", self.color(Self::Light));
        set("meta[name=theme-color][media*=dark]", self.color(Self::Dark));
        remember(self);
    }
}

impl Scrolling {
    /// The root's attribute `data-scrolling`; none where it is as usual.
    pub(crate) fn attribute(self) -> Option<&'static str> {
        (self != Self::default()).then(|| self.code())
    }

    /// Scrolls this way from now on.
    #[cfg(feature = "hydrate")]
    pub(crate) fn choose(self) {
        set_root("data-scrolling", self.attribute());
        remember(self);
    }
}

/// Gives the root element an attribute, or takes it away.
#[cfg(feature = "hydrate")]
fn set_root(name: &str, value: Option<&str>) {
    if let Some(root) = document().document_element() {
        let _ = match value {
            Some(value) => root.set_attribute(name, value),
            None => root.remove_attribute(name),
        };
    }
}

/// A browser that keeps no cookies forgets it.
#[cfg(feature = "hydrate")]
fn remember(value: impl Preference) {
    use wasm_bindgen::JsCast;
    use web_sys::HtmlDocument;

    let _ = document().unchecked_into::<HtmlDocument>().set_cookie(&value.cookie());
}

/// What the interface says, in the language of the page.
pub(crate) fn words() -> &'static Words {
    Preferences::here().language.words()
}

/// What a cookie of this kind holds.
fn remembered<T: Preference>(cookies: &str) -> Option<T> {
    let mut pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == T::NAME).and_then(|(_, code)| T::of(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(cookies: &str, accepted: &str) -> Language {
        Preferences::of(cookies, accepted).language
    }

    #[test]
    fn what_was_chosen_goes_before_what_the_browser_accepts() {
        assert_eq!(language("", ""), Language::English);
        assert_eq!(language("", "de"), Language::German);
        assert_eq!(language("language=en", "de"), Language::English);
        assert_eq!(language("a=b; language=de; theme=dark", "en"), Language::German);
        assert_eq!(language("language=xx", "de"), Language::German);
        assert_eq!(language("mylanguage=de", ""), Language::English);
    }

    #[test]
    fn the_best_accepted_language_is_spoken() {
        assert_eq!(language("", "de-AT,de;q=0.9,en;q=0.8"), Language::German);
        assert_eq!(language("", "fr,en;q=0.8,de;q=0.9"), Language::German);
        assert_eq!(language("", "en;q=0.5, DE-ch;q=0.5"), Language::English);
        assert_eq!(language("", "fr, *;q=0.1, de;q=0.2"), Language::German);
        assert_eq!(language("", "de;q=0, fr"), Language::English);
        assert_eq!(language("", "de;q=much, ;;;, q=1"), Language::English);
    }

    #[test]
    fn the_theme_is_remembered() {
        assert_eq!(Preferences::of("theme=dark", "").theme, Theme::Dark);
        assert_eq!(Preferences::of("theme=", "").theme, Theme::System);
        assert_eq!(Theme::Light.cookie(), "theme=light; Path=/; Max-Age=31536000; SameSite=Lax");
        assert_eq!(Preferences::of(&Language::German.cookie(), "").language, Language::German);
    }

    /// Both stand in the style sheet as well, where no code can reach them.
    #[test]
    fn the_theme_colour_is_the_papers() {
        let tokens = include_str!("../../style/tokens.css");
        let paper = format!(
            "--paper: light-dark({}, {});",
            Theme::Light.color(Theme::Dark),
            Theme::System.color(Theme::Dark)
        );
        assert!(tokens.contains(&paper), "{paper}");
    }
}
