//! The socket in the data folder, over which the one server that has the SQLite file open does what
//! the operator asks for: one line of JSON in, one line out.
//!
//! Whoever may read the data folder may do everything to it, so that the folder's mode is the
//! protection; the socket itself and the peer's user id are judged besides.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};

use super::report::Report;
use super::{AccountCommand, Accounts, perform};
use crate::error::Failure;
use crate::migrate::StoreCommand;

const SOCKET_FILE: &str = "admin.sock";
const SOCKET_MODE: u32 = 0o600;
/// Longest line, in bytes.
const LINE_BYTES_MAX: u64 = 1024 * 1024;
/// How long the server waits for a command, and for its answer to be taken.
const EXCHANGE_TIME: Duration = Duration::from_secs(5);
/// How long the program waits for the answer.
const ANSWER_TIME: Duration = Duration::from_secs(30);

/// What comes in.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Request {
    Account(AccountCommand),
    Store(StoreCommand),
}

/// What goes back.
#[derive(Debug, Serialize, Deserialize)]
enum Answer {
    Done(Report),
    Refused(String),
    Failed(String),
}

/// Asks the server that has the data folder, if one is there.
///
/// # Errors
///
/// [`Failure`] if it is there and does not answer. What it refuses is inside.
pub(crate) async fn ask(
    data: &Path,
    request: &Request,
) -> Result<Option<Result<Report, Failure>>, Failure> {
    let path = data.join(SOCKET_FILE);
    let stream = match UnixStream::connect(&path).await {
        Ok(stream) => stream,
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::NotFound | ErrorKind::ConnectionRefused
            ) =>
        {
            return Ok(None);
        }
        Err(error) => return Err(unreachable_server(&path, &error)),
    };
    let answer = tokio::time::timeout(ANSWER_TIME, exchange(stream, request)).await;
    match answer {
        Ok(Ok(Answer::Done(report))) => Ok(Some(Ok(report))),
        Ok(Ok(Answer::Refused(sentence))) => Ok(Some(Err(Failure::configuration(sentence)))),
        Ok(Ok(Answer::Failed(sentence))) => Ok(Some(Err(Failure::runtime(sentence)))),
        Ok(Err(error)) => Err(unreachable_server(&path, &error)),
        Err(_) => Err(unreachable_server(&path, &"no answer in time")),
    }
}

fn unreachable_server(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::runtime(format!("the server at `{}`: {error}", path.display()))
}

async fn exchange(mut stream: UnixStream, request: &Request) -> std::io::Result<Answer> {
    let mut line = serde_json::to_string(request)?;
    line.push('\n');
    stream.write_all(line.as_bytes()).await?;
    let line = read_line(stream).await?.1;
    Ok(serde_json::from_str(&line)?)
}

async fn read_line(stream: UnixStream) -> std::io::Result<(UnixStream, String)> {
    let mut reader = BufReader::new(stream.take(LINE_BYTES_MAX));
    let mut line = String::new();
    reader.read_line(&mut line).await?;
    Ok((reader.into_inner().into_inner(), line))
}

/// The server's side.
#[derive(Debug)]
pub(crate) struct AdminSocket {
    listener: UnixListener,
    path: PathBuf,
}

impl AdminSocket {
    /// Listens in the data folder of a server that has it to itself.
    ///
    /// # Errors
    ///
    /// If the socket cannot be made: the folder's name may be too long for one.
    pub(crate) fn bind(data: &Path) -> std::io::Result<Self> {
        let path = data.join(SOCKET_FILE);
        // One that is there is left from a server that was killed.
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(&path)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(SOCKET_MODE))?;
        Ok(Self { listener, path })
    }

    /// Does what it is asked for, one command at a time, for ever.
    pub(crate) async fn serve(&self, accounts: &Accounts) -> std::convert::Infallible {
        loop {
            match self.listener.accept().await {
                Ok((stream, _)) if is_ours(&stream) => {
                    let answered = answer(stream, accounts).await;
                    if let Err(error) = answered {
                        tracing::warn!(%error, "a command on the admin socket was not answered");
                    }
                }
                Ok(_) => tracing::warn!("the admin socket was opened by another user"),
                Err(error) => {
                    tracing::warn!(%error, "the admin socket failed");
                    // Out of file descriptors: waiting is all that helps.
                    tokio::time::sleep(EXCHANGE_TIME).await;
                }
            }
        }
    }
}

impl Drop for AdminSocket {
    fn drop(&mut self) {
        // The next server removes what stays.
        let _ = fs::remove_file(&self.path);
    }
}

/// Whether the peer is root or who runs this server.
fn is_ours(stream: &UnixStream) -> bool {
    let own = rustix::process::geteuid().as_raw();
    stream
        .peer_cred()
        .is_ok_and(|peer| peer.uid() == own || peer.uid() == 0)
}

async fn answer(stream: UnixStream, accounts: &Accounts) -> std::io::Result<()> {
    let timed_out = |_| std::io::Error::from(ErrorKind::TimedOut);
    let (mut stream, line) = tokio::time::timeout(EXCHANGE_TIME, read_line(stream))
        .await
        .map_err(timed_out)??;
    let request: Request = serde_json::from_str(&line)?;
    tracing::info!(target: "buckler::audit", command = ?request, "command of the operator");
    let performed = match request {
        Request::Account(command) => perform::perform(accounts, command).await,
        Request::Store(command) => command.perform(&accounts.store).await.map(Report::Done),
    };
    let answer = match performed {
        Ok(report) => Answer::Done(report),
        Err(Failure::Configuration(sentence)) => Answer::Refused(sentence),
        Err(Failure::Runtime(sentence)) => Answer::Failed(sentence),
    };
    let mut line = serde_json::to_string(&answer)?;
    line.push('\n');
    tokio::time::timeout(EXCHANGE_TIME, stream.write_all(line.as_bytes()))
        .await
        .map_err(timed_out)?
}
