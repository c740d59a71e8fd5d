//! `ListBuckets`: the buckets of the caller's account, by name.
//!
//! Source: facts: s3-behaviour.md 4.4.

use buckler_metadata::BucketList;
use buckler_policy::{Action, Resource};
use buckler_s3::ops::list_buckets::{Input, ListedBucket, Output};
use buckler_s3::{Answer, ContinuationToken, IntoAnswer as _, Region, S3Error};
use http::StatusCode;

use crate::context::Context;
use crate::error::store_error;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::context_keys::View;
use crate::pipeline::load::NoBucket;

/// Where the service endpoint sends someone without credentials. Facts: s3-behaviour.md 2.1.
const ANONYMOUS_LOCATION: &str = "https://aws.amazon.com/s3/";

/// Marks the operation.
pub(crate) enum ListBuckets {}

impl Operation for ListBuckets {
    type Input = Input;
    type Subject = NoBucket;
    type Output = Answer;

    const BODY: BodyUse = BodyUse::None;

    fn permissions<'a>(_: &'a Input, subject: &'a NoBucket) -> Vec<Need<'a>> {
        if subject.caller_is_anonymous {
            // Nothing is shown: the answer is a redirection.
            return Vec::new();
        }
        vec![Need {
            action: Action::ListAllMyBuckets,
            resource: Resource::Any,
            bucket: None,
            object: None,
            of_new_object: false,
            view: View::Request,
            unless_denied: false,
        }]
    }

    async fn run(cx: &Context, request: Authorized<'_, Self>) -> Result<Answer, S3Error> {
        let caller = request.facts().caller;
        let (Some(owner), Some(canonical_id)) = (caller.account_id(), caller.canonical_id()) else {
            return Ok(
                Answer::empty(StatusCode::TEMPORARY_REDIRECT).with("location", ANONYMOUS_LOCATION)
            );
        };
        let input = request.input;
        input.check_region(&cx.config.region)?;
        let limit = input.limit();
        let list = BucketList {
            owner: *owner,
            prefix: input.prefix.clone().unwrap_or_default(),
            after: match input.continuation_token {
                Some(ContinuationToken::AfterKey(name) | ContinuationToken::AfterPrefix(name)) => {
                    name
                }
                None => String::new(),
            },
            // One more than the page holds tells whether there is another.
            limit: u32::try_from(limit).unwrap_or(u32::MAX).saturating_add(1),
        };
        let mut rows = cx.store.list_buckets(&list).await.map_err(store_error)?;
        let is_truncated = rows.len() > limit;
        rows.truncate(limit);
        let next = rows
            .last()
            .filter(|_| is_truncated)
            .map(|row| row.name.to_string());
        let buckets = rows.into_iter().map(|row| ListedBucket {
            created: row.created_at,
            region: Region::new(&row.region),
            name: row.name,
        });
        let output = Output {
            owner: *canonical_id,
            buckets: buckets.collect(),
            prefix: input.prefix,
            next: next.map(ContinuationToken::AfterKey),
            shows_region: input.shows_region,
        };
        Ok(output.into_answer())
    }
}
