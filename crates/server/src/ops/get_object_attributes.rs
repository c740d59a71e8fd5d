//! `GetObjectAttributes`: what is known of a version, without its bytes.
//!
//! Source: facts: s3-behaviour.md 23, authorization.md 4.4.

use buckler_checksum::ChecksumType;
use buckler_metadata::{PartsRef, StoredChecksum};
use buckler_policy::Action;
use buckler_s3::ops::get_object_attributes::{
    Attribute, Input, ListedPart, ObjectParts, Output, PartsPage,
};
use buckler_s3::{S3Error, VersionSelector};

use crate::context::Context;
use crate::error::store_error;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::load::InObject;
use crate::versions::{existing, shown};

/// Marks the operation.
pub(crate) enum GetObjectAttributes {}

impl Operation for GetObjectAttributes {
    type Input = Input;
    type Subject = InObject;
    type Output = Output;

    const BODY: BodyUse = BodyUse::None;

    fn permissions<'a>(input: &'a Input, subject: &'a InObject) -> Vec<Need<'a>> {
        let actions = match input.version {
            VersionSelector::Latest => [Action::GetObject, Action::GetObjectAttributes],
            VersionSelector::Id(_) => {
                [Action::GetObjectVersion, Action::GetObjectVersionAttributes]
            }
        };
        let need = |action| Need {
            object: subject.object.as_ref(),
            ..Need::on_object(action, &subject.bucket, &input.key)
        };
        actions.map(need).into()
    }

    async fn run(cx: &Context, request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let judge = request.judge();
        let Authorized { input, subject, .. } = request;
        let object = existing(judge, &subject, &input.key, &input.version)?;
        let parts = match object.parts {
            Some(parts) if input.attributes.contains(&Attribute::ObjectParts) => {
                Some(ObjectParts {
                    count: parts.count().into(),
                    page: match object.checksum.as_ref().map(StoredChecksum::checksum_type) {
                        Some(ChecksumType::Composite) => Some(page(cx, &input, parts).await?),
                        _ => None,
                    },
                })
            }
            _ => None,
        };
        Ok(Output {
            attributes: input.attributes,
            etag: object.etag.clone(),
            checksum: object.checksum.as_ref().map(Into::into),
            parts,
            storage_class: object.headers.storage_class,
            size_bytes: object.size_bytes,
            last_modified: object.created_at,
            version_id: shown(&subject.bucket, &object.version_id),
        })
    }
}

/// The parts, counted from 1: as `partNumber` of a read counts them.
///
/// AWS: shown of objects with a composite checksum only. Recorded by LocalStack's tests, 2025.
async fn page(cx: &Context, input: &Input, parts: PartsRef) -> Result<PartsPage, S3Error> {
    let (marker, max_parts) = (input.part_number_marker, input.max_parts);
    let rows = cx.store.object_parts(parts, marker, max_parts + 1).await;
    let rows = rows.map_err(store_error)?;
    let is_truncated = max_parts > 0 && rows.len() > max_parts as usize;
    let listed: Vec<ListedPart> = (marker.saturating_add(1)..)
        .zip(rows)
        .take(max_parts as usize)
        .filter_map(|(number, part)| {
            Some(ListedPart {
                number,
                size_bytes: part.size_bytes,
                checksum: part.checksum?,
            })
        })
        .collect();
    Ok(PartsPage {
        part_number_marker: marker,
        max_parts,
        is_truncated,
        parts: listed,
    })
}
