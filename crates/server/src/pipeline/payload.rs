//! The body of a request as a stream of payload pieces: unframed, bounded in time, and compared
//! with the length that was declared.

use buckler_s3::S3Error;
use buckler_s3::integrity::announced_trailers;
use buckler_s3::payload::data_bytes;
use buckler_sigv4::{ChunkMode, ChunkSigner, ChunkedDecoder, Payload, Trailers};
use bytes::Bytes;
use futures_util::Stream;
use http::HeaderMap;

use super::incoming_body::IncomingBody;
use crate::error::chunk_error;

/// A body that has not been read yet.
#[derive(Debug)]
pub(crate) struct UnreadPayload<'b> {
    body: &'b mut IncomingBody,
    payload: Payload,
    signer: Option<ChunkSigner>,
    /// Bytes of payload that the request declares, or why it cannot be known.
    declared_bytes: Result<u64, S3Error>,
    announced_trailers: Vec<String>,
}

impl<'b> UnreadPayload<'b> {
    pub(crate) fn new(
        body: &'b mut IncomingBody,
        payload: Payload,
        signer: Option<ChunkSigner>,
        headers: &HeaderMap,
    ) -> Self {
        Self {
            body,
            payload,
            signer,
            declared_bytes: data_bytes(headers),
            announced_trailers: announced_trailers(headers),
        }
    }

    /// How the payload was signed.
    pub(crate) fn payload(&self) -> Payload {
        self.payload
    }

    /// Length of the payload in bytes.
    ///
    /// # Errors
    ///
    /// `MissingContentLength` if it was not declared, `EntityTooLarge` beyond 5 GiB.
    pub(crate) fn declared_bytes(&self) -> Result<u64, S3Error> {
        self.declared_bytes.clone()
    }

    /// Begins to read.
    ///
    /// # Errors
    ///
    /// Those of [`UnreadPayload::declared_bytes`]; `NotImplemented` for payloads signed with ECDSA.
    pub(crate) fn open(&mut self) -> Result<PayloadReader<'_>, S3Error> {
        let length = self.declared_bytes()?;
        let mode = match (self.payload, self.signer.take()) {
            (Payload::Unsigned | Payload::Signed(_), _) => None,
            (Payload::StreamingUnsignedTrailer, _) => Some(ChunkMode::UnsignedTrailer),
            (Payload::StreamingSigned, Some(signer)) => Some(ChunkMode::Signed(signer)),
            (Payload::StreamingSignedTrailer, Some(signer)) => {
                Some(ChunkMode::SignedTrailer(signer))
            }
            _ => return Err(unsupported_payload()),
        };
        Ok(PayloadReader {
            body: &mut *self.body,
            framing: match mode {
                None => Framing::Plain {
                    bytes_left: length,
                    length,
                },
                Some(mode) => Framing::AwsChunked {
                    decoder: Box::new(ChunkedDecoder::new(
                        mode,
                        length,
                        std::mem::take(&mut self.announced_trailers),
                    )),
                    input: Bytes::new(),
                },
            },
        })
    }
}

fn unsupported_payload() -> S3Error {
    S3Error::header_not_implemented("x-amz-content-sha256")
}

/// A body being read.
#[derive(Debug)]
pub(crate) struct PayloadReader<'b> {
    body: &'b mut IncomingBody,
    framing: Framing,
}

#[derive(Debug)]
enum Framing {
    Plain {
        bytes_left: u64,
        length: u64,
    },
    AwsChunked {
        decoder: Box<ChunkedDecoder>,
        input: Bytes,
    },
}

impl PayloadReader<'_> {
    /// The next piece of the payload; `None` at its end.
    ///
    /// # Errors
    ///
    /// `RequestTimeout`, `IncompleteBody`, and the errors of aws-chunked framing.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, S3Error> {
        loop {
            if let Framing::AwsChunked { decoder, input } = &mut self.framing
                && let Some(piece) = decoder.decode(input).map_err(chunk_error)?
            {
                return Ok(Some(piece));
            }
            let Some(bytes) = self.body.next().await? else {
                return Ok(None);
            };
            match &mut self.framing {
                Framing::AwsChunked { input, .. } => *input = bytes,
                Framing::Plain { bytes_left, length } => {
                    *bytes_left = bytes_left.checked_sub(bytes.len() as u64).ok_or_else(|| {
                        S3Error::wrong_body_length(*length, *length + bytes.len() as u64)
                    })?;
                    return Ok(Some(bytes));
                }
            }
        }
    }

    /// The pieces as a stream.
    pub(crate) fn as_stream(&mut self) -> impl Stream<Item = Result<Bytes, S3Error>> {
        futures_util::stream::try_unfold(self, |reader| async move {
            Ok(reader.next().await?.map(|piece| (piece, reader)))
        })
    }

    /// To be called at the end of the payload: checks that all of it came.
    ///
    /// # Errors
    ///
    /// `IncompleteBody`, and the errors of an aws-chunked trailer.
    pub(crate) fn finish(self) -> Result<Trailers, S3Error> {
        match self.framing {
            Framing::Plain { bytes_left: 0, .. } => Ok(Trailers::default()),
            Framing::Plain { bytes_left, length } => {
                Err(S3Error::wrong_body_length(length, length - bytes_left))
            }
            Framing::AwsChunked { decoder, .. } => decoder.finish().map_err(chunk_error),
        }
    }
}
