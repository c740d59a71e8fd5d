//! The body of a request as a stream of payload pieces: unframed, bounded in time, and compared
//! with the length that was declared.

use buckler_s3::integrity::announced_trailers;
use buckler_s3::payload::data_bytes;
use buckler_s3::{ErrorCode, S3Error};
use buckler_sigv4::{ChunkMode, ChunkSigner, ChunkedDecoder, Payload, Trailers};
use bytes::Bytes;
use futures_util::Stream;
use http::HeaderMap;

use super::form_file::FormFile;
use super::incoming_body::IncomingBody;
use crate::error::chunk_error;

/// A body that has not been read yet.
#[derive(Debug)]
pub(crate) struct UnreadPayload<'b> {
    source: Source<'b>,
    payload: Payload,
    signer: Option<ChunkSigner>,
    /// Bytes of payload that the request declares, or why it cannot be known.
    declared_bytes: Result<u64, S3Error>,
    announced_trailers: Vec<String>,
}

/// Where a payload comes from.
#[derive(Debug)]
enum Source<'b> {
    /// It is the request's body.
    Body(&'b mut IncomingBody),
    /// It is the file of a form, whose length nobody knows before its end.
    FormFile(Box<FormFile>),
}

impl<'b> UnreadPayload<'b> {
    /// The file of a form. Only [`UnreadPayload::stage`] reads it.
    pub(crate) fn of_form(file: FormFile) -> Self {
        Self {
            source: Source::FormFile(Box::new(file)),
            payload: Payload::Unsigned,
            signer: None,
            declared_bytes: Err(S3Error::new(ErrorCode::MissingContentLength)),
            announced_trailers: Vec::new(),
        }
    }

    /// The file of the form that the payload is.
    pub(crate) fn form_file(&mut self) -> Option<&mut FormFile> {
        match &mut self.source {
            Source::FormFile(file) => Some(file),
            Source::Body(_) => None,
        }
    }

    pub(crate) fn new(
        body: &'b mut IncomingBody,
        payload: Payload,
        signer: Option<ChunkSigner>,
        headers: &HeaderMap,
    ) -> Self {
        Self {
            source: Source::Body(body),
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

    /// Whether the request has no body at all: neither a length nor a byte. A document may then be
    /// empty; an object must say how long it is.
    pub(crate) fn is_absent(&self) -> bool {
        let Source::Body(body) = &self.source else {
            return false;
        };
        self.declared_bytes.is_err() && !self.payload.is_streaming() && body.is_at_end()
    }

    /// Begins to read.
    ///
    /// # Errors
    ///
    /// Those of [`UnreadPayload::declared_bytes`]; `InvalidRequest` for chunks that are not signed as
    /// the request is.
    pub(crate) fn open(&mut self) -> Result<PayloadReader<'_>, S3Error> {
        let length = self.declared_bytes()?;
        let mode = match (self.payload, self.signer.take()) {
            (Payload::Unsigned | Payload::Signed(_), _) => None,
            (Payload::StreamingUnsignedTrailer, _) => Some(ChunkMode::UnsignedTrailer),
            (payload, Some(signer)) if payload.has_trailer() => {
                Some(ChunkMode::SignedTrailer(signer))
            }
            (_, Some(signer)) => Some(ChunkMode::Signed(signer)),
            // Signed chunks of another version than the request's.
            (_, None) => return Err(S3Error::streaming_not_accepted()),
        };
        let Source::Body(body) = &mut self.source else {
            // INVARIANT: a form's file has no declared length, so that this is not reached.
            return Err(S3Error::new(ErrorCode::InternalError));
        };
        Ok(PayloadReader {
            body,
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
