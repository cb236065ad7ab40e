//! Networks that delay, tear up, cut, half-open and hold back what is sent: once they are calm again, all read the
//! same, and everything that was written is there, once.
//!
//! `CHAOS_SEED` repeats a run's choices (not its timing), `CHAOS_SECONDS` sets how long the network is bad.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod network;
#[path = "../support/mod.rs"]
mod support;
mod writing;

use std::{sync::Arc, time::Duration};

use fastrand::Rng;
use network::Network;
use server::{
    rooms::fold,
    storage::{Storage, sqlite::Sqlite},
};
use support::{PATIENCE, Server, config};
use tokio::{
    sync::watch,
    time::{Instant, sleep, timeout},
};
use writing::Writer;

const DOCUMENTS: usize = 2;
const WRITERS: usize = 3;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_read_the_same_when_the_network_is_calm_again() {
    let (mut chance, seconds) = (chance(), number("CHAOS_SECONDS").unwrap_or(4));
    let directory = tempfile::tempdir().unwrap();
    let storage: Arc<dyn Storage> = Arc::new(Sqlite::open(directory.path()).unwrap());
    let server = Server::with(config(), storage.clone()).await;
    let network = Network::start(server.address, chance.fork()).await;
    let (calm, is_calm) = watch::channel(false);
    let writers: Vec<_> = (0..DOCUMENTS * WRITERS)
        .map(|number| Writer::new(number, number % DOCUMENTS, chance.fork()))
        .map(|writer| tokio::spawn(writer.write_through(network.address, is_calm.clone())))
        .collect();
    sleep(Duration::from_secs(seconds)).await;
    network.calm_down();
    calm.send_replace(true);

    let mut done = Vec::new();
    for writer in writers {
        done.push(timeout(PATIENCE * 3, writer).await.expect("everything is saved").unwrap());
    }
    server.stop().await.unwrap();
    println!("{network}, {} lines", done.iter().map(Writer::made).sum::<usize>());
    assert!(network.has_been_bad(), "the network did what it should");
    for document in 0..DOCUMENTS {
        let name = writing::document(document);
        let text = fold(&name, &storage.load(&name).unwrap()).unwrap().text();
        let readers = done.iter().filter(|writer| writer.document == document);
        readers.for_each(|reader| assert_eq!(reader.text(), text, "all read the same"));
        let mut found: Vec<_> = text.lines().map(str::to_owned).collect();
        let mut expected: Vec<_> =
            done.iter().filter(|writer| writer.document == document).flat_map(Writer::lines).collect();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "what was written is there, once");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_is_there_when_the_server_ends_under_load() {
    let mut chance = chance();
    let directory = tempfile::tempdir().unwrap();
    let mut acknowledged = 0;
    for _ in 0..3 {
        let storage: Arc<dyn Storage> = Arc::new(Sqlite::open(directory.path()).unwrap());
        let server = Server::with(config(), storage.clone()).await;
        let first = chance.usize(..1_000_000) * 100;
        let (confirmed, writers): (Vec<_>, Vec<_>) = (0..DOCUMENTS * WRITERS)
            .map(|number| Writer::new(first + number, number % DOCUMENTS, chance.fork()))
            .map(|writer| (writer.confirmed(), tokio::spawn(writer.write_until_the_end(server.address))))
            .unzip();
        for mut confirmed in confirmed {
            let has_some = confirmed.wait_for(|confirmed| !confirmed.is_empty());
            timeout(PATIENCE, has_some).await.expect("each has something to lose").unwrap();
        }
        sleep(Duration::from_millis(chance.u64(..500))).await;
        let stopping = Instant::now();
        server.stop().await.unwrap();
        assert!(stopping.elapsed() < PATIENCE, "it took {:?}", stopping.elapsed());

        for writer in writers {
            let (writer, code) = writer.await.unwrap();
            assert_eq!(code, 1012, "the server says that it is restarting");
            let name = writing::document(writer.document);
            let text = fold(&name, &storage.load(&name).unwrap()).unwrap().text();
            for line in writer.acknowledged() {
                assert_eq!(text.matches(&line).count(), 1, "{line:?} was said to be saved");
                acknowledged += 1;
            }
        }
    }
    assert!(acknowledged > 0, "there was something to lose");
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|value| value.parse().unwrap())
}

fn chance() -> Rng {
    let seed = number("CHAOS_SEED").unwrap_or_else(|| fastrand::u64(..));
    println!("CHAOS_SEED={seed}");
    Rng::with_seed(seed)
}
