//! What people write where one line is wanted.

/// Makes one line of it, with single blanks and no characters that are not seen. What is beyond `most` characters is cut
/// off.
pub(crate) fn one_line(written: &str, most: usize) -> String {
    let (mut line, mut len, mut is_after_gap) = (String::new(), 0, false);
    for c in written.chars() {
        if c.is_whitespace() || !is_seen(c) {
            is_after_gap = len > 0;
            continue;
        }
        len += 1 + usize::from(is_after_gap);
        if len > most {
            break;
        }
        line.extend(is_after_gap.then_some(' '));
        line.push(c);
        is_after_gap = false;
    }
    line
}

/// Whether a character takes part in a line. Controls and marks of direction would reach out of it.
fn is_seen(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_what_is_not_seen_are_one_blank() {
        assert_eq!(one_line("  one\t\n two\u{202e}three \0", 99), "one two three");
        assert_eq!(one_line("\u{feff} \r\n", 99), "");
    }

    #[test]
    fn a_line_is_cut_and_does_not_end_with_a_blank() {
        assert_eq!(one_line("one two", 7), "one two");
        assert_eq!(one_line("one two", 5), "one t");
        assert_eq!(one_line("one two", 4), "one");
        assert_eq!(one_line("😀😀", 1), "😀");
    }
}
