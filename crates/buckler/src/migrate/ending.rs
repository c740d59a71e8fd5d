//! How a migration ends: with the target in place of the source, or given up.

use std::io::Write as _;
use std::process::ExitCode;

use buckler_metadata::{Freeze, FreezeState, RowMove, Store};

use super::Place;
use crate::config::Destination;
use crate::error::Failure;
use crate::serve::storage::{MASTER_KEY_FILE, STORE_ID};

/// Everything is at the target, and compared.
///
/// # Errors
///
/// [`Failure`]: the same command ends it.
pub(super) async fn end(
    place: &Place,
    destination: &Destination,
    freeze: Freeze,
    rows: Option<&RowMove>,
) -> Result<ExitCode, Failure> {
    let moved = Freeze {
        state: FreezeState::Moved,
        ..freeze
    };
    // INVARIANT: the source ends before the target begins. Between the two no server starts on either.
    place.freeze(&moved).await?;
    if let Some(rows) = rows {
        rows.release().await.map_err(Failure::configuration)?;
    }
    tell(place, destination);
    Ok(ExitCode::SUCCESS)
}

/// The source has ended; its target may have been cut off before it was released.
///
/// # Errors
///
/// [`Failure`].
pub(super) async fn end_again(
    place: &Place,
    destination: &Destination,
    freeze: &Freeze,
) -> Result<ExitCode, Failure> {
    let Some(database) = &destination.database else {
        tell(place, destination);
        return Ok(ExitCode::SUCCESS);
    };
    // If a server has it open, it was released.
    if let Ok(target) = Store::open(&database.clone().for_command()).await {
        let arriving = target.arriving().await.map_err(Failure::configuration)?;
        if arriving.as_ref() == Some(&freeze.move_id) {
            let source = place.open_for_reading().await?;
            let rows = RowMove::begin(source, target, &freeze.move_id).await;
            let rows = rows.map_err(Failure::configuration)?;
            rows.release().await.map_err(Failure::configuration)?;
        }
    }
    tell(place, destination);
    Ok(ExitCode::SUCCESS)
}

/// Lets the source take changes again.
///
/// # Errors
///
/// [`Failure::Configuration`] if the target may be in use; those of the source.
pub(super) async fn abort(place: &Place, target_was_never_used: bool) -> Result<ExitCode, Failure> {
    let source = place.open_for_reading().await?;
    let frozen = source.frozen().await.map_err(Failure::configuration)?;
    let Some(freeze) = frozen else {
        return Err(Failure::configuration("this store is not being migrated"));
    };
    if freeze.state == FreezeState::Moved && !target_was_never_used {
        return Err(Failure::configuration(
            "this migration has ended: what clients have written to its target since would be lost, and bytes that both \
             share may be gone; if no server was ever started on the target, say so with `--target-was-never-used`",
        ));
    }
    place.thaw().await?;
    for target in [freeze.rows_to, freeze.blobs_to].into_iter().flatten() {
        print(&format!(
            "what has arrived at {target} is of no use any more"
        ));
    }
    print("the store takes changes again");
    Ok(ExitCode::SUCCESS)
}

/// Joins rows that have stayed to their bytes at the new place.
///
/// # Errors
///
/// [`Failure::Configuration`] while a server uses the database, and if there is nothing to join.
pub(super) async fn cut_over(place: &Place) -> Result<ExitCode, Failure> {
    let store = Store::open(&place.database).await;
    let store = store.map_err(Failure::configuration)?;
    let frozen = store.frozen().await.map_err(Failure::configuration)?;
    let Some(Freeze {
        move_id,
        rows_to: None,
        state: FreezeState::Moved,
        ..
    }) = frozen
    else {
        return Err(Failure::configuration(
            "there are no bytes that have been migrated for these rows",
        ));
    };
    let servers = store.servers_connected().await;
    let servers = servers.map_err(Failure::configuration)?;
    if servers > 0 {
        return Err(Failure::configuration(format!(
            "servers have {servers} connections to this database; stop all of them first: they would go on writing \
             bytes to the old place"
        )));
    }
    let named = store.thaw_with(STORE_ID, move_id.into_bytes()).await;
    named.map_err(Failure::configuration)?;
    store.close().await.map_err(Failure::configuration)?;
    print("the store has its bytes at the new place: start the servers with that as `--blobs`");
    Ok(ExitCode::SUCCESS)
}

/// What is to be done now.
fn tell(place: &Place, destination: &Destination) {
    let Destination { database, blobs } = destination;
    let Some(database) = database else {
        print(
            "all bytes are at the new place: stop all servers, run `buckler migrate --cut-over`, and start them with the \
             new `--blobs`",
        );
        return;
    };
    let and_blobs = if blobs.is_some() {
        " and the new `--blobs`"
    } else {
        ""
    };
    print(&format!(
        "everything is at {database}: stop the servers, and start them with that as `--database`{and_blobs}; the master \
         key goes with them: `{}`, or what BUCKLER_MASTER_KEY names",
        place.data.join(MASTER_KEY_FILE).display()
    ));
}

fn print(line: &str) {
    // A reader that has gone away is no reason to stop.
    _ = writeln!(std::io::stdout().lock(), "{line}");
}
