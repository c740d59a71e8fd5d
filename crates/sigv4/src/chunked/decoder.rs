//! The decoder: bytes of the wire in, bytes of the payload out, without a copy.

use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use super::header::{CHUNK_HEADER_BYTES_MAX, ChunkHeader};
use super::line::LineBuffer;
use super::trailer::{TRAILER_BYTES_MAX, TrailerReader};
use super::{ChunkError, ChunkSigner, Trailers};
use crate::payload::EMPTY_SHA256;

/// Smallest chunk that another with data may follow, in bytes. Source: facts: s3-behaviour.md 3.3.
const CHUNK_BYTES_MIN: u64 = 8192;

/// Which of the framings a body has; follows from [`crate::Payload`].
#[derive(Debug)]
pub enum ChunkMode {
    /// `STREAMING-AWS4-HMAC-SHA256-PAYLOAD`, or Version 4A's.
    Signed(ChunkSigner),
    /// `STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER`, or Version 4A's.
    SignedTrailer(ChunkSigner),
    /// `STREAMING-UNSIGNED-PAYLOAD-TRAILER`.
    UnsignedTrailer,
}

/// A sans-io decoder of a body in `aws-chunked` framing.
///
/// Feed it pieces as they arrive and take payload until it wants more; call [`finish`](Self::finish) at the body's
/// end. It holds no payload: no more than one line of a chunk or the trailer, 8 KiB at most.
///
/// The pieces of a chunk are handed out before the chunk's signature can be judged, the last of them only after:
/// a body is complete only if every signature was good. After an error nothing is handed out any more.
#[derive(Debug)]
pub struct ChunkedDecoder {
    signer: Option<ChunkSigner>,
    /// Taken when the trailer is complete; never there in a mode without one.
    trailer: Option<TrailerReader>,
    trailers: Trailers,
    line: LineBuffer,
    state: State,
    expected_bytes: u64,
    announced_bytes: u64,
    chunk_count: u64,
    last_chunk_bytes: u64,
}

#[derive(Debug)]
enum State {
    ChunkHeader,
    Data(Chunk),
    /// The CRLF after a chunk's data.
    DataEnd,
    /// The CRLF after a last chunk that no trailer follows.
    BodyEnd,
    Trailer {
        bytes_left: usize,
    },
    Done,
    Failed(ChunkError),
}

#[derive(Debug)]
struct Chunk {
    bytes_left: u64,
    /// Hash and signature, where chunks are signed.
    signed: Option<(Sha256, String)>,
}

impl ChunkedDecoder {
    /// A decoder at the body's start.
    ///
    /// `decoded_length`: `x-amz-decoded-content-length`, in bytes. `announced_trailers`: the names in
    /// `x-amz-trailer`, in any letter case; without meaning in a mode without a trailer.
    pub fn new(mode: ChunkMode, decoded_length: u64, announced_trailers: Vec<String>) -> Self {
        let reader = TrailerReader::new(announced_trailers);
        let (signer, trailer) = match mode {
            ChunkMode::Signed(signer) => (Some(signer), None),
            ChunkMode::SignedTrailer(signer) => (Some(signer), Some(reader)),
            ChunkMode::UnsignedTrailer => (None, Some(reader)),
        };
        Self {
            signer,
            trailer,
            trailers: Trailers::new(),
            line: LineBuffer::default(),
            state: State::ChunkHeader,
            expected_bytes: decoded_length,
            announced_bytes: 0,
            chunk_count: 0,
            last_chunk_bytes: CHUNK_BYTES_MIN,
        }
    }

    /// Takes bytes off the input's front until it has a piece of payload to give: a slice of the input, not empty.
    ///
    /// `None`: the input is used up and more is needed.
    ///
    /// # Errors
    /// The first thing found wrong; the same again on every further call.
    pub fn decode(&mut self, input: &mut Bytes) -> Result<Option<Bytes>, ChunkError> {
        if let State::Failed(error) = &self.state {
            return Err(error.clone());
        }
        let step = self.run(input);
        if let Err(error) = &step {
            self.state = State::Failed(error.clone());
        }
        step
    }

    /// Ends the body and gives its trailing headers, which the caller has yet to compare with the payload.
    ///
    /// # Errors
    /// The body is not complete, or an error was found before.
    pub fn finish(self) -> Result<Trailers, ChunkError> {
        match self.state {
            State::Done => Ok(self.trailers),
            State::Failed(error) => Err(error),
            _ => Err(ChunkError::Framing),
        }
    }

    fn run(&mut self, input: &mut Bytes) -> Result<Option<Bytes>, ChunkError> {
        while !input.is_empty() {
            match &mut self.state {
                State::ChunkHeader => {
                    if let Some(line) = self.line(input, CHUNK_HEADER_BYTES_MAX)? {
                        self.state = self.begin_chunk(&line)?;
                    }
                }
                State::Data(chunk) => {
                    let piece = chunk.take(input);
                    if chunk.bytes_left == 0 {
                        self.end_chunk()?;
                    }
                    return Ok(Some(piece));
                }
                State::DataEnd => {
                    if self.line(input, 0)?.is_some() {
                        self.state = State::ChunkHeader;
                    }
                }
                State::BodyEnd => {
                    if self.line(input, 0)?.is_some() {
                        self.state = State::Done;
                    }
                }
                State::Trailer { bytes_left } => {
                    let bytes_left = *bytes_left;
                    let line = self
                        .line
                        .take(input, bytes_left)
                        .map_err(|_| ChunkError::MalformedTrailer)?;
                    if let Some(line) = line {
                        self.state = self.trailer_line(&line, bytes_left)?;
                    }
                }
                // Data after the end; `decode` has answered for a failed body.
                State::Done | State::Failed(_) => return Err(ChunkError::Framing),
            }
        }
        Ok(None)
    }

    fn line(&mut self, input: &mut Bytes, bytes_max: usize) -> Result<Option<Vec<u8>>, ChunkError> {
        self.line
            .take(input, bytes_max)
            .map_err(|_| ChunkError::Framing)
    }

    fn begin_chunk(&mut self, line: &[u8]) -> Result<State, ChunkError> {
        let header = match &self.signer {
            Some(signer) => ChunkHeader::parse_signed(line, signer)?,
            None => ChunkHeader::parse_unsigned(line)?,
        };
        if header.size_bytes == 0 {
            return self.last_chunk(&header);
        }
        self.count(header.size_bytes)?;
        let signed = self
            .signer
            .as_ref()
            .map(|_| (Sha256::new(), header.signature.to_owned()));
        Ok(State::Data(Chunk {
            bytes_left: header.size_bytes,
            signed,
        }))
    }

    /// Adds a chunk with data, and judges the one before it, which is now known not to be the last.
    fn count(&mut self, size_bytes: u64) -> Result<(), ChunkError> {
        self.chunk_count += 1;
        if self.last_chunk_bytes < CHUNK_BYTES_MIN {
            return Err(ChunkError::ChunkTooSmall {
                chunk: self.chunk_count,
                size_bytes: self.last_chunk_bytes,
            });
        }
        self.last_chunk_bytes = size_bytes;
        self.announced_bytes = self.announced_bytes.saturating_add(size_bytes);
        if self.announced_bytes > self.expected_bytes {
            return Err(self.wrong_length());
        }
        Ok(())
    }

    /// Judges the signature once the chunk's data is complete.
    fn end_chunk(&mut self) -> Result<(), ChunkError> {
        let State::Data(chunk) = core::mem::replace(&mut self.state, State::DataEnd) else {
            return Ok(());
        };
        match (&mut self.signer, chunk.signed) {
            (Some(signer), Some((hash, signature))) => {
                judge(signer.accepts_chunk(&hash.finalize(), &signature))
            }
            // INVARIANT: `begin_chunk` gives a chunk a signature exactly where there is a signer.
            (None, None) => Ok(()),
            (Some(_), None) | (None, Some(_)) => Err(ChunkError::SignatureDoesNotMatch),
        }
    }

    fn last_chunk(&mut self, header: &ChunkHeader<'_>) -> Result<State, ChunkError> {
        if let Some(signer) = &mut self.signer {
            judge(signer.accepts_chunk(&EMPTY_SHA256, header.signature))?;
        }
        if self.announced_bytes != self.expected_bytes {
            return Err(self.wrong_length());
        }
        Ok(if self.trailer.is_some() {
            State::Trailer {
                bytes_left: TRAILER_BYTES_MAX,
            }
        } else {
            State::BodyEnd
        })
    }

    /// Takes a line of the trailer; an empty one ends it.
    fn trailer_line(&mut self, line: &[u8], bytes_left: usize) -> Result<State, ChunkError> {
        if !line.is_empty() {
            if let Some(trailer) = &mut self.trailer {
                trailer.push(line)?;
            }
            let used = line.len().saturating_add(2);
            let bytes_left = bytes_left.saturating_sub(used);
            return Ok(State::Trailer { bytes_left });
        }
        if let Some(trailer) = self.trailer.take() {
            self.trailers = trailer.finish(self.signer.as_mut())?;
        }
        Ok(State::Done)
    }

    fn wrong_length(&self) -> ChunkError {
        ChunkError::DecodedLength {
            expected_bytes: self.expected_bytes,
            provided_bytes: self.announced_bytes,
        }
    }
}

impl Chunk {
    /// Takes as much data as is there, up to the chunk's end.
    fn take(&mut self, input: &mut Bytes) -> Bytes {
        let wanted = usize::try_from(self.bytes_left).unwrap_or(usize::MAX);
        let piece = input.split_to(wanted.min(input.len()));
        // A slice's length fits 64 bits on every platform there is.
        self.bytes_left = self
            .bytes_left
            .saturating_sub(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        if let Some((hash, _)) = &mut self.signed {
            hash.update(&piece);
        }
        piece
    }
}

fn judge(signature_is_good: bool) -> Result<(), ChunkError> {
    if signature_is_good {
        Ok(())
    } else {
        Err(ChunkError::SignatureDoesNotMatch)
    }
}
