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

/// A date as headers show it: `Mon, 06 Jul 2026 12:34:56 GMT`, 29 characters.
pub fn http_date(at: OffsetDateTime) -> String {
    at.to_offset(time::UtcOffset::UTC)
        .format(&HTTP)
        .unwrap_or_default()
}

/// A date as documents show it: `2026-07-06T12:34:56.000Z`, always of whole seconds. Source: facts: s3-behaviour.md 1.2.
///
/// PERF: written by hand; a listing has a thousand of them.
pub fn s3_date(at: OffsetDateTime) -> String {
    let at = at.to_offset(time::UtcOffset::UTC);
    let (year, month, day) = at.to_calendar_date();
    let (hour, minute, second) = at.to_hms();
    let year = u16::try_from(year).unwrap_or(0);
    let mut out = String::with_capacity(24);
    push_two_digits(&mut out, u8::try_from(year / 100).unwrap_or(0));
    push_two_digits(&mut out, u8::try_from(year % 100).unwrap_or(0));
    let fields = [
        ('-', month.into()),
        ('-', day),
        ('T', hour),
        (':', minute),
        (':', second),
    ];
    for (separator, number) in fields {
        out.push(separator);
        push_two_digits(&mut out, number);
    }
    out.push_str(".000Z");
    out
}

fn push_two_digits(out: &mut String, number: u8) {
    out.push(char::from(b'0' + number / 10 % 10));
    out.push(char::from(b'0' + number % 10));
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
