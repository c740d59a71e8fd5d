//! Freezing and thawing the store that is moved: on Postgres beside its servers, on SQLite through the server that has
//! the file open, or without one.

use std::path::Path;

use buckler_metadata::{DatabaseLocation, Freeze, Store};
use serde::{Deserialize, Serialize};

use crate::account::{self, Request};
use crate::error::Failure;

/// What a server does for `migrate` to a SQLite file that it has open.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum StoreCommand {
    /// Refuses all changes from now on.
    FreezeStore(Freeze),
    /// Takes them again.
    ThawStore,
}

impl StoreCommand {
    /// Does it.
    ///
    /// # Errors
    ///
    /// [`Failure::Runtime`] if the database fails.
    pub(crate) async fn perform(self, store: &Store) -> Result<String, Failure> {
        match self {
            Self::FreezeStore(freeze) => {
                store.freeze(&freeze).await.map_err(Failure::runtime)?;
                Ok("the store takes no changes".to_owned())
            }
            Self::ThawStore => {
                store.thaw().await.map_err(Failure::runtime)?;
                Ok("the store takes changes".to_owned())
            }
        }
    }
}

/// Has it done, by whoever may write to the database.
///
/// # Errors
///
/// [`Failure`].
pub(super) async fn perform(
    data: &Path,
    database: &DatabaseLocation,
    command: StoreCommand,
) -> Result<(), Failure> {
    if !database.is_remote() {
        let request = Request::Store(command.clone());
        if let Some(answer) = account::ask(data, &request).await? {
            return answer.map(drop);
        }
    }
    let store = Store::open(database).await;
    let store = store.map_err(Failure::configuration)?;
    let performed = command.perform(&store).await;
    store.close().await.map_err(Failure::runtime)?;
    performed.map(drop)
}
