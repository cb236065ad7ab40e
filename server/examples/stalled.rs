//! What one session that reads nothing costs the others in its room: in turns without and with one, how long a key takes
//! to everybody who reads.
//!
//! `cargo run --release -p server --example stalled -- ADDRESS [SESSIONS [ROUNDS]]`, beside a server that was started with
//! `--max-address-sessions 1000`.

use std::{
    error::Error,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use collab::{
    frame::Message,
    wire::{put_bytes, put_var},
};
use futures::{SinkExt, StreamExt};
use tokio::{net::TcpSocket, task::JoinSet, time};
use tokio_tungstenite::{WebSocketStream, client_async, tungstenite};

type Problem = Box<dyn Error + Send + Sync>;
type Socket = WebSocketStream<tokio::net::TcpStream>;

/// What is written before anything is measured, so that nothing fits any more into the socket of one that does not read.
const PIECES: u32 = 150;
const PIECE: usize = 64 * 1024;
/// How many keys are measured, and the pause between two.
const KEYS: usize = 160;
const PAUSE: Duration = Duration::from_millis(25);

#[tokio::main]
async fn main() -> Result<(), Problem> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:8080".into());
    let mut number = |otherwise| arguments.next().map_or(Ok(otherwise), |number| number.parse());
    let (sessions, rounds) = (number(200)?, number(4)?);
    let mut totals = [Vec::new(), Vec::new()];
    for round in 0..rounds {
        for (with_stalled, total) in [false, true].into_iter().zip(&mut totals) {
            let document = format!("stalled-{}-{round}-{with_stalled}", std::process::id());
            total.extend(turn(&address, &document, sessions, with_stalled).await?);
        }
    }
    let [without, with] = totals.map(|mut latencies: Vec<Duration>| {
        latencies.sort_unstable();
        let at = |part: f64| latencies[((latencies.len() - 1) as f64 * part) as usize].as_secs_f64() * 1e3;
        println!("{} keys: p50 {:.2} ms, p99 {:.2} ms", latencies.len(), at(0.5), at(0.99));
        at(0.99)
    });
    println!("with one of {sessions} stalled, the p99 is {:.2} times that without", with / without);
    Ok(())
}

/// One room: a writer, readers, and perhaps one that reads nothing.
async fn turn(
    address: &str,
    document: &str,
    sessions: usize,
    with_stalled: bool,
) -> Result<Vec<Duration>, Problem> {
    let stalled = if with_stalled { Some(join(address, document).await?) } else { None };
    let mut writer = join(address, document).await?;
    let sent = Arc::new(Mutex::new(Vec::new()));
    let mut readers = JoinSet::new();
    for _ in 0..sessions - 2 {
        let reader = join(address, document).await?;
        readers.spawn(read(reader, sent.clone()));
    }
    for client in 1..=PIECES {
        say(&mut writer, update(client, 0, &"x".repeat(PIECE))).await?;
        time::sleep(Duration::from_millis(20)).await;
    }
    time::sleep(Duration::from_secs(1)).await;
    for clock in 0..KEYS as u32 {
        sent.lock().expect("nobody panics").push(Instant::now());
        say(&mut writer, update(PIECES + 1, clock, "k")).await?;
        time::sleep(PAUSE).await;
    }
    let mut latencies = Vec::new();
    while let Some(reader) = readers.join_next().await {
        latencies.extend(reader??);
    }
    drop(stalled);
    Ok(latencies)
}

async fn join(address: &str, document: &str) -> Result<Socket, Problem> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(64 * 1024)?;
    let stream = socket.connect(address.parse()?).await?;
    stream.set_nodelay(true)?;
    let (mut socket, _) = client_async(format!("ws://{address}/ws/{document}"), stream).await?;
    socket.send(tungstenite::Message::Binary(Message::frame(&[Message::Step1(vec![0].into())]))).await?;
    Ok(socket)
}

async fn say(writer: &mut Socket, update: Vec<u8>) -> Result<(), Problem> {
    let frame = Message::frame(&[Message::Update(update.into())]);
    Ok(writer.send(tungstenite::Message::Binary(frame)).await?)
}

/// Reads all keys, and notes how long each took.
async fn read(mut reader: Socket, sent: Arc<Mutex<Vec<Instant>>>) -> Result<Vec<Duration>, Problem> {
    let mut latencies = Vec::new();
    while latencies.len() < KEYS {
        let frame = reader.next().await.ok_or("the server hung up")??;
        // An update as short as a key.
        if matches!(&frame, tungstenite::Message::Binary(frame) if frame.starts_with(&[0, 2]) && frame.len() < 64)
        {
            latencies.push(sent.lock().expect("nobody panics")[latencies.len()].elapsed());
        }
    }
    Ok(latencies)
}

/// An update (v1) of a client that types at the end of what it wrote.
fn update(client: u32, clock: u32, text: &str) -> Vec<u8> {
    const TEXT: u8 = 4;
    const HAS_ORIGIN: u8 = 0x80;
    let mut out = vec![1, 1];
    [client, clock].into_iter().for_each(|number| put_var(&mut out, number.into()));
    match clock.checked_sub(1) {
        Some(origin) => {
            out.push(TEXT | HAS_ORIGIN);
            [client, origin].into_iter().for_each(|number| put_var(&mut out, number.into()));
        }
        None => {
            out.extend([TEXT, 1]);
            put_bytes(&mut out, b"text");
        }
    }
    put_bytes(&mut out, text.as_bytes());
    out.push(0);
    out
}
