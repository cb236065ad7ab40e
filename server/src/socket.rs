//! One session: a WebSocket that speaks the Yjs protocol about one document.

mod crowd;
pub mod outbox;
mod pace;

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{
        Path, Query, State,
        ws::{self, CloseFrame, WebSocket, WebSocketUpgrade},
    },
    http::StatusCode,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use collab::{
    frame::Message,
    id::{DocId, SessionId},
};
use futures::{
    SinkExt, StreamExt,
    stream::{SplitSink, SplitStream},
};
use serde::Deserialize;
use tokio::time;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::Instrument;

pub use self::pace::Rates;
use self::{
    crowd::{Admission, Crowd},
    outbox::{CloseReason, Delivery, Outbox},
    pace::Pace,
};
use crate::{
    edge::client_address::ClientAddress,
    metrics::Metrics,
    rooms::{Rooms, Seat},
};

/// How often a client is asked for a sign of life, unless silence may last less than twice as long.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// How long a client may take to accept what is on its way to it when the server ends.
const FAREWELL: Duration = Duration::from_secs(2);
/// How long a client that was sent away may take to hang up.
const LINGER: Duration = Duration::from_secs(1);
/// What a heartbeat says: "nobody has changed". Browsers see messages, but no pings, and stock clients give up a
/// socket that is silent for 30 seconds.
const NOBODY_CHANGED: Bytes = Bytes::from_static(&[1, 1, 0]);
/// Read and write buffers of one socket. The library's default of 128 KiB each would be most of a session's
/// memory.
const BUFFER: usize = 8 * 1024;

/// How much one session may send, and how much may wait for it.
#[derive(Debug, Clone)]
pub struct SessionLimits {
    /// The largest frame, in bytes.
    pub frame_bytes: usize,
    /// The most bytes that wait for a slow reader.
    pub outbox_bytes: usize,
    /// What it may send each second.
    pub rates: Rates,
    /// A client that sends nothing at all for so long, not even the answer to a ping, is gone.
    pub silence: Duration,
    /// A client that has not taken in what was sent to it after so long is too slow.
    pub reading: Duration,
    /// How many sessions one address may have.
    pub from_one_address: usize,
}

impl Default for SessionLimits {
    fn default() -> Self {
        Self {
            frame_bytes: 4 * 1024 * 1024,
            outbox_bytes: 1024 * 1024,
            rates: Rates::default(),
            silence: Duration::from_secs(45),
            reading: Duration::from_secs(30),
            from_one_address: 200,
        }
    }
}

/// What every session needs.
#[derive(Clone)]
pub struct Sockets {
    rooms: Rooms,
    limits: SessionLimits,
    metrics: Arc<Metrics>,
    crowd: Crowd,
    shutdown: CancellationToken,
    tasks: TaskTracker,
}

impl Sockets {
    /// No socket is open yet. All of them are closed when `shutdown` is cancelled.
    #[must_use]
    pub fn new(
        rooms: Rooms,
        limits: SessionLimits,
        metrics: Arc<Metrics>,
        shutdown: CancellationToken,
    ) -> Self {
        let crowd = Crowd::new(limits.from_one_address);
        Self { rooms, limits, metrics, crowd, shutdown, tasks: TaskTracker::new() }
    }

    /// Waits until every session has ended. Call it after `shutdown` was cancelled.
    pub async fn closed(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }
}

/// What a client may say of itself in the address.
#[derive(Deserialize)]
pub struct Introduction {
    /// An opaque name that is kept with each of its updates. Stock clients have none.
    #[serde(default)]
    author: String,
}

/// The longest author's name, in bytes.
const MAX_AUTHOR: usize = 64;

/// `GET /ws/{document}`: makes a session of a request.
pub async fn open(
    State(sockets): State<Sockets>,
    Path(name): Path<String>,
    Query(Introduction { author }): Query<Introduction>,
    client: ClientAddress,
    ws: WebSocketUpgrade,
) -> Response {
    let document: DocId = match name.parse() {
        Ok(document) => document,
        Err(error) => return (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
    };
    if author.len() > MAX_AUTHOR {
        let reason = format!("an author's name has at most {MAX_AUTHOR} bytes\n");
        return (StatusCode::BAD_REQUEST, reason).into_response();
    }
    let admission = sockets.crowd.admit(client.0);
    let session = sockets.rooms.new_session();
    let span = tracing::info_span!("session", %session, %document, %client);
    ws.read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER)
        .max_message_size(sockets.limits.frame_bytes)
        .max_frame_size(sockets.limits.frame_bytes)
        .on_upgrade(move |socket| {
            let tasks = sockets.tasks.clone();
            tasks.track_future(admit(sockets, admission, document, session, author, socket).instrument(span))
        })
}

/// A browser learns why it is turned away only once its socket is open.
async fn admit(
    sockets: Sockets,
    admission: Option<Admission>,
    document: DocId,
    session: SessionId,
    author: String,
    socket: WebSocket,
) {
    match admission {
        Some(_admission) => serve(sockets, document, session, author, socket).await,
        None => {
            let (mut sink, mut stream) = socket.split();
            close(&mut sink, CloseReason::CROWDED, &sockets.metrics).await;
            linger(&mut stream, &CloseReason::CROWDED).await;
        }
    }
}

async fn serve(sockets: Sockets, document: DocId, session: SessionId, author: String, socket: WebSocket) {
    let _counted = sockets.metrics.session();
    let outbox = Arc::new(Outbox::new(sockets.limits.outbox_bytes));
    let (mut sink, mut stream) = socket.split();
    let seat = match sockets.rooms.join(&document, session, &author, &outbox).await {
        Ok(seat) => Arc::new(seat),
        Err(error) => {
            let reason = CloseReason::not_opened(error);
            close(&mut sink, reason.clone(), &sockets.metrics).await;
            return linger(&mut stream, &reason).await;
        }
    };
    tracing::debug!("joined");
    let writing = write(sink, outbox.clone(), seat.clone(), sockets.clone());
    let mut writing = tokio::spawn(writing.in_current_span());
    let reason = tokio::select! {
        reason = read(&mut stream, &seat, &outbox, &sockets) => reason,
        () = sockets.shutdown.cancelled() => CloseReason::RESTART,
        () = outbox.closed() => CloseReason::GOODBYE,
        () = seat.lost() => CloseReason::ROOM_FAILED,
    };
    seat.leave().await;
    outbox.close(reason.clone());
    let patience = async {
        sockets.shutdown.cancelled().await;
        time::sleep(FAREWELL).await;
    };
    tokio::select! {
        // The writer ends by itself; a panic in it has been logged.
        _ = &mut writing => {}
        () = patience => writing.abort(),
    }
    linger(&mut stream, &reason).await;
    tracing::debug!("left");
}

/// Lets the client read why it was sent away. A socket that is closed with data unread resets the connection, and
/// the reason is lost with it.
async fn linger(stream: &mut SplitStream<WebSocket>, reason: &CloseReason) {
    let end = time::Instant::now() + LINGER;
    // Either the client closes its side in time, or it is cut off.
    let _ = time::timeout_at(end, async { while let Some(Ok(_)) = stream.next().await {} }).await;
    if *reason == CloseReason::TOO_LARGE {
        // The rest of such a frame cannot be read, so the client's answer behind it is never seen.
        time::sleep_until(end).await;
    }
}

/// Passes on what the client sends, until it stops. Returns what to tell it then.
async fn read(
    stream: &mut SplitStream<WebSocket>,
    seat: &Seat,
    outbox: &Outbox,
    sockets: &Sockets,
) -> CloseReason {
    let Sockets { limits, metrics, .. } = sockets;
    let mut pace = Pace::new(limits.rates, time::Instant::now());
    loop {
        let Ok(received) = time::timeout(limits.silence, stream.next()).await else {
            return CloseReason::SILENT;
        };
        let frame = match received {
            Some(Ok(ws::Message::Binary(frame))) => frame,
            Some(Ok(ws::Message::Ping(_) | ws::Message::Pong(_))) => continue,
            Some(Ok(ws::Message::Text(_))) => return CloseReason::NOT_BINARY,
            Some(Ok(ws::Message::Close(_))) | None => return CloseReason::GOODBYE,
            Some(Err(error)) => return failed(error),
        };
        metrics.received(frame.len());
        let messages = match Message::decode_frame(&frame) {
            Ok(messages) => messages,
            Err(error) => return CloseReason::malformed(error),
        };
        let busy = outbox.take_charge();
        if let Some(until) = pace.note(messages.len(), frame.len(), busy, time::Instant::now()) {
            time::sleep_until(until).await;
        }
        if seat.send(messages).await.is_err() {
            return CloseReason::ROOM_FAILED;
        }
    }
}

/// Tells what the client did wrong from a connection that broke.
fn failed(error: axum::Error) -> CloseReason {
    tracing::debug!(%error, "the socket failed");
    let error = error.into_inner();
    let is_too_large = error
        .downcast_ref::<tungstenite::Error>()
        .is_some_and(|error| matches!(error, tungstenite::Error::Capacity(_)));
    if is_too_large { CloseReason::TOO_LARGE } else { CloseReason::GOODBYE }
}

/// Sends what waits in the outbox until the session is closed, or the client stops reading.
async fn write(
    mut sink: SplitSink<WebSocket, ws::Message>,
    outbox: Arc<Outbox>,
    seat: Arc<Seat>,
    Sockets { limits, metrics, .. }: Sockets,
) {
    let mut heartbeat = time::interval(HEARTBEAT.min(limits.silence / 2));
    heartbeat.tick().await;
    loop {
        let sent = tokio::select! {
            // However much there is to send, who only reads must be asked for the sign of life that is expected of it.
            biased;
            _ = heartbeat.tick() => {
                let signs = [ws::Message::Ping(Bytes::new()), ws::Message::Binary(NOBODY_CHANGED)];
                time::timeout(limits.reading, send(&mut sink, signs)).await
            }
            delivery = outbox.next() => match delivery {
                Delivery::Frames(frames) => {
                    frames.iter().for_each(|frame| metrics.sent(frame.len()));
                    time::timeout(limits.reading, send(&mut sink, frames.into_iter().map(ws::Message::Binary))).await
                }
                Delivery::Lost => {
                    seat.drained().await;
                    continue;
                }
                Delivery::Close(reason) => return close(&mut sink, reason, &metrics).await,
            },
        };
        match sent {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return outbox.close(CloseReason::GOODBYE),
            Err(_) => {
                outbox.close(CloseReason::TOO_SLOW);
                // If it begins to read just now, it learns why.
                return close(&mut sink, CloseReason::TOO_SLOW, &metrics).await;
            }
        }
    }
}

async fn send(
    sink: &mut SplitSink<WebSocket, ws::Message>,
    messages: impl IntoIterator<Item = ws::Message>,
) -> Result<(), axum::Error> {
    for message in messages {
        sink.feed(message).await?;
    }
    sink.flush().await
}

async fn close(sink: &mut SplitSink<WebSocket, ws::Message>, reason: CloseReason, metrics: &Metrics) {
    metrics.closed(reason.code);
    let is_usual = [CloseReason::GOODBYE, CloseReason::RESTART].contains(&reason);
    if !is_usual {
        tracing::info!(code = reason.code, reason = %reason.reason, "the session is ended");
    }
    let frame = CloseFrame { code: reason.code, reason: reason.reason.as_ref().into() };
    // Whoever has gone already needs no goodbye, and whoever does not read it cannot hold the session up.
    let _ = time::timeout(Duration::from_secs(1), sink.send(ws::Message::Close(Some(frame)))).await;
}
