//! Offsets are UTF-16 units, as browsers count them.

use crate::{support::edits::edit, with_text};

/// What becomes of `text` when `change` is made.
fn edited(text: &str, change: (u32, u32, &str)) -> String {
    let mut document = with_text(1, text);
    document.edit(&edit(change.0, change.1, change.2));
    document.text()
}

#[test]
fn offsets_are_utf16_units() {
    assert_eq!(edited("a😀b", (3, 0, "|")), "a😀|b");
    assert_eq!(edited("a😀b", (1, 2, "")), "ab");
    assert_eq!(edited("𝄞𝄞𝄞", (2, 2, "♪")), "𝄞♪𝄞");
    assert_eq!(edited("e\u{301}e", (1, 1, "")), "ee");
    assert_eq!(edited("שלום", (2, 1, "ו")), "שלום");
    assert_eq!(edited("\ta\tb", (2, 1, " ")), "\ta b");
    assert_eq!(edited("one\r\ntwo", (3, 2, "\n")), "one\ntwo");
    assert_eq!(edited("👩\u{200d}👧", (2, 1, "")), "👩👧");
}

#[test]
fn an_edit_that_reaches_past_the_end_is_cut_there() {
    assert_eq!(edited("abc", (99, 0, "d")), "abcd");
    assert_eq!(edited("abc", (1, 99, "!")), "a!");
    assert_eq!(edited("abc", (u32::MAX, u32::MAX, "!")), "abc!");
    assert_eq!(edited("", (5, 5, "")), "");
    assert_eq!(edited("😀", (9, 9, "😀")), "😀😀");
}

#[test]
fn an_edit_that_changes_nothing_is_no_update() {
    let mut document = with_text(1, "abc");
    assert_eq!(document.edit(&edit(1, 0, "")), None);
    assert_eq!(document.edit(&edit(3, 7, "")), None);
    assert!(document.edit(&edit(0, 1, "a")).is_some());
}

#[test]
fn a_surrogate_pair_cut_in_two_leaves_a_mark_for_each_half() {
    assert_eq!(edited("a😀b", (2, 0, "X")), "a\u{fffd}X\u{fffd}b");
    assert_eq!(edited("a😀b", (2, 1, "")), "a\u{fffd}b");
    assert_eq!(edited("a😀b", (1, 1, "")), "a\u{fffd}b");
    assert_eq!(edited("😀😀", (1, 2, "")), "\u{fffd}\u{fffd}");
}

#[test]
fn an_edit_does_to_a_string_what_it_does_to_a_document() {
    for text in ["", "a😀b", "😀😀", "e\u{301}\r\n", "\u{fffd}😀"] {
        for at in 0..6 {
            for (delete, insert) in [(0, "x"), (1, ""), (1, "x"), (2, ""), (3, "😀"), (0, "")] {
                let mut string = text.to_owned();
                edit(at, delete, insert).apply_to(&mut string);
                let document = edited(text, (at, delete, insert));
                assert_eq!(string, document, "{text:?} at {at}: {delete} for {insert:?}");
            }
        }
    }
}
