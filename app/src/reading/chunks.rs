//! A long text in pieces, so that a browser lays out no more of it than is seen, and changes no more than was edited.

/// A piece ends with the line in which it reaches one of these, in bytes and in lines. A line is never divided.
const BYTES: usize = 4096;
const LINES: usize = 32;

/// Divides a text. Every piece ends with a line end, but for the last.
pub(crate) fn chunks(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (chunk, after) = rest.split_at(length(rest)?);
        rest = after;
        Some(chunk)
    })
}

fn length(text: &str) -> Option<usize> {
    let mut ends = text.match_indices('\n').map(|(at, _)| at + 1);
    let is_enough = |(line, end): &(usize, usize)| line + 1 >= LINES || *end >= BYTES;
    let end = ends.by_ref().enumerate().find(is_enough).map_or(text.len(), |(_, end)| end);
    (!text.is_empty()).then_some(end)
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
    fn no_piece_is_much_longer_than_it_should_be() {
        assert!(chunks(&"line\n".repeat(1000)).all(|chunk| chunk.lines().count() <= LINES));
        let words = format!("{}\n", "words ".repeat(100));
        assert!(chunks(&words.repeat(100)).all(|chunk| chunk.len() < BYTES + words.len()));
    }
}
