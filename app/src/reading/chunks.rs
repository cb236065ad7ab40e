//! A long text in pieces, so that a browser lays out no more of it than is seen, and changes no more than was edited.

/// A piece ends with the line in which it reaches one of these, in bytes and in lines. A line is never divided.
const BYTES: usize = 4096;
const LINES: usize = 32;

/// Divides a text. Every piece ends with a line end, but for the last. A line of more than [`BYTES`] is a piece of its own.
pub(crate) fn chunks(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (chunk, after) = rest.split_at(length(rest)?);
        rest = after;
        Some(chunk)
    })
}

/// Whether a piece is one long line. Where each paragraph of an element runs in its own direction, browsers look through all
/// of a line for each row of it that they lay out: a megabyte takes them seconds. A line that has an element of its own
/// needs no more than the element's direction.
pub(crate) fn is_long_line(piece: &str) -> bool {
    // Of shorter lines, no piece holds so much.
    piece.len() > 2 * BYTES
}

fn length(text: &str) -> Option<usize> {
    let mut end = 0;
    for (before, line) in text.split_inclusive('\n').enumerate() {
        let is_long = line.len() > BYTES;
        if is_long && before > 0 {
            break;
        }
        end += line.len();
        if end >= BYTES || before + 1 >= LINES {
            break;
        }
    }
    (end > 0).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_are_the_text() {
        let texts =
            ["", "a", "\n", "a\nb", &"line\n".repeat(1000), &"long ".repeat(10_000), &"😀\r\n".repeat(99)];
        for text in texts {
            let chunks: Vec<_> = chunks(text).collect();
            assert_eq!(chunks.concat(), text);
            assert!(chunks.iter().all(|chunk| !chunk.is_empty()));
            assert!(chunks.iter().rev().skip(1).all(|chunk| chunk.ends_with('\n')));
        }
    }

    #[test]
    fn a_long_line_is_a_piece_of_its_own() {
        let long = "words ".repeat(2_000);
        let text = format!("before\n{long}\nafter\n{long}");
        let chunks: Vec<_> = chunks(&text).collect();
        assert_eq!(chunks, ["before\n", &*format!("{long}\n"), "after\n", &*long]);
        assert_eq!(
            chunks.iter().map(|chunk| is_long_line(chunk)).collect::<Vec<_>>(),
            [false, true, false, true]
        );
    }

    #[test]
    fn no_piece_is_much_longer_than_it_should_be() {
        assert!(chunks(&"line\n".repeat(1000)).all(|chunk| chunk.lines().count() <= LINES));
        let words = format!("{}\n", "words ".repeat(100));
        assert!(chunks(&words.repeat(100)).all(|chunk| chunk.len() < BYTES + words.len()));
    }
}
