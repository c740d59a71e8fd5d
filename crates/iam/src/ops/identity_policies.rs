//! Inline and attached policies, the same for users, groups and roles.

use std::fmt::Debug;
use std::marker::PhantomData;

use buckler_s3::xml::Writer;

use super::answers::Members;
use super::{PageRequest, read, url_encoded};
use crate::query::{FromInput, Input, QueryError, WriteResult};

/// How a kind of identity is called in parameters and answers.
pub trait IdentityKindName: Debug + Send + Sync + 'static {
    /// `UserName`, `GroupName` or `RoleName`.
    const NAME: &'static str;
}

/// Users.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UserKind;
/// Groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupKind;
/// Roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoleKind;

impl IdentityKindName for UserKind {
    const NAME: &'static str = "UserName";
}

impl IdentityKindName for GroupKind {
    const NAME: &'static str = "GroupName";
}

impl IdentityKindName for RoleKind {
    const NAME: &'static str = "RoleName";
}

/// What `PutUserPolicy` and its twins are asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutInlinePolicyInput<K> {
    /// The identity's name.
    pub identity: String,
    /// `PolicyName`.
    pub name: String,
    /// `PolicyDocument`, which is a valid identity policy.
    pub document: String,
    kind: PhantomData<K>,
}

/// What `GetUserPolicy`, `DeleteUserPolicy` and their twins are asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InlinePolicyInput<K> {
    /// The identity's name.
    pub identity: String,
    /// `PolicyName`.
    pub name: String,
    kind: PhantomData<K>,
}

/// What `ListUserPolicies` and its twins are asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityPageInput<K> {
    /// The identity's name.
    pub identity: String,
    /// Which page.
    pub page: PageRequest,
    kind: PhantomData<K>,
}

/// What `AttachUserPolicy`, `DetachUserPolicy` and their twins are asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachInput<K> {
    /// The identity's name.
    pub identity: String,
    /// `PolicyArn`.
    pub arn: String,
    kind: PhantomData<K>,
}

/// What `ListAttachedUserPolicies` and its twins are asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachedInput<K> {
    /// The identity's name.
    pub identity: String,
    /// `PathPrefix`.
    pub path_prefix: String,
    /// Which page.
    pub page: PageRequest,
    kind: PhantomData<K>,
}

impl<K: IdentityKindName> FromInput for PutInlinePolicyInput<K> {
    fn from_input(input: &Input) -> Result<Self, QueryError> {
        Ok(Self {
            identity: read::text(input, K::NAME)?,
            name: read::text(input, "PolicyName")?,
            document: read::text(input, "PolicyDocument")?,
            kind: PhantomData,
        })
    }
}

impl<K: IdentityKindName> FromInput for InlinePolicyInput<K> {
    fn from_input(input: &Input) -> Result<Self, QueryError> {
        Ok(Self {
            identity: read::text(input, K::NAME)?,
            name: read::text(input, "PolicyName")?,
            kind: PhantomData,
        })
    }
}

impl<K: IdentityKindName> FromInput for IdentityPageInput<K> {
    fn from_input(input: &Input) -> Result<Self, QueryError> {
        Ok(Self {
            identity: read::text(input, K::NAME)?,
            page: read::page(input)?,
            kind: PhantomData,
        })
    }
}

impl<K: IdentityKindName> FromInput for AttachInput<K> {
    fn from_input(input: &Input) -> Result<Self, QueryError> {
        Ok(Self {
            identity: read::text(input, K::NAME)?,
            arn: read::policy_arn(input, "PolicyArn")?,
            kind: PhantomData,
        })
    }
}

impl<K: IdentityKindName> FromInput for AttachedInput<K> {
    fn from_input(input: &Input) -> Result<Self, QueryError> {
        Ok(Self {
            identity: read::text(input, K::NAME)?,
            path_prefix: read::path(input, "PathPrefix")?,
            page: read::page(input)?,
            kind: PhantomData,
        })
    }
}

/// What `GetUserPolicy` and its twins answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentOutput<K> {
    /// The identity's name.
    pub identity: String,
    /// The policy's name.
    pub name: String,
    /// The document as it was sent.
    pub document: String,
    kind: PhantomData<K>,
}

impl<K> DocumentOutput<K> {
    /// An answer.
    pub fn new(identity: String, name: String, document: String) -> Self {
        Self {
            identity,
            name,
            document,
            kind: PhantomData,
        }
    }
}

impl<K: IdentityKindName> WriteResult for DocumentOutput<K> {
    fn write(&self, writer: &mut Writer) {
        writer.text(K::NAME, &self.identity);
        writer.text("PolicyName", &self.name);
        writer.text("PolicyDocument", &url_encoded(&self.document));
    }
}

/// An attached policy as listings show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownAttachment {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
}

impl ShownAttachment {
    /// The policy of this ARN, whose last part is its name.
    pub fn of_arn(arn: String) -> Self {
        Self {
            name: arn.rsplit('/').next().unwrap_or_default().to_owned(),
            arn,
        }
    }

    /// The path of the policy: `/`, or `/division/`.
    pub fn path(&self) -> &str {
        let resource = self.arn.split_once(":policy").map_or("/", |(_, path)| path);
        resource.strip_suffix(&self.name).unwrap_or("/")
    }
}

impl Members for ShownAttachment {
    fn write_members(&self, writer: &mut Writer) {
        writer.text("PolicyName", &self.name);
        writer.text("PolicyArn", &self.arn);
    }
}
