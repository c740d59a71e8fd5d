//! The table of S3's operations: one row each.

mod info;
mod row;
mod table;

pub use table::Operation;

pub(crate) use row::Level;
pub(crate) use table::ROWS;
