//! The dates of conditions. Source: facts: authorization.md 4.2.

use time::{
    Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset,
    format_description::well_known::Rfc3339,
};

/// `YYYY-MM-DD`, in bytes.
const DAY_BYTES: usize = 10;

/// Reads the W3C forms of ISO 8601 from the year alone to fractions of a second, and seconds since 1970.
///
/// Four digits are a year. Without a time of day it is midnight, without an offset UTC.
pub(crate) fn parse_date(text: &str) -> Option<OffsetDateTime> {
    // The reader of RFC 3339 takes any letter for the `T`.
    let has_time = matches!(text.as_bytes().get(DAY_BYTES), Some(b'T' | b't'));
    if let Ok(date) = OffsetDateTime::parse(text, &Rfc3339)
        && has_time
    {
        return Some(date);
    }
    if text.len() != 4
        && let Ok(seconds) = text.parse::<i64>()
    {
        return OffsetDateTime::from_unix_timestamp(seconds).ok();
    }
    let (day, clock) = match text.split_once(['T', 't']) {
        Some((day, clock)) => (day, Some(clock)),
        None => (text, None),
    };
    let (time, offset) = match clock {
        Some(clock) => parse_clock(clock)?,
        None => (Time::MIDNIGHT, UtcOffset::UTC),
    };
    Some(PrimitiveDateTime::new(parse_day(day)?, time).assume_offset(offset))
}

/// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
fn parse_day(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let year = i32::from(digits(parts.next()?, 4)?);
    let month = parts.next().map_or(Some(1), |part| digits(part, 2))?;
    let day = parts.next().map_or(Some(1), |part| digits(part, 2))?;
    if parts.next().is_some() {
        return None;
    }
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    Date::from_calendar_date(year, month, u8::try_from(day).ok()?).ok()
}

/// `hh:mm` or `hh:mm:ss`, then `Z`, an offset or nothing. Fractions are left to RFC 3339, which wants an offset.
fn parse_clock(text: &str) -> Option<(Time, UtcOffset)> {
    let at = text.find(['Z', 'z', '+', '-']).unwrap_or(text.len());
    let (clock, zone) = text.split_at_checked(at)?;
    let mut parts = clock.split(':');
    let hour = u8::try_from(digits(parts.next()?, 2)?).ok()?;
    let minute = u8::try_from(digits(parts.next()?, 2)?).ok()?;
    let second = parts.next().map_or(Some(0), |part| digits(part, 2))?;
    if parts.next().is_some() {
        return None;
    }
    let time = Time::from_hms(hour, minute, u8::try_from(second).ok()?).ok()?;
    Some((time, parse_zone(zone)?))
}

fn parse_zone(text: &str) -> Option<UtcOffset> {
    if text.is_empty() || text.eq_ignore_ascii_case("Z") {
        return Some(UtcOffset::UTC);
    }
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+')?),
    };
    let (hours, minutes) = text.split_once(':')?;
    let hours = i8::try_from(digits(hours, 2)?).ok()?;
    let minutes = i8::try_from(digits(minutes, 2)?).ok()?;
    UtcOffset::from_hms(sign * hours, sign * minutes, 0).ok()
}

fn digits(text: &str, count: usize) -> Option<u16> {
    let good = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    if good { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::parse_date;

    #[test]
    fn all_forms_of_one_moment_are_equal() {
        let moment = parse_date("2020-04-01T00:00:00Z").unwrap();
        for text in [
            "2020-04-01",
            "2020-04",
            "2020-04-01T00:00Z",
            "2020-04-01T00:00:00",
            "2020-04-01T02:00:00+02:00",
            "2020-03-31T22:30:00-01:30",
            "2020-04-01T00:00:00.000Z",
            "2020-04-01t00:00z",
            "2020-04-01t00:00:00z",
            "1585699200",
        ] {
            assert_eq!(parse_date(text), Some(moment), "{text}");
        }
        assert_eq!(parse_date("2020"), parse_date("2020-01-01"));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "2020-13-01",
            "2020-02-30",
            "20200401x",
            "2020-04-01T",
            "*",
            "2020-04-01T99:00Z",
            "2020-04-01 00:00:00Z",
            "2020-04-01T00:00:00.25",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }
}
