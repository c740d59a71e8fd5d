//! `buckler backup` and `buckler restore`: a consistent copy of everything while the server serves, and the way back.
//!
//! A backup is a folder: `metadata.sqlite` (or what the given command leaves), `blobs`, `master.key` if the data folder
//! has one, and `backup.json`, which is written last: without it the backup is not whole.

mod manifest;

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use buckler_blobs::{BlobLocation, Blobs};
use buckler_metadata::{DatabaseLocation, Store, snapshot_sqlite};
use buckler_server::{Depth, Examination, Means, Taken, Transferred, examine, transfer};
use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::cli::{BackupArguments, RestoreArguments};
use crate::config::{DATABASE_FILE, Storage, StorageConfiguration};
use crate::error::Failure;
use crate::serve::storage::{MASTER_KEY_FILE, known_store_id, make_folder, write_private};
use manifest::Manifest;

const BLOBS_FOLDER: &str = "blobs";
/// Rows that are being restored: they get their name when their blobs are there.
const UNFINISHED_FILE: &str = "metadata.sqlite.restoring";

/// The places of one store.
struct Places<'a> {
    data: &'a Path,
    database: &'a DatabaseLocation,
    blobs: &'a BlobLocation,
}

impl<'a> Places<'a> {
    fn of(storage: &'a Storage) -> Result<Self, Failure> {
        match storage {
            Storage::Durable {
                data,
                database,
                blobs,
            } => Ok(Self {
                data,
                database,
                blobs,
            }),
            Storage::Ephemeral => Err(Failure::configuration(
                "a server with `--ephemeral` keeps nothing that could be saved",
            )),
        }
    }
}

/// Saves everything into a new folder.
///
/// # Errors
///
/// [`Failure`].
pub(crate) fn backup(arguments: BackupArguments) -> Result<ExitCode, Failure> {
    let configuration = StorageConfiguration::from_arguments(arguments.storage)?;
    let places = Places::of(&configuration.storage)?;
    if places.database.is_remote() == arguments.command.is_empty() {
        return Err(Failure::configuration(if arguments.command.is_empty() {
            "rows on Postgres are saved by a command of its own: give it after `--`, as in \
             `buckler backup DEST -- pg_dump --format=custom --file=DEST/rows.pgdump …`"
        } else {
            "rows in SQLite are saved without a command"
        }));
    }
    make_empty(&arguments.destination)?;
    block_on(save(
        &places,
        &arguments.destination,
        means(arguments.copy),
        &arguments.command,
    ))
}

/// Puts a backup where a server will look for its data.
///
/// # Errors
///
/// [`Failure`].
pub(crate) fn restore(arguments: RestoreArguments) -> Result<ExitCode, Failure> {
    let configuration = StorageConfiguration::from_arguments(arguments.storage)?;
    let places = Places::of(&configuration.storage)?;
    let manifest = Manifest::read(&arguments.source)?;
    if places.database.is_remote() == manifest.has_rows {
        return Err(Failure::configuration(if manifest.has_rows {
            "the backup's rows are SQLite's, so they cannot be restored to Postgres"
        } else {
            "the backup's rows are Postgres': restore them with its own tools, and name them by `--database`"
        }));
    }
    block_on(bring_back(
        &places,
        &arguments.source,
        &manifest,
        means(arguments.copy),
    ))
}

fn means(copy: bool) -> Means {
    if copy { Means::Copy } else { Means::Link }
}

fn block_on(work: impl Future<Output = Result<ExitCode, Failure>>) -> Result<ExitCode, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::runtime)?
        .block_on(work)
}

async fn save(
    places: &Places<'_>,
    destination: &Path,
    means: Means,
    command: &[String],
) -> Result<ExitCode, Failure> {
    // INVARIANT: before the rows are copied. What they name then stays until the hold is dropped.
    let hold = places.blobs.hold().await;
    let hold = hold.map_err(|error| place_failure(places.blobs, &error))?;
    let copy = destination.join(DATABASE_FILE);
    let (rows, taken) = if let Some(file) = places.database.sqlite_file() {
        snapshot(file, &copy).await?;
        (DatabaseLocation::sqlite(&copy), Taken::Objects)
    } else {
        run(command)?;
        (places.database.clone(), Taken::ObjectsAndGarbage)
    };
    let store = Store::open(&rows).await.map_err(Failure::runtime)?;
    let id = known_store_id(&store).await?;
    let from = inspect(places.blobs, &id).await?;
    let to = BlobLocation::Folder(destination.join(BLOBS_FOLDER));
    let to = to.open(&id).await.map_err(Failure::runtime)?;
    let transferred = transfer(&store, &from, &to, taken, means)
        .await
        .map_err(Failure::runtime)?;
    // One that cannot be ended now ends by itself.
    _ = hold.release().await;
    let key = places.data.join(MASTER_KEY_FILE);
    copy_key(&key, &destination.join(MASTER_KEY_FILE))?;
    let code = conclude(&store, &to, &transferred).await?;
    if !places.database.is_remote() {
        remove_companions(&copy);
    }
    Manifest {
        store_id: id,
        has_rows: !places.database.is_remote(),
        blobs: transferred.blobs,
        bytes: transferred.bytes,
    }
    .write(destination)?;
    Ok(code)
}

async fn bring_back(
    places: &Places<'_>,
    source: &Path,
    manifest: &Manifest,
    means: Means,
) -> Result<ExitCode, Failure> {
    let unfinished = places.data.join(UNFINISHED_FILE);
    let rows = match places.database.sqlite_file() {
        Some(file) if file.exists() => {
            let file = file.display();
            return Err(Failure::configuration(format!(
                "there is a database `{file}` already; a backup is restored where there is nothing"
            )));
        }
        Some(_) => {
            make_folder(places.data)?;
            remove_companions(&unfinished);
            remove(&unfinished)?;
            snapshot(&source.join(DATABASE_FILE), &unfinished).await?;
            DatabaseLocation::sqlite(&unfinished)
        }
        None => places.database.clone(),
    };
    let store = Store::open(&rows).await.map_err(Failure::configuration)?;
    let id = known_store_id(&store).await?;
    if id != manifest.store_id {
        return Err(Failure::configuration(
            "these rows are not those of the backup",
        ));
    }
    let from = BlobLocation::Folder(source.join(BLOBS_FOLDER));
    let from = inspect(&from, &id).await?;
    make_folder(places.data)?;
    let to = places.blobs.open(&id).await;
    let to = to.map_err(|error| place_failure(places.blobs, &error))?;
    let transferred = transfer(&store, &from, &to, Taken::Objects, means)
        .await
        .map_err(Failure::runtime)?;
    let key = source.join(MASTER_KEY_FILE);
    copy_key(&key, &places.data.join(MASTER_KEY_FILE))?;
    let code = conclude(&store, &to, &transferred).await?;
    if let Some(file) = places.database.sqlite_file() {
        drop(store);
        remove_companions(&unfinished);
        publish(&unfinished, file).map_err(Failure::runtime)?;
    }
    Ok(code)
}

/// Reads all bytes of the copy once more, and says what there is.
async fn conclude(
    store: &Store,
    blobs: &Blobs,
    transferred: &Transferred,
) -> Result<ExitCode, Failure> {
    let examination = Examination {
        depth: Depth::Checksums,
        repairs: false,
        grace: Duration::ZERO,
        now: OffsetDateTime::now_utc(),
    };
    let mut damaged = 0_u64;
    let summary = examine(store, blobs, examination, |finding| {
        // Blobs of an earlier copy of the rows are there on purpose.
        if finding.kind != "orphan-blob" {
            damaged += 1;
            say(&format!(
                "{}: {}: {}",
                finding.kind, finding.subject, finding.description
            ));
        }
    })
    .await
    .map_err(Failure::runtime)?;
    store.close().await.map_err(Failure::runtime)?;
    say(&format!(
        "{} objects, {} blobs ({} bytes), all read and compared: {damaged} damaged",
        summary.objects, transferred.blobs, transferred.bytes
    ));
    Ok(if damaged == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn snapshot(from: &Path, to: &Path) -> Result<(), Failure> {
    if !from.exists() {
        let from = from.display();
        return Err(Failure::configuration(format!(
            "there is no database `{from}`"
        )));
    }
    let (from, to) = (from.to_owned(), to.to_owned());
    tokio::task::spawn_blocking(move || snapshot_sqlite(&from, &to))
        .await
        .map_err(Failure::runtime)?
        .map_err(Failure::runtime)
}

async fn inspect(place: &BlobLocation, id: &str) -> Result<Blobs, Failure> {
    let opened = place.inspect(id).await;
    opened.map_err(|error| place_failure(place, &error))
}

fn place_failure(place: &BlobLocation, error: &dyn std::fmt::Display) -> Failure {
    Failure::configuration(format!("the {place}: {error}"))
}

/// Runs the command that saves the rows, while nothing of what they name is removed.
fn run(command: &[String]) -> Result<(), Failure> {
    let Some((program, arguments)) = command.split_first() else {
        return Ok(());
    };
    let status = Command::new(program)
        .args(arguments)
        .status()
        .map_err(|error| Failure::configuration(format!("cannot run `{program}`: {error}")))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::runtime(format!("`{program}` failed: {status}")))
}

/// Makes a folder for its owner only; one that is there must be empty.
fn make_empty(folder: &Path) -> Result<(), Failure> {
    let is_empty = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) if error.kind() == ErrorKind::NotFound => true,
        Err(error) => {
            let folder = folder.display();
            return Err(Failure::configuration(format!(
                "the folder `{folder}`: {error}"
            )));
        }
    };
    if !is_empty {
        let folder = folder.display();
        return Err(Failure::configuration(format!(
            "the folder `{folder}` is not empty; a backup goes into a new one"
        )));
    }
    make_folder(folder)
}

fn copy_key(from: &Path, to: &Path) -> Result<(), Failure> {
    let key = match fs::read(from) {
        Ok(key) => Zeroizing::new(key),
        // The key comes from the environment.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Failure::runtime(error)),
    };
    match write_private(to, &[&key]) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let same = fs::read(to).is_ok_and(|there| Zeroizing::new(there) == key);
            same.then_some(()).ok_or_else(|| {
                let to = to.display();
                Failure::configuration(format!("there is another master key at `{to}`"))
            })
        }
        result => result.map_err(Failure::runtime),
    }
}

/// Removes what SQLite and its lock leave beside a database that is closed.
fn remove_companions(database: &Path) {
    for suffix in [".lock", "-wal", "-shm"] {
        let mut name = database.as_os_str().to_owned();
        name.push(suffix);
        // None of them is needed or does harm.
        _ = fs::remove_file(PathBuf::from(name));
    }
}

fn remove(file: &Path) -> Result<(), Failure> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Failure::runtime(error)),
        _ => Ok(()),
    }
}

fn publish(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::File::open(from)?.sync_all()?;
    #[expect(clippy::disallowed_methods, reason = "the folder is synced below")]
    fs::rename(from, to)?;
    match to.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => fs::File::open(folder)?.sync_all(),
        _ => fs::File::open(".")?.sync_all(),
    }
}

fn say(line: &str) {
    // A reader that has gone away is no reason to stop.
    _ = writeln!(std::io::stdout().lock(), "{line}");
}
