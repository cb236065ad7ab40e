//! One session, as any client has it.

use bytes::Bytes;
use collab::{
    document::{EMPTY_STATE_VECTOR, EMPTY_UPDATE},
    frame::Message,
    wire::Reader,
};
use futures::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async_with_config,
    tungstenite::{self, protocol::WebSocketConfig},
};

use crate::{Error, dialect::Dialect, target::Target};

/// What each socket reads at once. There are many, and most frames are small.
const BUFFER: usize = 16 * 1024;

/// A socket in a document.
pub(crate) struct Client {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    dialect: Dialect,
    prefix: Vec<u8>,
}

/// What the server says. Everything else is passed over.
#[derive(Debug)]
pub(crate) enum Heard {
    Step1,
    Step2(Bytes),
    Update(Bytes),
    Saved(u64),
    /// Awareness, of so many bytes.
    Presences(usize),
    Other,
}

impl Client {
    /// Opens a socket, and says what has to be said first.
    pub(crate) async fn connect(target: &Target, document: &str) -> Result<Self, Error> {
        let dialect = target.dialect;
        let address = dialect.address(target, document).await?;
        let config = WebSocketConfig::default()
            .read_buffer_size(BUFFER)
            .write_buffer_size(0)
            .max_message_size(None)
            .max_frame_size(None);
        let (socket, _) = connect_async_with_config(address, Some(config), true).await?;
        let mut client = Self { socket, dialect, prefix: dialect.prefix(document) };
        if let Some(greeting) = dialect.greeting() {
            client.send_raw(greeting).await?;
        }
        Ok(client)
    }

    /// Opens a socket and waits until the server sends whatever happens to the document. Returns what a client lacked
    /// that knew what this state vector says.
    pub(crate) async fn join_knowing(
        target: &Target,
        document: &str,
        known: &[u8],
    ) -> Result<(Self, Bytes), Error> {
        let mut client = Self::connect(target, document).await?;
        client.send(&Message::Step1(Bytes::copy_from_slice(known))).await?;
        loop {
            match client.next().await? {
                Heard::Step2(update) => return Ok((client, update)),
                // Some servers take a client for one of theirs only once they have its answer.
                Heard::Step1 => client.send(&Message::Step2(Bytes::from_static(&EMPTY_UPDATE))).await?,
                _ => {}
            }
        }
    }

    /// The same, knowing nothing.
    pub(crate) async fn join(target: &Target, document: &str) -> Result<Self, Error> {
        Ok(Self::join_knowing(target, document, &EMPTY_STATE_VECTOR).await?.0)
    }

    pub(crate) async fn send(&mut self, message: &Message) -> Result<(), Error> {
        let mut out = Vec::new();
        message.encode(&mut out);
        self.send_raw(&out).await
    }

    /// Sends messages that are encoded already, as one frame.
    pub(crate) async fn send_raw(&mut self, messages: &[u8]) -> Result<(), Error> {
        let frame = [&self.prefix, messages].concat();
        Ok(self.socket.send(tungstenite::Message::Binary(frame.into())).await?)
    }

    /// Waits for what the server says next.
    pub(crate) async fn next(&mut self) -> Result<Heard, Error> {
        loop {
            match self.socket.next().await.ok_or("the server hung up")?? {
                tungstenite::Message::Binary(frame) => return heard(&self.dialect.strip(&frame)?),
                tungstenite::Message::Close(frame) => {
                    return Err(format!("the server ended the session: {frame:?}").into());
                }
                _ => {}
            }
        }
    }
}

/// Hocuspocus has a type of its own for the step 1 with which it answers.
const SYNC_REPLY: u64 = 4;

fn heard(message: &Bytes) -> Result<Heard, Error> {
    let mut reader = Reader::new(message);
    let payload = |mut reader: Reader<'_>| Ok::<_, Error>(message.slice_ref(reader.bytes()?));
    Ok(match reader.var_u64()? {
        0 | SYNC_REPLY => match reader.var_u64()? {
            0 => Heard::Step1,
            1 => Heard::Step2(payload(reader)?),
            _ => Heard::Update(payload(reader)?),
        },
        1 => Heard::Presences(reader.rest().len()),
        100 if reader.u8()? == 1 => Heard::Saved(reader.var_u64()?),
        _ => Heard::Other,
    })
}
