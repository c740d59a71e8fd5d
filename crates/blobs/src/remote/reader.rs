//! Reading a blob as the backend sends it.

use std::{
    fmt,
    ops::Range,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use buckler_checksum::Checksum;
use bytes::Bytes;
use futures_core::Stream;
use futures_util::{
    StreamExt as _,
    stream::{self, BoxStream},
};
use object_store::Error;

use super::place::Place;
use crate::{BlobError, BlobId, READ_BYTES, verification::Verification};

/// How often in a row a body that broke off is asked for again, from where it broke off.
const RESUMPTIONS: u32 = 3;

/// The bytes of a blob, as a stream of pieces of at most [`READ_BYTES`]. What the reader does not take, the backend does
/// not send: the connection's own buffers are all that is held.
pub struct RemoteReader {
    size_bytes: u64,
    pieces: BoxStream<'static, Result<Bytes, BlobError>>,
}

impl fmt::Debug for RemoteReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RemoteReader({} bytes)", self.size_bytes)
    }
}

impl RemoteReader {
    pub(super) async fn open(
        place: Arc<Place>,
        id: BlobId,
        range: Range<u64>,
        expected: Option<Checksum>,
    ) -> Result<Self, BlobError> {
        let size_bytes = range.end.saturating_sub(range.start);
        let mut verification = Verification::of(id, expected);
        verification.take(&[], size_bytes)?;
        if size_bytes == 0 {
            check_length(&place, id, range.end).await?;
            let pieces = stream::empty().boxed();
            return Ok(Self { size_bytes, pieces });
        }
        let mut source = Source {
            place,
            id,
            left: range,
            verification,
            body: stream::empty().boxed(),
            received: Bytes::new(),
            failures: 0,
        };
        source.ask().await?;
        let pieces = stream::try_unfold(source, Source::piece).boxed();
        Ok(Self { size_bytes, pieces })
    }

    /// Bytes the whole stream yields.
    pub const fn size_bytes(&self) -> u64 {
        self.size_bytes
    }
}

impl Stream for RemoteReader {
    type Item = Result<Bytes, BlobError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.pieces.poll_next_unpin(cx)
    }
}

/// A blob that is being received.
struct Source {
    place: Arc<Place>,
    id: BlobId,
    /// What has not been yielded yet.
    left: Range<u64>,
    verification: Verification,
    body: BoxStream<'static, Result<Bytes, Error>>,
    /// Received and not yielded yet.
    received: Bytes,
    failures: u32,
}

impl Source {
    /// Asks for all that has not been received.
    async fn ask(&mut self) -> Result<(), BlobError> {
        let start = self.left.start.saturating_add(self.received.len() as u64);
        let range = start..self.left.end;
        match self.place.get(&self.place.blob(self.id), range).await {
            Ok(answer) if answer.meta.size < self.left.end => Err(self.cut_off()),
            Ok(answer) => {
                self.body = answer.into_stream();
                Ok(())
            }
            Err(Error::NotFound { .. }) => {
                self.place.is_there().await?;
                Err(BlobError::NotFound(self.id))
            }
            // Backends refuse a range behind the end in many ways.
            Err(error) => match check_length(&self.place, self.id, self.left.end).await {
                Err(damage) if !damage.is_outage() => Err(damage),
                _ => Err(error.into()),
            },
        }
    }

    async fn piece(mut self) -> Result<Option<(Bytes, Self)>, BlobError> {
        if self.left.is_empty() {
            return Ok(None);
        }
        while self.received.is_empty() {
            self.receive().await?;
        }
        let left = self.left.end - self.left.start;
        let wanted = usize::try_from(left).map_or(READ_BYTES, |left| left.min(READ_BYTES));
        let piece = self.received.split_to(wanted.min(self.received.len()));
        self.left.start += piece.len() as u64;
        let left = self.left.end - self.left.start;
        self.verification.take(&piece, left)?;
        Ok(Some((piece, self)))
    }

    async fn receive(&mut self) -> Result<(), BlobError> {
        match self.body.next().await {
            Some(Ok(received)) => {
                if !received.is_empty() {
                    self.failures = 0;
                }
                self.received = received;
                Ok(())
            }
            Some(Err(error)) => self.ask_again(error.into()).await,
            // An end in due form, before all was there that the head had promised.
            None => self.ask_again(self.cut_off()).await,
        }
    }

    async fn ask_again(&mut self, failure: BlobError) -> Result<(), BlobError> {
        if self.failures >= RESUMPTIONS {
            return Err(failure);
        }
        tracing::debug!(%failure, blob = %self.id, "a body broke off and is asked for again");
        self.failures += 1;
        self.ask().await
    }

    const fn cut_off(&self) -> BlobError {
        BlobError::Corrupt {
            id: self.id,
            expected_bytes: self.left.end,
        }
    }
}

/// Whether the blob is there and has this many bytes, at least.
async fn check_length(place: &Place, id: BlobId, expected_bytes: u64) -> Result<(), BlobError> {
    match place.size(id).await? {
        None => Err(BlobError::NotFound(id)),
        Some(size) if size < expected_bytes => Err(BlobError::Corrupt { id, expected_bytes }),
        Some(_) => Ok(()),
    }
}
