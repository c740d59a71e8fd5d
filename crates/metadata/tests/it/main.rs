//! The rules every database keeps, on a `SQLite` file, on `SQLite` in memory, and on a real Postgres.

mod backends;
mod fixtures;
mod opening;
mod suite;
