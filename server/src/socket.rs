//! One session: a WebSocket that speaks the Yjs protocol about one document.

mod close_reason;
mod crowd;
mod handshake;
pub mod outbox;
mod pace;
mod queue;
mod receiver;
mod wire;

use std::{io, pin::pin, sync::Arc, time::Duration};

use axum::{
    extract::{Path, Query, Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use collab::{
    frame::Message,
    id::{DocId, SessionId},
};
use futures::future::maybe_done;
use serde::Deserialize;
use tokio::{net::TcpStream, time};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::Instrument;

pub use self::pace::Rates;
use self::{
    crowd::{Admission, Crowd},
    handshake::Connection,
    outbox::{CloseReason, Duty, Outbox},
    pace::Pace,
    receiver::{Received, Receiver},
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
    request: Request,
) -> Response {
    let document: DocId = match name.parse() {
        Ok(document) => document,
        Err(error) => return (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
    };
    if author.len() > MAX_AUTHOR {
        let reason = format!("an author's name has at most {MAX_AUTHOR} bytes\n");
        return (StatusCode::BAD_REQUEST, reason).into_response();
    }
    let (answer, upgrade) = match handshake::shake_hands(request) {
        Ok(shaken) => shaken,
        Err(answer) => return answer,
    };
    let admission = sockets.crowd.admit(client.0);
    let session = sockets.rooms.new_session();
    let span = tracing::info_span!("session", %session, %document, %client);
    let tasks = sockets.tasks.clone();
    let task = async move {
        if let Some(connection) = upgrade.connection().await {
            admit(sockets, admission, document, session, author, connection).await;
        }
    };
    tasks.spawn(task.instrument(span));
    answer
}

/// A browser learns why it is turned away only once its socket is open.
async fn admit(
    sockets: Sockets,
    admission: Option<Admission>,
    document: DocId,
    session: SessionId,
    author: String,
    Connection { stream, read_before }: Connection,
) {
    let stream = Arc::new(stream);
    let outbox = Arc::new(Outbox::new(stream.clone(), sockets.limits.outbox_bytes, sockets.metrics.clone()));
    let mut receiver = Receiver::new(read_before, sockets.limits.frame_bytes, sockets.limits.silence);
    let reason = match admission {
        Some(_admission) => {
            let _counted = sockets.metrics.session();
            match sockets.rooms.join(&document, session, &author, &outbox).await {
                Ok(seat) => serve(&sockets, &seat, &outbox, &stream, &mut receiver).await,
                Err(error) => close(&stream, &outbox, CloseReason::not_opened(error), &sockets.metrics).await,
            }
        }
        None => close(&stream, &outbox, CloseReason::CROWDED, &sockets.metrics).await,
    };
    linger(&stream, &mut receiver, &reason).await;
}

/// Serves a session to its end. Returns why it ended; the client has been told.
async fn serve(
    sockets: &Sockets,
    seat: &Seat,
    outbox: &Outbox,
    stream: &TcpStream,
    receiver: &mut Receiver,
) -> CloseReason {
    tracing::debug!("joined");
    let mut writing = pin!(maybe_done(write(stream, outbox, seat, sockets)));
    let reason = tokio::select! {
        reason = read(receiver, stream, seat, outbox, sockets) => reason,
        () = &mut writing => CloseReason::GOODBYE,
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
        () = writing => {}
        () = patience => {}
    }
    tracing::debug!("left");
    reason
}

/// Lets the client read why it was sent away. A socket that is closed with data unread resets the connection, and
/// the reason is lost with it.
async fn linger(stream: &TcpStream, receiver: &mut Receiver, reason: &CloseReason) {
    let end = time::Instant::now() + LINGER;
    // Either the client closes its side in time, or it is cut off.
    let hung_up = async { while receiver.next(stream).await.is_a_message() {} };
    let _ = time::timeout_at(end, hung_up).await;
    if *reason == CloseReason::TOO_LARGE {
        // The rest of such a frame cannot be read, so the client's answer behind it is never seen.
        time::sleep_until(end).await;
    }
}

/// Passes on what the client sends, until it stops. Returns what to tell it then.
async fn read(
    receiver: &mut Receiver,
    stream: &TcpStream,
    seat: &Seat,
    outbox: &Outbox,
    Sockets { limits, metrics, .. }: &Sockets,
) -> CloseReason {
    let mut pace = Pace::new(limits.rates, time::Instant::now());
    loop {
        let frame = match receiver.next(stream).await {
            Received::Frame(frame) => frame,
            Received::Ping(content) => {
                outbox.pong(content);
                continue;
            }
            Received::Pong => continue,
            Received::Text => return CloseReason::NOT_BINARY,
            Received::TooLarge => return CloseReason::TOO_LARGE,
            Received::Silence => return CloseReason::SILENT,
            Received::End => return CloseReason::GOODBYE,
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

/// Does what the outbox leaves to the session, until the session is closed, or the client stops reading.
async fn write(stream: &TcpStream, outbox: &Outbox, seat: &Seat, Sockets { limits, metrics, .. }: &Sockets) {
    let mut heartbeat = time::interval(HEARTBEAT.min(limits.silence / 2));
    heartbeat.tick().await;
    loop {
        let duty = tokio::select! {
            // However much there is to send, who only reads must be asked for the sign of life that is expected of it.
            biased;
            _ = heartbeat.tick() => {
                outbox.ping();
                outbox.offer(NOBODY_CHANGED);
                continue;
            }
            duty = outbox.duty() => duty,
        };
        let sent = match duty {
            Duty::Send(upto) => time::timeout(limits.reading, send(stream, outbox, upto)).await,
            Duty::Lost => {
                seat.drained().await;
                continue;
            }
            Duty::Close(reason) => return drop(close(stream, outbox, reason, metrics).await),
        };
        match sent {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return outbox.close(CloseReason::GOODBYE),
            Err(_) => {
                outbox.close(CloseReason::TOO_SLOW);
                // If it begins to read just now, it learns why.
                return drop(close(stream, outbox, CloseReason::TOO_SLOW, metrics).await);
            }
        }
    }
}

/// Sends what is queued, until so many frames have left the queue since the beginning.
async fn send(stream: &TcpStream, outbox: &Outbox, upto: u64) -> io::Result<()> {
    loop {
        match outbox.try_send() {
            Ok(left) if left >= upto => return Ok(()),
            // One session must not keep a thread for itself.
            Ok(_) => tokio::task::yield_now().await,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => stream.writable().await?,
            Err(error) => return Err(error),
        }
    }
}

/// Tells the client why its session ends. Nothing follows.
async fn close(stream: &TcpStream, outbox: &Outbox, reason: CloseReason, metrics: &Metrics) -> CloseReason {
    metrics.closed(reason.code);
    let is_usual = [CloseReason::GOODBYE, CloseReason::RESTART].contains(&reason);
    if !is_usual {
        tracing::info!(code = reason.code, reason = %reason.reason, "the session is ended");
    }
    let upto = outbox.say_goodbye(&reason);
    // Whoever has gone already needs no goodbye, and whoever does not read it cannot hold the session up.
    let _ = time::timeout(Duration::from_secs(1), send(stream, outbox, upto)).await;
    reason
}
