//! What places in the text are called.

use std::collections::HashMap;

/// Before every name, so that no text can take the name of something that belongs to the page.
pub(super) const PREFIX: &str = "text-";

/// The names of headings that were given so far.
#[derive(Default)]
pub(super) struct Names(HashMap<String, u32>);

impl Names {
    /// A name that no heading before has.
    pub(super) fn give(&mut self, heading: &str) -> String {
        let name = name(heading);
        let Some(count) = self.0.get_mut(&name) else {
            self.0.insert(name.clone(), 0);
            return name;
        };
        *count += 1;
        let next = format!("{name}-{count}");
        self.give(&next)
    }
}

/// As GitHub does it: in small letters, spaces as hyphens, without any other sign.
fn name(heading: &str) -> String {
    let sign = |c: char| match c {
        ' ' | '-' => Some('-'),
        '_' => Some('_'),
        c => c.is_alphanumeric().then_some(c),
    };
    heading.trim().chars().filter_map(sign).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_given_once() {
        let mut names = Names::default();
        assert_eq!(names.give("What’s new in 2.0?"), "whats-new-in-20");
        assert_eq!(names.give("Über uns"), "über-uns");
        assert_eq!([names.give("A"), names.give("a"), names.give("A!")], ["a", "a-1", "a-2"]);
    }
}
