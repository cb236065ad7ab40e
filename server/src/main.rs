//! The program: settings, log, address, and off it goes.

use std::{net::SocketAddr, process::ExitCode, sync::Arc, time::Duration};

use clap::Parser;
use server::{
    Listeners,
    commands::Command,
    config::{Config, Flags, LogFormat, StorageKind},
    metrics, run,
    storage::{Storage, memory::Memory, sqlite::Sqlite},
};
use tokio::{net::TcpListener, runtime, signal::unix};

/// Documents come from strangers and are handled on these threads. The depth of what they may nest is limited;
/// this leaves ample room for it. Only pages that are used cost memory.
const STACK: usize = 16 * 1024 * 1024;

fn main() -> ExitCode {
    match start() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("scriptorium: {error}");
            ExitCode::FAILURE
        }
    }
}

fn start() -> Result<(), Box<dyn std::error::Error>> {
    let flags = Flags::parse();
    let config = flags.resolve()?;
    match flags.command.unwrap_or(Command::Serve) {
        Command::Serve => {
            start_log(&config)?;
            metrics::watch_panics();
            let runtime =
                runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK).build()?;
            let served = runtime.block_on(serve(config));
            // All that matters is on disk, or was given up. What still hangs must not hold up the end.
            runtime.shutdown_timeout(Duration::from_secs(1));
            served
        }
        command => Ok(command.run(&config)?),
    }
}

async fn serve(mut config: Config) -> Result<(), Box<dyn std::error::Error>> {
    let shutdown = told_to_stop()?;
    expect_hashes(&mut config)?;
    let storage: Arc<dyn Storage> = match config.storage {
        StorageKind::Sqlite => Arc::new(Sqlite::open(&config.data)?),
        StorageKind::Memory => Arc::new(Memory::default()),
    };
    let pages = listen(config.leptos.site_addr)?;
    let metrics = match config.metrics {
        Some(address) => Some(listen(address)?),
        None => None,
    };
    tracing::info!("listening on http://{}", pages.local_addr()?);
    Ok(run(config, storage, Listeners { pages, metrics }, shutdown).await?)
}

fn listen(address: SocketAddr) -> Result<TcpListener, String> {
    server::listen(address).map_err(|error| format!("cannot listen on {address}: {error}"))
}

/// The build leaves a file beside the program that says under which names the page's code is to be found. Without it
/// no page could be rendered; with plain names, at least the text can be read.
fn expect_hashes(config: &mut Config) -> std::io::Result<()> {
    let file = std::env::current_exe()?.with_file_name(&*config.leptos.hash_file);
    if config.leptos.hash_files && !file.exists() {
        tracing::warn!(
            "{} is missing, so that pages can be read but not written: build with cargo-leptos",
            file.display()
        );
        config.leptos.hash_files = false;
    }
    Ok(())
}

fn start_log(config: &Config) -> Result<(), Box<dyn std::error::Error>> {
    let filter: tracing_subscriber::EnvFilter =
        config.log.parse().map_err(|error| format!("the log filter {:?} is wrong: {error}", config.log))?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
    Ok(())
}

/// Ready when the operating system, or the person at the terminal, wants the server to end.
fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    let mut terminate = unix::signal(unix::SignalKind::terminate())?;
    let mut interrupt = unix::signal(unix::SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
