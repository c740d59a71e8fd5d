//! `buckler serve`: from a checked configuration to a server that listens, and back.

mod first_start;
mod seeding;
pub(crate) mod storage;

use std::io::{self, Write as _};
use std::net::SocketAddr;

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
    let listener = bind(configuration.listen).await?;
    let metrics = match configuration.metrics {
        Some(address) => Some(bind(address).await?),
        None => None,
    };
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
        master_keys: opened.master_keys.clone(),
    };
    let context = Context::new(
        opened.store,
        opened.blobs,
        opened.master_keys,
        Clock::System,
        configuration.server,
    );
    let stop = stop_signal()?;
    let _file_size = outlive_file_size_limit()?;
    if let Some(listener) = &metrics {
        let address = listener.local_addr().map_err(Failure::runtime)?;
        say(&format!("metrics on http://{address}/metrics"));
    }
    say(&format!("listening on http://{address}"));
    let server = Server::new(context);
    let ended = tokio::select! {
        ended = server.clone().serve(listener, stop) => ended,
        ended = tell_metrics(&server, metrics) => ended,
        never = administer(admin.as_ref(), &accounts) => match never {},
    };
    drop(admin);
    let closed = store.close().await;
    // The folder of an ephemeral server goes now, after the last use.
    drop(opened.temporary);
    ended.map_err(Failure::runtime)?;
    closed.map_err(Failure::runtime)
}

async fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address)
        .await
        .map_err(|error| Failure::configuration(format!("cannot listen on {address}: {error}")))
}

async fn tell_metrics(server: &Server, listener: Option<TcpListener>) -> io::Result<()> {
    match listener {
        Some(listener) => server.serve_metrics(listener).await,
        None => std::future::pending().await,
    }
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

/// Lines that scripts wait for.
fn say(line: &str) {
    let mut stderr = io::stderr().lock();
    // A closed stderr is no reason not to serve.
    let _ = writeln!(stderr, "{line}");
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
