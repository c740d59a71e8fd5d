//! The condition keys that are about the object lock a request asks for. Facts: authorization.md 4.3.

use buckler_policy::Values;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// `s3:object-lock-remaining-retention-days`: from now until the date that is asked for, every day that has begun.
///
/// Ten days that a client counts from its own now are ten, whatever time the request took.
pub(crate) fn remaining_retention_days<'a>(
    retain_until: Option<&str>,
    now: OffsetDateTime,
) -> Values<'a> {
    let until = retain_until.and_then(|text| OffsetDateTime::parse(text, &Rfc3339).ok());
    match until {
        Some(until) => days_begun(until, now).into(),
        None => Values::Absent,
    }
}

fn days_begun(until: OffsetDateTime, now: OffsetDateTime) -> i64 {
    const DAY: i64 = 24 * 60 * 60;
    let left = until - now;
    let seconds = left.whole_seconds() + i64::from(left.subsec_nanoseconds() > 0);
    seconds.div_euclid(DAY) + i64::from(seconds.rem_euclid(DAY) > 0)
}

#[cfg(test)]
mod tests {
    use super::days_begun;
    use time::{Duration, macros::datetime};

    #[test]
    fn a_day_that_has_begun_counts() {
        let now = datetime!(2026-01-01 12:00 UTC);
        for (left, days) in [
            (Duration::days(10), 10),
            (Duration::days(10) - Duration::milliseconds(1), 10),
            (Duration::days(10) + Duration::milliseconds(1), 11),
            (Duration::seconds(1), 1),
            (Duration::ZERO, 0),
            (Duration::seconds(-1), 0),
            (Duration::days(-1), -1),
        ] {
            assert_eq!(days_begun(now + left, now), days, "{left}");
        }
    }
}
