//! The rules every database keeps, on a `SQLite` file, on `SQLite` in memory, and on a real Postgres.

#[cfg(test)]
mod backends;
#[cfg(test)]
mod commit_faults;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod model;
#[cfg(test)]
mod moving;
#[cfg(test)]
mod opening;
#[cfg(test)]
mod suite;
#[cfg(test)]
mod upload_fixtures;
