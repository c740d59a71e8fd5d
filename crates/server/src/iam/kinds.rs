//! Users, groups and roles as the families of operations see them.

use buckler_iam::ops::{GroupKind, IdentityKindName, RoleKind, UserKind};
use buckler_metadata::{GroupRow, IdentityKind, RoleRow, Store, StoreError, UserRow};
use buckler_policy::AccountId;
use buckler_s3::TagSet;

/// A kind of identity.
pub(crate) trait Kind: IdentityKindName {
    /// Its row.
    type Row: Send + Sync;
    /// Its kind in the store.
    const KIND: IdentityKind;
    /// What AWS calls it: `user`.
    const WORD: &'static str;

    /// Looks it up.
    fn find(
        store: &Store,
        account: &AccountId,
        name: &str,
    ) -> impl Future<Output = Result<Option<Self::Row>, StoreError>> + Send;

    /// Its name as it is written.
    fn name(row: &Self::Row) -> &str;
    /// Its unique id.
    fn unique_id(row: &Self::Row) -> &str;
    /// Its ARN.
    fn arn(row: &Self::Row) -> String;
    /// Its boundary.
    fn boundary(row: &Self::Row) -> Option<&str>;
    /// Its tags; groups have none.
    fn tags(row: &Self::Row) -> Option<&TagSet>;
}

impl Kind for UserKind {
    type Row = UserRow;
    const KIND: IdentityKind = IdentityKind::User;
    const WORD: &'static str = "user";

    async fn find(
        store: &Store,
        account: &AccountId,
        name: &str,
    ) -> Result<Option<UserRow>, StoreError> {
        store.user_by_name(account, name).await
    }

    fn name(row: &UserRow) -> &str {
        &row.name
    }

    fn unique_id(row: &UserRow) -> &str {
        &row.unique_id
    }

    fn arn(row: &UserRow) -> String {
        row.arn()
    }

    fn boundary(row: &UserRow) -> Option<&str> {
        row.boundary_arn.as_deref()
    }

    fn tags(row: &UserRow) -> Option<&TagSet> {
        Some(&row.tags)
    }
}

impl Kind for GroupKind {
    type Row = GroupRow;
    const KIND: IdentityKind = IdentityKind::Group;
    const WORD: &'static str = "group";

    async fn find(
        store: &Store,
        account: &AccountId,
        name: &str,
    ) -> Result<Option<GroupRow>, StoreError> {
        store.group_by_name(account, name).await
    }

    fn name(row: &GroupRow) -> &str {
        &row.name
    }

    fn unique_id(row: &GroupRow) -> &str {
        &row.unique_id
    }

    fn arn(row: &GroupRow) -> String {
        row.arn()
    }

    fn boundary(_: &GroupRow) -> Option<&str> {
        None
    }

    fn tags(_: &GroupRow) -> Option<&TagSet> {
        None
    }
}

impl Kind for RoleKind {
    type Row = RoleRow;
    const KIND: IdentityKind = IdentityKind::Role;
    const WORD: &'static str = "role";

    async fn find(
        store: &Store,
        account: &AccountId,
        name: &str,
    ) -> Result<Option<RoleRow>, StoreError> {
        store.role_by_name(account, name).await
    }

    fn name(row: &RoleRow) -> &str {
        &row.name
    }

    fn unique_id(row: &RoleRow) -> &str {
        &row.unique_id
    }

    fn arn(row: &RoleRow) -> String {
        row.arn()
    }

    fn boundary(row: &RoleRow) -> Option<&str> {
        row.boundary_arn.as_deref()
    }

    fn tags(row: &RoleRow) -> Option<&TagSet> {
        Some(&row.tags)
    }
}
