//! The three ways to write a time: ISO 8601 basic, RFC 1123, and ISO 8601 extended in answers.

use time::format_description::well_known::Rfc2822;
use time::{Date, Month, OffsetDateTime, Time};

/// Reads `20130524T000000Z`; nothing else.
pub(crate) fn parse_basic(text: &str) -> Option<OffsetDateTime> {
    let (day, clock) = text.strip_suffix('Z')?.split_once('T')?;
    let date = parse_day(day)?;
    let clock = digits::<6>(clock)?;
    let time = Time::from_hms(pair(&clock, 0)?, pair(&clock, 2)?, pair(&clock, 4)?).ok()?;
    Some(date.with_time(time).assume_utc())
}

/// Reads `20130524`; nothing else.
pub(crate) fn parse_day(text: &str) -> Option<Date> {
    let day = digits::<8>(text)?;
    let year = i32::from(pair(&day, 0)?) * 100 + i32::from(pair(&day, 2)?);
    let month = Month::try_from(pair(&day, 4)?).ok()?;
    Date::from_calendar_date(year, month, pair(&day, 6)?).ok()
}

/// Reads `Fri, 24 May 2013 00:00:00 GMT`.
pub(crate) fn parse_http(text: &str) -> Option<OffsetDateTime> {
    let parsed = OffsetDateTime::parse(text, &Rfc2822).ok()?;
    // A far offset could leave the years that can be written.
    parsed.checked_to_offset(time::UtcOffset::UTC)
}

/// Reads either form: where both may stand.
pub(crate) fn parse_any(text: &str) -> Option<OffsetDateTime> {
    parse_basic(text).or_else(|| parse_http(text))
}

/// Writes `20130524T000000Z`.
pub(crate) fn basic(at: OffsetDateTime) -> String {
    let mut text = day(at);
    let (hour, minute, second) = at.to_hms();
    text.push('T');
    for number in [hour, minute, second] {
        push_pair(&mut text, number);
    }
    text.push('Z');
    text
}

/// Writes `20130524`.
pub(crate) fn day(at: OffsetDateTime) -> String {
    let (year, month, day) = at.to_calendar_date();
    let mut text = String::with_capacity("20130524T000000Z".len());
    // What was signed was read from four digits, which hold no other years.
    let year = u16::try_from(year).unwrap_or(0);
    let (century, year) = (year / 100 % 100, year % 100);
    for number in [u8::try_from(century), u8::try_from(year)] {
        push_pair(&mut text, number.unwrap_or(0));
    }
    for number in [month.into(), day] {
        push_pair(&mut text, number);
    }
    text
}

/// PERF: by hand; the formatting machinery was 2 % of the instructions of a small GET.
fn push_pair(text: &mut String, number: u8) {
    text.push(char::from(b'0' + number / 10 % 10));
    text.push(char::from(b'0' + number % 10));
}

/// Writes `2013-05-24T00:00:00Z`, as the elements `ServerTime` and `Expires` of an error have it.
pub(crate) fn extended(at: OffsetDateTime) -> String {
    let (year, month, day) = at.to_calendar_date();
    let (hour, minute, second) = at.to_hms();
    let month = u8::from(month);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// The values of exactly `N` ASCII digits.
fn digits<const N: usize>(text: &str) -> Option<[u8; N]> {
    let bytes: [u8; N] = text.as_bytes().try_into().ok()?;
    bytes
        .iter()
        .all(u8::is_ascii_digit)
        .then(|| bytes.map(|digit| digit - b'0'))
}

fn pair(digits: &[u8], at: usize) -> Option<u8> {
    Some(digits.get(at)? * 10 + digits.get(at + 1)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn basic_form_is_read_and_written() {
        let at = datetime!(2013-05-24 01:02:03 UTC);
        assert_eq!(parse_basic("20130524T010203Z"), Some(at));
        assert_eq!(basic(at), "20130524T010203Z");
        assert_eq!(extended(at), "2013-05-24T01:02:03Z");
    }

    #[test]
    fn other_forms_are_no_basic_form() {
        for text in [
            "",
            "T",
            "20130524",
            "20130524T010203",
            "20130524T0102033Z",
            "20131324T010203Z",
            "20130231T010203Z",
            "20130524T250203Z",
            "2013052\u{664}T010203Z",
            "+0130524T010203Z",
        ] {
            assert_eq!(parse_basic(text), None, "{text}");
        }
    }

    #[test]
    fn http_form_is_read() {
        let at = datetime!(2013-05-24 00:00:00 UTC);
        assert_eq!(parse_http("Fri, 24 May 2013 00:00:00 GMT"), Some(at));
        assert_eq!(parse_http("yesterday"), None);
    }
}
