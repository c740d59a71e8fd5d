//! Versions of managed policies. Source: AWS IAM API Reference, "CreatePolicyVersion" and its neighbours.

use buckler_iam::ops::{
    CreatePolicyVersionInput, Listing, PolicyPageInput, PolicyVersionInput, ShownPolicyVersion,
    Single,
};
use buckler_iam::query::{NoResult, QueryError};
use buckler_metadata::{EntityKind, NewPolicyVersion, PolicyVersionName};

use super::managed_policies::check_document;
use super::policy_target::{FoundPolicy, OnPolicy, PolicyTarget};
use super::shown;
use crate::error::query::{iam_error, no_such_entity, store_error};
use crate::query::call::Call;

const ELEMENT: &str = "PolicyVersion";

/// `CreatePolicyVersion`.
pub(crate) struct CreatePolicyVersion;
/// `GetPolicyVersion`.
pub(crate) struct GetPolicyVersion;
/// `ListPolicyVersions`.
pub(crate) struct ListPolicyVersions;
/// `DeletePolicyVersion`.
pub(crate) struct DeletePolicyVersion;
/// `SetDefaultPolicyVersion`.
pub(crate) struct SetDefaultPolicyVersion;

impl OnPolicy for CreatePolicyVersion {
    type Input = CreatePolicyVersionInput;
    type Output = Single<ShownPolicyVersion>;

    fn arn(input: &Self::Input) -> &str {
        &input.arn
    }

    /// Errors: `NoSuchEntity`, `MalformedPolicyDocument`; `LimitExceeded` for a sixth version.
    async fn run(
        call: &Call<'_>,
        input: Self::Input,
        policy: PolicyTarget,
    ) -> Result<Self::Output, QueryError> {
        policy.found()?;
        check_document(&input.document)?;
        let version = NewPolicyVersion {
            account: call.account()?.id,
            arn: input.arn,
            document: input.document,
            is_default: input.is_default,
            created_at: call.now,
        };
        let number = call.cx.store.create_policy_version(version).await;
        Ok(Single {
            element: ELEMENT,
            value: ShownPolicyVersion {
                version: number.map_err(iam_error)?,
                // AWS: the document is not repeated.
                document: None,
                is_default: input.is_default,
                created_at: call.now,
            },
        })
    }
}

impl OnPolicy for GetPolicyVersion {
    type Input = PolicyVersionInput;
    type Output = Single<ShownPolicyVersion>;

    fn arn(input: &Self::Input) -> &str {
        &input.arn
    }

    /// Errors: `NoSuchEntity` for the policy or the version.
    async fn run(
        call: &Call<'_>,
        input: Self::Input,
        policy: PolicyTarget,
    ) -> Result<Self::Output, QueryError> {
        let number = input.version()?;
        let versions = versions(call, &input.arn, policy).await?;
        let found = versions.into_iter().find(|one| one.version == number);
        let name = format!("{} version {}", input.arn, input.version_id);
        Ok(Single {
            element: ELEMENT,
            value: found.ok_or_else(|| no_such_entity(EntityKind::PolicyVersion, &name))?,
        })
    }
}

/// The versions of a policy, the newest first.
async fn versions(
    call: &Call<'_>,
    arn: &str,
    policy: PolicyTarget,
) -> Result<Vec<ShownPolicyVersion>, QueryError> {
    match policy.found()? {
        FoundPolicy::Aws(policy) => Ok(vec![shown::aws_version(policy)]),
        FoundPolicy::Customer(_) => {
            let rows = call.cx.store.policy_versions(arn).await;
            let rows = rows.map_err(store_error)?;
            Ok(rows.iter().map(shown::version).collect())
        }
    }
}

impl OnPolicy for ListPolicyVersions {
    type Input = PolicyPageInput;
    type Output = Listing<ShownPolicyVersion>;

    fn arn(input: &Self::Input) -> &str {
        &input.arn
    }

    /// Errors: `NoSuchEntity`.
    async fn run(
        call: &Call<'_>,
        input: Self::Input,
        policy: PolicyTarget,
    ) -> Result<Self::Output, QueryError> {
        let mut versions = versions(call, &input.arn, policy).await?;
        for version in &mut versions {
            version.document = None;
        }
        // The newest first: the marker counts down.
        let place = |one: &ShownPolicyVersion| format!("{:020}", i64::MAX - one.version);
        Ok(Listing {
            element: "Versions",
            page: input.page.of_all(versions, place),
        })
    }
}

impl OnPolicy for DeletePolicyVersion {
    type Input = PolicyVersionInput;
    type Output = NoResult;

    fn arn(input: &Self::Input) -> &str {
        &input.arn
    }

    /// Errors: `NoSuchEntity`; `DeleteConflict` for the default version.
    async fn run(
        call: &Call<'_>,
        input: Self::Input,
        _: PolicyTarget,
    ) -> Result<NoResult, QueryError> {
        let version = named(call, input)?;
        let deleted = call.cx.store.delete_policy_version(version).await;
        deleted.map_err(iam_error)?;
        Ok(NoResult)
    }
}

impl OnPolicy for SetDefaultPolicyVersion {
    type Input = PolicyVersionInput;
    type Output = NoResult;

    fn arn(input: &Self::Input) -> &str {
        &input.arn
    }

    /// Errors: `NoSuchEntity` for the policy or the version.
    async fn run(
        call: &Call<'_>,
        input: Self::Input,
        _: PolicyTarget,
    ) -> Result<NoResult, QueryError> {
        let version = named(call, input)?;
        let store = &call.cx.store;
        let set = store.set_default_policy_version(version, call.now).await;
        set.map_err(iam_error)?;
        Ok(NoResult)
    }
}

fn named(call: &Call<'_>, input: PolicyVersionInput) -> Result<PolicyVersionName, QueryError> {
    Ok(PolicyVersionName {
        account: call.account()?.id,
        version: input.version()?,
        arn: input.arn,
    })
}
