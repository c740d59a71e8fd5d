//! Tag sets: the type, its rules, the `x-amz-tagging` header and the `Tagging` document.

mod tag_set;

pub use tag_set::{Tag, TagSet};
