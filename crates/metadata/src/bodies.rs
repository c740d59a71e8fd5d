//! Bytes of small objects and parts, apart from their rows.

use crate::{
    Body, StoreError,
    connection::Connection,
    sql::{statements, values},
};

/// Where a row says its bytes are: one of the two is there.
#[derive(Debug)]
pub(crate) struct BodyColumns<'b> {
    pub(crate) body_id: Option<i64>,
    pub(crate) blob_id: Option<&'b str>,
}

statements! {
    INSERT = "INSERT INTO bodies (bytes) VALUES ($1) RETURNING id";
    REMOVE = "DELETE FROM bodies WHERE id = $1";
}

/// Stores inline bytes. A blob is there already, and a list of parts is not the row's own.
pub(crate) async fn store<'b>(
    connection: &mut Connection,
    body: &'b Body,
) -> Result<BodyColumns<'b>, StoreError> {
    let mut columns = BodyColumns {
        body_id: None,
        blob_id: None,
    };
    match body {
        Body::Blob(id) => columns.blob_id = Some(id),
        Body::Inline(bytes) => {
            let values = values![&**bytes];
            columns.body_id = connection.one(INSERT, values, |row| row.int(0)).await?;
        }
        Body::Parts(_) => {}
    }
    Ok(columns)
}

pub(crate) async fn remove(connection: &mut Connection, body_id: i64) -> Result<(), StoreError> {
    connection.execute(REMOVE, values![body_id]).await?;
    Ok(())
}
