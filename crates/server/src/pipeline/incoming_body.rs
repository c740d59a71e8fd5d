//! The bytes of a request's body as they come from the connection.

use std::time::Duration;

use axum::body::Body;
use buckler_s3::{ErrorCode, S3Error};
use bytes::Bytes;
use http_body::Body as _;
use http_body_util::BodyExt as _;

/// How long a client may pause while sending a body. Facts: s3-behaviour.md 1.5 (about 20 s).
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);
/// How much of a refused body is read so that the client hears the refusal: many clients send
/// all of it before they listen. Facts: s3-behaviour.md 1.5 (AWS reads about 17 MB).
const DRAIN_BYTES_MAX: usize = 16 * 1024 * 1024;
/// How long that may take.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(5);

/// A body, and whether anyone has asked for its first byte.
#[derive(Debug)]
pub(crate) struct IncomingBody {
    body: Body,
    /// The client waits for `100 Continue`, which the first read sends.
    awaits_continue: bool,
    /// The end was read. hyper itself does not tell it of a chunked body.
    has_ended: bool,
}

/// Whether a connection can carry another request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reuse {
    /// The body was read to its end.
    Possible,
    /// Bytes of it are still under way.
    Impossible,
}

impl IncomingBody {
    pub(crate) fn new(body: Body, expects_continue: bool) -> Self {
        Self {
            body,
            awaits_continue: expects_continue,
            has_ended: false,
        }
    }

    /// Whether there is nothing (more) to read.
    pub(crate) fn is_at_end(&self) -> bool {
        self.has_ended || self.body.is_end_stream()
    }

    /// The next bytes; `None` at the end.
    ///
    /// # Errors
    ///
    /// `RequestTimeout` after 20 s without a byte; `IncompleteBody` if the client went away or
    /// broke HTTP's framing.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, S3Error> {
        // An empty body is never waited for: hyper sends no `100 Continue` for it.
        self.awaits_continue &= self.is_at_end();
        loop {
            let frame = tokio::time::timeout(IDLE_TIMEOUT, self.body.frame())
                .await
                .map_err(|_| S3Error::new(ErrorCode::RequestTimeout))?;
            match frame {
                None => {
                    self.has_ended = true;
                    return Ok(None);
                }
                Some(Err(_)) => return Err(S3Error::new(ErrorCode::IncompleteBody)),
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) if !data.is_empty() => return Ok(Some(data)),
                    // HTTP trailers carry nothing for S3.
                    _ => {}
                },
            }
        }
    }

    /// Whether the connection can go on when nothing more is read. A client that waited for
    /// `100 Continue` and heard the answer instead may or may not send its body after all, and some
    /// clients lose their place even if there is none.
    pub(crate) fn reuse(&self) -> Reuse {
        if self.awaits_continue || !self.is_at_end() {
            Reuse::Impossible
        } else {
            Reuse::Possible
        }
    }

    /// Reads what a refused request still sends, within bounds.
    pub(crate) async fn drain(&mut self) -> Reuse {
        if self.awaits_continue || self.is_at_end() {
            return self.reuse();
        }
        tokio::time::timeout(DRAIN_TIMEOUT, self.drain_bounded())
            .await
            .unwrap_or(Reuse::Impossible)
    }

    async fn drain_bounded(&mut self) -> Reuse {
        let mut bytes_left = DRAIN_BYTES_MAX;
        while let Ok(Some(bytes)) = self.next().await {
            match bytes_left.checked_sub(bytes.len()) {
                Some(left) => bytes_left = left,
                None => return Reuse::Impossible,
            }
        }
        self.reuse()
    }
}
