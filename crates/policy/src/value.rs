//! One value of a condition key.

use crate::{Number, condition};
use std::{
    fmt::{self, Write},
    net::IpAddr,
};
use time::OffsetDateTime;

/// One value of a condition key, as the request has it.
///
/// Text is read as what the operator needs; a typed value saves that work.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// Text, the common case.
    Text(&'a str),
    /// `true` or `false`.
    Bool(bool),
    /// A number; under a date operator, seconds since 1970.
    Number(Number),
    /// A point in time; under a numeric operator, seconds since 1970.
    Date(OffsetDateTime),
    /// An address; one of IPv4 in the notation of IPv6 counts as IPv4.
    Ip(IpAddr),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Self::Number(value.into())
    }
}

impl From<u64> for Value<'_> {
    fn from(value: u64) -> Self {
        Self::Number(value.into())
    }
}

impl From<OffsetDateTime> for Value<'_> {
    fn from(value: OffsetDateTime) -> Self {
        Self::Date(value)
    }
}

impl From<IpAddr> for Value<'_> {
    fn from(value: IpAddr) -> Self {
        Self::Ip(value)
    }
}

impl Value<'_> {
    /// Hands over the value as text: what string operators compare and variables insert.
    ///
    /// Dates are written as `2020-04-01T00:00:00Z`.
    pub fn with_text<R>(self, use_it: impl FnOnce(&str) -> R) -> R {
        let mut buffer = TextBuffer::default();
        // INVARIANT: the buffer holds the longest of these, so writing cannot fail.
        let _ = match self {
            Self::Text(text) => return use_it(text),
            Self::Bool(value) => write!(buffer, "{value}"),
            Self::Number(value) => write!(buffer, "{value}"),
            Self::Ip(value) => write!(buffer, "{value}"),
            Self::Date(value) => write_date(&mut buffer, value),
        };
        use_it(buffer.as_str())
    }

    pub(crate) fn as_number(self) -> Option<Number> {
        match self {
            Self::Number(number) => Some(number),
            Self::Date(date) => Some(date.unix_timestamp().into()),
            Self::Text(text) => Number::parse(text),
            Self::Bool(_) | Self::Ip(_) => None,
        }
    }

    pub(crate) fn as_date(self) -> Option<OffsetDateTime> {
        match self {
            Self::Date(date) => Some(date),
            Self::Text(text) => condition::parse_date(text),
            Self::Number(_) => self.with_text(condition::parse_date),
            Self::Bool(_) | Self::Ip(_) => None,
        }
    }

    pub(crate) fn as_bool(self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(value),
            Self::Text(text) => condition::parse_bool(text),
            Self::Number(_) | Self::Date(_) | Self::Ip(_) => None,
        }
    }

    pub(crate) fn as_ip(self) -> Option<IpAddr> {
        match self {
            Self::Ip(address) => Some(address.to_canonical()),
            Self::Text(text) => text
                .parse()
                .ok()
                .map(|address: IpAddr| address.to_canonical()),
            Self::Bool(_) | Self::Number(_) | Self::Date(_) => None,
        }
    }
}

fn write_date(out: &mut impl Write, date: OffsetDateTime) -> fmt::Result {
    let date = date.to_offset(time::UtcOffset::UTC);
    let (day, clock) = (date.date(), date.time());
    write!(
        out,
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        day.year(),
        u8::from(day.month()),
        day.day(),
        clock.hour(),
        clock.minute(),
        clock.second()
    )
}

/// Room for the text of one typed value.
struct TextBuffer {
    bytes: [u8; 64],
    used: usize,
}

impl Default for TextBuffer {
    fn default() -> Self {
        Self {
            bytes: [0; 64],
            used: 0,
        }
    }
}

impl TextBuffer {
    fn as_str(&self) -> &str {
        let used = self.bytes.get(..self.used).unwrap_or_default();
        std::str::from_utf8(used).unwrap_or_default()
    }
}

impl Write for TextBuffer {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.used + text.len();
        let room = self.bytes.get_mut(self.used..end).ok_or(fmt::Error)?;
        room.copy_from_slice(text.as_bytes());
        self.used = end;
        Ok(())
    }
}
