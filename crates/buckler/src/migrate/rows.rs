//! The rows, table by table, and the comparison of both sides.

use buckler_metadata::{RowMove, Store, tables};

use super::progress::{Progress, Unit, say};
use crate::error::Failure;

/// Carries and compares all tables; `false` if a table is not the same on both sides.
///
/// # Errors
///
/// [`Failure`]: what was carried stays, and the next process goes on.
pub(super) async fn carry(source: &Store, rows: &RowMove) -> Result<bool, Failure> {
    let mut is_same = true;
    for table in tables() {
        let total = source.table_rows(table).await.map_err(Failure::runtime)?;
        let mut progress = Progress::new(table.name(), total, Unit::Rows);
        let carried = rows.carry(table, |done| progress.is_at(done)).await;
        carried.map_err(Failure::runtime)?;
        let (here, there) = rows.digests(table).await.map_err(Failure::runtime)?;
        if here == there {
            progress.finish(&format!("{} rows, the same on both sides", here.rows));
        } else {
            is_same = false;
            let (here, there) = (here.rows, there.rows);
            progress.finish(&format!(
                "DIFFERENT: {here} rows at the source, {there} at the target"
            ));
        }
    }
    rows.carry_numbers().await.map_err(Failure::runtime)?;
    if !is_same {
        say("a target that differs was changed by somebody else: drop it, and begin anew");
    }
    Ok(is_same)
}
