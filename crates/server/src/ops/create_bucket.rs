//! `CreateBucket`.
//!
//! Source: facts: s3-behaviour.md 4.1, authorization.md 4.4.

use buckler_metadata::{CreateBucket as Outcome, NewBucket};
use buckler_policy::{Acl, Action, Resource};
use buckler_s3::ops::create_bucket::{DOCUMENT_BYTES_MAX, Document, Input, Output};
use buckler_s3::{
    BucketName, CannedAcl, ErrorCode, FromRequest as _, PublicAccessBlock, RequestedAcl, S3Error,
    US_EAST_1, resolve_location,
};

use crate::acl::granted;
use crate::context::Context;
use crate::error::store_error;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::context_keys::View;
use crate::pipeline::document::DocumentLimit;
use crate::pipeline::load::{Loading, Subject};

const LIMIT: DocumentLimit = DocumentLimit::xml(DOCUMENT_BYTES_MAX);

/// Marks the operation.
pub(crate) enum CreateBucket {}

/// The configuration in the body: its region takes part in the decision (`s3:locationconstraint`),
/// its faults are answered after it.
#[derive(Debug)]
pub(crate) struct Configuration(Result<Document, S3Error>);

impl Subject<Input> for Configuration {
    async fn load(loading: Loading<'_, '_>) -> Result<(Input, Self), S3Error> {
        if loading.caller.is_anonymous() {
            // Facts: s3-behaviour.md 2.1.
            return Err(S3Error::new(ErrorCode::AccessDenied)
                .with_message("Anonymous users cannot invoke this API. Please authenticate."));
        }
        let input = Input::from_request(loading.request)?;
        let body = loading
            .payload
            .read_document(LIMIT, &input.integrity)
            .await?;
        Ok((input, Self(Document::parse(&body))))
    }
}

impl Operation for CreateBucket {
    type Input = Input;
    type Subject = Configuration;
    type Output = Output;

    const BODY: BodyUse = BodyUse::Document;

    fn permissions<'a>(input: &'a Input, _: &'a Configuration) -> Vec<Need<'a>> {
        let mut actions = vec![Action::CreateBucket];
        if !matches!(
            input.acl,
            None | Some(RequestedAcl::Canned(CannedAcl::Private))
        ) {
            actions.push(Action::PutBucketAcl);
        }
        if input.object_ownership.is_some() {
            actions.push(Action::PutBucketOwnershipControls);
        }
        let need = |action| Need {
            action,
            resource: Resource::Bucket(input.bucket.as_str()),
            bucket: None,
            object: None,
            of_new_object: false,
            view: View::Request,
            unless_denied: false,
        };
        actions.into_iter().map(need).collect()
    }

    fn location_constraint<'a>(_: &'a Input, subject: &'a Configuration) -> Option<&'a str> {
        subject.0.as_ref().ok()?.location_constraint.as_deref()
    }

    async fn run(cx: &Context, request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let judge = request.judge();
        let facts = judge.facts();
        let Authorized { input, subject, .. } = request;
        let document = subject.0?;
        let region = resolve_location(&cx.config.region, document.location_constraint.as_deref())?;
        let ownership = input
            .object_ownership
            .unwrap_or(cx.config.new_bucket_ownership);
        let public_access_block = cx
            .config
            .new_bucket_public_access_block
            .then_some(PublicAccessBlock::ALL);
        input.check_acl(ownership, public_access_block)?;
        let owner = *facts
            .caller
            .account_id()
            .ok_or_else(|| S3Error::new(ErrorCode::AccessDenied))?;
        let acl = match input.acl {
            None => Acl::OwnersAlone,
            Some(acl) => {
                let owner = facts.caller.owner_id();
                granted(cx, judge, (owner, owner), acl).await?
            }
        };
        let bucket = NewBucket {
            name: input.bucket.clone(),
            owner,
            region: region.constraint().to_owned(),
            object_ownership: ownership,
            public_access_block,
            acl,
            created_at: facts.now,
        };
        let made = Output {
            bucket: input.bucket.clone(),
            region: region.clone(),
            host: input.host,
        };
        match cx.store.create_bucket(bucket).await.map_err(store_error)? {
            Outcome::Created(_) => Ok(made),
            Outcome::AlreadyOwned(existing) => {
                let same = input
                    .object_ownership
                    .is_none_or(|it| Some(it) == existing.ownership_controls);
                let is_there = existing.region == US_EAST_1 && region.as_str() == US_EAST_1;
                if cx.config.region == US_EAST_1 && is_there && same {
                    // AWS: us-east-1 answers 200 and changes nothing, of buckets that are there.
                    return Ok(made);
                }
                Err(taken(ErrorCode::BucketAlreadyOwnedByYou, &input.bucket))
            }
            Outcome::AlreadyExists => Err(taken(ErrorCode::BucketAlreadyExists, &input.bucket)),
        }
    }
}

fn taken(code: ErrorCode, bucket: &BucketName) -> S3Error {
    S3Error::of_bucket(code, bucket)
}
