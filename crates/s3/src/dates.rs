//! The two forms of dates: HTTP's and S3's.

use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Month, OffsetDateTime, PrimitiveDateTime, Weekday};

const HTTP: &[BorrowedFormatItem<'_>] = format_description!(
    "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
);
const ASCTIME: &[BorrowedFormatItem<'_>] = format_description!(
    "[weekday repr:short] [month repr:short] [day padding:space] [hour]:[minute]:[second] [year]"
);

/// A date as headers show it: `Mon, 06 Jul 2026 12:34:56 GMT`, 29 characters.
///
/// PERF: written by hand; every answer about an object has one.
pub fn http_date(at: OffsetDateTime) -> String {
    let at = at.to_offset(time::UtcOffset::UTC);
    let (year, month, day) = at.to_calendar_date();
    let (hour, minute, second) = at.to_hms();
    let mut out = String::with_capacity(29);
    out.push_str(weekday_name(at.weekday()));
    out.push_str(", ");
    push_two_digits(&mut out, day);
    out.push(' ');
    out.push_str(month_name(month));
    out.push(' ');
    push_year(&mut out, year);
    for (separator, number) in [(' ', hour), (':', minute), (':', second)] {
        out.push(separator);
        push_two_digits(&mut out, number);
    }
    out.push_str(" GMT");
    out
}

const fn weekday_name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "Mon",
        Weekday::Tuesday => "Tue",
        Weekday::Wednesday => "Wed",
        Weekday::Thursday => "Thu",
        Weekday::Friday => "Fri",
        Weekday::Saturday => "Sat",
        Weekday::Sunday => "Sun",
    }
}

const fn month_name(month: Month) -> &'static str {
    match month {
        Month::January => "Jan",
        Month::February => "Feb",
        Month::March => "Mar",
        Month::April => "Apr",
        Month::May => "May",
        Month::June => "Jun",
        Month::July => "Jul",
        Month::August => "Aug",
        Month::September => "Sep",
        Month::October => "Oct",
        Month::November => "Nov",
        Month::December => "Dec",
    }
}

/// A date as documents show it: `2026-07-06T12:34:56.000Z`, always of whole seconds. Source: facts: s3-behaviour.md 1.2.
///
/// PERF: written by hand; a listing has a thousand of them.
pub fn s3_date(at: OffsetDateTime) -> String {
    let at = at.to_offset(time::UtcOffset::UTC);
    let (year, month, day) = at.to_calendar_date();
    let (hour, minute, second) = at.to_hms();
    let mut out = String::with_capacity(24);
    push_year(&mut out, year);
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

/// Four digits; times before the year 0 are none that an object was written at.
fn push_year(out: &mut String, year: i32) {
    let year = u16::try_from(year).unwrap_or(0);
    push_two_digits(out, u8::try_from(year / 100).unwrap_or(0));
    push_two_digits(out, u8::try_from(year % 100).unwrap_or(0));
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
