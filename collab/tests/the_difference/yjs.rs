//! Yjs, in a process of its own: see `end2end/clients/yjs_replicas.mjs`.

use std::{
    io::{BufRead, BufReader, Lines, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use collab::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

pub(crate) struct Yjs {
    process: Child,
    commands: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

/// What somebody reads.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) text: String,
    /// Whether something waits there for what is missing.
    pub(crate) waits: bool,
}

#[derive(Deserialize)]
struct Answer {
    frames: Vec<String>,
    text: String,
    waits: bool,
}

impl Yjs {
    pub(crate) fn start() -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../end2end/clients/yjs_replicas.mjs");
        let mut process = Command::new("node")
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node is installed: see .ci/setup");
        let commands = process.stdin.take().unwrap();
        let answers = BufReader::new(process.stdout.take().unwrap()).lines();
        Self { process, commands, answers }
    }

    pub(crate) fn reset(&mut self) {
        self.ask(json!({ "command": "reset" }));
    }

    pub(crate) fn open(&mut self, client: u32) {
        self.ask(json!({ "command": "open", "client": client }));
    }

    pub(crate) fn connect(&mut self, client: u32) -> Vec<Bytes> {
        frames(self.ask(json!({ "command": "connect", "client": client })))
    }

    pub(crate) fn edit(&mut self, client: u32, at: u32, remove: u32, insert: &str) -> Vec<Bytes> {
        let command = json!({
            "command": "edit", "client": client, "at": at, "remove": remove, "insert": insert
        });
        frames(self.ask(command))
    }

    pub(crate) fn receive(&mut self, client: u32, frame: &[u8]) -> Vec<Bytes> {
        frames(self.ask(json!({ "command": "receive", "client": client, "frame": hex(frame) })))
    }

    pub(crate) fn read(&mut self, client: u32) -> Reading {
        let Answer { text, waits, .. } = self.ask(json!({ "command": "read", "client": client }));
        Reading { text, waits }
    }

    pub(crate) fn load(&mut self, update: &[u8]) -> Reading {
        let Answer { text, waits, .. } = self.ask(json!({ "command": "load", "update": hex(update) }));
        Reading { text, waits }
    }

    fn ask(&mut self, command: Value) -> Answer {
        writeln!(self.commands, "{command}").expect("Yjs listens: is `npm ci` done in end2end?");
        let answer = self.answers.next().expect("Yjs answers: is `npm ci` done in end2end?").unwrap();
        serde_json::from_str(&answer).unwrap()
    }
}

impl Drop for Yjs {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn frames(answer: Answer) -> Vec<Bytes> {
    answer.frames.iter().map(|frame| unhex(frame)).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Bytes {
    let byte = |at| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(byte).collect()
}
