//! The real program, as an operator runs it.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, ExitStatus, Output, Stdio},
    thread::JoinHandle,
};

/// A server that is running.
pub struct Program {
    child: Child,
    pub port: u16,
    log: JoinHandle<Vec<String>>,
}

impl Program {
    /// Starts a server on a data directory, and waits until it listens.
    pub fn start(data: &Path, settings: &[&str]) -> Self {
        let mut child = command(data)
            .args(["--address", "127.0.0.1:0"])
            .args(settings)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
        let port = loop {
            let line = log.next().expect("the server says where it listens").unwrap();
            if let Some((_, port)) = line.split_once("listening on http://127.0.0.1:") {
                break port.trim().parse().unwrap();
            }
        };
        let log = std::thread::spawn(move || log.map_while(Result::ok).collect());
        Self { child, port, log }
    }

    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end. Returns how it did, and what it had logged.
    pub fn end(mut self) -> (ExitStatus, Vec<String>) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let status = self.child.wait().unwrap();
        (status, self.log.join().unwrap())
    }
}

/// Runs a command of the operator's to its end.
pub fn run(data: &Path, command_line: &[&str]) -> Output {
    command(data).args(command_line).stdin(Stdio::null()).output().unwrap()
}

fn command(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scriptorium"));
    command.args(["--config", "no-such-file", "--data"]).arg(data);
    command
}
