//! The form of a call: the body of a `POST`, or the query of a `GET`.

use buckler_iam::query::{BODY_BYTES_MAX, QueryError, QueryErrorCode};
use buckler_s3::{ErrorCode, RequestHead, S3Error};
use http::Method;
use sha2::{Digest as _, Sha256};

use crate::pipeline::incoming_body::IncomingBody;

/// A form as it came, and the hash that its signature covers.
#[derive(Debug)]
pub(crate) struct Form {
    pub(crate) text: String,
    pub(crate) sha256: [u8; 32],
}

/// Reads the form of a request within its bound.
///
/// # Errors
///
/// `RequestEntityTooLarge`; `MalformedQueryString` for a body that is no text or does not come.
pub(crate) async fn read(
    head: &RequestHead<'_>,
    body: &mut IncomingBody,
) -> Result<Form, QueryError> {
    let bytes = read_body(body).await?;
    let sha256 = Sha256::digest(&bytes).into();
    let malformed = || {
        QueryError::new(
            QueryErrorCode::MalformedQueryString,
            "The body is not a form.",
        )
    };
    let text = if head.method == Method::POST && !bytes.is_empty() {
        String::from_utf8(bytes).map_err(|_| malformed())?
    } else {
        head.raw_query.to_owned()
    };
    Ok(Form { text, sha256 })
}

async fn read_body(body: &mut IncomingBody) -> Result<Vec<u8>, QueryError> {
    let mut bytes = Vec::new();
    if body.is_at_end() {
        return Ok(bytes);
    }
    while let Some(piece) = body.next().await.map_err(|error| interrupted(&error))? {
        if (bytes.len() + piece.len()) as u64 > BODY_BYTES_MAX {
            return Err(QueryError::new(
                QueryErrorCode::RequestEntityTooLarge,
                format!("The request is larger than {BODY_BYTES_MAX} bytes."),
            ));
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

fn interrupted(error: &S3Error) -> QueryError {
    let message = match error.code {
        ErrorCode::RequestTimeout => "The body of the request did not come in time.",
        _ => "The body of the request ended early.",
    };
    QueryError::new(QueryErrorCode::MalformedQueryString, message)
}
