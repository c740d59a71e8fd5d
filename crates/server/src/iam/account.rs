//! The account as a whole: its alias, its numbers. Source: AWS IAM API Reference, "GetAccountSummary".

use std::future::{Ready, ready};

use buckler_iam::ops::{AliasInput, AliasList, SummaryOutput};
use buckler_iam::query::{NoResult, QueryError};

use crate::error::query::{iam_error, store_error};
use crate::query::authorize::Authorized;
use crate::query::call::Call;
use crate::query::operation::{Need, Needs, QueryOperation};

/// `CreateAccountAlias`.
pub(crate) struct CreateAccountAlias;
/// `DeleteAccountAlias`.
pub(crate) struct DeleteAccountAlias;
/// `ListAccountAliases`.
pub(crate) struct ListAccountAliases;
/// `GetAccountSummary`.
pub(crate) struct GetAccountSummary;
/// `GetAccountPasswordPolicy`.
pub(crate) struct GetAccountPasswordPolicy;

/// What an account may have: the quotas that `GetAccountSummary` names. Source: facts: authorization.md 7.5.
const QUOTAS: [(&str, i64); 17] = [
    ("AccessKeysPerUserQuota", 2),
    ("AssumeRolePolicySizeQuota", 2_048),
    ("AttachedPoliciesPerGroupQuota", 10),
    ("AttachedPoliciesPerRoleQuota", 10),
    ("AttachedPoliciesPerUserQuota", 10),
    ("GroupPolicySizeQuota", 5_120),
    ("GroupsPerUserQuota", 10),
    ("GroupsQuota", 300),
    ("PoliciesQuota", 1_500),
    ("PolicySizeQuota", 6_144),
    ("PolicyVersionsInUseQuota", 10_000),
    ("RolePolicySizeQuota", 10_240),
    ("RolesQuota", 1_000),
    ("SigningCertificatesPerUserQuota", 2),
    ("UserPolicySizeQuota", 2_048),
    ("UsersQuota", 5_000),
    ("VersionsPerPolicyQuota", 5),
];

/// Makes operations that are about the whole account.
macro_rules! on_account {
    ($($name:ident($input:ty) -> $output:ty = $work:ident;)+) => {$(
        impl QueryOperation for $name {
            type Input = $input;
            type Subject = ();
            type Output = $output;

            async fn load(_: &Call<'_>, _: &$input) -> Result<(), QueryError> {
                Ok(())
            }

            fn needs(call: &Call<'_>, _: &$input, (): &()) -> Needs {
                Need::on(call, "*").into()
            }

            async fn run(
                call: &Call<'_>,
                authorized: Authorized<Self>,
            ) -> Result<$output, QueryError> {
                $work(call, authorized.input).await
            }
        }
    )+};
}

on_account! {
    CreateAccountAlias(AliasInput) -> NoResult = create_alias;
    DeleteAccountAlias(AliasInput) -> NoResult = delete_alias;
    ListAccountAliases(()) -> AliasList = list_aliases;
    GetAccountSummary(()) -> SummaryOutput = summary;
    GetAccountPasswordPolicy(()) -> NoResult = password_policy;
}

/// Errors: `EntityAlreadyExists`.
async fn create_alias(call: &Call<'_>, input: AliasInput) -> Result<NoResult, QueryError> {
    let account = call.account()?.id;
    let set = call.cx.store.set_account_alias(account, input.alias).await;
    set.map_err(iam_error)?;
    Ok(NoResult)
}

/// Errors: `NoSuchEntity`.
async fn delete_alias(call: &Call<'_>, input: AliasInput) -> Result<NoResult, QueryError> {
    let account = call.account()?.id;
    let deleted = call
        .cx
        .store
        .delete_account_alias(account, input.alias)
        .await;
    deleted.map_err(iam_error)?;
    Ok(NoResult)
}

async fn list_aliases(call: &Call<'_>, (): ()) -> Result<AliasList, QueryError> {
    let alias = call.cx.store.account_alias(&call.account()?.id).await;
    Ok(AliasList {
        alias: alias.map_err(store_error)?,
    })
}

async fn summary(call: &Call<'_>, (): ()) -> Result<SummaryOutput, QueryError> {
    let counts = call.cx.store.account_counts(&call.account()?.id).await;
    let counts = counts.map_err(store_error)?;
    let mut entries = vec![
        ("AccountAccessKeysPresent", counts.root_access_keys.min(1)),
        ("AccountMFAEnabled", 0),
        ("AccountSigningCertificatesPresent", 0),
        ("Groups", counts.groups),
        ("InstanceProfiles", 0),
        ("MFADevices", 0),
        ("MFADevicesInUse", 0),
        ("Policies", counts.policies),
        ("PolicyVersionsInUse", counts.policy_versions),
        ("Providers", 0),
        ("Roles", counts.roles),
        ("ServerCertificates", 0),
        ("Users", counts.users),
    ];
    entries.extend(QUOTAS);
    entries.sort_unstable();
    Ok(SummaryOutput { entries })
}

/// Errors: `NoSuchEntity`, always: nobody has a password here.
fn password_policy(call: &Call<'_>, (): ()) -> Ready<Result<NoResult, QueryError>> {
    let found = call.account().and_then(|account| {
        Err(QueryError::no_such_entity(format!(
            "The Password Policy with domain name {} cannot be found.",
            account.id
        )))
    });
    ready(found)
}
