//! Statements by whom they name.

use super::rows::{Bits, Row, Rows, RowsBuilder};
use crate::{
    AccountId, Caller, CallerKind, CanonicalId, Principal, PrincipalElement, pattern::TextMap,
};
use std::{collections::BTreeMap, hash::Hash};

/// The statements that name each principal.
#[derive(Clone, Debug)]
pub(in crate::compile) struct CallerIndex {
    /// Statements that name everyone, or have no principals.
    everyone: Row,
    /// Statements with `NotPrincipal`, which have to be asked.
    asked: Row,
    accounts: Box<[(AccountId, Row)]>,
    canonical_users: Box<[(CanonicalId, Row)]>,
    /// By ARN or unique id.
    names: TextMap<Row>,
    services: TextMap<Row>,
    federated: TextMap<Row>,
}

/// The statements that are about one caller, by what they name it as.
#[derive(Clone, Copy, Debug)]
pub(in crate::compile) struct CallerRows {
    direct: [Row; 3],
    limited: [Row; 3],
    other: [Row; 2],
    asked: Row,
}

/// One word of them.
#[derive(Clone, Copy, Debug)]
pub(in crate::compile) struct CallerWord {
    /// As everyone, or as itself: see [`MatchKinds::DIRECT`](crate::compile::MatchKinds::DIRECT).
    pub(in crate::compile) direct: u64,
    /// As what its session was made from: see [`MatchKinds::LIMITED`](crate::compile::MatchKinds::LIMITED).
    pub(in crate::compile) limited: u64,
    /// As its account, as a service, as the holder of a provider's token.
    pub(in crate::compile) other: u64,
    /// Perhaps.
    pub(in crate::compile) asked: u64,
}

impl CallerRows {
    pub(in crate::compile) fn word(&self, rows: &Rows, word: usize) -> CallerWord {
        let any = |all: &[Row]| all.iter().fold(0, |bits, row| bits | rows.word(*row, word));
        CallerWord {
            direct: any(&self.direct),
            limited: any(&self.limited),
            other: any(&self.other),
            asked: rows.word(self.asked, word),
        }
    }
}

impl CallerWord {
    /// Of statements that all name everyone.
    pub(in crate::compile) fn everyone(everyone: u64) -> Self {
        Self {
            direct: everyone,
            limited: 0,
            other: 0,
            asked: 0,
        }
    }
}

/// A map in the making.
struct Named<K>(BTreeMap<K, Bits>);

impl<K: Ord + Hash> Named<K> {
    fn set(&mut self, name: K, statement: usize, rows: &RowsBuilder) {
        self.0
            .entry(name)
            .or_insert_with(|| rows.empty())
            .set(statement);
    }

    fn finish(self, rows: &mut RowsBuilder) -> Vec<(K, Row)> {
        let pairs = self.0.into_iter();
        pairs.map(|(name, bits)| (name, rows.row(bits))).collect()
    }
}

impl CallerIndex {
    /// Of every statement whom it names, `None` where it names no one.
    pub(in crate::compile) fn new<'a>(
        principals: impl Iterator<Item = Option<&'a PrincipalElement>>,
        rows: &mut RowsBuilder,
    ) -> Self {
        let (mut everyone, mut asked) = (rows.empty(), rows.empty());
        let mut accounts = Named(BTreeMap::new());
        let mut canonical_users = Named(BTreeMap::new());
        let mut names = Named::<Box<str>>(BTreeMap::new());
        let mut services = Named::<Box<str>>(BTreeMap::new());
        let mut federated = Named::<Box<str>>(BTreeMap::new());
        for (index, element) in principals.enumerate() {
            let list = match element {
                Some(PrincipalElement::NotPrincipal(_)) => {
                    asked.set(index);
                    continue;
                }
                Some(PrincipalElement::Principal(list)) if !list.includes_everyone() => list,
                Some(PrincipalElement::Principal(_)) | None => {
                    everyone.set(index);
                    continue;
                }
            };
            for principal in list.iter() {
                match principal {
                    // No caller is an origin access identity: CloudFront does not sign here.
                    Principal::Everyone | Principal::OriginAccessIdentity(_) => {}
                    Principal::Account(id) => accounts.set(*id, index, rows),
                    Principal::CanonicalUser(id) => canonical_users.set(*id, index, rows),
                    Principal::User(arn)
                    | Principal::Role(arn)
                    | Principal::RoleSession(arn)
                    | Principal::FederatedUser(arn) => {
                        names.set(arn.as_str().into(), index, rows);
                    }
                    Principal::UniqueId(id) => names.set(id.as_str().into(), index, rows),
                    Principal::Service(name) => services.set(name.as_str().into(), index, rows),
                    Principal::Federated(name) => federated.set(name.as_str().into(), index, rows),
                }
            }
        }
        Self {
            everyone: rows.row(everyone),
            asked: rows.row(asked),
            accounts: accounts.finish(rows).into(),
            canonical_users: canonical_users.finish(rows).into(),
            names: TextMap::new(names.finish(rows)),
            services: TextMap::new(services.finish(rows)),
            federated: TextMap::new(federated.finish(rows)),
        }
    }

    /// The statements of one word that name everyone.
    #[inline]
    pub(in crate::compile) fn everyone(&self, rows: &Rows, word: usize) -> u64 {
        rows.word(self.everyone, word)
    }

    /// The statements that are about the caller.
    pub(in crate::compile) fn rows(&self, caller: &Caller<'_>) -> CallerRows {
        let [none, everyone] = [Row::NONE, self.everyone];
        let mut found = CallerRows {
            direct: [everyone, none, none],
            limited: [none; 3],
            other: [none; 2],
            asked: self.asked,
        };
        match caller.kind {
            CallerKind::Anonymous | CallerKind::Root { .. } => {}
            CallerKind::User { arn, unique_id, .. } => {
                found.direct = [everyone, self.name(arn), self.name(unique_id)];
            }
            CallerKind::AssumedRole {
                session_arn,
                role_arn,
                role_id,
                provider,
                ..
            } => {
                found.direct = [everyone, self.name(session_arn), none];
                let by_provider = provider.and_then(|name| self.federated.get(name));
                let by_provider = by_provider.copied().unwrap_or(none);
                found.limited = [self.name(role_arn), self.name(role_id), by_provider];
            }
            CallerKind::FederatedUser {
                arn,
                issuer_arn,
                issuer_id,
                ..
            } => {
                found.direct = [everyone, self.name(arn), none];
                found.limited = [self.name(issuer_arn), self.name(issuer_id), none];
            }
            CallerKind::Service { name } => {
                found.other = [self.services.get(name).copied().unwrap_or(none), none];
            }
            CallerKind::Federated { provider } => {
                found.other = [self.federated.get(provider).copied().unwrap_or(none), none];
            }
        }
        if let Some(account) = caller.account() {
            found.other = [
                row(&self.accounts, &account.id),
                row(&self.canonical_users, &account.canonical_id),
            ];
        }
        found
    }

    fn name(&self, name: &str) -> Row {
        self.names.get(name).copied().unwrap_or(Row::NONE)
    }
}

fn row<K: Ord>(sorted: &[(K, Row)], wanted: &K) -> Row {
    let found = sorted.binary_search_by(|(known, _)| known.cmp(wanted));
    let found = found.ok().and_then(|at| sorted.get(at));
    found.map_or(Row::NONE, |(_, row)| *row)
}
