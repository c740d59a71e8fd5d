//! Reading all rows of a table, page by page, and writing them as they are.

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::{
    Store, StoreError,
    connection::Connection,
    freeze::MOVE_SETTINGS,
    record::Record,
    sql::{Value, values},
    tables::{ColumnType, Table},
};

/// What stands in one column of one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Cell {
    Int(Option<i64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
}

/// The cells of one row, in the order of the table's columns.
pub(crate) type Row = Vec<Cell>;

/// The cells of a row's key.
pub(crate) type Key = Vec<Cell>;

/// Rows of one table, and where they end.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) rows: Vec<Row>,
    /// The key of the last row that was looked at; `None` at the end of the table.
    pub(crate) last: Option<Key>,
}

impl Cell {
    pub(crate) fn value(&self) -> Value<'_> {
        match self {
            Self::Int(value) => Value::Int(*value),
            Self::Text(value) => Value::Text(value.as_deref()),
            Self::Bytes(value) => Value::Bytes(value.as_deref()),
        }
    }

    fn read(record: &Record<'_>, column: usize, kind: ColumnType) -> Result<Self, StoreError> {
        Ok(match kind {
            ColumnType::Int => Self::Int(record.int_or_null(column)?),
            ColumnType::Text => Self::Text(record.text_or_null(column)?.map(ToOwned::to_owned)),
            ColumnType::Bytes => Self::Bytes(record.bytes_or_null(column)?.map(ToOwned::to_owned)),
        })
    }
}

impl Store {
    /// The rows after a key, in the order of keys; those that belong to a move are left out.
    pub(crate) async fn row_page(
        &self,
        table: &'static Table,
        after: Option<&Key>,
    ) -> Result<Page, StoreError> {
        let arguments = (table, after.cloned());
        let read = self.engine.read(&arguments, |c, (table, after)| {
            Box::pin(page(c, table, after.as_ref()))
        });
        let mut rows = read.await?;
        let last = rows.last().map(|row| key(table, row));
        rows.retain(|row| is_carried(table, row));
        Ok(Page { rows, last })
    }

    /// How many rows a table has, those that belong to a move included.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn table_rows(&self, table: &'static Table) -> Result<u64, StoreError> {
        let read = self.engine.read(table, |c, table| {
            Box::pin(async move {
                let count = c.one(table.statements.count, &[], |row| row.size(0));
                Ok(count.await?.unwrap_or_default())
            })
        });
        read.await
    }
}

async fn page(
    connection: &mut Connection,
    table: &Table,
    after: Option<&Key>,
) -> Result<Vec<Row>, StoreError> {
    let limit = table.definition.page_rows;
    let read = |record: &Record<'_>| read_row(table, record);
    let statements = &table.statements;
    let Some(after) = after else {
        return connection.all(statements.first, values![limit], read).await;
    };
    let mut compared = after.as_slice();
    let mut found = Vec::new();
    // The rest of a page that ended between the versions of one key.
    if let (Some(within), Some((_, before))) = (statements.within, after.split_last()) {
        let values = parameters(after, limit);
        found = connection.all(within, &values, read).await?;
        compared = before;
    }
    let left = limit.saturating_sub(i64::try_from(found.len()).unwrap_or(limit));
    if left > 0 {
        let values = parameters(compared, left);
        found.extend(connection.all(statements.next, &values, read).await?);
    }
    Ok(found)
}

fn parameters(key: &[Cell], limit: i64) -> Vec<Value<'_>> {
    let key = key.iter().map(Cell::value);
    key.chain([limit.into()]).collect()
}

fn read_row(table: &Table, record: &Record<'_>) -> Result<Row, StoreError> {
    let columns = table.definition.columns.iter().enumerate();
    columns
        .map(|(column, (_, kind))| Cell::read(record, column, *kind))
        .collect()
}

fn key(table: &Table, row: &Row) -> Key {
    let columns = table.key_columns.iter();
    columns
        .filter_map(|column| row.get(*column).cloned())
        .collect()
}

fn is_carried(table: &Table, row: &Row) -> bool {
    let Some(Cell::Text(Some(name))) = row.first() else {
        return true;
    };
    table.name() != "settings" || !name.starts_with(MOVE_SETTINGS)
}

/// Writes rows with the numbers they have.
pub(crate) async fn insert(
    connection: &mut Connection,
    table: &Table,
    rows: &[Row],
) -> Result<(), StoreError> {
    match connection {
        Connection::Sqlite(_) => {
            for row in rows {
                let values: Vec<_> = row.iter().map(Cell::value).collect();
                connection.execute(table.statements.insert, &values).await?;
            }
        }
        Connection::Postgres(connection) => insert_many(connection, table, rows).await?,
        Connection::Transaction(connection) => insert_many(connection, table, rows).await?,
    }
    Ok(())
}

/// PERF: one statement for all rows; each would otherwise cost a trip to the server.
async fn insert_many(
    connection: &mut PgConnection,
    table: &Table,
    rows: &[Row],
) -> Result<(), StoreError> {
    let mut query = sqlx::query(table.statements.insert_many.0);
    for (column, (_, kind)) in table.definition.columns.iter().enumerate() {
        let cells = rows.iter().map(|row| row.get(column));
        query = match kind {
            ColumnType::Int => query.bind(cells.map(int).collect::<Vec<_>>()),
            ColumnType::Text => query.bind(cells.map(text).collect::<Vec<_>>()),
            ColumnType::Bytes => query.bind(cells.map(bytes).collect::<Vec<_>>()),
        };
    }
    query.execute(connection).await?;
    Ok(())
}

fn int(cell: Option<&Cell>) -> Option<i64> {
    match cell {
        Some(Cell::Int(value)) => *value,
        _ => None,
    }
}

fn text(cell: Option<&Cell>) -> Option<&str> {
    match cell {
        Some(Cell::Text(value)) => value.as_deref(),
        _ => None,
    }
}

fn bytes(cell: Option<&Cell>) -> Option<&[u8]> {
    match cell {
        Some(Cell::Bytes(value)) => value.as_deref(),
        _ => None,
    }
}
