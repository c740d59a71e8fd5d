//! The document `Tagging`.

use super::{Tag, TagSet, rules};
use crate::S3Error;
use crate::xml::{Writer, read_required};

/// Reads the tag set of an object: `<Tagging><TagSet><Tag><Key/><Value/></Tag></TagSet></Tagging>`.
///
/// # Errors
/// `MissingRequestBodyError`, `MalformedXML`, and the rules of tags.
pub(crate) fn parse_object(body: &[u8]) -> Result<TagSet, S3Error> {
    let root = read_required(body, "Tagging")?;
    root.allow(&["TagSet"])?;
    // AWS: a document without a `TagSet` is an empty set, as recorded.
    let Some(set) = root.optional("TagSet")? else {
        return Ok(TagSet::default());
    };
    set.allow(&["Tag"])?;
    let tags = set
        .children()
        .iter()
        .map(|tag| {
            tag.allow(&["Key", "Value"])?;
            Ok(Tag {
                key: tag.required_text("Key")?.to_owned(),
                value: tag.required_text("Value")?.to_owned(),
            })
        })
        .collect::<Result<_, S3Error>>()?;
    rules::of_object(tags)
}

/// Writes the document.
pub(crate) fn write(tags: &TagSet) -> bytes::Bytes {
    let mut writer = Writer::document("Tagging");
    if tags.is_empty() {
        writer.empty("TagSet");
    } else {
        writer.open("TagSet");
        for tag in tags {
            writer.open("Tag");
            writer.text("Key", &tag.key);
            writer.text("Value", &tag.value);
            writer.close("Tag");
        }
        writer.close("TagSet");
    }
    writer.close("Tagging");
    writer.finish()
}
