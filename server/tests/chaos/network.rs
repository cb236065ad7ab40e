//! A bad network, as a proxy in front of the server.

use std::{
    fmt,
    net::SocketAddr,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use fastrand::Rng;
use futures::future;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    time::sleep,
};

/// Connections through it are slow, and most of them come to a bad end, until it calms down.
///
/// Its first five connections have met each of the ends, so all of them happen however few connections a slow machine
/// has the time for.
pub(crate) struct Network {
    pub(crate) address: SocketAddr,
    calm: watch::Sender<bool>,
    events: Arc<Events>,
}

/// What has happened.
#[derive(Default)]
struct Events {
    connections: AtomicUsize,
    cuts: AtomicUsize,
    frozen: AtomicUsize,
    deaf: AtomicUsize,
}

/// What becomes of a connection.
#[derive(Clone, Copy)]
enum Fate {
    /// It is slow.
    Steady,
    /// It is closed in the middle of something.
    Cut,
    /// Nothing comes through any more, in either direction, and nobody is told.
    Frozen,
    /// The client reads no more, and goes on sending.
    Deaf,
}

/// Deals fates like cards: in any order, and each as often as the pack has it before the pack is shuffled again.
struct Fates {
    chance: Rng,
    pack: Vec<Fate>,
}

impl Fates {
    const PACK: [Fate; 5] = [Fate::Steady, Fate::Cut, Fate::Cut, Fate::Frozen, Fate::Deaf];

    fn new(chance: Rng) -> Self {
        Self { chance, pack: Vec::new() }
    }

    fn next(&mut self) -> Fate {
        if self.pack.is_empty() {
            self.pack.extend(Self::PACK);
            self.chance.shuffle(&mut self.pack);
        }
        self.pack.pop().expect("a pack has fates in it")
    }
}

impl Network {
    pub(crate) async fn start(server: SocketAddr, mut chance: Rng) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (calm, is_calm) = watch::channel(false);
        let events = Arc::new(Events::default());
        let counted = events.clone();
        let mut fates = Fates::new(chance.fork());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                counted.connections.fetch_add(1, Ordering::Relaxed);
                let Ok(server) = TcpStream::connect(server).await else { continue };
                let (fate, chance) = (fates.next(), chance.fork());
                let relay = relay([client, server], fate, chance, is_calm.clone(), counted.clone());
                tokio::spawn(relay);
            }
        });
        Self { address, calm, events }
    }

    /// From now on, it is a good network. What had come to a bad end stays broken.
    pub(crate) fn calm_down(&self) {
        self.calm.send_replace(true);
    }

    pub(crate) fn has_been_bad(&self) -> bool {
        let Events { cuts, frozen, deaf, .. } = &*self.events;
        [cuts, frozen, deaf].iter().all(|count| count.load(Ordering::Relaxed) > 0)
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Events { connections, cuts, frozen, deaf } = &*self.events;
        let [connections, cuts, frozen, deaf] =
            [connections, cuts, frozen, deaf].map(|count| count.load(Ordering::Relaxed));
        write!(f, "{connections} connections: {cuts} cut, {frozen} frozen, {deaf} deaf")
    }
}

async fn relay(
    [client, server]: [TcpStream; 2],
    fate: Fate,
    mut chance: Rng,
    mut is_calm: watch::Receiver<bool>,
    events: Arc<Events>,
) {
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let mut up = pin!(pump(from_client, to_server, chance.fork(), is_calm.clone()));
    let mut down = pin!(pump(from_server, to_client, chance.fork(), is_calm.clone()));
    let good_time = Duration::from_millis(chance.u64(20..900));
    tokio::select! {
        _ = future::select(&mut up, &mut down) => return,
        () = sleep(good_time), if !matches!(fate, Fate::Steady) => {}
    }
    if *is_calm.borrow() {
        future::select(&mut up, &mut down).await;
        return;
    }
    // What is not polled any more keeps its sockets open.
    match fate {
        Fate::Steady | Fate::Cut => drop(events.cuts.fetch_add(1, Ordering::Relaxed)),
        Fate::Frozen => {
            events.frozen.fetch_add(1, Ordering::Relaxed);
            let _ = is_calm.wait_for(|calm| *calm).await;
        }
        Fate::Deaf => {
            events.deaf.fetch_add(1, Ordering::Relaxed);
            tokio::select! {
                () = up => {}
                _ = is_calm.wait_for(|calm| *calm) => {}
            }
        }
    }
}

/// Passes bytes on in pieces of any size, late, until one side hangs up.
async fn pump(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut chance: Rng,
    is_calm: watch::Receiver<bool>,
) {
    let mut buffer = [0; 4096];
    loop {
        let most = chance.usize(1..=buffer.len());
        let Ok(len @ 1..) = from.read(&mut buffer[..most]).await else { return };
        if !*is_calm.borrow() {
            sleep(Duration::from_micros(chance.u64(..15_000))).await;
        }
        if to.write_all(&buffer[..len]).await.is_err() {
            return;
        }
    }
}
