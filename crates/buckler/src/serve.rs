//! `buckler serve`: from a checked configuration to a server that listens, and back.

mod first_start;
mod seeding;
pub(crate) mod storage;

use std::io::Write as _;

use buckler_server::{Clock, Context, Server};
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing_subscriber::EnvFilter;

pub(crate) use storage::open_rows;

use crate::account::{Accounts, AdminSocket};
use crate::cli::ServeArguments;
use crate::config::{Configuration, Storage};
use crate::error::Failure;
use crate::seams::Seams;

/// The signal's number on Linux, on every architecture but MIPS.
const SIGXFSZ: i32 = 25;

/// Serves until a signal to stop, then drains.
///
/// # Errors
///
/// [`Failure`].
pub(crate) fn run(arguments: ServeArguments, seams: Seams) -> Result<(), Failure> {
    let configuration = Configuration::from_arguments(arguments)?;
    start_log(&configuration.log)?;
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::runtime)?
        .block_on(serve(configuration, seams))
}

async fn serve(configuration: Configuration, seams: Seams) -> Result<(), Failure> {
    // The address is taken before anything is created, so that a mistake in it leaves nothing.
    let listener = TcpListener::bind(configuration.listen)
        .await
        .map_err(|error| {
            Failure::configuration(format!(
                "cannot listen on {}: {error}",
                configuration.listen
            ))
        })?;
    let address = listener.local_addr().map_err(Failure::runtime)?;
    let opened = storage::open(&configuration, &seams).await?;
    let first = seeding::apply(&configuration, &opened).await?;
    if let Some(first) = &first {
        first_start::print(first, address, &configuration.server.region);
    }
    let store = opened.store.clone();
    let admin = admin_socket(&configuration.storage);
    let accounts = Accounts {
        store: store.clone(),
        master_key: opened.master_key.clone(),
    };
    let context = Context::new(
        opened.store,
        opened.blobs,
        opened.master_key,
        Clock::System,
        configuration.server,
    );
    let stop = stop_signal()?;
    let _file_size = outlive_file_size_limit()?;
    say_ready(address);
    let served = tokio::select! {
        served = Server::new(context).serve(listener, stop) => served,
        never = administer(admin.as_ref(), &accounts) => match never {},
    };
    drop(admin);
    let closed = store.close().await;
    // The folder of an ephemeral server goes now, after the last use.
    drop(opened.temporary);
    served.map_err(Failure::runtime)?;
    closed.map_err(Failure::runtime)
}

/// The operator's way to a SQLite file that this process has to itself. A server without it serves
/// all the same.
fn admin_socket(storage: &Storage) -> Option<AdminSocket> {
    let Storage::Durable { data, database, .. } = storage else {
        return None;
    };
    if database.is_remote() {
        return None;
    }
    AdminSocket::bind(data)
        .inspect_err(|error| {
            tracing::warn!(%error, "no admin socket: `buckler account` works only while no server runs");
        })
        .ok()
}

async fn administer(admin: Option<&AdminSocket>, accounts: &Accounts) -> std::convert::Infallible {
    match admin {
        Some(admin) => admin.serve(accounts).await,
        None => std::future::pending().await,
    }
}

fn start_log(filter: &str) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(filter).map_err(|error| {
        Failure::configuration(format!(
            "`--log` is `{filter}` but takes a filter like info: {error}"
        ))
    })?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    Ok(())
}

/// The line that scripts wait for.
fn say_ready(address: std::net::SocketAddr) {
    let mut stderr = std::io::stderr().lock();
    // A closed stderr is no reason not to serve.
    let _ = writeln!(stderr, "listening on http://{address}");
}

/// A write beyond the limit of the process (`ulimit -f`) fails, instead of ending the process with SIGXFSZ.
fn outlive_file_size_limit() -> Result<Signal, Failure> {
    signal(SignalKind::from_raw(SIGXFSZ)).map_err(Failure::runtime)
}

/// Resolves at SIGTERM or SIGINT.
fn stop_signal() -> Result<impl Future<Output = ()>, Failure> {
    let mut terminate = signal(SignalKind::terminate()).map_err(Failure::runtime)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Failure::runtime)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
