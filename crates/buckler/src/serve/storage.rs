//! Opening what the configuration names: folder, master key, rows, bytes.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::sync::Arc;

use buckler_blobs::{BlobLocation, Blobs, LocalBlobs};
use buckler_iam::{MasterKey, MasterKeys};
use buckler_metadata::{DatabaseLocation, FreezeState, Store};
use tempfile::TempDir;
use zeroize::Zeroizing;

use crate::config::{Configuration, Storage, StoreConfiguration};
use crate::error::Failure;
use crate::seams::Seams;

/// The setting that names the store.
pub(crate) const STORE_ID: &str = "store_id";
/// The setting that names the master key under which all secrets are sealed, as far as is known.
const MASTER_KEY_ID: &str = "master_key_id";
pub(crate) const MASTER_KEY_FILE: &str = "master.key";
/// Only the owner reads the data.
const FOLDER_MODE: u32 = 0o700;
const KEY_MODE: u32 = 0o600;

/// The opened stores.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) store: Store,
    pub(crate) blobs: Blobs,
    pub(crate) master_keys: MasterKeys,
    /// The folder of an ephemeral server.
    pub(crate) temporary: Option<TempDir>,
}

/// Opens the stores, making what is not there.
///
/// # Errors
///
/// [`Failure`]: a store that cannot be used is a matter of configuration.
pub(crate) async fn open(configuration: &Configuration, seams: &Seams) -> Result<Opened, Failure> {
    match &configuration.storage {
        Storage::Ephemeral => {
            let folder = tempfile::Builder::new()
                .prefix("buckler-")
                .tempdir()
                .map_err(|error| Failure::runtime(format!("no temporary folder: {error}")))?;
            let store = open_store(&DatabaseLocation::memory(), seams).await?;
            let location = BlobLocation::Folder(folder.path().to_owned());
            let opened = Opened {
                blobs: open_blobs(&store, &location, seams).await?,
                store,
                master_keys: MasterKey::generate().map_err(Failure::runtime)?.into(),
                temporary: Some(folder),
            };
            Ok(opened)
        }
        Storage::Durable {
            data,
            database,
            blobs,
        } => {
            // A server that does not answer leaves no folder behind.
            if !database.is_remote() {
                make_folder(data)?;
            }
            // The store goes first: it refuses a second server on the same folder.
            let store = open_store(database, seams).await?;
            refuse_moved(&store).await?;
            make_folder(data)?;
            let master_keys = master_keys(configuration.master_keys.as_ref(), data)?;
            check_master_keys(&store, &master_keys).await?;
            Ok(Opened {
                master_keys,
                blobs: open_blobs(&store, blobs, seams).await?,
                store,
                temporary: None,
            })
        }
    }
}

/// Opens the rows alone, for a command; makes nothing that is not there.
///
/// # Errors
///
/// [`Failure`]: a store that is not there or cannot be used is a matter of configuration.
pub(crate) async fn open_rows(
    configuration: &StoreConfiguration,
) -> Result<(Store, MasterKeys), Failure> {
    let data = &configuration.data;
    let has_key = configuration.master_keys.is_some() || data.join(MASTER_KEY_FILE).is_file();
    if !has_key {
        return Err(Failure::configuration(format!(
            "there is no store in `{}`; start a server first, or name its folder and its database",
            data.display()
        )));
    }
    let store = Store::open(&configuration.database)
        .await
        .map_err(Failure::configuration)?;
    let master_keys = master_keys(configuration.master_keys.as_ref(), data)?;
    check_master_keys(&store, &master_keys).await?;
    Ok((store, master_keys))
}

/// Makes the data folder if it is not there, for its owner only.
pub(crate) fn make_folder(data: &Path) -> Result<(), Failure> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(FOLDER_MODE)
        .create(data)
        .map_err(|error| {
            let data = data.display();
            Failure::configuration(format!("the data folder `{data}` cannot be made: {error}"))
        })
}

async fn open_store(location: &DatabaseLocation, seams: &Seams) -> Result<Store, Failure> {
    Store::open_with_faults(location, Arc::clone(&seams.commit_faults))
        .await
        .map_err(Failure::configuration)
}

/// The name of the store, if a server has used it.
///
/// # Errors
///
/// [`Failure`].
pub(crate) async fn store_id(store: &Store) -> Result<Option<String>, Failure> {
    let id = store.setting(STORE_ID).await.map_err(Failure::runtime)?;
    id.map(String::from_utf8)
        .transpose()
        .map_err(Failure::runtime)
}

/// The name of a store that a server has used.
///
/// # Errors
///
/// [`Failure::Configuration`] if none has.
pub(crate) async fn known_store_id(store: &Store) -> Result<String, Failure> {
    store_id(store)
        .await?
        .ok_or_else(|| Failure::configuration("no server has used this database yet"))
}

/// A name that nothing else has: 128 random bits, as 32 hexadecimal digits.
///
/// # Errors
///
/// [`Failure::Runtime`] if the system has no randomness to give.
pub(crate) fn new_id() -> Result<String, Failure> {
    let mut id = [0; 16];
    getrandom::fill(&mut id).map_err(Failure::runtime)?;
    Ok(hex::encode(id))
}

/// Opens the place of the bytes, which belongs to these rows and no others: a sweep removes what
/// they do not name.
async fn open_blobs(
    store: &Store,
    location: &BlobLocation,
    seams: &Seams,
) -> Result<Blobs, Failure> {
    let id = store
        .setting_or_insert(STORE_ID, new_id()?.into_bytes())
        .await;
    let id = String::from_utf8(id.map_err(Failure::runtime)?).map_err(Failure::runtime)?;
    let opened = match (location, &seams.blob_faults) {
        (BlobLocation::Folder(root), Some(faults)) => {
            let opened = LocalBlobs::open_with_faults(root, &id, Arc::clone(faults)).await;
            opened.map(Blobs::from)
        }
        (location, _) => location.open(&id).await,
    };
    opened.map_err(|error| Failure::configuration(format!("the {location}: {error}")))
}

/// Refuses a store that is half there, and one that has gone elsewhere.
async fn refuse_moved(store: &Store) -> Result<(), Failure> {
    if store.arriving().await.map_err(Failure::runtime)?.is_some() {
        return Err(Failure::configuration(
            "this database is the target of a migration that has not ended; run `buckler migrate` again",
        ));
    }
    let freeze = store.frozen().await.map_err(Failure::runtime)?;
    let Some(freeze) = freeze.filter(|freeze| freeze.state == FreezeState::Moved) else {
        return Ok(());
    };
    Err(Failure::configuration(match freeze.rows_to {
        Some(rows_to) => format!(
            "this store has been migrated to `{rows_to}`; start with that as `--database`, \
             or see `buckler migrate --abort`"
        ),
        None => "the bytes of this store have been migrated; when all servers have been stopped, \
                 run `buckler migrate --cut-over`, and start with the new `--blobs`"
            .to_owned(),
    }))
}

/// Makes sure that the key is here under which the store's secrets are sealed. Of a store that has none yet it is the
/// one that seals; when another has taken its place, `rotate-master-key` says so.
async fn check_master_keys(store: &Store, keys: &MasterKeys) -> Result<(), Failure> {
    let known = store
        .setting_or_insert(MASTER_KEY_ID, keys.sealing_id().into_bytes())
        .await
        .map_err(Failure::runtime)?;
    let known = String::from_utf8(known).map_err(Failure::runtime)?;
    if keys.ids().contains(&known) {
        return Ok(());
    }
    Err(Failure::configuration(format!(
        "the secrets of this store are sealed under another master key, {known}; \
         name it in BUCKLER_MASTER_KEY, or put its file into the data folder",
    )))
}

/// Takes down that all secrets of the store are sealed under the first key now: a start needs no other from here on.
///
/// # Errors
///
/// [`Failure`].
pub(crate) async fn put_master_key_id(store: &Store, keys: &MasterKeys) -> Result<(), Failure> {
    let id = keys.sealing_id().into_bytes();
    let put = store.put_setting(MASTER_KEY_ID, id).await;
    put.map_err(Failure::runtime)
}

/// The master keys from the environment, or from their file, which a first start writes.
fn master_keys(given: Option<&MasterKeys>, data: &Path) -> Result<MasterKeys, Failure> {
    if let Some(keys) = given {
        return Ok(keys.clone());
    }
    let path = data.join(MASTER_KEY_FILE);
    let failed = |error: &dyn std::fmt::Display| {
        Failure::configuration(format!("the master key `{}`: {error}", path.display()))
    };
    match fs::read_to_string(&path).map(Zeroizing::new) {
        Ok(text) => MasterKeys::parse(&text).map_err(|error| failed(&error)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let key = MasterKey::generate().map_err(Failure::runtime)?;
            write_new(&path, &key).map_err(|error| failed(&error))?;
            Ok(key.into())
        }
        Err(error) => Err(failed(&error)),
    }
}

/// Writes the key so that it is there whole, and durable, before any secret is sealed under it.
fn write_new(path: &Path, key: &MasterKey) -> std::io::Result<()> {
    write_private(path, &[key.to_hex().as_bytes(), b"\n"])
}

/// Writes a new file that only its owner reads, durably.
///
/// # Errors
///
/// `AlreadyExists` if it is there; those of the disk.
pub(crate) fn write_private(path: &Path, pieces: &[&[u8]]) -> std::io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(KEY_MODE)
        .open(path)?;
    for piece in pieces {
        file.write_all(piece)?;
    }
    file.sync_all()?;
    match path.parent() {
        Some(folder) if folder.as_os_str().is_empty() => fs::File::open(".")?.sync_all(),
        Some(folder) => fs::File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}
