//! The real program: what it says when it cannot start, what its commands do, and how it ends.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    process::Output,
    time::{Duration, Instant},
};

use collab::{faults::HANG, frame::Message};
use server::storage::{Storage, sqlite::Sqlite};
use support::{Client, program, program::Program, written};
use tempfile::TempDir;
use tokio_tungstenite::connect_async;

async fn connect(server: &Program, document: &str) -> Client {
    let (socket, _) = connect_async(format!("ws://{}/ws/{document}", server.address())).await.unwrap();
    Client { socket }
}

/// Writes, and waits until it is said to be saved.
async fn write(client: &mut Client, number: u32, text: &str) {
    let update = Message::Update(written(number, text));
    client.send(&[update, Message::SavedQuery(number.into())]).await;
    while client.next().await != Message::Saved(number.into()) {}
}

/// The one line that a command says when it fails.
#[track_caller]
fn complaint(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    let complaint = said.lines().find_map(|line| line.strip_prefix("scriptorium: "));
    complaint.unwrap_or_else(|| panic!("{said}")).to_owned()
}

#[track_caller]
fn said(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[tokio::test]
async fn an_acknowledged_edit_is_found_by_another_process_at_that_moment() {
    let data = TempDir::new().unwrap();
    let server = Program::start(data.path(), &[]);
    let mut anna = connect(&server, "room").await;
    let mut expected = String::new();
    for number in 1..=5 {
        write(&mut anna, number, &format!("<{number}>")).await;
        expected = said(&program::run(data.path(), &["export", "room"]));
        assert!(expected.contains(&format!("<{number}>")), "{expected}");
    }
    server.kill();
    assert_eq!(said(&program::run(data.path(), &["export", "room"])), expected);
}

#[tokio::test]
async fn a_second_server_on_the_same_directory_is_refused() {
    let data = TempDir::new().unwrap();
    let first = Program::start(data.path(), &[]);
    let second = program::run(data.path(), &["--address", "127.0.0.1:0"]);
    let expected = format!("another server is using {}", data.path().display());
    assert_eq!(complaint(&second), expected);
    for command in [&["import", "room", "/dev/null"][..], &["compact"]] {
        assert_eq!(complaint(&program::run(data.path(), command)), expected);
    }
    let mut anna = connect(&first, "room").await;
    write(&mut anna, 1, "the first goes on").await;
    assert!(first.end().0.success());
}

#[test]
fn what_keeps_a_server_from_starting_is_said_in_words() {
    let data = TempDir::new().unwrap();
    let file = data.path().join("scriptorium.db");
    let start = |data: &Path| complaint(&program::run(data, &["--address", "127.0.0.1:0"]));
    // Not even root may write here.
    #[cfg(target_os = "linux")]
    assert!(
        start(Path::new("/sys")).starts_with("the store cannot be read or written: /sys/scriptorium.lock: ")
    );
    fs::write(&file, "this is no database, whatever its name says".repeat(100)).unwrap();
    let expected = format!("the stored data of {} is damaged: file is not a database", file.display());
    assert_eq!(start(data.path()), expected);
    fs::remove_file(&file).unwrap();
    said(&program::run(data.path(), &["compact"]));
    rusqlite::Connection::open(&file).unwrap().pragma_update(None, "user_version", 1000).unwrap();
    let newer = start(data.path());
    assert!(newer.starts_with("the store has format 1000, this program knows formats up to "), "{newer}");
    assert!(newer.ends_with(": use a newer version"), "{newer}");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, elsewhere) = (taken.local_addr().unwrap().to_string(), TempDir::new().unwrap());
    let complaint = complaint(&program::run(elsewhere.path(), &["--address", &address]));
    assert!(complaint.starts_with(&format!("cannot listen on {address}: ")), "{complaint}");
}

#[tokio::test]
async fn the_commands_do_what_they_say() {
    let data = TempDir::new().unwrap();
    let run = |command: &[&str]| program::run(data.path(), command);
    let text = data.path().join("a.txt");
    let text = text.to_str().unwrap();
    fs::write(text, "Zoë 😀\nwrites").unwrap();
    assert_eq!(said(&run(&["import", "book", text])), "Imported.\n");
    assert_eq!(said(&run(&["import", "book", text])), "Nothing is new.\n");
    assert_eq!(said(&run(&["export", "book"])), "Zoë 😀\nwrites");
    fs::write(text, "Zoë 😀\nhas written").unwrap();
    assert_eq!(said(&run(&["import", "book", text])), "Imported.\n");
    assert_eq!(complaint(&run(&["export", "nothing"])), "there is no document nothing");

    // The state goes to another document, and to another store.
    let state = run(&["export", "book", "--state"]).stdout;
    let file = data.path().join("book.state");
    fs::write(&file, &state).unwrap();
    let file = file.to_str().unwrap();
    assert_eq!(said(&run(&["import", "copy", "--state", file])), "Imported.\n");
    assert_eq!(said(&run(&["import", "copy", "--state", file])), "Nothing is new.\n");
    assert_eq!(said(&run(&["export", "copy"])), "Zoë 😀\nhas written");
    assert!(complaint(&run(&["import", "copy", "--state", text])).starts_with("this cannot be imported: "));

    let server = Program::start(data.path(), &[]);
    let mut anna = connect(&server, "book").await;
    write(&mut anna, 1, "while it runs. ").await;
    let elsewhere = TempDir::new().unwrap();
    let copy = elsewhere.path().join("scriptorium.db");
    let backed_up = said(&run(&["backup", copy.to_str().unwrap()]));
    assert_eq!(backed_up, format!("Everything is in {}.\n", copy.display()));
    assert_eq!(said(&run(&["check"])), "All is well with 2 documents.\n");
    server.kill();
    assert!(said(&program::run(elsewhere.path(), &["export", "book"])).contains("while it runs. "));
    assert_eq!(said(&program::run(elsewhere.path(), &["check"])), "All is well with 2 documents.\n");

    assert_eq!(said(&run(&["compact", "--keep-updates", "0"])), "2 documents, 4 old updates removed.\n");
    deleted(elsewhere.path(), text);
    assert_eq!(said(&run(&["check"])), "All is well with 2 documents.\n");
    rusqlite::Connection::open(data.path().join("scriptorium.db"))
        .unwrap()
        .execute("UPDATE checkpoints SET state = x'00' WHERE document = 1", [])
        .unwrap();
    let damaged = run(&["check"]);
    assert!(complaint(&damaged).ends_with("problems were found"), "{damaged:?}");
    let found = String::from_utf8(damaged.stdout).unwrap();
    assert!(found.contains("book: the checksum of the checkpoint up to 3 is wrong"), "{found}");
    let complaint = complaint(&run(&["export", "book"]));
    assert!(complaint.starts_with("the stored data of book is damaged: "), "{complaint}");
}

/// What the commands make of a document that was deleted long ago.
fn deleted(data: &Path, text: &str) {
    let run = |command: &[&str]| program::run(data, command);
    Sqlite::open(data).unwrap().delete(&"copy".parse().unwrap(), 1).unwrap();
    assert_eq!(said(&run(&["check"])), "All is well with 1 documents, and 1 deleted ones.\n");
    assert_eq!(complaint(&run(&["export", "copy"])), "copy was deleted");
    assert_eq!(complaint(&run(&["import", "copy", text])), "copy was deleted");
    let compacted = "1 documents, 0 old updates removed. 1 deleted documents are gone for good.\n";
    assert_eq!(said(&run(&["compact"])), compacted);
    assert_eq!(said(&run(&["check"])), "All is well with 1 documents.\n");
    assert_eq!(said(&run(&["import", "copy", text])), "Imported.\n");
}

/// How long the end may take: ten seconds for the disk, and some for a slow machine.
const BOUNDED: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_room_that_hangs_does_not_hold_up_the_end() {
    let data = TempDir::new().unwrap();
    let server = Program::start(data.path(), &["--patience", "1"]);
    let mut anna = connect(&server, "room").await;
    write(&mut anna, 1, "kept").await;
    let mut eve = connect(&server, "room").await;
    eve.send(&[Message::Update(written(2, HANG))]).await;
    assert_eq!(u16::from(anna.expect_close().await.code), 1011);
    // Once for a room that was given up already, and once for one that is busy when the end comes.
    let mut eve = connect(&server, "elsewhere").await;
    eve.send(&[Message::Update(written(2, HANG))]).await;
    eve.is_heard().await;
    let (asked, ended) = (Instant::now(), tokio::task::spawn_blocking(move || server.end()).await.unwrap());
    assert!(asked.elapsed() < BOUNDED, "it took {:?}", asked.elapsed());
    assert!(ended.0.code().is_some(), "{ended:?}");
    assert_eq!(said(&program::run(data.path(), &["export", "room"])), "kept");
}

/// An answer that has begun when the end comes is not cut off.
#[tokio::test]
async fn a_page_that_is_on_its_way_arrives() {
    let data = TempDir::new().unwrap();
    let text = data.path().join("long.txt");
    fs::write(&text, "A long line, again and again.\n".repeat(200_000)).unwrap();
    said(&program::run(data.path(), &["import", "long", text.to_str().unwrap()]));
    let server = Program::start(data.path(), &[]);
    let mut page = TcpStream::connect(server.address()).unwrap();
    page.write_all(b"GET /d/long?mode=read&view=plain HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        .unwrap();
    let mut begun = vec![0; 1000];
    page.read_exact(&mut begun).unwrap();
    let ending = std::thread::spawn(move || server.end());
    std::thread::sleep(Duration::from_millis(300));
    let mut rest = Vec::new();
    page.read_to_end(&mut rest).unwrap();
    assert!(String::from_utf8_lossy(&rest).contains("</html>"), "{} bytes came", rest.len());
    assert!(rest.ends_with(b"0\r\n\r\n"), "the last chunk is missing");
    assert!(ending.join().unwrap().0.success());
}

#[tokio::test]
async fn the_end_is_bounded_although_clients_do_not_read() {
    let data = TempDir::new().unwrap();
    // On a slow machine Anna would be held back, for longer than she has patience.
    let server = Program::start(data.path(), &["--room-share", "100"]);
    let mut anna = connect(&server, "room").await;
    // More than the operating system holds for somebody who does not read.
    for client in 1..=4 {
        write(&mut anna, client, &"x".repeat(3_000_000)).await;
    }
    let mut deaf = connect(&server, "room").await;
    for _ in 0..20 {
        deaf.send(&[Message::Step1(support::EMPTY)]).await;
    }
    let silent = TcpStream::connect(server.address()).unwrap();
    let (asked, ended) = (Instant::now(), tokio::task::spawn_blocking(move || server.end()).await.unwrap());
    assert!(ended.0.success(), "{ended:?}");
    assert!(asked.elapsed() < BOUNDED, "it took {:?}", asked.elapsed());
    drop(silent);
}
