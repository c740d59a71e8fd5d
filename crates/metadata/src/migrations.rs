//! Bringing a database to the schema of this program.

use std::cmp::Ordering;

use crate::{
    OpenError, StoreError,
    connection::Connection,
    sql::{statements, values},
};

/// One step of the schema, for each database.
struct Migration {
    version: i64,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! migrations {
    ($($version:literal => $file:literal,)+) => {
        &[$(Migration {
            version: $version,
            sqlite: include_str!(concat!("../../../migrations/sqlite/", $file)),
            postgres: include_str!(concat!("../../../migrations/postgres/", $file)),
        }),+]
    };
}

/// All steps, in order. A released one never changes.
const MIGRATIONS: &[Migration] = migrations! {
    1 => "0001_first.sql",
    2 => "0002_versions.sql",
    3 => "0003_multipart.sql",
    4 => "0004_identities.sql",
    5 => "0005_identity_providers.sql",
    6 => "0006_integrity.sql",
    7 => "0007_changes.sql",
    8 => "0008_upload_findings.sql",
    9 => "0009_acls.sql",
};

/// The text of every step, for each database.
#[cfg(test)]
pub(crate) fn scripts() -> impl Iterator<Item = (&'static str, &'static str)> {
    MIGRATIONS.iter().map(|step| (step.sqlite, step.postgres))
}

const LEDGER: &str =
    "CREATE TABLE IF NOT EXISTS schema_versions (version BIGINT NOT NULL PRIMARY KEY)";

statements! {
    CURRENT = "SELECT max(version) FROM schema_versions";
    RECORD = "INSERT INTO schema_versions (version) VALUES ($1)";
}

/// The newest schema version of this program.
pub(crate) fn known() -> i64 {
    MIGRATIONS.last().map_or(0, |migration| migration.version)
}

/// Applies what is missing. The caller has begun a transaction that no second program is in at the same time.
pub(crate) async fn migrate(connection: &mut Connection) -> Result<(), OpenError> {
    connection.script(LEDGER).await?;
    let found = found(connection).await?;
    let known = known();
    if found > known {
        return Err(OpenError::NewerSchema { found, known });
    }
    for migration in MIGRATIONS.iter().filter(|step| step.version > found) {
        let text = match connection {
            Connection::Sqlite(_) => migration.sqlite,
            Connection::Postgres(_) | Connection::Transaction(_) => migration.postgres,
        };
        connection.script(text).await?;
        connection
            .execute(RECORD, values![migration.version])
            .await?;
    }
    Ok(())
}

/// Makes sure that the schema is that of this program, and changes nothing.
pub(crate) async fn check(connection: &mut Connection) -> Result<(), OpenError> {
    let (found, known) = (found(connection).await?, known());
    match found.cmp(&known) {
        Ordering::Less => Err(OpenError::OlderSchema { found, known }),
        Ordering::Equal => Ok(()),
        Ordering::Greater => Err(OpenError::NewerSchema { found, known }),
    }
}

async fn found(connection: &mut Connection) -> Result<i64, StoreError> {
    let found = connection
        .one(CURRENT, &[], |row| row.int_or_null(0))
        .await?;
    Ok(found.flatten().unwrap_or(0))
}
