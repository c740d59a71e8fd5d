//! `buckler migrate`: everything to another database, to another place for the bytes, or both, while servers go on
//! answering reads.
//!
//! The store is frozen first: its database refuses changes, and clients are told to come back (503). What is copied is
//! therefore one state, at whatever time it is read. At the end the source is marked as moved, so that no server starts on
//! it any more, and the target is released. Until then the target refuses servers; a command that was cut off goes on
//! where it was, and `--abort` lets the source take changes again.

mod bytes;
mod ending;
mod progress;
mod rows;
mod source;

use std::path::PathBuf;
use std::process::ExitCode;

use buckler_blobs::BlobLocation;
use buckler_metadata::{DatabaseLocation, Freeze, FreezeState, RowMove, Store};

pub(crate) use source::StoreCommand;

use crate::cli::MigrateArguments;
use crate::config::{Destination, Storage, StorageConfiguration};
use crate::error::Failure;
use crate::serve::storage::{known_store_id, new_id};
use bytes::ByteMove;
use progress::say;

/// The store that is moved.
#[derive(Debug)]
struct Place {
    data: PathBuf,
    database: DatabaseLocation,
    blobs: BlobLocation,
}

/// Does what the command line says. The exit code is 0 if all is well, 1 if something was found to be wrong with what is
/// moved.
///
/// # Errors
///
/// [`Failure::Configuration`] for every reason not to have got to the end, so that exit code 1 always means findings.
pub(crate) fn run(arguments: MigrateArguments) -> Result<ExitCode, Failure> {
    let to = (
        arguments.to_database.as_deref(),
        arguments.to_blobs.as_deref(),
    );
    let destination = Destination::parse(to.0, to.1)?;
    let options = bytes::Options::of(&arguments);
    let configuration = StorageConfiguration::from_arguments(arguments.storage)?;
    let place = Place::of(configuration.storage)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::configuration)?;
    let done = runtime.block_on(async {
        if arguments.abort {
            ending::abort(&place, arguments.target_was_never_used).await
        } else if arguments.cut_over {
            ending::cut_over(&place).await
        } else {
            move_to(&place, &destination, options).await
        }
    });
    done.map_err(Failure::configuration)
}

impl Place {
    fn of(storage: Storage) -> Result<Self, Failure> {
        let Storage::Durable {
            data,
            database,
            blobs,
        } = storage
        else {
            return Err(Failure::configuration(
                "a server with `--ephemeral` keeps nothing that could be moved",
            ));
        };
        if let Some(file) = database.sqlite_file().filter(|file| !file.exists()) {
            let file = file.display();
            return Err(Failure::configuration(format!(
                "there is no database `{file}`"
            )));
        }
        Ok(Self {
            data,
            database: database.for_command(),
            blobs,
        })
    }

    async fn open_for_reading(&self) -> Result<Store, Failure> {
        let opened = Store::open_for_reading(&self.database).await;
        opened.map_err(Failure::configuration)
    }

    /// Has the store frozen, for this reason.
    async fn freeze(&self, freeze: &Freeze) -> Result<(), Failure> {
        let command = StoreCommand::FreezeStore(freeze.clone());
        source::perform(&self.data, &self.database, command).await
    }

    async fn thaw(&self) -> Result<(), Failure> {
        source::perform(&self.data, &self.database, StoreCommand::ThawStore).await
    }
}

/// What is on its way.
struct Begun {
    rows: Option<RowMove>,
    bytes: Option<ByteMove>,
}

async fn move_to(
    place: &Place,
    destination: &Destination,
    options: bytes::Options,
) -> Result<ExitCode, Failure> {
    let source = place.open_for_reading().await?;
    let store_id = known_store_id(&source).await?;
    let found = source.frozen().await.map_err(Failure::configuration)?;
    let freeze = freeze_for(found.as_ref(), place, destination)?;
    if freeze.state == FreezeState::Moved {
        return ending::end_again(place, destination, &freeze).await;
    }
    let begun = begin(place, destination, &source, &freeze, &store_id).await;
    let begun = match begun {
        Ok(begun) => begun,
        Err(failure) => {
            // A mistake leaves nothing, and least of all a store that takes no changes.
            if found.is_none() && source.frozen().await.is_ok_and(|frozen| frozen.is_some()) {
                place.thaw().await?;
            }
            return Err(failure);
        }
    };
    let mut is_sound = true;
    if let Some(rows) = &begun.rows {
        is_sound &= rows::carry(&source, rows)
            .await
            .map_err(|failure| go_on(&failure))?;
    }
    if let Some(bytes) = &begun.bytes {
        is_sound &= bytes
            .carry(&source, options)
            .await
            .map_err(|failure| go_on(&failure))?;
    }
    if !is_sound {
        say(
            "the source is still what counts, and still takes no changes: see to what was found and run the command \
             again, or give up with `buckler migrate --abort`",
        );
        return Ok(ExitCode::FAILURE);
    }
    ending::end(place, destination, freeze, begun.rows.as_ref()).await
}

/// A failure in the middle.
fn go_on(failure: &Failure) -> Failure {
    Failure::configuration(format!(
        "{failure}; the same command goes on from here, `buckler migrate --abort` gives up"
    ))
}

/// The reason to freeze the store for: the one there is, if it is the same.
fn freeze_for(
    found: Option<&Freeze>,
    place: &Place,
    destination: &Destination,
) -> Result<Freeze, Failure> {
    if destination.blobs.as_ref() == Some(&place.blobs) {
        return Err(Failure::configuration("the bytes are there already"));
    }
    let rows_to = destination.database.as_ref().map(ToString::to_string);
    let blobs_to = destination.blobs.as_ref().map(ToString::to_string);
    let Some(found) = found else {
        return Ok(Freeze {
            move_id: new_id()?,
            rows_to,
            blobs_to,
            state: FreezeState::Moving,
        });
    };
    if (&found.rows_to, &found.blobs_to) == (&rows_to, &blobs_to) {
        return Ok(found.clone());
    }
    let to: Vec<&str> = [&found.rows_to, &found.blobs_to]
        .into_iter()
        .filter_map(|to| to.as_deref())
        .collect();
    Err(Failure::configuration(format!(
        "this store is being migrated to {}; go on with that, or give it up with `buckler migrate --abort`",
        to.join(" and ")
    )))
}

/// Looks at the target, freezes the source, and takes possession of the target.
async fn begin(
    place: &Place,
    destination: &Destination,
    source: &Store,
    freeze: &Freeze,
    store_id: &str,
) -> Result<Begun, Failure> {
    let target = match &destination.database {
        Some(database) => {
            let opened = Store::open(&database.clone().for_command()).await;
            let target = opened.map_err(Failure::configuration)?;
            let ready = RowMove::ensure_ready(&target, &freeze.move_id).await;
            ready.map_err(Failure::configuration)?;
            Some(target)
        }
        None => None,
    };
    place.freeze(freeze).await?;
    say("the store takes no changes any more (503); reads go on");
    let rows = match target {
        Some(target) => {
            let begun = RowMove::begin(source.clone(), target, &freeze.move_id).await;
            Some(begun.map_err(Failure::configuration)?)
        }
        None => None,
    };
    let bytes = match &destination.blobs {
        Some(to) => {
            // Rows that stay get a new name with their new bytes: no server mixes them up with the old.
            let new_id = if rows.is_some() {
                store_id
            } else {
                &freeze.move_id
            };
            Some(ByteMove::begin(&place.blobs, store_id, to, new_id).await?)
        }
        None => None,
    };
    Ok(Begun { rows, bytes })
}
