//! Times as rows hold them: microseconds since 1970, UTC.

use time::OffsetDateTime;

use crate::StoreError;

/// Microseconds since 1970; every year that `time` can express fits.
pub(crate) fn to_micros(time: OffsetDateTime) -> i64 {
    i64::try_from(time.unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX)
}

pub(crate) fn from_micros(micros: i64) -> Result<OffsetDateTime, StoreError> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000)
        .map_err(|_| StoreError::Corrupt(format!("`{micros}` is not a time")))
}
