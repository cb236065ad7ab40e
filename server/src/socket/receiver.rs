//! What comes in.

use std::{
    io::{self, Read, Write},
    pin::Pin,
    time::Duration,
};

use bytes::Bytes;
use tokio::{
    net::TcpStream,
    task::coop,
    time::{self, Instant, Sleep},
};
use tungstenite::{
    Error, Message,
    protocol::{Role, WebSocketConfig, WebSocketContext},
};

/// How much is read at once. With the library's default of 128 KiB, this would be most of a session's memory.
const BUFFER: usize = 4 * 1024;

/// Reads a client's frames, strictly as RFC 6455 has them.
pub(super) struct Receiver {
    protocol: WebSocketContext,
    silence: Duration,
    /// Runs out some time after the silence may have lasted too long. To set a timer costs more than all else that is done
    /// for a short frame, so that it is not set anew for each.
    timer: Pin<Box<Sleep>>,
}

/// What was received.
pub(super) enum Received {
    /// A binary frame.
    Frame(Bytes),
    /// A request for an answer with the same content.
    Ping(Bytes),
    /// The answer to a ping.
    Pong,
    /// A text frame.
    Text,
    /// A frame that is larger than allowed.
    TooLarge,
    /// For too long, nothing.
    Silence,
    /// The client has hung up, or the connection broke.
    End,
}

impl Received {
    /// Whether more may follow.
    pub(super) fn is_a_message(&self) -> bool {
        !matches!(self, Self::TooLarge | Self::Silence | Self::End)
    }
}

impl Receiver {
    /// Goes on after what was read already. Frames may have `most` bytes, and each has to come within `silence`.
    pub(super) fn new(read_before: Bytes, most: usize, silence: Duration) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(BUFFER)
            .max_message_size(Some(most))
            .max_frame_size(Some(most));
        let protocol =
            WebSocketContext::from_partially_read(read_before.to_vec(), Role::Server, Some(config));
        Self { protocol, silence, timer: Box::pin(time::sleep(silence)) }
    }

    /// Waits for the next frame.
    pub(super) async fn next(&mut self, stream: &TcpStream) -> Received {
        let began = Instant::now();
        // Whoever sends without end must not keep a thread for themselves.
        coop::consume_budget().await;
        loop {
            match self.protocol.read(&mut Incoming(stream)) {
                Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => {}
                received => return understood(received),
            }
            tokio::select! {
                readable = stream.readable() => if let Err(error) = readable {
                    return understood(Err(error.into()));
                },
                () = &mut self.timer => {
                    let end = began + self.silence;
                    if end <= Instant::now() {
                        return Received::Silence;
                    }
                    self.timer.as_mut().reset(end);
                }
            }
        }
    }
}

fn understood(received: Result<Message, Error>) -> Received {
    match received {
        Ok(Message::Binary(frame)) => Received::Frame(frame),
        Ok(Message::Ping(content)) => Received::Ping(content),
        Ok(Message::Pong(_)) => Received::Pong,
        Ok(Message::Text(_)) => Received::Text,
        Ok(Message::Close(_) | Message::Frame(_)) => Received::End,
        Err(Error::Capacity(_)) => Received::TooLarge,
        Err(error) => {
            tracing::debug!(%error, "the socket failed");
            Received::End
        }
    }
}

/// A connection, to read from. What the library would answer is answered by the session, which alone writes, so that no
/// answer gets into the middle of a frame.
struct Incoming<'a>(&'a TcpStream);

impl Read for Incoming<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.try_read(buffer)
    }
}

impl Write for Incoming<'_> {
    fn write(&mut self, answer: &[u8]) -> io::Result<usize> {
        Ok(answer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
