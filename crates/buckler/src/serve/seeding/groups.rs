//! The groups of a seed, and who is in them.

use buckler_iam::{SeedGroup, UserName, new_group_id};
use buckler_metadata::{GroupRow, IdentityKind, Membership, Renaming, Upserted};
use buckler_server::Clock;

use super::holdings::{Holder, Refused, Seeding};
use crate::error::Failure;

impl Seeding<'_> {
    /// Makes groups as given; safe to repeat. Nobody leaves a group.
    ///
    /// # Errors
    ///
    /// [`Failure`].
    pub(super) async fn groups(&mut self, groups: &[SeedGroup]) -> Result<(), Failure> {
        for group in groups {
            let made = self.group(group).await;
            self.at(format_args!("group {}", group.name), made)?;
        }
        Ok(())
    }

    async fn group(&mut self, group: &SeedGroup) -> Result<(), Refused> {
        let name = group.name.as_str();
        let unique_id = match self.store.group_by_name(&self.account, name).await? {
            None => self.create_group(group).await?,
            Some(known) => {
                self.move_group(group, &known).await?;
                known.unique_id
            }
        };
        let holder = Holder {
            kind: IdentityKind::Group,
            name,
            unique_id: &unique_id,
        };
        self.policies(&holder, &group.holds).await?;
        let members = self.store.users_of_group(&unique_id).await?;
        let is_in = |user: &UserName| {
            let name = user.as_str();
            members
                .iter()
                .any(|member| member.name.eq_ignore_ascii_case(name))
        };
        for user in group.members.iter().filter(|user| !is_in(user)) {
            let membership = Membership {
                account: self.account,
                user: user.to_string(),
                group: name.to_owned(),
            };
            self.store.add_user_to_group(membership).await?;
            let what = format_args!("membership of user {user} in {holder}");
            self.note(Upserted::Created, what);
        }
        Ok(())
    }

    async fn create_group(&mut self, group: &SeedGroup) -> Result<String, Refused> {
        let row = GroupRow {
            unique_id: new_group_id().map_err(Refused::failed)?,
            account_id: self.account,
            path: group.path.as_str().to_owned(),
            name: group.name.to_string(),
            created_at: Clock::System.now(),
        };
        let unique_id = row.unique_id.clone();
        self.store.create_group(row).await?;
        self.note(Upserted::Created, format_args!("group {}", group.name));
        Ok(unique_id)
    }

    async fn move_group(&mut self, group: &SeedGroup, known: &GroupRow) -> Result<(), Refused> {
        let path = group.path.as_str();
        if known.path == path {
            return Ok(());
        }
        let to = Renaming {
            name: None,
            path: Some(path.to_owned()),
        };
        let moved = self
            .store
            .rename_group(self.account, known.name.clone(), to);
        moved.await?;
        self.note(Upserted::Changed, format_args!("group {}", group.name));
        Ok(())
    }
}
