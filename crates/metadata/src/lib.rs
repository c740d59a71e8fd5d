//! Everything that is a row: one store interface over SQLite and Postgres.
