//! Who asks, as the command line names them.

use buckler_policy::{
    AccountId, Arn, Caller, CallerAccount, CallerKind, CanonicalId, ConditionKey, ContextMap,
};

use crate::error::Failure;

/// The canonical user id of an account of which only the number is known.
const NO_CANONICAL_ID: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The session of a role that is named without one.
const SESSION: &str = "session";

/// A principal.
#[derive(Debug, Clone)]
pub(super) enum Principal {
    Anonymous,
    Root {
        account: CallerAccount,
    },
    User {
        account: CallerAccount,
        arn: String,
        unique_id: String,
    },
    Session {
        account: CallerAccount,
        session_arn: String,
        role_arn: String,
        role_id: String,
    },
    FederatedUser {
        account: CallerAccount,
        arn: String,
    },
    Service {
        name: String,
    },
}

impl Principal {
    /// Reads a principal. Unique ids, paths of a session's role and canonical ids are not in an ARN.
    pub(super) fn parse(text: &str) -> Result<Self, Failure> {
        if text == "anonymous" {
            return Ok(Self::Anonymous);
        }
        if let Ok(id) = AccountId::parse(text) {
            return Ok(Self::Root {
                account: account(id)?,
            });
        }
        if text.ends_with(".amazonaws.com") && !text.contains(':') {
            return Ok(Self::Service {
                name: text.to_owned(),
            });
        }
        Arn::parse(text)
            .ok()
            .map(|arn| Self::of_arn(&arn))
            .transpose()?
            .flatten()
            .ok_or_else(|| {
                Failure::configuration(format!(
                    "`--principal` is `{text}` but takes `anonymous`, an account id, a service's name, or the ARN of a \
                     user, role, role session or federated user"
                ))
            })
    }

    fn of_arn(arn: &Arn) -> Result<Option<Self>, Failure> {
        let Ok(id) = AccountId::parse(arn.account()) else {
            return Ok(None);
        };
        let account = account(id)?;
        let (kind, name) = arn
            .resource()
            .split_once('/')
            .unwrap_or((arn.resource(), ""));
        let text = arn.as_str().to_owned();
        Ok(match (arn.service(), kind) {
            ("iam", "root") if name.is_empty() => Some(Self::Root { account }),
            ("iam", "user") if !name.is_empty() => Some(Self::User {
                account,
                arn: text,
                unique_id: String::new(),
            }),
            ("iam", "role") if !name.is_empty() => {
                let role = name.rsplit('/').next().unwrap_or_default();
                Some(Self::Session {
                    account,
                    session_arn: format!("arn:aws:sts::{id}:assumed-role/{role}/{SESSION}"),
                    role_arn: text,
                    role_id: String::new(),
                })
            }
            ("sts", "assumed-role") => name.split_once('/').map(|(role, _)| Self::Session {
                account,
                session_arn: text,
                role_arn: format!("arn:aws:iam::{id}:role/{role}"),
                role_id: String::new(),
            }),
            ("sts", "federated-user") if !name.is_empty() => {
                Some(Self::FederatedUser { account, arn: text })
            }
            _ => None,
        })
    }

    /// The principal as the engine knows callers, without policies.
    pub(super) fn caller(&self) -> Caller<'_> {
        Caller::new(match self {
            Self::Anonymous => CallerKind::Anonymous,
            Self::Root { account } => CallerKind::Root { account: *account },
            Self::User {
                account,
                arn,
                unique_id,
            } => CallerKind::User {
                account: *account,
                arn,
                unique_id,
            },
            Self::Session {
                account,
                session_arn,
                role_arn,
                role_id,
            } => CallerKind::AssumedRole {
                account: *account,
                session_arn,
                role_arn,
                role_id,
                provider: None,
            },
            Self::FederatedUser { account, arn } => CallerKind::FederatedUser {
                account: *account,
                arn,
                issuer_arn: "",
                issuer_id: "",
            },
            Self::Service { name } => CallerKind::Service { name },
        })
    }

    /// The account the principal belongs to.
    pub(super) fn account(&self) -> Option<CallerAccount> {
        match self {
            Self::Anonymous | Self::Service { .. } => None,
            Self::Root { account }
            | Self::User { account, .. }
            | Self::Session { account, .. }
            | Self::FederatedUser { account, .. } => Some(*account),
        }
    }

    /// The condition keys that follow from who asks. Source: facts: authorization.md 4.3, 7.4.
    pub(super) fn fill(&self, context: &mut ContextMap) {
        let principal_type = match self {
            Self::Anonymous => "Anonymous",
            Self::Root { .. } => "Account",
            Self::User { .. } => "User",
            Self::Session { .. } => "AssumedRole",
            Self::FederatedUser { .. } => "FederatedUser",
            Self::Service { name } => {
                context.insert(ConditionKey::PrincipalServiceName, name);
                context.insert(ConditionKey::PrincipalIsAWSService, "true");
                return;
            }
        };
        context.insert(ConditionKey::PrincipalType, principal_type);
        if let Some(account) = self.account() {
            context.insert(ConditionKey::PrincipalAccount, account.id.as_str());
        }
        match self {
            Self::Session { role_arn, .. } => context.insert(ConditionKey::PrincipalArn, role_arn),
            _ => {
                if let Some(arn) = self.caller().arn() {
                    context.insert(ConditionKey::PrincipalArn, &arn);
                }
            }
        }
        if let Self::User { arn, .. } = self {
            let name = arn.rsplit('/').next().unwrap_or_default();
            context.insert(ConditionKey::Username, name);
        }
        if let Some(user_id) = self.user_id() {
            context.insert(ConditionKey::Userid, &user_id);
        }
    }

    /// The value of `aws:userid`, where all of it is known.
    fn user_id(&self) -> Option<String> {
        match self {
            Self::Anonymous => Some("anonymous".to_owned()),
            Self::Root { account } => Some(account.id.to_string()),
            Self::User { unique_id, .. } => Some(unique_id.clone()).filter(|id| !id.is_empty()),
            Self::Session {
                session_arn,
                role_id,
                ..
            } => {
                let session = session_arn.rsplit('/').next().unwrap_or_default();
                (!role_id.is_empty()).then(|| format!("{role_id}:{session}"))
            }
            Self::FederatedUser { account, arn } => {
                let name = arn.rsplit('/').next().unwrap_or_default();
                Some(format!("{}:{name}", account.id))
            }
            Self::Service { .. } => None,
        }
    }
}

fn account(id: AccountId) -> Result<CallerAccount, Failure> {
    let canonical_id = CanonicalId::parse(NO_CANONICAL_ID).map_err(Failure::runtime)?;
    Ok(CallerAccount { id, canonical_id })
}
