//! Reading a blob in large pieces.

use std::{
    io, mem,
    ops::Range,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use buckler_checksum::Checksum;
use bytes::Bytes;
use futures_core::Stream;
use tokio::task::{JoinHandle, spawn_blocking};

use super::{Inner, LayerFile};
use crate::{BlobError, BlobId, READ_BYTES, verification::Verification};

/// The bytes of a blob, as a stream of pieces of [`READ_BYTES`].
///
/// PERF: a piece that is in the system's memory is read on the calling thread, where copying it takes some 40 us: the hops
/// to other threads and back were a third of what a read of 1 MiB cost. Anything that has to wait for the disk is read
/// on a blocking thread, from then on one piece ahead.
#[derive(Debug)]
pub struct LocalReader {
    size_bytes: u64,
    state: State,
}

#[derive(Debug)]
enum State {
    Idle(Box<Source>),
    Reading(JoinHandle<Result<(Box<Source>, Bytes), BlobError>>),
    Ended,
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
        let source = match Source::open_cached(&inner, id, &range, expected)? {
            Some(source) => source,
            None => spawn_blocking(move || Source::open(&inner, id, &range, expected)).await??,
        };
        Ok(Self {
            size_bytes,
            state: State::idle(source),
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
        loop {
            match mem::replace(&mut self.state, State::Ended) {
                State::Ended => return Poll::Ready(None),
                State::Idle(source) => match source.cached_piece()? {
                    (source, Piece::Whole(piece)) => {
                        self.state = State::idle(source);
                        return Poll::Ready(Some(Ok(piece)));
                    }
                    (source, Piece::Begun(piece)) => {
                        self.state = State::Reading(spawn_blocking(move || source.piece(piece)));
                    }
                },
                State::Reading(mut reading) => {
                    let Poll::Ready(read) = Pin::new(&mut reading).poll(cx) else {
                        self.state = State::Reading(reading);
                        return Poll::Pending;
                    };
                    let (source, piece) = read??;
                    if source.left > 0 {
                        let next = move || source.piece(Vec::new());
                        self.state = State::Reading(spawn_blocking(next));
                    }
                    return Poll::Ready(Some(Ok(piece)));
                }
            }
        }
    }
}

impl State {
    fn idle(source: Box<Source>) -> Self {
        if source.left > 0 {
            Self::Idle(source)
        } else {
            Self::Ended
        }
    }
}

/// A piece, as far as it was in memory.
enum Piece {
    Whole(Bytes),
    Begun(Vec<u8>),
}

impl Source {
    fn open(
        inner: &Inner,
        id: BlobId,
        range: &Range<u64>,
        expected: Option<Checksum>,
    ) -> Result<Box<Self>, BlobError> {
        let path = inner.folders.blob(id);
        let opened = inner.folders.layer.open_file(&path);
        let file = opened.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => BlobError::NotFound(id),
            _ => error.into(),
        })?;
        Self::of(file, id, range, expected)
    }

    /// Opens a blob whose name is in the system's memory; `None` for any other.
    fn open_cached(
        inner: &Inner,
        id: BlobId,
        range: &Range<u64>,
        expected: Option<Checksum>,
    ) -> Result<Option<Box<Self>>, BlobError> {
        let path = inner.folders.blob(id);
        let opened = inner.folders.layer.open_cached(&path);
        opened
            .map(|file| Self::of(file, id, range, expected))
            .transpose()
    }

    fn of(
        mut file: Box<dyn LayerFile>,
        id: BlobId,
        range: &Range<u64>,
        expected: Option<Checksum>,
    ) -> Result<Box<Self>, BlobError> {
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
        Ok(Box::new(source))
    }

    /// Reads what is in memory of the next piece.
    fn cached_piece(mut self: Box<Self>) -> Result<(Box<Self>, Piece), BlobError> {
        let wanted = self.piece_bytes();
        let mut piece = Vec::with_capacity(wanted);
        self.file.read_cached(wanted, &mut piece)?;
        if piece.len() < wanted {
            return Ok((self, Piece::Begun(piece)));
        }
        self.left -= wanted as u64;
        self.verification.take(&piece, self.left)?;
        Ok((self, Piece::Whole(piece.into())))
    }

    /// Reads the next piece, of which this much was read before.
    fn piece(mut self: Box<Self>, mut piece: Vec<u8>) -> Result<(Box<Self>, Bytes), BlobError> {
        let wanted = self.piece_bytes();
        let rest = wanted.saturating_sub(piece.len());
        piece.reserve_exact(rest);
        self.file.read(rest as u64, &mut piece)?;
        if piece.len() != wanted {
            return Err(BlobError::Corrupt {
                id: self.id,
                expected_bytes: self.end,
            });
        }
        self.left -= wanted as u64;
        self.verification.take(&piece, self.left)?;
        Ok((self, piece.into()))
    }

    fn piece_bytes(&self) -> usize {
        usize::try_from(self.left).map_or(READ_BYTES, |left| left.min(READ_BYTES))
    }
}
