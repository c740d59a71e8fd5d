//! All tables, as a move from one database to the other carries them: the one list of them, in an order in which a row
//! comes after those it refers to.

use std::sync::LazyLock;

use crate::sql::Sql;

use ColumnType::{Bytes, Int, Text};

/// What a column holds; nulls are allowed everywhere here, the schema knows better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ColumnType {
    Int,
    Text,
    Bytes,
}

/// A table whose rows a move carries.
#[derive(Debug)]
pub struct Table {
    pub(crate) definition: Definition,
    /// Where the columns of the key stand among all.
    pub(crate) key_columns: Vec<usize>,
    pub(crate) statements: TableStatements,
}

/// What is written down of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Definition {
    pub(crate) name: &'static str,
    /// The primary key; rows are read in its order.
    pub(crate) key: &'static [&'static str],
    pub(crate) columns: &'static [(&'static str, ColumnType)],
    pub(crate) direction: Direction,
    pub(crate) numbers: Numbers,
    /// Rows that are read and written at once.
    pub(crate) page_rows: i64,
}

/// Which way the last column of a key goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Ascending,
    LastDescends,
}

/// Where the key of a new row comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Numbers {
    /// The caller.
    Given,
    /// The database counts.
    Counted,
}

/// The statements of one table, made once per process.
#[derive(Debug)]
pub(crate) struct TableStatements {
    /// The first page. Parameter: rows.
    pub(crate) first: Sql,
    /// What follows a key. Parameters: the key (without its last column where that descends), rows.
    pub(crate) next: Sql,
    /// The rest below a key's last column, where that descends. Parameters: the key, rows.
    pub(crate) within: Option<Sql>,
    pub(crate) count: Sql,
    /// The greatest first column of a key.
    pub(crate) highest: Sql,
    /// One row. Parameters: its columns.
    pub(crate) insert: Sql,
    /// Postgres: many rows. Parameters: an array for each column.
    pub(crate) insert_many: Sql,
}

/// Rows of most tables are some hundred bytes, a few kilobytes at most.
const PAGE_ROWS: i64 = 1000;
/// A body has 64 KiB at most.
const PAGE_BODIES: i64 = 64;

const fn table(
    name: &'static str,
    key: &'static [&'static str],
    columns: &'static [(&'static str, ColumnType)],
) -> Definition {
    Definition {
        name,
        key,
        columns,
        direction: Direction::Ascending,
        numbers: Numbers::Given,
        page_rows: PAGE_ROWS,
    }
}

const fn counted(definition: Definition) -> Definition {
    Definition {
        numbers: Numbers::Counted,
        ..definition
    }
}

/// Every table but those of [`NOT_CARRIED`].
const DEFINITIONS: &[Definition] = &[
    table("settings", &["name"], &[("name", Text), ("value", Bytes)]),
    table(
        "accounts",
        &["id"],
        &[
            ("id", Text),
            ("canonical_id", Text),
            ("name", Text),
            ("email", Text),
            ("created_at", Int),
            ("is_disabled", Int),
        ],
    ),
    table(
        "account_aliases",
        &["alias"],
        &[("alias", Text), ("account_id", Text)],
    ),
    table(
        "users",
        &["unique_id"],
        &[
            ("unique_id", Text),
            ("account_id", Text),
            ("path", Text),
            ("name", Text),
            ("boundary_arn", Text),
            ("created_at", Int),
            ("tags", Text),
        ],
    ),
    table(
        "user_groups",
        &["unique_id"],
        &[
            ("unique_id", Text),
            ("account_id", Text),
            ("path", Text),
            ("name", Text),
            ("created_at", Int),
        ],
    ),
    table(
        "group_members",
        &["user_id", "group_id"],
        &[("user_id", Text), ("group_id", Text)],
    ),
    table(
        "roles",
        &["unique_id"],
        &[
            ("unique_id", Text),
            ("account_id", Text),
            ("path", Text),
            ("name", Text),
            ("description", Text),
            ("trust_document", Text),
            ("trust_policy", Text),
            ("max_session_seconds", Int),
            ("boundary_arn", Text),
            ("tags", Text),
            ("created_at", Int),
        ],
    ),
    table(
        "access_keys",
        &["id"],
        &[
            ("id", Text),
            ("account_id", Text),
            ("user_id", Text),
            ("sealed_secret", Bytes),
            ("is_active", Int),
            ("created_at", Int),
        ],
    ),
    table(
        "access_key_uses",
        &["access_key_id"],
        &[
            ("access_key_id", Text),
            ("used_at", Int),
            ("service", Text),
            ("region", Text),
        ],
    ),
    table(
        "inline_policies",
        &["identity_id", "name"],
        &[("identity_id", Text), ("name", Text), ("document", Text)],
    ),
    table(
        "attached_policies",
        &["identity_id", "policy_arn"],
        &[("identity_id", Text), ("policy_arn", Text)],
    ),
    table(
        "managed_policies",
        &["unique_id"],
        &[
            ("unique_id", Text),
            ("account_id", Text),
            ("path", Text),
            ("name", Text),
            ("arn", Text),
            ("description", Text),
            ("default_version", Int),
            ("newest_version", Int),
            ("tags", Text),
            ("created_at", Int),
            ("updated_at", Int),
        ],
    ),
    table(
        "managed_policy_versions",
        &["policy_id", "version"],
        &[
            ("policy_id", Text),
            ("version", Int),
            ("document", Text),
            ("created_at", Int),
        ],
    ),
    table(
        "oidc_providers",
        &["account_id", "name"],
        &[
            ("account_id", Text),
            ("name", Text),
            ("issuer", Text),
            ("client_ids", Text),
            ("thumbprints", Text),
            ("tags", Text),
            ("created_at", Int),
        ],
    ),
    counted(table(
        "buckets",
        &["id"],
        &[
            ("id", Int),
            ("name", Text),
            ("owner_id", Text),
            ("region", Text),
            ("created_at", Int),
            ("object_ownership", Text),
            ("block_public_acls", Int),
            ("ignore_public_acls", Int),
            ("block_public_policy", Int),
            ("restrict_public_buckets", Int),
            ("policy", Text),
            ("acl", Text),
            ("versioning", Text),
            ("object_lock_enabled", Int),
            ("abac_enabled", Int),
            ("tags", Text),
            ("security_version", Int),
            ("mfa_delete", Text),
        ],
    )),
    Definition {
        page_rows: PAGE_BODIES,
        ..counted(table("bodies", &["id"], &[("id", Int), ("bytes", Bytes)]))
    },
    Definition {
        direction: Direction::LastDescends,
        ..table(
            "versions",
            &["bucket_id", "key", "version_order"],
            &[
                ("bucket_id", Int),
                ("key", Bytes),
                ("version_order", Int),
                ("version_id", Text),
                ("is_delete_marker", Int),
                ("owner_id", Text),
                ("created_at", Int),
                ("size_bytes", Int),
                ("etag", Text),
                ("checksum_algorithm", Text),
                ("checksum_type", Text),
                ("checksum_value", Text),
                ("storage_class", Text),
                ("stored_headers", Text),
                ("user_metadata", Text),
                ("tags", Text),
                ("acl", Text),
                ("part_sizes", Text),
                ("encryption", Text),
                ("lock_mode", Text),
                ("lock_retain_until", Int),
                ("lock_legal_hold", Int),
                ("body_id", Int),
                ("blob_id", Text),
                ("null_in_history", Int),
                ("upload_number", Int),
                ("part_count", Int),
            ],
        )
    },
    counted(table(
        "uploads",
        &["number"],
        &[
            ("number", Int),
            ("bucket_id", Int),
            ("key", Bytes),
            ("id", Bytes),
            ("created_at", Int),
            ("owner_id", Text),
            ("initiator_account", Text),
            ("initiator_user", Text),
            ("initiator_shown", Text),
            ("storage_class", Text),
            ("stored_headers", Text),
            ("user_metadata", Text),
            ("tags", Text),
            ("encryption", Text),
            ("checksum_algorithm", Text),
            ("checksum_type", Text),
            ("initial_version", Int),
            ("completed_version", Int),
            ("acl", Text),
        ],
    )),
    table(
        "parts",
        &["upload_number", "part_number"],
        &[
            ("upload_number", Int),
            ("part_number", Int),
            ("size_bytes", Int),
            ("md5", Bytes),
            ("checksum_value", Text),
            ("created_at", Int),
            ("body_id", Int),
            ("blob_id", Text),
            ("first_byte", Int),
        ],
    ),
    counted(table(
        "garbage",
        &["id"],
        &[
            ("id", Int),
            ("blob_id", Text),
            ("size_bytes", Int),
            ("deleted_at", Int),
        ],
    )),
    table(
        "findings",
        &["place"],
        &[
            ("place", Text),
            ("bucket", Text),
            ("key", Text),
            ("version_id", Text),
            ("problem", Text),
            ("found_at", Int),
            ("upload_id", Bytes),
            ("part_number", Int),
        ],
    ),
];

/// Tables whose rows stay behind: leases run out, and what `changes` counts is each database's own.
pub(crate) const NOT_CARRIED: &[&str] = &["changes", "leases"];

static TABLES: LazyLock<Vec<Table>> =
    LazyLock::new(|| DEFINITIONS.iter().copied().map(Table::new).collect());

/// Every table that a move carries, in the order in which it does.
pub fn tables() -> impl Iterator<Item = &'static Table> {
    TABLES.iter()
}

/// The statements of all tables that both databases know.
pub(crate) fn read_statements() -> impl Iterator<Item = Sql> {
    tables().flat_map(|table| {
        let statements = &table.statements;
        let pages = [statements.first, statements.next];
        let whole = [statements.count, statements.highest];
        pages.into_iter().chain(whole).chain(statements.within)
    })
}

impl Table {
    /// Its name.
    pub fn name(&self) -> &'static str {
        self.definition.name
    }

    fn new(definition: Definition) -> Self {
        let position = |name: &&str| definition.columns.iter().position(|(n, _)| n == name);
        Self {
            key_columns: definition.key.iter().filter_map(position).collect(),
            statements: TableStatements::new(&definition),
            definition,
        }
    }
}

impl TableStatements {
    fn new(definition: &Definition) -> Self {
        let Definition {
            name, key, columns, ..
        } = definition;
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let names = names.join(", ");
        let (order, compared, within) = match (definition.direction, key.split_last()) {
            (Direction::LastDescends, Some((last, before))) => {
                let equal: Vec<_> = (1..)
                    .zip(before)
                    .map(|(number, column)| format!("{column} = ${number}"))
                    .collect();
                let (below, rows) = (key.len(), key.len() + 1);
                let within = format!(
                    "SELECT {names} FROM {name} WHERE {} AND {last} < ${below} ORDER BY {last} DESC LIMIT ${rows}",
                    equal.join(" AND "),
                );
                (format!("{} DESC", key.join(", ")), before, Some(within))
            }
            _ => (key.join(", "), *key, None),
        };
        let after = compared.len();
        let arrays: Vec<_> = (1..)
            .zip(*columns)
            .map(|(number, (_, kind))| format!("${number}::{}[]", kind.on_postgres()))
            .collect();
        Self {
            first: made(format!(
                "SELECT {names} FROM {name} ORDER BY {order} LIMIT $1"
            )),
            next: made(format!(
                "SELECT {names} FROM {name} WHERE ({}) > ({}) ORDER BY {order} LIMIT ${}",
                compared.join(", "),
                parameters(after),
                after + 1,
            )),
            within: within.map(made),
            count: made(format!("SELECT CAST(count(*) AS BIGINT) FROM {name}")),
            highest: made(format!(
                "SELECT max({}) FROM {name}",
                key.first().copied().unwrap_or_default()
            )),
            insert: made(format!(
                "INSERT INTO {name} ({names}) VALUES ({})",
                parameters(columns.len())
            )),
            insert_many: made(format!(
                "INSERT INTO {name} ({names}) OVERRIDING SYSTEM VALUE SELECT * FROM unnest({})",
                arrays.join(", ")
            )),
        }
    }
}

impl ColumnType {
    const fn on_postgres(self) -> &'static str {
        match self {
            Self::Int => "bigint",
            Self::Text => "text",
            Self::Bytes => "bytea",
        }
    }
}

fn parameters(count: usize) -> String {
    let all: Vec<_> = (1..=count).map(|number| format!("${number}")).collect();
    all.join(", ")
}

/// A statement of a table of [`DEFINITIONS`], which is made once per process and kept for all of it.
fn made(text: String) -> Sql {
    Sql(text.leak())
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::migrations::scripts;

    fn sqlite() -> rusqlite::Connection {
        let database = rusqlite::Connection::open_in_memory().unwrap();
        for (script, _) in scripts() {
            database.execute_batch(script).unwrap();
        }
        database
    }

    fn names(database: &rusqlite::Connection, sql: &str) -> Vec<String> {
        let mut statement = database.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    }

    #[test]
    fn every_table_is_carried_or_named_as_one_that_is_not() {
        let all = names(
            &sqlite(),
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        );
        let known = tables().map(Table::name).chain(NOT_CARRIED.iter().copied());
        assert_eq!(
            all.iter().map(String::as_str).collect::<BTreeSet<_>>(),
            known.collect(),
            "a new table has its columns in DEFINITIONS, or its rows do not survive `buckler migrate`"
        );
    }

    #[test]
    fn every_column_is_carried_as_what_it_is() {
        let database = sqlite();
        for table in tables() {
            let mut statement = database
                .prepare("SELECT name, type, pk FROM pragma_table_info(?1)")
                .unwrap();
            let rows = statement.query_map([table.name()], |row| {
                Ok((row.get(0)?, (row.get::<_, String>(1)?, row.get(2)?)))
            });
            let expected: BTreeMap<String, (String, i64)> =
                rows.unwrap().map(Result::unwrap).collect();
            let found = table.definition.columns.iter().map(|(name, kind)| {
                let kind = match kind {
                    Int => "INTEGER",
                    Text => "TEXT",
                    Bytes => "BLOB",
                };
                let place = table.definition.key.iter().position(|key| key == name);
                let place = place.map_or(0, |place| i64::try_from(place + 1).unwrap());
                ((*name).to_owned(), (kind.to_owned(), place))
            });
            assert_eq!(
                found.collect::<BTreeMap<_, _>>(),
                expected,
                "{}",
                table.name()
            );
        }
    }

    #[test]
    fn a_table_comes_after_those_it_refers_to() {
        let database = sqlite();
        let mut before = BTreeSet::new();
        for table in tables() {
            let sql = format!(
                "SELECT \"table\" FROM pragma_foreign_key_list('{}')",
                table.name()
            );
            for parent in names(&database, &sql) {
                assert!(
                    before.contains(parent.as_str()),
                    "{}: {parent}",
                    table.name()
                );
            }
            before.insert(table.name());
        }
    }

    #[test]
    fn numbers_that_the_database_counts_are_known() {
        for (script, on_postgres) in scripts() {
            let identities = on_postgres.matches("GENERATED ALWAYS AS IDENTITY").count();
            let counted = tables().filter(|table| table.definition.numbers == Numbers::Counted);
            let here = counted.filter(|t| script.contains(&format!("CREATE TABLE {} ", t.name())));
            assert_eq!(here.count(), identities);
        }
    }
}
