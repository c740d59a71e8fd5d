//! Principals: who a statement is about, and as what it names the caller.

use crate::{AccountId, Caller, CallerKind, CanonicalId, Principal, PrincipalElement, Principals};

/// As what a caller is named; several at once are possible. Source: facts: authorization.md 3.3, 5.3.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct MatchKinds(u8);

impl MatchKinds {
    pub(crate) const NONE: Self = Self(0);
    /// `*`.
    pub(crate) const EVERYONE: Self = Self(1);
    /// The caller's account.
    pub(crate) const ACCOUNT: Self = Self(1 << 1);
    /// The caller itself: a user by ARN or id.
    pub(crate) const USER: Self = Self(1 << 2);
    /// The role of a role session, or its identity provider.
    pub(crate) const ROLE: Self = Self(1 << 3);
    /// This very session of a role or federated user.
    pub(crate) const SESSION: Self = Self(1 << 4);
    /// The user who made the federated session.
    pub(crate) const ISSUER: Self = Self(1 << 5);
    /// The service.
    pub(crate) const SERVICE: Self = Self(1 << 6);
    /// The identity provider whose token the caller holds.
    pub(crate) const FEDERATED: Self = Self(1 << 7);

    /// Kinds that grant to a caller of the own account whatever its other policies leave open.
    pub(crate) const DIRECT: Self = Self::EVERYONE.union(Self::USER).union(Self::SESSION);
    /// Kinds that stand in for an identity policy, within boundary and session policy.
    pub(crate) const LIMITED: Self = Self::ROLE.union(Self::ISSUER);

    pub(crate) const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    fn if_true(self, condition: bool) -> Self {
        if condition { self } else { Self::NONE }
    }
}

/// `Principal` or `NotPrincipal` of one statement.
#[derive(Clone, Debug)]
pub(crate) enum CompiledPrincipals {
    Listed(PrincipalSet),
    Others(PrincipalSet),
}

/// The principals of a list by kind, each kind sorted.
#[derive(Clone, Debug, Default)]
pub(crate) struct PrincipalSet {
    everyone: bool,
    accounts: Box<[AccountId]>,
    canonical_users: Box<[CanonicalId]>,
    /// ARNs of users, roles, sessions.
    arns: Box<[Box<str>]>,
    unique_ids: Box<[Box<str>]>,
    services: Box<[Box<str>]>,
    federated: Box<[Box<str>]>,
}

impl CompiledPrincipals {
    pub(crate) fn new(element: &PrincipalElement) -> Self {
        match element {
            PrincipalElement::Principal(list) => Self::Listed(PrincipalSet::new(list)),
            PrincipalElement::NotPrincipal(list) => Self::Others(PrincipalSet::new(list)),
        }
    }

    /// As what the statement names the caller.
    pub(crate) fn kinds(&self, caller: &Caller<'_>) -> MatchKinds {
        match self {
            Self::Listed(set) => set.kinds(caller),
            // Only a Deny can say NotPrincipal, and a Deny hits by any kind.
            Self::Others(set) => MatchKinds::EVERYONE.if_true(!set.exempts(caller)),
        }
    }
}

impl PrincipalSet {
    fn new(principals: &Principals) -> Self {
        let (mut accounts, mut canonical_users) = (Vec::new(), Vec::new());
        let (mut arns, mut unique_ids) = (Vec::new(), Vec::new());
        let (mut services, mut federated) = (Vec::new(), Vec::new());
        for principal in principals.iter() {
            match principal {
                // No caller is an origin access identity: CloudFront does not sign here.
                Principal::Everyone | Principal::OriginAccessIdentity(_) => {}
                Principal::Account(id) => accounts.push(*id),
                Principal::CanonicalUser(id) => canonical_users.push(*id),
                Principal::User(arn)
                | Principal::Role(arn)
                | Principal::RoleSession(arn)
                | Principal::FederatedUser(arn) => arns.push(arn.as_str().into()),
                Principal::UniqueId(id) => unique_ids.push(id.as_str().into()),
                Principal::Service(name) => services.push(name.as_str().into()),
                Principal::Federated(name) => federated.push(name.as_str().into()),
            }
        }
        Self {
            everyone: principals.includes_everyone(),
            accounts: sorted(accounts),
            canonical_users: sorted(canonical_users),
            arns: sorted(arns),
            unique_ids: sorted(unique_ids),
            services: sorted(services),
            federated: sorted(federated),
        }
    }

    fn kinds(&self, caller: &Caller<'_>) -> MatchKinds {
        if self.everyone {
            // PERF: nothing that the list says besides could change a decision.
            return MatchKinds::EVERYONE;
        }
        MatchKinds::ACCOUNT
            .if_true(self.has_account(caller))
            .union(self.own_kinds(caller))
    }

    fn has_account(&self, caller: &Caller<'_>) -> bool {
        caller.account().is_some_and(|account| {
            has(&self.accounts, &account.id) || has(&self.canonical_users, &account.canonical_id)
        })
    }

    /// The kinds below the account.
    fn own_kinds(&self, caller: &Caller<'_>) -> MatchKinds {
        match caller.kind {
            CallerKind::Anonymous | CallerKind::Root { .. } => MatchKinds::NONE,
            CallerKind::Service { name } => {
                MatchKinds::SERVICE.if_true(has_text(&self.services, name))
            }
            CallerKind::Federated { provider } => {
                MatchKinds::FEDERATED.if_true(has_text(&self.federated, provider))
            }
            CallerKind::User { arn, unique_id, .. } => {
                MatchKinds::USER.if_true(self.has_identity(arn, unique_id))
            }
            CallerKind::AssumedRole {
                session_arn,
                role_arn,
                role_id,
                provider,
                ..
            } => {
                let by_provider = provider.is_some_and(|name| has_text(&self.federated, name));
                MatchKinds::SESSION
                    .if_true(has_text(&self.arns, session_arn))
                    .union(
                        MatchKinds::ROLE
                            .if_true(by_provider || self.has_identity(role_arn, role_id)),
                    )
            }
            CallerKind::FederatedUser {
                arn,
                issuer_arn,
                issuer_id,
                ..
            } => MatchKinds::SESSION
                .if_true(has_text(&self.arns, arn))
                .union(MatchKinds::ISSUER.if_true(self.has_identity(issuer_arn, issuer_id))),
        }
    }

    fn has_identity(&self, arn: &str, unique_id: &str) -> bool {
        has_text(&self.arns, arn) || has_text(&self.unique_ids, unique_id)
    }

    /// Whether `NotPrincipal` with this list leaves the caller out of its Deny.
    ///
    /// A user must be listed together with its account, a session together with its role and its account; a list
    /// that names the account and nothing below it exempts the whole account.
    /// Source: facts: authorization.md 3.4.
    fn exempts(&self, caller: &Caller<'_>) -> bool {
        let own = self.own_kinds(caller);
        if self.everyone || own.intersects(MatchKinds::SERVICE.union(MatchKinds::FEDERATED)) {
            return true;
        }
        if !self.has_account(caller) {
            return false;
        }
        match caller.kind {
            CallerKind::Anonymous | CallerKind::Service { .. } | CallerKind::Federated { .. } => {
                false
            }
            CallerKind::Root { .. } => true,
            CallerKind::User { .. } => {
                own.intersects(MatchKinds::USER) || !self.names_inside(caller)
            }
            CallerKind::AssumedRole { .. } => {
                own.intersects(MatchKinds::SESSION) && own.intersects(MatchKinds::ROLE)
                    || !self.names_inside(caller)
            }
            CallerKind::FederatedUser { .. } => {
                own.intersects(MatchKinds::SESSION) || !self.names_inside(caller)
            }
        }
    }

    /// Whether the list names a user, role or session of the caller's account; unique ids may be of any account.
    fn names_inside(&self, caller: &Caller<'_>) -> bool {
        let Some(account) = caller.account() else {
            return false;
        };
        let of_account = |arn: &str| arn.split(':').nth(4) == Some(account.id.as_str());
        !self.unique_ids.is_empty() || self.arns.iter().any(|arn| of_account(arn))
    }
}

fn sorted<T: Ord>(mut list: Vec<T>) -> Box<[T]> {
    list.sort_unstable();
    list.into()
}

fn has<T: Ord>(sorted: &[T], wanted: &T) -> bool {
    sorted.binary_search(wanted).is_ok()
}

fn has_text(sorted: &[Box<str>], wanted: &str) -> bool {
    sorted
        .binary_search_by(|known| (**known).cmp(wanted))
        .is_ok()
}
