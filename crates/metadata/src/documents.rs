//! The small JSON documents inside rows: stored headers, user metadata, tags. Empty ones are null.

use buckler_s3::{StoredHeaders, Tag, TagSet, UserMetadata};
use serde_json::{Map, Value};

use crate::StoreError;

/// The headers without the storage class, which has a column.
pub(crate) fn write_headers(headers: &StoredHeaders) -> Option<String> {
    let named = [
        ("content-type", &headers.content_type),
        ("cache-control", &headers.cache_control),
        ("content-disposition", &headers.content_disposition),
        ("content-encoding", &headers.content_encoding),
        ("content-language", &headers.content_language),
        ("expires", &headers.expires),
        ("website-redirect", &headers.website_redirect_location),
    ];
    let present = named.into_iter().filter_map(|(name, value)| {
        let value = value.as_deref()?;
        Some((name, value))
    });
    write(present)
}

pub(crate) fn read_headers(text: Option<&str>) -> Result<StoredHeaders, StoreError> {
    let mut headers = StoredHeaders::default();
    for (name, value) in read(text)? {
        let field = match name.as_str() {
            "content-type" => &mut headers.content_type,
            "cache-control" => &mut headers.cache_control,
            "content-disposition" => &mut headers.content_disposition,
            "content-encoding" => &mut headers.content_encoding,
            "content-language" => &mut headers.content_language,
            "expires" => &mut headers.expires,
            "website-redirect" => &mut headers.website_redirect_location,
            _ => return Err(StoreError::Corrupt(format!("unknown header `{name}`"))),
        };
        *field = Some(value);
    }
    Ok(headers)
}

pub(crate) fn write_metadata(metadata: &UserMetadata) -> Option<String> {
    write(metadata.iter())
}

pub(crate) fn read_metadata(text: Option<&str>) -> Result<UserMetadata, StoreError> {
    Ok(UserMetadata::from_stored(read(text)?))
}

pub(crate) fn write_tags(tags: &TagSet) -> Option<String> {
    write(tags.iter().map(|tag| (&*tag.key, &*tag.value)))
}

pub(crate) fn read_tags(text: Option<&str>) -> Result<TagSet, StoreError> {
    let tags = read(text)?;
    Ok(TagSet::from_stored(
        tags.into_iter().map(|(key, value)| Tag { key, value }),
    ))
}

/// A list of texts; an empty one is `[]`.
pub(crate) fn write_list(texts: &[String]) -> String {
    Value::from(texts).to_string()
}

pub(crate) fn read_list(text: &str) -> Result<Vec<String>, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt(error.to_string()))
}

fn write<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Option<String> {
    let object: Map<_, _> = pairs
        .map(|(name, value)| (name.to_owned(), Value::from(value)))
        .collect();
    (!object.is_empty()).then(|| Value::Object(object).to_string())
}

fn read(text: Option<&str>) -> Result<Vec<(String, String)>, StoreError> {
    let Some(text) = text else {
        return Ok(Vec::new());
    };
    let object: Map<String, Value> =
        serde_json::from_str(text).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    object
        .into_iter()
        .map(|(name, value)| match value {
            Value::String(value) => Ok((name, value)),
            _ => Err(StoreError::Corrupt(format!("`{name}` is not a text"))),
        })
        .collect()
}
