//! The browser's form on its way: its fields, its signature, its policy, and then as any upload.
//!
//! Facts: s3-behaviour.md 22.

use std::pin::pin;

use buckler_s3::post_form::{FormFields, PostPolicy, SizeRange};
use buckler_s3::{
    BucketName, ErrorCode, ObjectKey, Operation as Name, Query, Request, RequestHead, S3Error,
    Target,
};
use buckler_sigv4::{FormSignature, Presented, read_form};
use futures_util::future::{Either, select};
use http::{HeaderMap, header};
use time::OffsetDateTime;
use tokio::sync::mpsc;

use super::audit::Audit;
use super::authenticate::{endpoint, verify};
use super::caller::Caller;
use super::form_file::{Pieces, read_fields};
use super::incoming_body::IncomingBody;
use super::payload::UnreadPayload;
use super::respond::Reply;
use super::serve::{Exchange, Identified, decide};
use crate::context::Context;
use crate::error::auth_error;
use crate::http::trusted_proxies::Client;
use crate::ops::post_object::PostObject;

/// Takes a form through all its steps.
///
/// # Errors
///
/// The answer of the first step that refuses it.
pub(crate) async fn carry_out_form(exchange: Exchange<'_>) -> Result<Reply, S3Error> {
    let Exchange {
        cx,
        head,
        route,
        body,
        client,
        audit,
    } = exchange;
    let boundary = boundary(head.headers)?;
    if !head.headers.contains_key(header::CONTENT_LENGTH) {
        return Err(S3Error::new(ErrorCode::MissingContentLength));
    }
    let bucket = route
        .target
        .bucket()
        .ok_or(S3Error::new(ErrorCode::InternalError))?;
    let form = Form {
        cx,
        head,
        bucket,
        client,
    };
    let outcome = {
        // The reader of parts wants a stream of its own, and the body stays the connection's.
        let (sender, pieces) = mpsc::channel(1);
        let work = pin!(form.carry_out(boundary, pieces, audit));
        let pass_on = pin!(pass_on(body, sender));
        match select(work, pass_on).await {
            Either::Left((outcome, _)) => outcome,
            Either::Right(((), work)) => work.await,
        }
    };
    if outcome.is_ok() {
        body.drain().await;
    }
    outcome
}

/// Reads the body for somebody else, until they want no more. At most two pieces are in memory.
async fn pass_on(body: &mut IncomingBody, sender: mpsc::Sender<Result<bytes::Bytes, S3Error>>) {
    while let Some(piece) = body.next().await.transpose() {
        let is_last = piece.is_err();
        if sender.send(piece).await.is_err() || is_last {
            return;
        }
    }
}

/// The boundary between the parts.
///
/// # Errors
///
/// `PreconditionFailed` for a body that is no form, `MalformedPOSTRequest` without a boundary.
fn boundary(headers: &HeaderMap) -> Result<String, S3Error> {
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    multer::parse_boundary(content_type).map_err(|error| match error {
        multer::Error::NoBoundary => S3Error::new(ErrorCode::MalformedPOSTRequest),
        _ => S3Error::not_a_form(),
    })
}

/// A form whose parts have not been read.
struct Form<'r> {
    cx: &'r Context,
    head: &'r RequestHead<'r>,
    bucket: &'r BucketName,
    client: Client,
}

impl Form<'_> {
    async fn carry_out(
        self,
        boundary: String,
        pieces: Pieces,
        audit: &mut Audit,
    ) -> Result<Reply, S3Error> {
        let now = self.cx.clock.now();
        let (fields, mut file) = read_fields(pieces, boundary).await?;
        audit.form_key(fields.key()?);
        let caller = self.authenticate(&fields, now).await?;
        audit.authenticated(&caller);
        file.limit(self.judge_policy(&fields, now)?);

        let headers = fields.headers(self.head.headers)?;
        let key = ObjectKey::parse_or_refuse(fields.key()?)?;
        let target = Target::Object(self.bucket.clone(), key);
        let query = Query::default();
        let identified = Identified {
            request: Request {
                head: RequestHead {
                    headers: &headers,
                    ..*self.head
                },
                target: &target,
                query: &query,
            },
            operation: Name::PostObject,
            caller: &caller,
            client: self.client,
            now,
        };
        decide::<PostObject>(self.cx, identified, UnreadPayload::of_form(file)).await
    }

    /// Verifies the signature over the policy. An `Authorization` header does not count.
    async fn authenticate(
        &self,
        fields: &FormFields,
        now: OffsetDateTime,
    ) -> Result<Caller, S3Error> {
        // Only a form's policy is signed, so that its host does not matter.
        let endpoint = endpoint(self.cx, None);
        let signature = FormSignature {
            policy: fields.get("policy"),
            algorithm: fields.get("x-amz-algorithm"),
            credential: fields.get("x-amz-credential"),
            date: fields.get("x-amz-date"),
            signature: fields.get("x-amz-signature"),
            security_token: fields.get("x-amz-security-token"),
            aws_access_key_id: fields.get("awsaccesskeyid"),
            signature_v2: fields.get("signature"),
        };
        let presentation =
            match read_form(&signature, &endpoint).map_err(|error| auth_error(&error))? {
                // AWS: a policy that nobody signed is not judged, as recorded.
                Presented::Anonymous { .. } if signature.policy.is_some() => {
                    return Err(S3Error::new(ErrorCode::AccessDenied));
                }
                Presented::Anonymous { .. } => return Ok(Caller::anonymous()),
                Presented::Signed(presentation) => presentation,
            };
        let request = buckler_sigv4::Request {
            method: self.head.method.as_str(),
            raw_path: self.head.raw_path,
            raw_query: self.head.raw_query,
            headers: self.head.headers,
        };
        let authenticated = verify(self.cx, &request, presentation, now).await?;
        Ok(authenticated.caller)
    }

    /// Judges the policy, and says how large the file may be. A form without one is anonymous, and is judged by the
    /// bucket alone.
    fn judge_policy(&self, fields: &FormFields, now: OffsetDateTime) -> Result<SizeRange, S3Error> {
        match fields.get("policy") {
            Some(policy) => PostPolicy::parse(policy)?.judge(fields, self.bucket.as_str(), now),
            None => Ok(SizeRange::ANY),
        }
    }
}
