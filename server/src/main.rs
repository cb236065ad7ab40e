//! The program: settings, log, address, and off it goes.

use std::{process::ExitCode, sync::Arc};

use clap::Parser;
use server::{
    config::{Flags, LogFormat},
    run,
    storage::memory::Memory,
};
use tokio::{net::TcpListener, runtime, signal::unix};

/// Documents come from strangers and are handled on these threads. The depth of what they may nest is limited;
/// this leaves ample room for it. Only pages that are used cost memory.
const STACK: usize = 16 * 1024 * 1024;

fn main() -> ExitCode {
    let flags = Flags::parse();
    let runtime = runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK).build();
    let result = runtime.map_err(Into::into).and_then(|runtime| runtime.block_on(serve(&flags)));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("scriptorium: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(flags: &Flags) -> Result<(), Box<dyn std::error::Error>> {
    start_log(flags)?;
    let config = flags.resolve()?;
    let address = config.leptos.site_addr;
    let listener =
        TcpListener::bind(address).await.map_err(|error| format!("cannot listen on {address}: {error}"))?;
    tracing::info!("listening on http://{}", listener.local_addr()?);
    run(config, Arc::new(Memory::default()), listener, told_to_stop()?).await?;
    Ok(())
}

fn start_log(flags: &Flags) -> Result<(), Box<dyn std::error::Error>> {
    let filter: tracing_subscriber::EnvFilter =
        flags.log.parse().map_err(|error| format!("the log filter {:?} is wrong: {error}", flags.log))?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match flags.log_format {
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
