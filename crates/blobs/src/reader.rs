//! Reading a blob, wherever it is.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_core::Stream;

use crate::{BlobError, LocalReader, RemoteReader};

/// Largest piece a [`BlobReader`] yields, in bytes. From a folder, it holds at most two of them.
pub const READ_BYTES: usize = 256 * 1024;

/// The bytes of a blob, as a stream of pieces of at most [`READ_BYTES`].
#[derive(Debug)]
pub struct BlobReader(Kind);

#[derive(Debug)]
enum Kind {
    Local(LocalReader),
    Remote(RemoteReader),
}

impl BlobReader {
    /// Bytes the whole stream yields.
    pub const fn size_bytes(&self) -> u64 {
        match &self.0 {
            Kind::Local(reader) => reader.size_bytes(),
            Kind::Remote(reader) => reader.size_bytes(),
        }
    }
}

impl From<LocalReader> for BlobReader {
    fn from(reader: LocalReader) -> Self {
        Self(Kind::Local(reader))
    }
}

impl From<RemoteReader> for BlobReader {
    fn from(reader: RemoteReader) -> Self {
        Self(Kind::Remote(reader))
    }
}

impl Stream for BlobReader {
    type Item = Result<Bytes, BlobError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match &mut self.0 {
            Kind::Local(reader) => Pin::new(reader).poll_next(cx),
            Kind::Remote(reader) => Pin::new(reader).poll_next(cx),
        }
    }
}
