//! Bytes that harm yrs or Yjs, one kind at a time, and the harmless bytes closest to them.

use super::*;
use crate::wire::{put_bytes, put_var};

const TEXT: u8 = 4;
const EMBED: u8 = 5;
const TYPE: u8 = 7;
const VALUES: u8 = 8;

/// What the small messages that claim much claim.
const FAR_TOO_MANY: u64 = 400_000_000;

fn var(value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    put_var(&mut out, value);
    out
}

/// A length, then the bytes.
fn sized(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    put_bytes(&mut out, bytes);
    out
}

/// An update with one block of client 5, at clock 3, and no deletions.
fn block(bytes: &[u8]) -> Vec<u8> {
    [&[1, 1, 5, 3], bytes, &[0]].concat()
}

/// An update with one item, at the beginning of the root type `t`.
fn item(kind: u8, content: &[u8]) -> Vec<u8> {
    block(&[&[kind, 1, 1, b't'], content].concat())
}

/// An update without blocks.
fn deletions(bytes: &[u8]) -> Vec<u8> {
    [&[0], bytes].concat()
}

fn embed(json: &str) -> Result<()> {
    check_update(&item(EMBED, &sized(json.as_bytes())))
}

fn awareness(json: &str) -> Result<()> {
    check_awareness(&[&[1, 5, 1], &sized(json.as_bytes())[..]].concat())
}

#[test]
fn the_empty_update_passes() {
    assert_eq!(check_update(&[0, 0]), Ok(()));
    assert_eq!(check_state_vector(&[0]), Ok(()));
    assert_eq!(check_awareness(&[0]), Ok(()));
    for check in [check_update, check_state_vector, check_awareness] {
        assert_eq!(check(&[]), Err(WireError::Truncated.into()));
        assert_eq!(check(&[0, 0, 0]), Err(GuardError::TrailingBytes));
    }
}

/// Legacy JSON comes back from yrs with one value less than yrs then reads: every later save panics.
#[test]
fn the_update_that_cannot_be_saved_is_refused() {
    let killer = [1, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0];
    assert_eq!(check_update(&killer), Err(GuardError::ContentKind(2)));
    let pending = [1, 1, 1, 6, 2, 2, 4, 1, 0, 1, 97, 0];
    assert_eq!(check_update(&pending), Err(GuardError::ContentKind(2)));
}

/// yrs recurses once for each level, until the stack overflows and the process aborts.
#[test]
fn deep_values_are_refused() {
    let arrays = |depth| item(VALUES, &[vec![1], [117, 1].repeat(depth), vec![126]].concat());
    let objects = |depth| item(VALUES, &[vec![1], [118, 1, 0].repeat(depth), vec![126]].concat());
    let empty_inside = item(VALUES, &[vec![1], [117, 1].repeat(MAX_DEPTH - 1), vec![117, 0]].concat());
    assert_eq!(check_update(&empty_inside), Ok(()));
    for nested in [arrays, objects] {
        assert_eq!(check_update(&nested(MAX_DEPTH)), Ok(()));
        assert_eq!(check_update(&nested(MAX_DEPTH + 1)), Err(GuardError::TooDeep));
        assert_eq!(check_update(&nested(8000)), Err(GuardError::TooDeep));
    }
}

#[test]
fn deep_json_is_refused() {
    let json = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(embed(&json(MAX_DEPTH)), Ok(()));
    assert_eq!(embed(&json(MAX_DEPTH + 1)), Err(GuardError::TooDeep));
    let json = |depth| format!("{}{{}}{}", "{\"a\":".repeat(depth - 1), "}".repeat(depth - 1));
    assert_eq!(awareness(&json(MAX_STATE_DEPTH)), Ok(()));
    assert_eq!(awareness(&json(MAX_STATE_DEPTH + 1)), Err(GuardError::TooDeep));
}

/// yrs reserves memory for as many entries as a count promises, before it reads the first.
#[test]
fn counts_that_the_data_cannot_hold_are_refused() {
    let many = var(FAR_TOO_MANY);
    let claims = [
        many.clone(),
        [&[1], &many[..], &[5, 3]].concat(),
        deletions(&many),
        deletions(&[&[1, 5], &many[..]].concat()),
        item(VALUES, &many),
        item(VALUES, &[&[1, 117], &many[..]].concat()),
        item(VALUES, &[&[1, 118], &many[..]].concat()),
    ];
    for claim in claims {
        assert_eq!(check_update(&claim), Err(GuardError::CountTooLarge), "{claim:?}");
    }
    assert_eq!(check_state_vector(&many), Err(GuardError::CountTooLarge));
    assert_eq!(check_awareness(&many), Err(GuardError::CountTooLarge));
    let claim = item(TEXT, &many);
    assert_eq!(check_update(&claim), Err(WireError::Truncated.into()));
}

/// yrs recurses from one empty client to the next: 65,536 of them abort the process.
#[test]
fn empty_lists_are_refused() {
    let mut clients = var(16_000);
    clients.extend((1..=16_000).rev().flat_map(|client| [vec![0], var(client), vec![0]].concat()));
    clients.extend([0; 40_000]);
    assert_eq!(check_update(&clients), Err(GuardError::Empty));
    assert_eq!(check_update(&deletions(&[1, 5, 0, 0, 0])), Err(GuardError::Empty));
}

#[test]
fn too_many_clients_are_refused() {
    let authors = |count: usize| {
        let section = |client| [vec![1], var(client), vec![0, 0, 1]].concat();
        let sections = (1..=count as u64).rev().flat_map(section);
        [var(count as u64), sections.collect(), vec![0]].concat()
    };
    assert_eq!(check_update(&authors(MAX_AUTHORS)), Ok(()));
    assert_eq!(check_update(&authors(MAX_AUTHORS + 1)), Err(GuardError::TooManyClients));
    let vector = |count: usize| [var(count as u64), vec![1; count * 2]].concat();
    assert_eq!(check_state_vector(&vector(MAX_CLIENTS)), Ok(()));
    assert_eq!(check_state_vector(&vector(MAX_CLIENTS + 1)), Err(GuardError::TooManyClients));
}

#[test]
fn blocks_of_length_zero_are_refused() {
    let empty = [block(&[0, 0]), block(&[10, 0]), item(1, &[0]), item(TEXT, &[0]), item(VALUES, &[0])];
    for update in empty.iter().chain(&[deletions(&[1, 5, 1, 7, 0])]) {
        assert_eq!(check_update(update), Err(GuardError::Empty), "{update:?}");
    }
}

/// yrs adds clocks and lengths as `u32` and subtracts clocks as `i32`.
#[test]
fn clocks_beyond_31_bits_are_refused() {
    let at = |clock, len| [&[1, 1, 5], &var(clock)[..], &[0], &var(len), &[0]].concat();
    let deleted = |clock, len| deletions(&[&[1, 5, 1], &var(clock)[..], &var(len)].concat());
    for update in [at, deleted] {
        assert_eq!(check_update(&update(MAX_CLOCK - 1, 1)), Ok(()));
        for (clock, len) in [(MAX_CLOCK, 1), (1 << 32, 1), (3, MAX_CLOCK), (3, u64::MAX)] {
            assert_eq!(check_update(&update(clock, len)), Err(GuardError::ClockOverflow));
        }
    }
    let origin = block(&[&[0x84, 6], &var(1 << 31)[..], &[1, b'a']].concat());
    assert_eq!(check_update(&origin), Err(GuardError::ClockOverflow));
    let vector = [&[1, 5], &var(1 << 31)[..]].concat();
    assert_eq!(check_state_vector(&vector), Err(GuardError::ClockOverflow));
}

#[test]
fn clocks_count_utf16() {
    // A second block that depends on the last unit of the first, and one that depends on itself.
    let second = |text: &str, clock| {
        let first = [&[TEXT, 1, 1, b't'], &sized(text.as_bytes())[..]].concat();
        [&[1, 2, 5, 0], &first[..], &[0x84, 5, clock, 1, b'b', 0]].concat()
    };
    let long = "aé日😀".repeat(20);
    for (text, units) in [("a", 1), ("é", 1), ("日", 1), ("😀", 2), ("a😀é日", 5), (&long, 100)] {
        assert_eq!(check_update(&second(text, units - 1)), Ok(()), "{text}");
        assert_eq!(check_update(&second(text, units)), Err(GuardError::Cycle), "{text}");
    }
}

/// A block that waits for itself waits in memory for ever, and in what is saved.
#[test]
fn blocks_that_wait_for_themselves_are_refused() {
    let origin = block(&[0x84, 5, 3, 1, b'a']);
    let right_origin = block(&[0x44, 5, 4, 1, b'a']);
    let parent = block(&[TEXT, 0, 5, 3, 1, b'a']);
    for update in [origin, right_origin, parent] {
        assert_eq!(check_update(&update), Err(GuardError::Cycle), "{update:?}");
    }
    assert_eq!(check_update(&block(&[0x84, 5, 2, 1, b'a'])), Ok(()));
}

#[test]
fn large_client_ids_are_refused() {
    let id = |client| var(client);
    let messages = |client| {
        let author = [&[1, 1], &id(client)[..], &[0, 0, 1, 0]].concat();
        let origin = block(&[&[0x84], &id(client)[..], &[3, 1, b'a']].concat());
        [author, origin, deletions(&[&[1], &id(client)[..], &[1, 0, 1]].concat())]
    };
    for (allowed, refused) in messages(CLIENT_LIMIT - 1).iter().zip(messages(CLIENT_LIMIT)) {
        assert_eq!(check_update(allowed), Ok(()));
        assert_eq!(check_update(&refused), Err(GuardError::ClientId));
    }
}

#[test]
fn clients_and_ranges_come_in_order() {
    let authors = |a, b| check_update(&[2, 1, a, 0, 0, 1, 1, b, 0, 0, 1, 0]);
    assert_eq!(authors(6, 5), Ok(()));
    assert_eq!(authors(5, 6), Err(GuardError::Order));
    assert_eq!(authors(5, 5), Err(GuardError::Order));
    let ranges = |a, b| check_update(&deletions(&[1, 5, 2, a, 2, b, 2]));
    assert_eq!(ranges(1, 3), Ok(()));
    assert_eq!(ranges(1, 2), Err(GuardError::Order));
    assert_eq!(ranges(3, 1), Err(GuardError::Order));
}

/// yrs keeps the last of two lists, Yjs both.
#[test]
fn nobody_deletes_twice() {
    let deleted = |ids: &[u8]| {
        let lists: Vec<u8> = ids.iter().flat_map(|&id| [id, 1, 0, 1]).collect();
        check_update(&deletions(&[&[ids.len() as u8], &lists[..]].concat()))
    };
    for ids in [&[1, 2, 3][..], &[3, 2, 1], &[2, 3, 1]] {
        assert_eq!(deleted(ids), Ok(()));
    }
    for ids in [&[1, 1][..], &[1, 2, 1], &[3, 1, 2, 3], &[2, 1, 1]] {
        assert_eq!(deleted(ids), Err(GuardError::DuplicateClient));
    }
}

#[test]
fn unknown_kinds_are_refused() {
    for kind in [2, 9, 11, 15, 16, 20, 31, 0x80, 0x40, 0x8a, 0x20] {
        assert_eq!(check_update(&item(kind, &[1, b'a'])), Err(GuardError::ContentKind(kind)));
    }
    // Hooks, which yrs reads wrongly, links, subdocuments and undefined types.
    for kind in [5, 7, 8, 9, 15, 0x80] {
        assert_eq!(check_update(&item(TYPE, &[kind])), Err(GuardError::TypeKind(kind)));
    }
    assert_eq!(check_update(&item(VALUES, &[1, 115])), Err(GuardError::ValueKind(115)));
    assert_eq!(check_update(&block(&[TEXT, 2, 1, b't', 1, b'a'])), Err(GuardError::ParentKind(2)));
}

#[test]
fn texts_are_utf8() {
    let bad = [0xed, 0xa0, 0x80];
    let texts = [
        item(TEXT, &sized(&bad)),
        item(EMBED, &sized(&[b'"', 0xff, b'"'])),
        item(6, &[&sized(&bad)[..], &sized(b"1")].concat()),
        item(TYPE, &[&[3], &sized(&bad)[..]].concat()),
        item(VALUES, &[&[1, 119], &sized(&bad)[..]].concat()),
        item(VALUES, &[&[1, 118, 1], &sized(&bad)[..], &[126]].concat()),
        block(&[&[TEXT, 1], &sized(&bad)[..], &[1, b'a']].concat()),
        block(&[&[0x24, 1, 0], &sized(&bad)[..], &[1, b'a']].concat()),
    ];
    for text in texts {
        assert_eq!(check_update(&text), Err(WireError::Utf8.into()), "{text:?}");
    }
}

/// yrs shifts the bytes of an integer as far as they go, which overflows.
#[test]
fn integers_beyond_53_bits_are_refused() {
    let integer = |bytes: &[u8]| check_update(&item(VALUES, &[&[1, 125], bytes].concat()));
    assert_eq!(integer(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f]), Ok(()));
    for long in
        [&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x3f][..], &[[0x80; 9].as_slice(), &[0]].concat()]
    {
        assert_eq!(integer(long), Err(WireError::Overflow.into()));
    }
}

#[test]
fn json_is_what_yrs_reads() {
    let good = [
        "null",
        " [ 1 , -0.5e-3 ] ",
        r#"{"a":"\u00e4\ud83d\ude00\n","b":{}}"#,
        "1e307",
        "-9223372036854775808",
    ];
    for json in good {
        assert_eq!(embed(json), Ok(()), "{json}");
    }
    let half_pairs = [r#""\ud83d""#, r#""\ude00""#, r#""\ud83dx""#, r#""\ud83d\u0041""#];
    let numbers = ["1e999", "-1e309", "9223372036854775808", "01", "1.", ".5", "+1", "-", "1e", "NaN"];
    let others = [
        "",
        " ",
        "undefined",
        "[1,]",
        "{,}",
        "{1:2}",
        "[1}",
        "[",
        "\"",
        "\"\u{1}\"",
        r#""\x""#,
        "1 2",
        "nul",
    ];
    for json in half_pairs.iter().chain(&numbers).chain(&others) {
        assert_eq!(embed(json), Err(GuardError::Json), "{json}");
    }
}

#[test]
fn awareness_states_are_objects_or_null() {
    assert_eq!(awareness("null"), Ok(()));
    assert_eq!(awareness(r#"{"user":{"name":"Zoë"}}"#), Ok(()));
    for json in [" null", "null ", "[]", "1", "", "{"] {
        assert!(awareness(json).is_err(), "{json}");
    }
    let state = |len: usize| format!("{{\"a\":\"{}\"}}", "x".repeat(len - 8));
    assert_eq!(awareness(&state(MAX_STATE)), Ok(()));
    assert_eq!(awareness(&state(MAX_STATE + 1)), Err(GuardError::StateTooLarge));
}

/// These pass, since only a document can tell whether they are harmless.
#[test]
fn what_depends_on_the_document_is_only_reported() {
    let gap = [1, 3, 5, 0, 0, 1, 10, 4, 0, 1, 0];
    let author = |start, end| vec![Author { client: 5.into(), start, end }];
    let contents = |gaps, gone, authors| Contents { gaps, gone, authors, ..Contents::default() };
    assert_eq!(inspect_update(&gap), Ok(contents(1, 2, author(0, 6))));
    let waits_for_another = block(&[0x84, 6, 9, 1, b'a']);
    let at_the_end = Contents { stretched: 1, ..contents(0, 0, author(3, 4)) };
    assert_eq!(inspect_update(&waits_for_another), Ok(at_the_end));
    let deletes_what_may_not_exist = deletions(&[1, 5, 1, 0, 9]);
    assert_eq!(inspect_update(&deletes_what_may_not_exist), Ok(Contents::default()));

    let nested = [1, 2, 5, 0, TYPE, 1, 1, b't', 0, 0x27, 0, 5, 0, 1, b'k', 1, 0];
    let seen = inspect_update(&nested).unwrap();
    assert_eq!((seen.types, seen.doubtful), (2, 1));
    let in_a_map = block(&[&[VALUES | 0x20, 1, 1, b't', 1, b'k'], &[1, 126][..]].concat());
    assert_eq!(inspect_update(&in_a_map).map(|seen| seen.doubtful), Ok(0));
    let says_it_is_in_a_map = block(&[VALUES | 0xa0, 5, 0, 1, 126]);
    assert_eq!(inspect_update(&says_it_is_in_a_map).map(|seen| seen.doubtful), Ok(1));
}

/// Bytes that repeat themselves, behind beginnings that let readers go on, for what costs too much costs it again and
/// again.
fn repetitive(seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut below = |end: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) % end
    };
    let beginnings: [&[u8]; 6] = [
        &[],
        &[1, 0x7f, 5, 0],
        &[1, 1, 5, 0, VALUES, 1, 1, b't', 0x7f],
        &[1, 1, 5, 0, EMBED, 1, 1, b't', 0xff, 1],
        &[0, 0x7f, 5, 0x7f],
        &[1, 5, 1, 0xff, 1, b'{'],
    ];
    let units =
        [117, 118, 1, 0, 2, 0x7f, b'[', b'{', b'"', b'a', b':', b',', b' ', b'1', 5, 4, 0x84, 126, 10];
    let unit: Vec<u8> = (0..=below(5)).map(|_| units[below(units.len() as u64) as usize]).collect();
    let mut bytes = beginnings[below(6) as usize].to_vec();
    bytes.extend(unit.iter().cycle().take(200 + below(2000) as usize));
    bytes
}

#[test]
fn no_bytes_are_read_in_more_steps_than_they_are_long() {
    for seed in 0..20_000 {
        let bytes = repetitive(seed);
        for check in [check_update, check_state_vector, check_awareness] {
            let steps = crate::wire::steps::during(|| _ = check(&bytes));
            assert!(steps <= 3 * bytes.len() + 16, "seed {seed}: {steps} steps for {} bytes", bytes.len());
        }
    }
}
