//! What the lexer knows of each language.

/// As much of a language as colours need.
pub(super) struct Language {
    /// By which names code blocks call it, each between spaces.
    names: &'static str,
    /// Its words, each between spaces.
    keywords: &'static str,
    /// What begins a comment that ends with the line.
    pub(super) line_comments: &'static [&'static str],
    /// What begins and ends a longer one.
    pub(super) block_comment: Option<(&'static str, &'static str)>,
    /// What encloses strings.
    pub(super) quotes: &'static str,
    /// Those of them that may enclose several lines.
    pub(super) long_quotes: &'static str,
    /// Whether `'` encloses one character only, and may begin other things.
    pub(super) has_characters: bool,
    /// Whether the case of keywords makes no difference.
    pub(super) ignores_case: bool,
}

impl Language {
    /// The language that a code block calls so.
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        let word = name.split(|c: char| c.is_whitespace() || matches!(c, ',' | '{')).next()?;
        if word.is_empty() {
            return None;
        }
        let word = word.to_ascii_lowercase();
        LANGUAGES.iter().find(|language| has(language.names, &word))
    }

    pub(super) fn is_keyword(&self, word: &str) -> bool {
        if self.ignores_case {
            has(self.keywords, &word.to_ascii_lowercase())
        } else {
            has(self.keywords, word)
        }
    }
}

fn has(words: &str, word: &str) -> bool {
    words.split(' ').any(|known| known == word)
}

/// One from which others differ little.
const C: Language = Language {
    names: "c h",
    keywords: "auto break case char const continue default do double else enum extern float for goto if inline int long \
               register return short signed sizeof static struct switch typedef union unsigned void volatile while \
               bool true false NULL include define ifdef ifndef endif",
    line_comments: &["//"],
    block_comment: Some(("/*", "*/")),
    quotes: "\"'",
    long_quotes: "",
    has_characters: false,
    ignores_case: false,
};

const SCRIPT: Language = Language { line_comments: &["#"], block_comment: None, quotes: "\"'", ..C };

static LANGUAGES: [Language; 19] = [
    Language {
        names: "rust rs",
        keywords: "as async await break const continue crate dyn else enum extern false fn for if impl in let loop match \
                   mod move mut pub ref return self Self static struct super trait true type unsafe use where while \
                   bool char str u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 String Option Result Vec \
                   Some None Ok Err",
        quotes: "\"",
        long_quotes: "\"",
        has_characters: true,
        ..C
    },
    Language {
        names: "javascript js mjs jsx typescript ts tsx",
        keywords: "abstract any as async await boolean break case catch class const continue default delete do else enum \
                   export extends false finally for from function get if implements import in instanceof interface let \
                   new null number of private protected public readonly return set static string super switch this \
                   throw true try type typeof undefined unknown var void while yield",
        quotes: "\"'`",
        long_quotes: "`",
        ..C
    },
    Language {
        names: "python py",
        keywords: "and as assert async await break class continue def del elif else except False finally for from global \
                   if import in is lambda match None nonlocal not or pass raise return self True try while with yield",
        ..SCRIPT
    },
    Language {
        names: "go golang",
        keywords: "break case chan const continue default defer else fallthrough for func go goto if import interface map \
                   package range return select struct switch type var nil true false bool byte error float64 int int64 \
                   rune string uint",
        quotes: "\"'`",
        long_quotes: "`",
        ..C
    },
    C,
    Language {
        names: "cpp c++ cc hpp cxx",
        keywords: "auto bool break case catch char class const constexpr continue default delete do double else enum \
                   explicit extern false float for friend if inline int long namespace new noexcept nullptr operator \
                   override private protected public return short signed sizeof static struct switch template this \
                   throw true try typedef typename union unsigned using virtual void volatile while include define",
        ..C
    },
    Language {
        names: "java kotlin kt scala csharp cs c# swift dart php",
        keywords: "abstract as async await base boolean bool break byte case catch char class const continue data def \
                   default do double echo else enum extends extension false final finally float for foreach fun func \
                   function get guard if implements import in init int interface internal is let long match namespace \
                   new nil null object open out override package private protected public readonly record return sealed \
                   self set short static string struct super switch this throw throws trait true try type typeof using \
                   val var void volatile when where while with yield",
        ..C
    },
    Language {
        names: "sh bash shell zsh console fish",
        keywords: "if then else elif fi for while until do done case esac in function return local export readonly set \
                   unset shift exit break continue source alias echo cd sudo",
        long_quotes: "\"'",
        ..SCRIPT
    },
    Language {
        names: "sql sqlite postgresql mysql",
        keywords: "add all alter and as asc begin between by case check column commit constraint create cross default \
                   delete desc distinct drop else end exists explain foreign from full group having if in index inner \
                   insert into is join key left like limit not null offset on or order outer primary references returning \
                   right rollback select set table then transaction union unique update using values view when where with \
                   integer int text blob real boolean varchar",
        line_comments: &["--"],
        long_quotes: "'",
        ignores_case: true,
        ..C
    },
    Language { names: "json json5 jsonc", keywords: "true false null", ..C },
    Language { names: "yaml yml", keywords: "true false null yes no on off", ..SCRIPT },
    Language {
        names: "toml ini conf cfg properties env",
        keywords: "true false",
        line_comments: &["#", ";"],
        ..SCRIPT
    },
    Language {
        names: "html xml svg xhtml vue",
        keywords: "",
        line_comments: &[],
        block_comment: Some(("<!--", "-->")),
        quotes: "\"",
        ..C
    },
    Language {
        names: "css scss less",
        keywords: "important media import supports keyframes",
        line_comments: &[],
        ..C
    },
    Language {
        names: "ruby rb elixir ex",
        keywords: "alias and begin break case class def defined do else elsif end ensure false for if in module next nil \
                   not or redo rescue retry return self super then true undef unless until when while yield require \
                   defmodule defp fn",
        ..SCRIPT
    },
    Language {
        names: "lua",
        keywords: "and break do else elseif end false for function goto if in local nil not or repeat return then true \
                   until while",
        line_comments: &["--"],
        ..SCRIPT
    },
    Language {
        names: "haskell hs elm",
        keywords: "case class data deriving do else forall if import in infix instance let module newtype of then type \
                   where True False Just Nothing",
        line_comments: &["--"],
        block_comment: Some(("{-", "-}")),
        quotes: "\"",
        has_characters: true,
        ..C
    },
    Language {
        names: "dockerfile docker make makefile nix perl pl r",
        keywords: "FROM RUN CMD COPY ADD ENV ARG EXPOSE WORKDIR ENTRYPOINT VOLUME USER LABEL AS include define endef \
                   ifeq endif let in with rec inherit my our sub use return if else elsif foreach while function TRUE \
                   FALSE NULL",
        ..SCRIPT
    },
    Language {
        names: "zig",
        keywords: "const var fn pub return if else while for switch try catch defer errdefer struct enum union error null \
                   undefined true false comptime orelse and or break continue inline export extern test usize void \
                   bool u8 i32 u32 u64 i64 f64",
        block_comment: None,
        ..C
    },
];
