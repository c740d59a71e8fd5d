//! From the name of an operation to its file: a row for each operation that is in.

use buckler_iam::ops::{GroupKind, RoleKind, UserKind};
use buckler_iam::query::{
    FromInput as _, Input, Parameters, QueryError, QueryErrorCode, Service, WriteResult,
};

use super::authorize::authorize;
use super::call::Call;
use super::operation::QueryOperation;
use crate::iam::absent;
use crate::iam::oidc_providers as oidc;
use crate::iam::policy_target::AboutPolicy;
use crate::{iam, sts};

type Result_ = Result<Box<dyn WriteResult + Send>, QueryError>;

/// Makes the dispatcher, and the list of what is in, from one row per operation.
macro_rules! operations {
    ($($service:ident { $($name:ident => $operation:ty;)* })+) => {
        /// The operations of IAM and STS that are in.
        pub const QUERY_OPERATIONS: &[(Service, &str)] =
            &[$($((Service::$service, stringify!($name)),)*)+];

        async fn implemented(call: &Call<'_>, input: &Input) -> Result_ {
            match (call.operation.service(), call.operation.name()) {
                $($((Service::$service, stringify!($name)) => carry_out::<$operation>(call, input).await,)*)+
                _ => Err(not_implemented(call)),
            }
        }
    };
}

operations! {
    Iam {
        AddClientIDToOpenIDConnectProvider => oidc::change::Change<oidc::change::AddClientId>;
        AddUserToGroup => iam::memberships::AddUserToGroup;
        AttachGroupPolicy => iam::attachments::Attach<GroupKind>;
        AttachRolePolicy => iam::attachments::Attach<RoleKind>;
        AttachUserPolicy => iam::attachments::Attach<UserKind>;
        CreateAccessKey => iam::access_keys::CreateAccessKey;
        CreateAccountAlias => iam::account::CreateAccountAlias;
        CreateGroup => iam::groups::CreateGroup;
        CreateOpenIDConnectProvider => oidc::create::CreateOpenIdConnectProvider;
        CreatePolicy => iam::managed_policies::CreatePolicy;
        CreatePolicyVersion => AboutPolicy<iam::policy_versions::CreatePolicyVersion>;
        CreateRole => iam::roles::CreateRole;
        CreateUser => iam::users::CreateUser;
        DeleteAccessKey => iam::access_keys::DeleteAccessKey;
        DeleteAccountAlias => iam::account::DeleteAccountAlias;
        DeleteGroup => iam::groups::DeleteGroup;
        DeleteGroupPolicy => iam::inline_policies::Delete<GroupKind>;
        DeleteLoginProfile => absent::LoginProfile;
        DeleteOpenIDConnectProvider => oidc::delete::DeleteOpenIdConnectProvider;
        DeletePolicy => AboutPolicy<iam::managed_policies::DeletePolicy>;
        DeletePolicyVersion => AboutPolicy<iam::policy_versions::DeletePolicyVersion>;
        DeleteRole => iam::roles::DeleteRole;
        DeleteRolePermissionsBoundary => iam::boundaries::Delete<RoleKind>;
        DeleteRolePolicy => iam::inline_policies::Delete<RoleKind>;
        DeleteUser => iam::users::DeleteUser;
        DeleteUserPermissionsBoundary => iam::boundaries::Delete<UserKind>;
        DeleteUserPolicy => iam::inline_policies::Delete<UserKind>;
        DetachGroupPolicy => iam::attachments::Detach<GroupKind>;
        DetachRolePolicy => iam::attachments::Detach<RoleKind>;
        DetachUserPolicy => iam::attachments::Detach<UserKind>;
        GetAccessKeyLastUsed => iam::access_keys::GetAccessKeyLastUsed;
        GetAccountAuthorizationDetails => iam::authorization_details::GetAccountAuthorizationDetails;
        GetAccountPasswordPolicy => iam::account::GetAccountPasswordPolicy;
        GetAccountSummary => iam::account::GetAccountSummary;
        GetContextKeysForCustomPolicy => iam::simulation::GetContextKeysForCustomPolicy;
        GetContextKeysForPrincipalPolicy => iam::simulation::GetContextKeysForPrincipalPolicy;
        GetGroup => iam::groups::GetGroup;
        GetGroupPolicy => iam::inline_policies::Get<GroupKind>;
        GetLoginProfile => absent::LoginProfile;
        GetOpenIDConnectProvider => oidc::get::GetOpenIdConnectProvider;
        GetPolicy => AboutPolicy<iam::managed_policies::GetPolicy>;
        GetPolicyVersion => AboutPolicy<iam::policy_versions::GetPolicyVersion>;
        GetRole => iam::roles::GetRole;
        GetRolePolicy => iam::inline_policies::Get<RoleKind>;
        GetUser => iam::users::GetUser;
        GetUserPolicy => iam::inline_policies::Get<UserKind>;
        ListAccessKeys => iam::access_keys::ListAccessKeys;
        ListAccountAliases => iam::account::ListAccountAliases;
        ListAttachedGroupPolicies => iam::attachments::List<GroupKind>;
        ListAttachedRolePolicies => iam::attachments::List<RoleKind>;
        ListAttachedUserPolicies => iam::attachments::List<UserKind>;
        ListEntitiesForPolicy => AboutPolicy<iam::managed_policies::ListEntitiesForPolicy>;
        ListGroupPolicies => iam::inline_policies::List<GroupKind>;
        ListGroups => iam::groups::ListGroups;
        ListGroupsForUser => iam::memberships::ListGroupsForUser;
        ListInstanceProfiles => absent::OfAccount<absent::InstanceProfiles>;
        ListInstanceProfilesForRole => absent::OfRole<absent::InstanceProfiles>;
        ListMFADevices => absent::OfUser<absent::MfaDevices>;
        ListOpenIDConnectProviderTags => oidc::tags::ListOpenIdConnectProviderTags;
        ListOpenIDConnectProviders => oidc::list::ListOpenIdConnectProviders;
        ListPolicies => iam::managed_policies::ListPolicies;
        ListPolicyTags => AboutPolicy<iam::tags::ListPolicyTags>;
        ListPolicyVersions => AboutPolicy<iam::policy_versions::ListPolicyVersions>;
        ListRolePolicies => iam::inline_policies::List<RoleKind>;
        ListRoleTags => iam::tags::List<RoleKind>;
        ListRoles => iam::roles::ListRoles;
        ListSSHPublicKeys => absent::OfUser<absent::PublicKeys>;
        ListServerCertificates => absent::OfAccount<absent::ServerCertificates>;
        ListServiceSpecificCredentials => absent::OfUser<absent::ServiceCredentials>;
        ListSigningCertificates => absent::OfUser<absent::Certificates>;
        ListUserPolicies => iam::inline_policies::List<UserKind>;
        ListUserTags => iam::tags::List<UserKind>;
        ListUsers => iam::users::ListUsers;
        ListVirtualMFADevices => absent::OfAccount<absent::VirtualMfaDevices>;
        PutGroupPolicy => iam::inline_policies::Put<GroupKind>;
        PutRolePermissionsBoundary => iam::boundaries::Put<RoleKind>;
        PutRolePolicy => iam::inline_policies::Put<RoleKind>;
        PutUserPermissionsBoundary => iam::boundaries::Put<UserKind>;
        PutUserPolicy => iam::inline_policies::Put<UserKind>;
        RemoveClientIDFromOpenIDConnectProvider => oidc::change::Change<oidc::change::RemoveClientId>;
        RemoveUserFromGroup => iam::memberships::RemoveUserFromGroup;
        SetDefaultPolicyVersion => AboutPolicy<iam::policy_versions::SetDefaultPolicyVersion>;
        SimulateCustomPolicy => iam::simulation::SimulateCustomPolicy;
        SimulatePrincipalPolicy => iam::simulation::SimulatePrincipalPolicy;
        TagOpenIDConnectProvider => oidc::change::Change<oidc::change::Tag>;
        TagPolicy => AboutPolicy<iam::tags::TagPolicy>;
        TagRole => iam::tags::Tag<RoleKind>;
        TagUser => iam::tags::Tag<UserKind>;
        UntagOpenIDConnectProvider => oidc::change::Change<oidc::change::Untag>;
        UntagPolicy => AboutPolicy<iam::tags::UntagPolicy>;
        UntagRole => iam::tags::Untag<RoleKind>;
        UntagUser => iam::tags::Untag<UserKind>;
        UpdateAccessKey => iam::access_keys::UpdateAccessKey;
        UpdateAssumeRolePolicy => iam::roles::UpdateAssumeRolePolicy;
        UpdateGroup => iam::groups::UpdateGroup;
        UpdateOpenIDConnectProviderThumbprint => oidc::change::Change<oidc::change::UpdateThumbprint>;
        UpdateRole => iam::roles::UpdateRole;
        UpdateRoleDescription => iam::roles::UpdateRoleDescription;
        UpdateUser => iam::users::UpdateUser;
    }
    Sts {
        AssumeRole => sts::assume_role::AssumeRole;
        AssumeRoleWithWebIdentity => sts::assume_role_with_web_identity::AssumeRoleWithWebIdentity;
        DecodeAuthorizationMessage => sts::decode_authorization_message::DecodeAuthorizationMessage;
        GetAccessKeyInfo => sts::get_access_key_info::GetAccessKeyInfo;
        GetCallerIdentity => sts::get_caller_identity::GetCallerIdentity;
        GetFederationToken => sts::get_federation_token::GetFederationToken;
        GetSessionToken => sts::get_session_token::GetSessionToken;
    }
}

/// Carries out the operation that the call names.
///
/// # Errors
///
/// Those of the operation; `ValidationError` for parameters out of bounds; `NotImplemented` for an operation that is
/// not in.
pub(super) async fn dispatch(call: &Call<'_>, parameters: &Parameters) -> Result_ {
    let input = Input::read(call.operation, parameters)?;
    implemented(call, &input).await
}

/// Takes a call through all steps of its operation.
async fn carry_out<O: QueryOperation>(call: &Call<'_>, input: &Input) -> Result_ {
    let input = O::Input::from_input(input)?;
    let subject = O::load(call, &input).await?;
    let authorized = authorize::<O>(call, input, subject)?;
    let output = O::run(call, authorized).await?;
    Ok(Box::new(output))
}

/// 501: the operation is known and not in.
fn not_implemented(call: &Call<'_>) -> QueryError {
    let message = format!("{} is not implemented.", call.operation.name());
    QueryError::new(QueryErrorCode::NotImplemented, message)
}
