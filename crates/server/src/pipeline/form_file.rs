//! The parts of a `multipart/form-data` body: the fields before the file, and the file itself as it comes.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use buckler_s3::post_form::{FORM_FIELDS_BYTES_MAX, FormFields, SizeRange};
use buckler_s3::{ErrorCode, S3Error};
use bytes::Bytes;
use futures_util::Stream;
use multer::{Field, Multipart};
use tokio::sync::mpsc;

/// How many bytes may be in memory that are not the file's: the fields with what frames them. The rule about fields is
/// [`FORM_FIELDS_BYTES_MAX`]; this bounds part heads, preambles and what else a client may send without end.
const FRAMING_BYTES_MAX: u64 = FORM_FIELDS_BYTES_MAX as u64 + 64 * 1024;
/// How much of a file that is too large is counted, in bytes, so that the answer can say how large it was.
const COUNTED_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// The name of the file's part.
const FILE: &str = "file";

/// The pieces of a body, from whoever reads the connection.
pub(crate) type Pieces = mpsc::Receiver<Result<Bytes, S3Error>>;

/// The file of a form, being read.
pub(crate) struct FormFile {
    multipart: Multipart<'static>,
    /// `None` at its end.
    field: Option<Field<'static>>,
    budget: Budget,
    range: SizeRange,
    bytes_read: u64,
}

impl fmt::Debug for FormFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("FormFile")
            .field("range", &self.range)
            .field("bytes_read", &self.bytes_read)
            .finish_non_exhaustive()
    }
}

/// Reads up to the file.
///
/// # Errors
///
/// `MalformedPOSTRequest`, `MaxPostPreDataLengthExceededError`, `InvalidArgument` for a form without a file, and those of
/// the connection.
pub(crate) async fn read_fields(
    pieces: Pieces,
    boundary: String,
) -> Result<(FormFields, FormFile), S3Error> {
    let budget = Budget::new();
    let stream = bounded(pieces, budget.clone());
    let mut multipart = Multipart::new(stream, boundary);
    let mut fields = FormFields::default();
    while let Some(field) = multipart.next_field().await.map_err(form_error)? {
        let name = match field.name() {
            None | Some("") => return Err(malformed()),
            Some(name) => name.to_owned(),
        };
        if name.eq_ignore_ascii_case(FILE) {
            // AWS: without a file's name the word that stands for it stays, as recorded.
            if let Some(name) = field.file_name() {
                fields.name_file(name);
            }
            budget.lift();
            let file = FormFile {
                multipart,
                field: Some(field),
                budget,
                range: SizeRange::ANY,
                bytes_read: 0,
            };
            return Ok((fields, file));
        }
        let value = read_value(field, fields.bytes_left()).await?;
        fields.push(&name, &value)?;
    }
    Err(S3Error::one_file_only(0))
}

async fn read_value(mut field: Field<'static>, bytes_max: usize) -> Result<String, S3Error> {
    let mut value = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(form_error)? {
        if value.len() + piece.len() > bytes_max {
            return Err(S3Error::new(ErrorCode::MaxPostPreDataLengthExceededError));
        }
        value.extend_from_slice(&piece);
    }
    String::from_utf8(value).map_err(|_| malformed())
}

impl FormFile {
    /// Sets how large the file may be.
    pub(crate) fn limit(&mut self, range: SizeRange) {
        self.range = range;
    }

    /// Bytes of the file that were read.
    pub(crate) fn bytes_read(&self) -> u64 {
        self.bytes_read
    }

    /// The next piece; `None` at the end of a file that has the right size, and is the only one of a whole form.
    ///
    /// # Errors
    ///
    /// `EntityTooLarge`, `EntityTooSmall`, `MalformedPOSTRequest`, `InvalidArgument` for a second file, and those of the
    /// connection.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, S3Error> {
        while let Some(piece) = self.read().await? {
            if self.range.is_exceeded_by(self.bytes_read) {
                self.count_on().await?;
                break;
            }
            if !piece.is_empty() {
                return Ok(Some(piece));
            }
        }
        self.range.judge(self.bytes_read)?;
        self.read_rest().await?;
        Ok(None)
    }

    /// The pieces as a stream.
    pub(crate) fn as_stream(&mut self) -> impl Stream<Item = Result<Bytes, S3Error>> {
        futures_util::stream::try_unfold(self, |file| async move {
            Ok(file.next().await?.map(|piece| (piece, file)))
        })
    }

    async fn read(&mut self) -> Result<Option<Bytes>, S3Error> {
        let Some(field) = &mut self.field else {
            return Ok(None);
        };
        let piece = field.chunk().await.map_err(form_error)?;
        match &piece {
            Some(piece) => self.bytes_read += piece.len() as u64,
            None => self.field = None,
        }
        Ok(piece)
    }

    /// Counts what is left of a file that is too large, within bounds.
    async fn count_on(&mut self) -> Result<(), S3Error> {
        let end = self.bytes_read.saturating_add(COUNTED_BYTES_MAX);
        while self.bytes_read < end && self.read().await?.is_some() {}
        Ok(())
    }

    /// Reads what stands behind the file. Fields there are ignored, a second file is not.
    async fn read_rest(&mut self) -> Result<(), S3Error> {
        self.budget.renew();
        loop {
            match self.multipart.next_field().await {
                Ok(None) => return Ok(()),
                Ok(Some(field)) if is_file(&field) => return Err(S3Error::one_file_only(2)),
                Ok(Some(_)) => {}
                // What is ignored need not be read to its end.
                Err(_) if self.budget.is_used_up() => return Ok(()),
                Err(error) => return Err(form_error(error)),
            }
        }
    }
}

fn is_file(field: &Field<'_>) -> bool {
    field
        .name()
        .is_some_and(|name| name.eq_ignore_ascii_case(FILE))
}

/// How many bytes may still be read that are not the file's.
#[derive(Debug, Clone)]
struct Budget(Arc<AtomicU64>);

impl Budget {
    fn new() -> Self {
        Self(Arc::new(AtomicU64::new(FRAMING_BYTES_MAX)))
    }

    fn lift(&self) {
        self.0.store(u64::MAX, Ordering::Relaxed);
    }

    fn renew(&self) {
        self.0.store(FRAMING_BYTES_MAX, Ordering::Relaxed);
    }

    fn is_used_up(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }

    fn use_up(&self, bytes: usize) {
        let left = self.0.load(Ordering::Relaxed);
        let left = left.saturating_sub(bytes as u64);
        self.0.store(left, Ordering::Relaxed);
    }
}

/// The pieces, until the budget is used up. One piece beyond it may pass: it can hold the beginning of the file.
fn bounded(
    pieces: Pieces,
    budget: Budget,
) -> impl Stream<Item = Result<Bytes, S3Error>> + Send + 'static {
    futures_util::stream::unfold((pieces, budget), |(mut pieces, budget)| async move {
        let mut next = pieces.recv().await?;
        match &next {
            Ok(_) if budget.is_used_up() => {
                next = Err(S3Error::new(ErrorCode::MaxPostPreDataLengthExceededError));
            }
            Ok(piece) => budget.use_up(piece.len()),
            Err(_) => {}
        }
        Some((next, (pieces, budget)))
    })
}

fn malformed() -> S3Error {
    S3Error::new(ErrorCode::MalformedPOSTRequest)
}

/// The connection's own error, if it was one; otherwise the form is malformed.
fn form_error(error: multer::Error) -> S3Error {
    match error {
        multer::Error::StreamReadFailed(cause) => cause
            .downcast::<S3Error>()
            .map_or_else(|_| malformed(), |error| *error),
        _ => malformed(),
    }
}
