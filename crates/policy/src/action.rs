//! The IAM actions of S3 and what is known of each.

use crate::{ConditionKey, pattern::TextMap};
use std::sync::LazyLock;

include!(concat!(env!("OUT_DIR"), "/actions.rs"));

/// What kind of resource an action works on.
///
/// Source: `scope` in `data/s3-actions.json`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// No resource type; a policy must name the resource `*`.
    Account,
    /// `arn:aws:s3:::BUCKET`.
    Bucket,
    /// `arn:aws:s3:::BUCKET/KEY`.
    Object,
    /// An access point.
    AccessPoint,
    /// An Object Lambda access point.
    ObjectLambdaAccessPoint,
    /// A multi-region access point.
    MultiRegionAccessPoint,
    /// A pending request about a multi-region access point.
    MultiRegionAccessPointRequest,
    /// An access grant.
    AccessGrant,
    /// An access grants instance.
    AccessGrantsInstance,
    /// An access grants location.
    AccessGrantsLocation,
    /// A batch operations job.
    Job,
    /// A Storage Lens configuration.
    StorageLensConfiguration,
    /// A Storage Lens group.
    StorageLensGroup,
}

struct Row {
    name: &'static str,
    lower: &'static str,
    scope: Scope,
    usable_in_bucket_policy: bool,
    keys: u128,
}

impl Action {
    /// The action's full name as AWS writes it: `s3:GetObject`.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The name behind `s3:` in lower case, which patterns are matched with.
    pub(crate) fn lower_name(self) -> &'static str {
        self.row().lower
    }

    /// The action with this full name, `s3:getobject` included: names compare without regard to case.
    pub fn from_name(name: &str) -> Option<Self> {
        static BY_LOWER_NAME: LazyLock<TextMap<Action>> = LazyLock::new(|| {
            let pair = |action: Action| (action.lower_name().into(), action);
            TextMap::new(Action::ALL.into_iter().map(pair))
        });
        /// No name is longer.
        const NAME_BYTES_MAX: usize = 64;
        let (service, name) = name.split_at_checked("s3:".len())?;
        if !service.eq_ignore_ascii_case("s3:") {
            return None;
        }
        let mut lower = [0; NAME_BYTES_MAX];
        let lower = lower.get_mut(..name.len())?;
        lower.copy_from_slice(name.as_bytes());
        lower.make_ascii_lowercase();
        BY_LOWER_NAME.get(std::str::from_utf8(lower).ok()?).copied()
    }

    /// What kind of resource the action works on.
    pub fn scope(self) -> Scope {
        self.row().scope
    }

    /// Whether `PutBucketPolicy` accepts the action. Source: facts: authorization.md 3.5.
    pub fn is_usable_in_bucket_policy(self) -> bool {
        self.row().usable_in_bucket_policy
    }

    /// Whether the key is in the condition-key column of this action.
    ///
    /// Global keys (`aws:`) and keys nobody knows apply to every action.
    /// Source: facts: authorization.md 3.10.
    pub fn supports(self, key: &ConditionKey) -> bool {
        match key.index() {
            Some(index) if key.is_s3() => self.row().keys & (1 << index) != 0,
            Some(_) | None => true,
        }
    }

    /// Whether `s3:ExistingObjectTag/…` ever has a value when this action is checked.
    ///
    /// `GetObjectAttributes` accepts the key and never sees a value.
    /// Source: facts: authorization.md 3.10.
    pub fn sees_existing_object_tags(self) -> bool {
        matches!(
            self,
            Self::GetObject
                | Self::GetObjectVersion
                | Self::GetObjectAcl
                | Self::GetObjectVersionAcl
                | Self::PutObjectAcl
                | Self::PutObjectVersionAcl
                | Self::GetObjectTagging
                | Self::GetObjectVersionTagging
                | Self::PutObjectTagging
                | Self::PutObjectVersionTagging
                | Self::DeleteObjectTagging
                | Self::DeleteObjectVersionTagging
        )
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "ROWS has one row per variant, both generated from one list"
    )]
    fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }
}

impl std::fmt::Display for Action {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
