//! What is asked for.

use super::ObjectSecurity;
use crate::Action;
use std::fmt;

/// One action on one resource that an operation needs.
#[derive(Clone, Copy, Debug)]
pub struct Permission<'a> {
    /// The action.
    pub action: Action,
    /// On what.
    pub resource: Resource<'a>,
    /// The object's own protection, if the object exists. It counts only while ACLs are enabled.
    pub object: Option<ObjectSecurity<'a>>,
    /// Whether `s3:ExistingObjectTag/…` is absent although the action has it: so on the source of `CopyObject`.
    ///
    /// Source: facts: authorization.md 4.3.
    pub hides_existing_object_tags: bool,
}

/// On what an action works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resource<'a> {
    /// Nothing in particular: `s3:ListAllMyBuckets`.
    Any,
    /// A bucket.
    Bucket(&'a str),
    /// An object, or the place of one.
    Object {
        /// The bucket's name.
        bucket: &'a str,
        /// The key, decoded.
        key: &'a str,
    },
}

impl<'a> Permission<'a> {
    /// An action on a bucket.
    pub const fn on_bucket(action: Action, bucket: &'a str) -> Self {
        Self::new(action, Resource::Bucket(bucket))
    }

    /// An action on an object, or on the place of one.
    pub const fn on_object(action: Action, bucket: &'a str, key: &'a str) -> Self {
        Self::new(action, Resource::Object { bucket, key })
    }

    /// An action on nothing in particular.
    pub const fn on_nothing(action: Action) -> Self {
        Self::new(action, Resource::Any)
    }

    const fn new(action: Action, resource: Resource<'a>) -> Self {
        Self {
            action,
            resource,
            object: None,
            hides_existing_object_tags: false,
        }
    }

    /// The same about an existing object with this owner and ACL.
    #[must_use]
    pub const fn of_object(mut self, object: ObjectSecurity<'a>) -> Self {
        self.object = Some(object);
        self
    }

    /// The same without `s3:ExistingObjectTag/…`: the source check of `CopyObject`.
    #[must_use]
    pub const fn without_existing_object_tags(mut self) -> Self {
        self.hides_existing_object_tags = true;
        self
    }
}

/// A resource as a refusal names it. Displays the ARN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResourceName<'a> {
    /// A resource of S3.
    S3(Resource<'a>),
    /// A resource of another service: its ARN, or `*`.
    Arn(&'a str),
}

impl fmt::Display for ResourceName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::S3(resource) => resource.fmt(f),
            Self::Arn(arn) => f.write_str(arn),
        }
    }
}

impl fmt::Display for Resource<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("arn:aws:s3:::")?;
        match self {
            Self::Any => f.write_str("*"),
            Self::Bucket(bucket) => f.write_str(bucket),
            Self::Object { bucket, key } => write!(f, "{bucket}/{key}"),
        }
    }
}

impl Resource<'_> {
    /// The resource's ARN.
    pub fn arn(&self) -> String {
        self.to_string()
    }
}
