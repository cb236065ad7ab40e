//! The documents that were opened in this browser, which only this browser knows.

use collab::id::DocId;

/// So many are remembered; as many as the service worker keeps pages.
const MOST: usize = 50;

/// A document that was opened here.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Recent {
    /// Its name.
    pub(crate) id: DocId,
    /// What it was called then: one line, which may be empty.
    pub(crate) title: String,
    /// When it was opened, in milliseconds since 1970.
    pub(crate) at: u64,
}

/// All of them, the one that was opened last first. Each is there once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Recents(Vec<Recent>);

impl Recents {
    /// From a line for each: when, the name, the title. What is no such line is left out.
    fn read(lines: &str) -> Self {
        let read = |line: &str| {
            let mut parts = line.splitn(3, ' ');
            let (at, id) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
            Some(Recent { id, title: parts.next()?.to_owned(), at })
        };
        Self(lines.lines().filter_map(read).take(MOST).collect())
    }

    fn write(&self) -> String {
        self.0.iter().map(|Recent { id, title, at }| format!("{at} {id} {title}\n")).collect()
    }

    /// It was opened just now.
    fn open(&mut self, recent: Recent) {
        self.forget(&recent.id);
        self.0.insert(0, recent);
        self.0.truncate(MOST);
    }

    /// It is called otherwise by now.
    fn retitle(&mut self, id: &DocId, title: &str) {
        if let Some(recent) = self.0.iter_mut().find(|recent| recent.id == *id) {
            recent.title = title.to_owned();
        }
    }

    fn forget(&mut self, id: &DocId) {
        self.0.retain(|recent| recent.id != *id);
    }
}

impl Recents {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Recent> {
        self.0.iter()
    }
}

#[cfg(feature = "hydrate")]
mod remembered {
    use collab::id::DocId;

    use super::{Recent, Recents};
    use crate::{storage, when};

    const KEY: &str = "scriptorium.recent";

    impl Recents {
        /// Those of this browser's visits until now.
        pub(crate) fn recall() -> Self {
            Self::read(&storage::item(KEY).unwrap_or_default())
        }

        /// A document is being opened.
        pub(crate) fn note(id: &DocId, title: &str) {
            let at = when::now();
            Self::change(|recents| recents.open(Recent { id: id.clone(), title: title.to_owned(), at }));
        }

        /// A document that was opened has got another title.
        pub(crate) fn note_title(id: &DocId, title: &str) {
            Self::change(|recents| recents.retitle(id, title));
        }

        /// Removes one document from the list.
        pub(crate) fn drop_one(id: &DocId) {
            Self::change(|recents| recents.forget(id));
        }

        /// Removes all.
        pub(crate) fn drop_all() {
            storage::keep(KEY, "");
        }

        /// Other tabs may have changed the list, so that it is read each time.
        fn change(how: impl FnOnce(&mut Self)) {
            let before = Self::recall();
            let mut recents = before.clone();
            how(&mut recents);
            if recents != before {
                storage::keep(KEY, &recents.write());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recent(name: &str, title: &str, at: u64) -> Recent {
        Recent { id: name.parse().expect("the test names a document"), title: title.to_owned(), at }
    }

    #[test]
    fn what_is_remembered_is_read_back() {
        let mut recents = Recents::default();
        assert!(recents.is_empty());
        recents.open(recent("a", "The garden plan", 1));
        recents.open(recent("b", "", 2));
        assert_eq!(recents.write(), "2 b \n1 a The garden plan\n");
        assert_eq!(Recents::read(&recents.write()), recents);
    }

    #[test]
    fn a_document_that_is_opened_again_comes_first_and_is_there_once() {
        let mut recents = Recents::default();
        recents.open(recent("a", "old", 1));
        recents.open(recent("b", "other", 2));
        recents.open(recent("a", "new", 3));
        assert_eq!(recents.write(), "3 a new\n2 b other\n");
        recents.retitle(&recent("b", "", 0).id, "another");
        recents.retitle(&recent("c", "", 0).id, "never opened");
        assert_eq!(recents.write(), "3 a new\n2 b another\n");
        recents.forget(&recent("a", "", 0).id);
        assert_eq!(recents.write(), "2 b another\n");
    }

    #[test]
    fn nonsense_is_left_out_and_the_list_is_bounded() {
        assert_eq!(Recents::read("nonsense\n1 a\n1 .b title\nx c title\n\n5 d title"), {
            Recents(vec![recent("d", "title", 5)])
        });
        let mut recents = Recents::default();
        (0..60).for_each(|at| recents.open(recent(&format!("n{at}"), "", at)));
        assert_eq!(recents.iter().count(), MOST);
        assert!(recents.write().starts_with("59 n59"));
    }
}
