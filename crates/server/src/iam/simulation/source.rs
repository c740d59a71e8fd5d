//! The identity of a `PolicySourceArn`, with all that it holds.

use buckler_iam::query::QueryError;
use buckler_iam::{AwsManagedPolicy, managed_policy_document};
use buckler_policy::{AccountId, CallerAccount, ContextMap};
use buckler_s3::TagSet;

use super::engine::Principal;
use crate::error::query::store_error;
use crate::query::call::Call;

/// A policy of the simulated identity.
#[derive(Debug)]
pub(super) struct SourcePolicy {
    /// `SourcePolicyId`.
    pub(super) id: String,
    /// As it was sent.
    pub(super) document: String,
}

/// What the simulated identity holds.
#[derive(Debug, Default)]
pub(super) struct Held {
    pub(super) policies: Vec<SourcePolicy>,
    pub(super) boundary: Option<SourcePolicy>,
}

/// The identity of a `PolicySourceArn`.
#[derive(Debug)]
pub(crate) struct Source {
    pub(super) principal: Principal,
    /// The name of a user; a role has none in requests.
    user_name: Option<String>,
    pub(super) tags: TagSet,
    pub(super) held: Held,
}

impl Source {
    /// Reads a user, group or role of the caller's account, with all that it holds.
    pub(super) async fn load(call: &Call<'_>, arn: &str) -> Result<Option<Self>, QueryError> {
        let store = &call.cx.store;
        let account = call.account()?;
        let Some((kind, name)) = own_identity(arn, &account.id) else {
            return Ok(None);
        };
        let mut source = match kind {
            "user" => {
                let Some(user) = store.user_by_arn(arn).await.map_err(store_error)? else {
                    return Ok(None);
                };
                let mut source = Self::of(account_names(call)?, arn, &user.unique_id, false, &name);
                source.user_name = Some(user.name);
                source.tags = user.tags;
                let groups = store.groups_of_user(&user.unique_id).await;
                for group in groups.map_err(store_error)? {
                    source
                        .hold(call, "group", &group.unique_id, &group.name)
                        .await?;
                }
                source.bound(call, user.boundary_arn.as_deref()).await?;
                source
            }
            "role" => {
                let Some(role) = store.role_by_arn(arn).await.map_err(store_error)? else {
                    return Ok(None);
                };
                let mut source = Self::of(account_names(call)?, arn, &role.unique_id, true, &name);
                source.tags = role.tags;
                source.bound(call, role.boundary_arn.as_deref()).await?;
                source
            }
            _ => {
                let group = store.group_by_name(&account.id, &name).await;
                let group = group.map_err(store_error)?.filter(|row| row.arn() == arn);
                let Some(group) = group else {
                    return Ok(None);
                };
                Self::of(account_names(call)?, arn, &group.unique_id, false, &name)
            }
        };
        let id = source.principal.unique_id.clone();
        source.hold(call, kind, &id, &name).await?;
        Ok(Some(source))
    }

    fn of(account: CallerAccount, arn: &str, unique_id: &str, is_role: bool, name: &str) -> Self {
        Self {
            principal: Principal {
                account,
                arn: arn.to_owned(),
                unique_id: unique_id.to_owned(),
                is_role,
                session_arn: format!("arn:aws:sts::{}:assumed-role/{name}/simulation", account.id),
            },
            user_name: None,
            tags: TagSet::default(),
            held: Held::default(),
        }
    }

    /// Adds what one identity holds.
    async fn hold(
        &mut self,
        call: &Call<'_>,
        kind: &str,
        unique_id: &str,
        name: &str,
    ) -> Result<(), QueryError> {
        let store = &call.cx.store;
        let inline = store.inline_policies(unique_id).await;
        for (policy, document) in inline.map_err(store_error)? {
            self.held.policies.push(SourcePolicy {
                id: format!("{kind}_{name}_{policy}"),
                document,
            });
        }
        let attached = store.attached_policies(unique_id).await;
        for arn in attached.map_err(store_error)? {
            self.held.policies.extend(managed(call, &arn).await?);
        }
        Ok(())
    }

    async fn bound(&mut self, call: &Call<'_>, arn: Option<&str>) -> Result<(), QueryError> {
        if let Some(arn) = arn {
            self.held.boundary = managed(call, arn).await?;
        }
        Ok(())
    }

    /// What a request of this identity has in its context.
    pub(super) fn keys(&self) -> ContextMap {
        let principal = &self.principal;
        let account = principal.account.id;
        let mut keys = ContextMap::new()
            .with("aws:PrincipalArn", &principal.arn)
            .with("aws:PrincipalAccount", account.as_str());
        if let Some(name) = &self.user_name {
            keys = keys
                .with("aws:username", name)
                .with("aws:userid", &principal.unique_id)
                .with("aws:PrincipalType", "User");
        }
        for tag in &self.tags {
            keys = keys.with(&format!("aws:PrincipalTag/{}", tag.key), &tag.value);
        }
        keys
    }
}

/// `arn:aws:iam::ID:KIND/PATH/NAME` of this account.
fn own_identity<'a>(arn: &'a str, account: &AccountId) -> Option<(&'a str, String)> {
    let (of, resource) = arn.strip_prefix("arn:aws:iam::")?.split_once(':')?;
    let (kind, rest) = resource.split_once('/')?;
    let name = rest.rsplit('/').next()?;
    let is_known = matches!(kind, "user" | "group" | "role");
    (is_known && of == account.as_str()).then(|| (kind, name.to_owned()))
}

fn account_names(call: &Call<'_>) -> Result<CallerAccount, QueryError> {
    let account = call.account()?;
    Ok(CallerAccount {
        id: account.id,
        canonical_id: account.canonical_id,
    })
}

/// A managed policy with the document that counts.
async fn managed(call: &Call<'_>, arn: &str) -> Result<Option<SourcePolicy>, QueryError> {
    if let Some(document) = managed_policy_document(arn) {
        let name = AwsManagedPolicy::of_arn(arn).map_or(arn, |policy| policy.name);
        return Ok(Some(SourcePolicy {
            id: name.to_owned(),
            document: document.to_owned(),
        }));
    }
    let versions = call.cx.store.policy_versions(arn).await;
    let default = versions
        .map_err(store_error)?
        .into_iter()
        .find(|one| one.is_default);
    Ok(default.map(|version| SourcePolicy {
        id: arn.rsplit('/').next().unwrap_or(arn).to_owned(),
        document: version.document,
    }))
}

/// The principal of a custom simulation: whoever `CallerArn` names, or a user of the caller's account.
pub(super) fn custom_principal(
    call: &Call<'_>,
    arn: Option<&str>,
) -> Result<Principal, QueryError> {
    let own = account_names(call)?;
    let Some(arn) = arn else {
        return Ok(Source::of(own, "", "", false, "").principal);
    };
    let invalid = || QueryError::invalid_input(format!("Invalid CallerArn: {arn}"));
    let account = arn
        .strip_prefix("arn:aws:iam::")
        .and_then(|rest| rest.split_once(":user/"))
        .and_then(|(account, _)| AccountId::parse(account).ok())
        .ok_or_else(invalid)?;
    // Only the id is compared: no ACL takes part.
    let account = CallerAccount { id: account, ..own };
    Ok(Source::of(account, arn, "", false, "").principal)
}
