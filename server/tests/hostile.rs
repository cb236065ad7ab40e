//! What is known to break yrs, and what random damage may, sent to a running server: whoever sends it is sent away, and
//! everybody else writes on as if nothing had happened.
//!
//! `HOSTILE_SEED` repeats a run's damage; `HOSTILE_FRAMES` sets how many damaged frames are sent.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use std::time::{Duration, Instant};

use collab::{Bytes, frame::Message, wire::put_var};
use fastrand::Rng;
use futures::{SinkExt, StreamExt};
use support::{Client, Server, pair::Pair};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite;

/// Updates that Yjs wrote.
const YJS: &str = include_str!("../../collab/tests/fixtures/yjs-updates.hex");

/// What a frame of a few bytes claims to hold.
const FAR_TOO_MANY: u64 = 400_000_000;

/// How long writing may take on the average, with a stranger in the room.
const SOON: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_breaks_yrs_harms_nobody_but_its_sender() {
    let server = Server::start().await;
    let mut pairs = [Pair::enter(&server, "room").await, Pair::enter(&server, "elsewhere").await];
    let frames = killers();
    let (mut slept, memory) = (Duration::ZERO, peak_memory());
    for (what, frame) in &frames {
        let (mut eve, _) = server.join("room").await;
        eve.send_frame(frame.clone()).await;
        let code = u16::from(eve.expect_close().await.code);
        assert!((4400..4500).contains(&code), "{what}: {code}");
        for pair in &mut pairs {
            slept += pair.write().await;
        }
    }
    assert!(slept < SOON * 2 * u32::try_from(frames.len()).unwrap(), "they wait for {slept:?}");
    let grown = peak_memory().saturating_sub(memory);
    assert!(grown < 100 << 20, "{} small frames took {grown} bytes of memory", frames.len());
    for pair in pairs {
        pair.ends_well(&server).await;
    }
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn damaged_updates_harm_nobody_but_their_sender() {
    let seed = number("HOSTILE_SEED").unwrap_or_else(|| fastrand::u64(..));
    println!("HOSTILE_SEED={seed}");
    let count = number("HOSTILE_FRAMES").unwrap_or(400);
    let mut chance = Rng::with_seed(seed);
    let server = Server::start().await;
    let mut pairs = [Pair::enter(&server, "room").await, Pair::enter(&server, "elsewhere").await];
    let mut eve = server.connect("room").await;
    let started = Instant::now();
    for _ in 0..count {
        let frame = Message::frame(&[Message::Update(damaged(&mut chance))]);
        // The server may have hung up because of the one before.
        if eve.socket.send(tungstenite::Message::Binary(frame)).await.is_err() || has_ended(&mut eve).await {
            eve = server.connect("room").await;
        }
        for pair in &mut pairs {
            pair.write().await;
        }
    }
    assert!(started.elapsed() < SOON * 2 * u32::try_from(count).unwrap());
    for pair in pairs {
        pair.ends_well(&server).await;
    }
    server.stop().await.unwrap();
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|value| value.parse().unwrap())
}

/// The most memory that this process, the server included, ever held, in bytes.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

/// Reads what waits, and tells whether the server has ended the session.
async fn has_ended(client: &mut Client) -> bool {
    while let Ok(frame) = timeout(Duration::from_micros(100), client.socket.next()).await {
        if matches!(frame, None | Some(Err(_) | Ok(tungstenite::Message::Close(_)))) {
            return true;
        }
    }
    false
}

/// Frames that are known to crash or to choke what is built on yrs without a guard, and what they do there.
fn killers() -> Vec<(&'static str, Bytes)> {
    let update = |update: Vec<u8>| Message::frame(&[Message::Update(update.into())]);
    let many = |bytes: &[u8]| {
        let mut out = bytes.to_vec();
        put_var(&mut out, FAR_TOO_MANY);
        out
    };
    // One client, one block at clock 0, in the root type `t`.
    let nested =
        |value: &[u8]| [&[1, 1, 5, 0, 8, 1, 1, b't', 1], &value.repeat(8_000)[..], &[126, 0]].concat();
    let awareness = |payload: Vec<u8>| Message::frame(&[Message::Awareness(payload.into())]);
    vec![
        ("every later save panics", update(vec![1, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0])),
        ("every later full encoding panics", update(vec![1, 1, 1, 6, 2, 2, 4, 1, 0, 1, 97, 0])),
        ("arrays overflow the stack", update(nested(&[117, 1]))),
        ("objects overflow the stack", update(nested(&[118, 1, 0]))),
        ("empty clients overflow the stack", update(empty_clients())),
        ("a count takes 526 MB", update(many(&[]))),
        ("a count of deletions takes 526 MB", update(many(&[0]))),
        ("a count of values takes memory", update(many(&[1, 1, 5, 0, 8, 1, 1, b't']))),
        ("a state vector takes 526 MB", Message::frame(&[Message::Step1(many(&[]).into())])),
        ("an awareness takes 526 MB", awareness(many(&[]))),
        ("an awareness ends early", awareness(vec![2, 9, 1, 2, b'{', b'}'])),
        ("a block without content", update(vec![1, 1, 5, 0, 4, 1, 1, b't', 0, 0])),
        ("a block that waits for itself", update(vec![1, 1, 5, 3, 0x84, 5, 3, 1, b'a', 0])),
        ("a clock that runs over", update(vec![1, 1, 5, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 1, 0])),
        ("a subdocument", update(vec![1, 1, 5, 0, 9, 1, 1, b't', 1, b'g', 118, 0, 0])),
        ("a text that is no UTF-8", update(vec![1, 1, 5, 0, 4, 1, 1, b't', 2, 0xc3, 0x28, 0])),
        ("a frame that breaks off", Bytes::from_static(&[0, 2, 50, 1, 2])),
        ("a frame that claims too much", many(&[0, 2]).into()),
        ("a type that does not exist", Bytes::from_static(&[77])),
    ]
}

fn empty_clients() -> Vec<u8> {
    let mut out = Vec::new();
    put_var(&mut out, 16_000);
    for client in (1..=16_000).rev() {
        out.push(0);
        put_var(&mut out, client);
        out.push(0);
    }
    out.extend([0; 40_000]);
    out
}

/// An update of Yjs of which a few bytes are others, left out or doubled.
fn damaged(chance: &mut Rng) -> Bytes {
    let lines: Vec<_> = YJS.lines().collect();
    let line = lines[chance.usize(..lines.len())].as_bytes();
    let byte = |digits: &[u8]| u8::from_str_radix(std::str::from_utf8(digits).unwrap(), 16).unwrap();
    let mut bytes: Vec<u8> = line.chunks(2).map(byte).collect();
    for _ in 0..chance.usize(..4) {
        if bytes.is_empty() {
            break;
        }
        let at = chance.usize(..bytes.len());
        match chance.u8(..4) {
            0 => drop(bytes.remove(at)),
            1 => bytes.insert(at, chance.u8(..)),
            2 => bytes[at] = chance.u8(..),
            _ => bytes[at] ^= 1 << chance.u8(..8),
        }
    }
    bytes.into()
}
