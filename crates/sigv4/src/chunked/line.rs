//! Lines that may arrive in pieces.

use bytes::{Buf as _, Bytes};

/// A line that is not complete yet. Never longer than the bound of the line that is being read.
#[derive(Debug, Default)]
pub(super) struct LineBuffer(Vec<u8>);

/// The line is longer than its bound.
#[derive(Debug)]
pub(super) struct TooLong;

impl LineBuffer {
    /// Takes bytes up to and including the next CRLF; gives the line without it, or `None` if there is more to come.
    ///
    /// A line feed that follows no carriage return is part of the line.
    pub(super) fn take(
        &mut self,
        input: &mut Bytes,
        line_bytes_max: usize,
    ) -> Result<Option<Vec<u8>>, TooLong> {
        let whole_bytes_max = line_bytes_max.saturating_add(2);
        while let Some(byte) = input.first().copied() {
            input.advance(1);
            self.0.push(byte);
            if self.0.ends_with(b"\r\n") {
                let mut line = core::mem::take(&mut self.0);
                line.truncate(line.len().saturating_sub(2));
                return Ok(Some(line));
            }
            if self.0.len() >= whole_bytes_max {
                return Err(TooLong);
            }
        }
        Ok(None)
    }
}
