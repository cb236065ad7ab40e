//! What `docs/http.md` shows does what it says.

use std::{
    net::SocketAddr,
    process::{Command, Stdio},
};

use tempfile::TempDir;
use tokio::task;

use super::server;

const DOCUMENTATION: &str = include_str!("../../../docs/http.md");

/// The commands in order, each with the output that the documentation shows for it, if any.
fn examples() -> Vec<(&'static str, Option<&'static str>)> {
    let mut examples = Vec::new();
    for block in DOCUMENTATION.split("```").skip(1).step_by(2) {
        let (kind, content) = block.split_once('\n').unwrap();
        match (kind, examples.last_mut()) {
            ("sh", _) => examples.push((content, None)),
            ("text", Some((_, output))) => *output = Some(content),
            _ => panic!("a block of {kind}"),
        }
    }
    examples
}

/// Runs commands as people do, but for the address, and ends at the first that fails.
async fn run(address: SocketAddr, directory: &TempDir, commands: &str) -> String {
    let curl = "curl() { command curl --silent --show-error --fail-with-body \"$@\"; }";
    let pad = "pad=http://127.0.0.1:8080/api/documents";
    let script = format!("set -euo pipefail\n{curl}\n{pad}\n{commands}");
    let mut bash = Command::new("bash");
    bash.args(["-c", &script.replace("127.0.0.1:8080", &address.to_string())]).current_dir(directory.path());
    let running = task::spawn_blocking(move || bash.stderr(Stdio::inherit()).output());
    let output = running.await.unwrap().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{commands}\n{said}");
    said
}

#[tokio::test]
async fn the_examples_do_what_they_say() {
    let server = server().await;
    let directory = TempDir::new().unwrap();
    std::fs::write(directory.path().join("README.md"), "# Read me\n").unwrap();
    let examples = examples();
    assert!(examples.len() > 10, "{}", examples.len());
    for (commands, expected) in examples {
        let said = run(server.address, &directory, commands).await;
        if let Some(expected) = expected {
            let end = said.len().saturating_sub(expected.len());
            assert_eq!(&said[end..], expected, "{commands}");
        }
    }
    assert_eq!(std::fs::read_to_string(directory.path().join("copy.md")).unwrap(), "# Read me\n");
    assert_eq!(server.text_of("list").await, "0\nfour\nfive\n");
    assert_eq!(server.text_of("copy").await, server.text_of("list").await);
}
