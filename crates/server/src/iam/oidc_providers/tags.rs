//! Tags of providers, and `ListOpenIDConnectProviderTags`.

use buckler_iam::query::{Input, QueryError, WriteResult};
use buckler_s3::xml::Writer;
use buckler_s3::{Tag, TagSet};

use super::target::{ProviderArn, TargetProvider};
use crate::query::authorize::Authorized;
use crate::query::call::Call;
use crate::query::operation::{Need, Needs, QueryOperation};

/// `Tags` of a call.
///
/// # Errors
///
/// `InvalidInput` for a key that stands twice.
pub(super) fn given_tags(input: &Input) -> Result<TagSet, QueryError> {
    let mut tags: Vec<Tag> = Vec::new();
    for tag in input.structures("Tags") {
        let key = tag.required("Key")?;
        if tags
            .iter()
            .any(|other| other.key.to_lowercase() == key.to_lowercase())
        {
            return Err(QueryError::invalid_input(
                "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
            ));
        }
        tags.push(Tag {
            key: key.to_owned(),
            value: tag.required("Value")?.to_owned(),
        });
    }
    Ok(TagSet::from_stored(tags))
}

/// A permission as it is judged on a request with these tags.
pub(super) fn request_tag_keys(mut need: Need, tags: &TagSet) -> Need {
    for tag in tags {
        need = need.with(&format!("aws:RequestTag/{}", tag.key), Some(&tag.value));
    }
    let keys = tags.iter().map(|tag| tag.key.clone()).collect();
    need.with_many("aws:TagKeys", keys)
}

/// Writes `Tags`.
pub(super) fn write_tags(writer: &mut Writer, tags: &TagSet) {
    writer.open("Tags");
    for tag in tags {
        writer.open("member");
        writer.text("Key", &tag.key);
        writer.text("Value", &tag.value);
        writer.close("member");
    }
    writer.close("Tags");
}

/// `ListOpenIDConnectProviderTags`: all 50 at most are one page.
pub(crate) struct ListOpenIdConnectProviderTags;

impl QueryOperation for ListOpenIdConnectProviderTags {
    type Input = ProviderArn;
    type Subject = TargetProvider;
    type Output = TagsOutput;

    async fn load(call: &Call<'_>, arn: &ProviderArn) -> Result<TargetProvider, QueryError> {
        TargetProvider::load(call, arn).await
    }

    fn needs(call: &Call<'_>, _: &ProviderArn, provider: &TargetProvider) -> Needs {
        provider.need(call).into()
    }

    async fn run(_: &Call<'_>, authorized: Authorized<Self>) -> Result<TagsOutput, QueryError> {
        Ok(TagsOutput(authorized.subject.found()?.tags))
    }
}

/// What is answered.
pub(crate) struct TagsOutput(TagSet);

impl WriteResult for TagsOutput {
    fn write(&self, writer: &mut Writer) {
        write_tags(writer, &self.0);
        writer.boolean("IsTruncated", false);
    }
}
