//! Boundaries and tags.

use std::marker::PhantomData;

use buckler_s3::TagSet;
use buckler_s3::xml::Writer;

use super::answers::Members;
use super::{IdentityKindName, PageRequest, read};
use crate::query::{FromInput, Input, QueryError};

/// An identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityInput<K> {
    /// The identity's name.
    pub identity: String,
    kind: PhantomData<K>,
}

/// What `PutUserPermissionsBoundary` and its twin are asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundaryInput<K> {
    /// The identity's name.
    pub identity: String,
    /// `PermissionsBoundary`.
    pub arn: String,
    kind: PhantomData<K>,
}

/// What `TagUser` and its twins are asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagInput<K> {
    /// The name or ARN of what is tagged.
    pub subject: String,
    /// `Tags`.
    pub tags: TagSet,
    kind: PhantomData<K>,
}

/// What `UntagUser` and its twins are asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UntagInput<K> {
    /// The name or ARN of what is tagged.
    pub subject: String,
    /// `TagKeys`.
    pub keys: Vec<String>,
    kind: PhantomData<K>,
}

/// What `ListUserTags` and its twins are asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagsInput<K> {
    /// The name or ARN of what is tagged.
    pub subject: String,
    /// Which page.
    pub page: PageRequest,
    kind: PhantomData<K>,
}

impl<K: IdentityKindName> FromInput for IdentityInput<K> {
    fn from_input(input: &Input) -> Result<Self, QueryError> {
        Ok(Self {
            identity: read::text(input, K::NAME)?,
            kind: PhantomData,
        })
    }
}

impl<K: IdentityKindName> FromInput for BoundaryInput<K> {
    fn from_input(input: &Input) -> Result<Self, QueryError> {
        Ok(Self {
            identity: read::text(input, K::NAME)?,
            arn: read::policy_arn(input, "PermissionsBoundary")?,
            kind: PhantomData,
        })
    }
}

impl<K: IdentityKindName> FromInput for TagInput<K> {
    fn from_input(input: &Input) -> Result<Self, QueryError> {
        Ok(Self {
            subject: read::text(input, K::NAME)?,
            tags: read::tags(input, "Tags")?,
            kind: PhantomData,
        })
    }
}

impl<K: IdentityKindName> FromInput for UntagInput<K> {
    fn from_input(input: &Input) -> Result<Self, QueryError> {
        Ok(Self {
            subject: read::text(input, K::NAME)?,
            keys: read::texts(input, "TagKeys")?,
            kind: PhantomData,
        })
    }
}

impl<K: IdentityKindName> FromInput for TagsInput<K> {
    fn from_input(input: &Input) -> Result<Self, QueryError> {
        Ok(Self {
            subject: read::text(input, K::NAME)?,
            page: read::page(input)?,
            kind: PhantomData,
        })
    }
}

/// A tag as answers show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownTag {
    /// The key.
    pub key: String,
    /// The value.
    pub value: String,
}

impl ShownTag {
    /// All tags of a set, in order.
    pub fn all(tags: &TagSet) -> Vec<Self> {
        tags.iter()
            .map(|tag| Self {
                key: tag.key.clone(),
                value: tag.value.clone(),
            })
            .collect()
    }
}

impl Members for ShownTag {
    fn write_members(&self, writer: &mut Writer) {
        writer.text("Key", &self.key);
        writer.text("Value", &self.value);
    }
}
