//! From the form a policy is sent in to the form it is stored in, and back.

use super::{Document, Principal, PrincipalType, Principals};
use crate::{Arn, PolicyError};

impl Document {
    /// The principals that exist only if someone looks: accounts, users, roles, sessions, canonical ids.
    ///
    /// A principal that is named twice comes twice.
    pub fn principals(&self) -> impl Iterator<Item = &Principal> {
        self.all_principals()
            .filter(|principal| principal.needs_lookup())
    }

    /// Every principal that the document names, in any form.
    pub fn all_principals(&self) -> impl Iterator<Item = &Principal> {
        self.statements
            .iter()
            .filter_map(|statement| statement.principal.as_ref())
            .flat_map(|element| element.principals().iter())
    }

    /// Turns names into the stored form: users and roles into unique ids, canonical ids into accounts.
    ///
    /// `resolve` is asked for each of [`Document::principals`] and answers with what is to be stored.
    /// Source: facts: authorization.md 1.5, 3.3.
    ///
    /// # Errors
    /// `Invalid principal in policy` for the first principal that `resolve` does not know; a trust policy's error names it.
    pub fn bind(
        mut self,
        resolve: &dyn Fn(&Principal) -> Option<Principal>,
    ) -> Result<Self, PolicyError> {
        let is_trust_policy = self.is_trust_policy();
        let refused = |principal: &Principal| {
            if is_trust_policy {
                principal.refused_in_trust_policy()
            } else {
                PolicyError::InvalidPrincipal
            }
        };
        for lists in self.principal_lists() {
            map(lists, |principal| {
                if principal.needs_lookup() {
                    resolve(&principal).ok_or_else(|| refused(&principal))
                } else {
                    Ok(principal)
                }
            })?;
        }
        Ok(self)
    }

    /// Turns the stored form into the form that is shown: unique ids into ARNs while their owner exists.
    ///
    /// `name` answers with the ARN of a unique id; an id that has none any more stays as it is.
    #[must_use]
    pub fn unbind(mut self, name: &dyn Fn(&str) -> Option<Arn>) -> Self {
        for lists in self.principal_lists() {
            let shown = map(lists, |principal| {
                Ok::<_, PolicyError>(match principal {
                    Principal::UniqueId(id) => shown(id, name),
                    other => other,
                })
            });
            // INVARIANT: the mapping above has no error to give.
            debug_assert!(shown.is_ok());
        }
        self
    }

    fn principal_lists(
        &mut self,
    ) -> impl Iterator<Item = &mut Vec<(PrincipalType, Vec<Principal>)>> {
        self.statements
            .iter_mut()
            .filter_map(|statement| statement.principal.as_mut())
            .filter_map(|element| match element.principals_mut() {
                Principals::Everyone => None,
                Principals::Listed(lists) => Some(lists),
            })
    }
}

fn shown(id: String, name: &dyn Fn(&str) -> Option<Arn>) -> Principal {
    match name(&id) {
        Some(arn) if arn.resource().starts_with("role/") => Principal::Role(arn),
        Some(arn) => Principal::User(arn),
        None => Principal::UniqueId(id),
    }
}

/// Replaces every principal, and sorts the results under the type they then have.
fn map<E>(
    lists: &mut Vec<(PrincipalType, Vec<Principal>)>,
    mut replace: impl FnMut(Principal) -> Result<Principal, E>,
) -> Result<(), E> {
    let mut mapped: Vec<(PrincipalType, Vec<Principal>)> = Vec::new();
    for principal in lists.drain(..).flat_map(|(_, principals)| principals) {
        let principal = replace(principal)?;
        let kind = principal.principal_type();
        match mapped.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, principals)) => principals.push(principal),
            None => mapped.push((kind, vec![principal])),
        }
    }
    *lists = mapped;
    Ok(())
}
