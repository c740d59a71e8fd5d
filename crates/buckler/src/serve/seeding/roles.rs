//! The roles of a seed: made when everyone may be there whom they trust, and changed where they differ.

use buckler_iam::{SeedRole, new_role_id};
use buckler_metadata::{IdentityKind, RoleChange, RoleRow, TrustPolicy, Upserted};
use buckler_server::{Clock, bind_trust_policy};

use super::holdings::{Holder, Refused, Seeding};
use crate::error::Failure;

impl Seeding<'_> {
    /// Makes roles as given, in the order of the file; safe to repeat.
    ///
    /// # Errors
    ///
    /// [`Failure`]: a role that trusts nobody known is a mistake in the file.
    pub(super) async fn roles(&mut self, roles: &[SeedRole]) -> Result<(), Failure> {
        for role in roles {
            let made = self.role(role).await;
            self.at(format_args!("role {}", role.name), made)?;
        }
        Ok(())
    }

    async fn role(&mut self, role: &SeedRole) -> Result<(), Refused> {
        let trust = bind_trust_policy(self.store, &role.trust).await;
        let trust = trust.map_err(|error| Refused::mistake(format!("trust: {error}")))?;
        let name = role.name.as_str();
        let known = match self.store.role_by_name(&self.account, name).await? {
            None => self.create_role(role, trust).await?,
            Some(known) => {
                self.change_role(role, trust, &known).await?;
                known
            }
        };
        let holder = Holder {
            kind: IdentityKind::Role,
            name,
            unique_id: &known.unique_id,
        };
        self.policies(&holder, &role.holds).await?;
        let boundary = (known.boundary_arn.as_deref(), role.boundary_arn.as_deref());
        self.boundary(&holder, boundary.0, boundary.1).await?;
        self.tags(&holder, &known.tags, &role.tags).await
    }

    async fn create_role(
        &mut self,
        role: &SeedRole,
        trust: TrustPolicy,
    ) -> Result<RoleRow, Refused> {
        let row = RoleRow {
            unique_id: new_role_id().map_err(Refused::failed)?,
            account_id: self.account,
            path: role.path.as_str().to_owned(),
            name: role.name.to_string(),
            description: role.description.clone(),
            trust,
            max_session_seconds: role.max_session_seconds,
            boundary_arn: role.boundary_arn.clone(),
            tags: role.tags.clone(),
            created_at: Clock::System.now(),
        };
        self.store.create_role(row.clone()).await?;
        self.note(Upserted::Created, format_args!("role {}", role.name));
        Ok(row)
    }

    async fn change_role(
        &mut self,
        role: &SeedRole,
        trust: TrustPolicy,
        known: &RoleRow,
    ) -> Result<(), Refused> {
        if known.path != role.path.as_str() {
            // AWS: the path of a role is part of its ARN and never changes.
            let reason = format!("it is there under the path `{}`, which stays", known.path);
            return Err(Refused::mistake(reason));
        }
        let description = role.description.as_ref();
        let description = description.filter(|new| known.description.as_ref() != Some(new));
        let seconds = Some(role.max_session_seconds);
        let seconds = seconds.filter(|new| known.max_session_seconds != *new);
        let mut changes = Vec::new();
        if known.trust != trust {
            changes.push(RoleChange::Trust(trust));
        }
        if description.is_some() || seconds.is_some() {
            changes.push(RoleChange::Settings {
                description: description.cloned(),
                max_session_seconds: seconds,
            });
        }
        for change in changes {
            let (account, name) = (known.account_id, known.name.clone());
            self.store.update_role(account, name, change).await?;
            self.note(Upserted::Changed, format_args!("role {}", role.name));
        }
        Ok(())
    }
}
