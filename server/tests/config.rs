//! The settings' two files, and what goes before what.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use clap::{CommandFactory, Parser};
use server::config::Flags;
use toml::{Table, Value};

fn leptos_section(text: &str, path: &[&str]) -> Table {
    let root: Table = text.parse().unwrap();
    let mut section = &Value::Table(root);
    for key in path {
        section = &section[*key];
    }
    section.as_array().unwrap()[0].as_table().unwrap().clone()
}

#[test]
fn both_files_agree_on_what_they_share() {
    let path = ["workspace", "metadata", "leptos"];
    let run_time = leptos_section(include_str!("../../Leptos.toml"), &path);
    let build_time = leptos_section(include_str!("../../Cargo.toml"), &path);
    let shared: Vec<_> = run_time.keys().filter(|key| build_time.contains_key(*key)).collect();
    assert!(shared.len() >= 6, "the files share more than {shared:?}");
    for key in shared {
        assert_eq!(run_time[key], build_time[key], "{key}");
    }
}

#[test]
fn flags_go_before_the_file_and_the_file_before_the_defaults() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("Leptos.toml");
    let settings =
        "[[workspace.metadata.leptos]]\noutput-name = \"scriptorium\"\nsite-addr = \"127.0.0.1:9999\"\n";
    std::fs::write(&file, settings).unwrap();
    let address = |flags: &[&str]| {
        let config = ["scriptorium", "--config", file.to_str().unwrap()];
        Flags::parse_from(config.iter().chain(flags)).resolve().unwrap().leptos.site_addr.to_string()
    };
    assert_eq!(address(&[]), "127.0.0.1:9999");
    assert_eq!(address(&["--address", "127.0.0.1:1234"]), "127.0.0.1:1234");
    let built_in = Flags::parse_from(["scriptorium", "--config", "no-such-file"]).resolve().unwrap();
    assert_eq!(built_in.leptos.site_addr.to_string(), "127.0.0.1:8080");
}

#[test]
fn a_file_that_makes_no_sense_is_refused_with_its_name() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("Leptos.toml");
    std::fs::write(&file, "[[workspace.metadata.leptos]]\noutput-name = 7 = 8\n").unwrap();
    let error = Flags::parse_from(["scriptorium", "--config", file.to_str().unwrap()]).resolve().unwrap_err();
    assert!(error.to_string().contains("Leptos.toml"), "{error}");
}

#[test]
fn lists_are_read_from_flags_and_from_the_file() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("Leptos.toml");
    let settings = "[[workspace.metadata.leptos]]\noutput-name = \"scriptorium\"\n\
        [scriptorium]\norigins = [\"same\", \"https://a.example\"]\ntrusted-proxies = [\"10.0.0.0/8\"]\n";
    std::fs::write(&file, settings).unwrap();
    let edge = |flags: &[&str]| {
        let config = ["scriptorium", "--config", file.to_str().unwrap()];
        match Flags::try_parse_from(config.iter().chain(flags)) {
            Ok(flags) => format!("{:?}", flags.resolve().unwrap().edge),
            Err(error) => error.to_string(),
        }
    };
    let from_file = edge(&[]);
    assert!(from_file.contains("a.example") && from_file.contains("10.0.0.0/8"), "{from_file}");
    let from_flags = edge(&["--origins", "https://b.example,*", "--trusted-proxies", "127.0.0.1,::1"]);
    assert!(!from_flags.contains("a.example"), "the flag replaces the file's list: {from_flags}");
    assert!(from_flags.contains("b.example") && from_flags.contains("Any"), "{from_flags}");
    assert!(from_flags.contains("127.0.0.1") && from_flags.contains("::1"), "{from_flags}");
    assert!(edge(&["--origins", "b.example"]).contains("\"b.example\" is no origin"));
    assert!(edge(&["--trusted-proxies", "proxy"]).contains("\"proxy\" is neither an address"));
}

#[test]
fn every_setting_is_documented() {
    let documented = include_str!("../../docs/operations.md");
    for setting in Flags::command().get_arguments() {
        let (Some(flag), Some(variable)) = (setting.get_long(), setting.get_env()) else { continue };
        let row = documented.lines().find(|line| line.starts_with(&format!("| `--{flag}` |")));
        let row = row.unwrap_or_else(|| panic!("--{flag} is not in the table"));
        assert!(row.contains(variable.to_str().unwrap()), "{row}");
        let help = setting.get_help().unwrap().to_string();
        if let Some((_, default)) = help.split_once("[default: ") {
            let default = default.trim_end_matches(']');
            assert!(row.ends_with(&format!("| {default} |")), "{default} in {row}");
        }
    }
}
