//! Conditions of reads, copies, writes and deletes, as pure functions.

mod copy_source;
mod delete;
mod read;
mod write;

pub use copy_source::CopySourcePreconditions;
pub use delete::{DeleteCondition, DeletePreconditions};
pub use read::{ReadOutcome, ReadPreconditions};
pub use write::{WriteCondition, WritePreconditions};

use http::HeaderMap;
use time::OffsetDateTime;

/// Reads a date of a header; malformed ones are ignored.
fn date(headers: &HeaderMap, name: &str) -> Option<OffsetDateTime> {
    crate::request::header_text(headers, name).and_then(|text| crate::dates::parse_http_date(&text))
}

/// Whether an object was modified after a date; dates of headers have whole seconds.
fn modified_since(last_modified: OffsetDateTime, date: OffsetDateTime) -> bool {
    last_modified.unix_timestamp() > date.unix_timestamp()
}
