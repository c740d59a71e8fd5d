//! What tags of objects may be. Source: facts: s3-behaviour.md 13.

use super::{Tag, TagSet};
use crate::{Detail, ErrorCode, S3Error};

/// Most tags of one object.
pub const OBJECT_TAGS_MAX: usize = 10;
/// Longest key of a tag, in characters.
pub const TAG_KEY_CHARS_MAX: usize = 128;
/// Longest value of a tag, in characters.
pub const TAG_VALUE_CHARS_MAX: usize = 256;

/// Makes the tag set of an object.
///
/// # Errors
/// `BadRequest` for more than ten; `InvalidTag` for a key or value that is too long or has other characters than
/// allowed, for a key twice, and for the prefix `aws:`.
pub(super) fn of_object(tags: Vec<Tag>) -> Result<TagSet, S3Error> {
    if tags.len() > OBJECT_TAGS_MAX {
        return Err(S3Error::new(ErrorCode::BadRequest)
            .with_message("Object tags cannot be greater than 10"));
    }
    for (index, tag) in tags.iter().enumerate() {
        check(tag)?;
        if tags.iter().take(index).any(|other| other.key == tag.key) {
            return Err(of_key(
                tag,
                "Cannot provide multiple Tags with the same key",
            ));
        }
    }
    Ok(TagSet::from_stored(tags))
}

fn check(tag: &Tag) -> Result<(), S3Error> {
    let key_chars = tag.key.chars().count();
    if !(1..=TAG_KEY_CHARS_MAX).contains(&key_chars) || !tag.key.chars().all(is_tag_character) {
        return Err(of_key(tag, "The TagKey you have provided is invalid"));
    }
    if tag.key.starts_with("aws:") {
        return Err(of_key(tag, "Your TagKey cannot be prefixed with aws:"));
    }
    if tag.value.chars().count() > TAG_VALUE_CHARS_MAX || !tag.value.chars().all(is_tag_character) {
        return Err(
            invalid("The TagValue you have provided is invalid").with_detail(Detail::TagValue {
                key: tag.key.clone(),
                value: tag.value.clone(),
            }),
        );
    }
    Ok(())
}

fn of_key(tag: &Tag, message: &'static str) -> S3Error {
    invalid(message).with_detail(Detail::TagKey(tag.key.clone()))
}

fn is_tag_character(character: char) -> bool {
    character.is_alphanumeric()
        || matches!(
            character,
            ' ' | '+' | '-' | '=' | '.' | '_' | ':' | '/' | '@'
        )
}

pub(super) fn invalid(message: &'static str) -> S3Error {
    S3Error::new(ErrorCode::InvalidTag).with_message(message)
}
