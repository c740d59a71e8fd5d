//! Reading a blob in large pieces, one piece ahead.

use std::{
    io,
    ops::Range,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use buckler_checksum::Checksum;
use bytes::Bytes;
use futures_core::Stream;
use tokio::task::{JoinHandle, spawn_blocking};

use super::{Inner, LayerFile};
use crate::{BlobError, BlobId, READ_BYTES, verification::Verification};

/// The bytes of a blob, as a stream of pieces of [`READ_BYTES`].
#[derive(Debug)]
pub struct LocalReader {
    size_bytes: u64,
    next: Option<JoinHandle<Result<(Source, Bytes), BlobError>>>,
}

/// An open blob, positioned at the next byte to read.
#[derive(Debug)]
struct Source {
    id: BlobId,
    file: Box<dyn LayerFile>,
    end: u64,
    left: u64,
    verification: Verification,
}

impl LocalReader {
    pub(crate) async fn open(
        inner: Arc<Inner>,
        id: BlobId,
        range: Range<u64>,
        expected: Option<Checksum>,
    ) -> Result<Self, BlobError> {
        let size_bytes = range.end.saturating_sub(range.start);
        let source = spawn_blocking(move || Source::open(&inner, id, &range, expected)).await??;
        Ok(Self {
            size_bytes,
            next: (size_bytes > 0).then(|| spawn_blocking(move || source.piece())),
        })
    }

    /// Bytes the whole stream yields.
    pub const fn size_bytes(&self) -> u64 {
        self.size_bytes
    }
}

impl Stream for LocalReader {
    type Item = Result<Bytes, BlobError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(next) = &mut self.next else {
            return Poll::Ready(None);
        };
        let read = ready!(Pin::new(next).poll(cx));
        self.next = None;
        let (source, piece) = read??;
        if source.left > 0 {
            self.next = Some(spawn_blocking(move || source.piece()));
        }
        Poll::Ready(Some(Ok(piece)))
    }
}

impl Source {
    fn open(
        inner: &Inner,
        id: BlobId,
        range: &Range<u64>,
        expected: Option<Checksum>,
    ) -> Result<Self, BlobError> {
        let path = inner.folders.blob(id);
        let opened = inner.folders.layer.open_file(&path);
        let mut file = opened.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => BlobError::NotFound(id),
            _ => error.into(),
        })?;
        if file.size_bytes()? < range.end {
            return Err(BlobError::Corrupt {
                id,
                expected_bytes: range.end,
            });
        }
        if range.start > 0 {
            file.seek(range.start)?;
        }
        let mut source = Self {
            id,
            file,
            end: range.end,
            left: range.end.saturating_sub(range.start),
            verification: Verification::of(id, expected),
        };
        source.verification.take(&[], source.left)?;
        Ok(source)
    }

    fn piece(mut self) -> Result<(Self, Bytes), BlobError> {
        let wanted = self.left.min(READ_BYTES as u64);
        let mut piece = Vec::with_capacity(usize::try_from(wanted).unwrap_or(READ_BYTES));
        self.file.read(wanted, &mut piece)?;
        if piece.len() as u64 != wanted {
            return Err(BlobError::Corrupt {
                id: self.id,
                expected_bytes: self.end,
            });
        }
        self.left -= wanted;
        self.verification.take(&piece, self.left)?;
        Ok((self, piece.into()))
    }
}
