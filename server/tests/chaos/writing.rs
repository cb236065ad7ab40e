//! People who write lines, each in a tab that outlives its connections.

use std::{collections::BTreeSet, net::SocketAddr, time::Duration};

use collab::{
    edit::{TextEdit, utf16_len},
    id::{ClientId, DocId},
    replica::{Effect, Replica},
};
use fastrand::Rng;
use futures::{SinkExt, StreamExt};
use tokio::{
    net::TcpStream,
    sync::watch,
    time::{Instant, sleep, timeout},
};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// After how long without a word the server is asked for one.
const ASK_AFTER: Duration = Duration::from_millis(400);
/// After how long without a word a connection is given up.
const GIVE_UP_AFTER: Duration = Duration::from_millis(1_500);
/// How long the writers of one document give each other to be heard.
const SETTLE: Duration = Duration::from_secs(2);

pub(crate) fn document(number: usize) -> DocId {
    format!("document-{number}").parse().unwrap()
}

/// Somebody who writes lines into a document and removes some of them again.
pub(crate) struct Writer {
    pub(crate) document: usize,
    name: usize,
    replica: Replica,
    chance: Rng,
    started: Instant,
    /// Edit by edit.
    history: Vec<Done>,
    /// Which of them the server has confirmed, counted from 1.
    confirmed: watch::Sender<BTreeSet<u64>>,
}

#[derive(Clone, PartialEq)]
enum Done {
    Wrote(String),
    Removed(String),
}

/// The connection has ended, perhaps with this code.
struct Ended(Option<u16>);

impl From<tungstenite::Error> for Ended {
    fn from(_: tungstenite::Error) -> Self {
        Self(None)
    }
}

impl Writer {
    pub(crate) fn new(name: usize, document: usize, mut chance: Rng) -> Self {
        let replica = Replica::new(ClientId::new(chance.u32(1..)), "{}", 0);
        let (history, confirmed) = (Vec::new(), watch::Sender::default());
        Self { document, name, replica, chance, started: Instant::now(), history, confirmed }
    }

    pub(crate) fn text(&self) -> String {
        self.replica.text()
    }

    pub(crate) fn made(&self) -> usize {
        self.history.len()
    }

    /// Which of its edits the server has confirmed, as they become more.
    pub(crate) fn confirmed(&self) -> watch::Receiver<BTreeSet<u64>> {
        self.confirmed.subscribe()
    }

    /// The lines that should be there in the end.
    pub(crate) fn lines(&self) -> impl Iterator<Item = String> {
        self.written(|_| true)
    }

    /// The lines that were said to be saved.
    pub(crate) fn acknowledged(&self) -> impl Iterator<Item = String> {
        self.written(|number| self.confirmed.borrow().contains(&number))
    }

    fn written(&self, counts: impl Fn(u64) -> bool) -> impl Iterator<Item = String> {
        let numbered = (1..).zip(&self.history).filter(move |(number, _)| counts(*number));
        numbered.filter_map(|(_, done)| match done {
            Done::Wrote(line) if !self.history.contains(&Done::Removed(line.clone())) => Some(line.clone()),
            _ => None,
        })
    }

    /// Writes until the network is calm, and comes back as often as it takes until everything is saved.
    pub(crate) async fn write_through(
        mut self,
        address: SocketAddr,
        mut is_calm: watch::Receiver<bool>,
    ) -> Self {
        while let Err(Ended(_)) = self.visit(address, Some(&mut is_calm)).await {
            sleep(Duration::from_millis(self.chance.u64(10..100))).await;
        }
        self
    }

    /// Writes until the server ends. Returns the code with which it does.
    pub(crate) async fn write_until_the_end(mut self, address: SocketAddr) -> (Self, u16) {
        let Err(Ended(code)) = self.visit(address, None).await else { unreachable!("nothing else ends it") };
        (self, code.expect("the server says goodbye"))
    }

    /// One connection. It ends well once the network is calm and all is saved and heard.
    async fn visit(
        &mut self,
        address: SocketAddr,
        is_calm: Option<&mut watch::Receiver<bool>>,
    ) -> Result<(), Ended> {
        let url = format!("ws://{address}/ws/{}", document(self.document));
        let opening = timeout(GIVE_UP_AFTER, connect_async(url)).await.map_err(|_| Ended(None))?;
        let mut socket = opening?.0;
        let effects = self.replica.connected(self.now());
        let ended = match self.send(&mut socket, effects).await {
            Ok(()) => self.converse(&mut socket, is_calm).await,
            Err(ended) => Err(ended),
        };
        self.replica.disconnected();
        ended
    }

    async fn converse(
        &mut self,
        socket: &mut Socket,
        is_calm: Option<&mut watch::Receiver<bool>>,
    ) -> Result<(), Ended> {
        let (mut heard, mut asked, mut quiet) = (Instant::now(), Instant::now(), Instant::now());
        loop {
            let has_calmed = is_calm.as_ref().is_some_and(|is_calm| *is_calm.borrow());
            if !has_calmed || self.replica.has_unsaved_edits() {
                quiet = Instant::now();
            }
            if quiet.elapsed() > SETTLE {
                return Ok(());
            }
            let pause = Duration::from_micros(self.chance.u64(500..20_000));
            match timeout(pause, socket.next()).await {
                Ok(Some(frame)) => {
                    heard = Instant::now();
                    self.receive(socket, frame?).await?;
                }
                Ok(None) => return Err(Ended(None)),
                Err(_) if heard.elapsed() > GIVE_UP_AFTER => return Err(Ended(None)),
                Err(_) if heard.max(asked).elapsed() > ASK_AFTER => {
                    asked = Instant::now();
                    let effects = self.replica.ask_for_a_sign(self.now());
                    self.send(socket, effects).await?;
                }
                Err(_) if has_calmed => {}
                Err(_) => {
                    let effects = self.act();
                    self.send(socket, effects).await?;
                }
            }
        }
    }

    async fn receive(&mut self, socket: &mut Socket, frame: tungstenite::Message) -> Result<(), Ended> {
        match frame {
            tungstenite::Message::Binary(frame) => {
                let (now, mut effects) = (self.now(), Vec::new());
                self.replica.receive(&frame, now, &mut effects).expect("a frame that the server sends");
                self.send(socket, effects).await
            }
            tungstenite::Message::Close(close) => Err(Ended(close.map(|close| close.code.into()))),
            _ => Ok(()),
        }
    }

    async fn send(&mut self, socket: &mut Socket, effects: Vec<Effect>) -> Result<(), Ended> {
        for effect in effects {
            match effect {
                Effect::Send(frame) => {
                    let sending = socket.send(tungstenite::Message::Binary(frame));
                    match timeout(GIVE_UP_AFTER, sending).await {
                        Ok(Ok(())) => {}
                        // The server may have said goodbye before it hung up.
                        Ok(Err(_)) => return Err(farewell(socket).await),
                        Err(_) => return Err(Ended(None)),
                    }
                }
                Effect::Release(edits) => self.confirmed.send_modify(|confirmed| {
                    confirmed.extend(edits.into_iter().map(|edit| edit.number));
                }),
                _ => {}
            }
        }
        Ok(())
    }

    /// Writes a line before a random one, or removes one of its own.
    fn act(&mut self) -> Vec<Effect> {
        let text = self.replica.text();
        let own = format!("[{}.", self.name);
        let own: Vec<&str> = text.lines().filter(|line| line.starts_with(&own)).collect();
        let (edit, done) = if own.len() > 20 || (!own.is_empty() && self.chance.u8(..5) == 0) {
            let line = own[self.chance.usize(..own.len())];
            let at = utf16_len(&text[..text.find(line).unwrap()]);
            (TextEdit { at, delete: utf16_len(line) + 1, insert: String::new() }, Done::Removed(line.into()))
        } else {
            let starts: Vec<_> =
                std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
            let at = utf16_len(&text[..starts[self.chance.usize(..starts.len())]]);
            let line = format!("[{}.{}] 😀 é", self.name, self.history.len());
            (TextEdit { at, delete: 0, insert: format!("{line}\n") }, Done::Wrote(line))
        };
        self.history.push(done);
        self.replica.edit(&[edit], self.now())
    }

    fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap()
    }
}

/// Reads on to the end, for what the server said before it hung up.
async fn farewell(socket: &mut Socket) -> Ended {
    while let Ok(Some(Ok(frame))) = timeout(GIVE_UP_AFTER, socket.next()).await {
        if let tungstenite::Message::Close(close) = frame {
            return Ended(close.map(|close| close.code.into()));
        }
    }
    Ended(None)
}
