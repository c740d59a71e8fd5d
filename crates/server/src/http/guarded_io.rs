//! A connection whose framing is watched, and what is known of it.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::framing::{FramingWatch, Seen};

/// What the pipeline knows of the connection that a request came by.
#[derive(Debug, Clone)]
pub(crate) struct Connection {
    /// The other end.
    pub(crate) peer: SocketAddr,
    two_lengths: Arc<AtomicBool>,
}

impl Connection {
    pub(crate) fn new(peer: SocketAddr) -> Self {
        Self {
            peer,
            two_lengths: Arc::new(AtomicBool::new(false)),
        }
    }

    /// Whether a request on this connection declared its length twice. No request on it is
    /// believed any longer.
    pub(crate) fn has_two_lengths(&self) -> bool {
        self.two_lengths.load(Ordering::Acquire)
    }
}

/// A TCP stream that feeds a [`FramingWatch`] with what it reads.
#[derive(Debug)]
pub(crate) struct GuardedStream {
    stream: TcpStream,
    watch: FramingWatch,
    connection: Connection,
}

impl GuardedStream {
    pub(crate) fn new(stream: TcpStream, connection: Connection) -> Self {
        Self {
            stream,
            watch: FramingWatch::new(),
            connection,
        }
    }
}

impl AsyncRead for GuardedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let known = buffer.filled().len();
        let result = Pin::new(&mut self.stream).poll_read(cx, buffer);
        let new = buffer.filled().get(known..).unwrap_or_default();
        if self.watch.feed(new) == Seen::TwoLengths {
            self.connection.two_lengths.store(true, Ordering::Release);
        }
        result
    }
}

impl AsyncWrite for GuardedStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
