//! The two forms of dates: HTTP's and S3's.

use time::OffsetDateTime;
use time::PrimitiveDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

const HTTP: &[BorrowedFormatItem<'_>] = format_description!(
    "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
);
const ASCTIME: &[BorrowedFormatItem<'_>] = format_description!(
    "[weekday repr:short] [month repr:short] [day padding:space] [hour]:[minute]:[second] [year]"
);
const S3: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].000Z");

/// A date as headers show it: `Mon, 06 Jul 2026 12:34:56 GMT`, 29 characters.
pub fn http_date(at: OffsetDateTime) -> String {
    at.to_offset(time::UtcOffset::UTC)
        .format(&HTTP)
        .unwrap_or_default()
}

/// A date as documents show it: `2026-07-06T12:34:56.000Z`, always of whole seconds. Source: facts: s3-behaviour.md 1.2.
pub fn s3_date(at: OffsetDateTime) -> String {
    at.to_offset(time::UtcOffset::UTC)
        .format(&S3)
        .unwrap_or_default()
}

/// Reads a date of a header in one of HTTP's forms; `None` for any other text.
/// The two-digit years of RFC 850 are not read: they say no century.
pub fn parse_http_date(text: &str) -> Option<OffsetDateTime> {
    let text = text.trim();
    let parse = |format| {
        PrimitiveDateTime::parse(text, format)
            .ok()
            .map(PrimitiveDateTime::assume_utc)
    };
    parse(&HTTP).or_else(|| parse(&ASCTIME))
}
