//! Tag sets: the type, its rules, the `x-amz-tagging` header and the `Tagging` document.

mod header;
mod rules;
mod tag_set;
mod xml;

pub use rules::{OBJECT_TAGS_MAX, TAG_KEY_CHARS_MAX, TAG_VALUE_CHARS_MAX};
pub use tag_set::{Tag, TagSet};

pub(crate) use header::from_headers;
pub(crate) use xml::{parse_object, write};
