//! What the users of a seed hold; the users themselves are there.

use buckler_iam::SeedUser;
use buckler_metadata::IdentityKind;

use super::holdings::{Holder, Refused, Seeding};
use crate::error::Failure;

impl Seeding<'_> {
    /// Gives users what they are to hold.
    ///
    /// # Errors
    ///
    /// [`Failure`].
    pub(super) async fn users(&mut self, users: &[SeedUser]) -> Result<(), Failure> {
        for user in users {
            let made = self.user(user).await;
            self.at(format_args!("user {}", user.name), made)?;
        }
        Ok(())
    }

    async fn user(&mut self, user: &SeedUser) -> Result<(), Refused> {
        let name = user.name.as_str();
        let known = self.store.user_by_name(&self.account, name).await?;
        let known = known.ok_or_else(|| Refused::mistake("it was deleted meanwhile"))?;
        let holder = Holder {
            kind: IdentityKind::User,
            name,
            unique_id: &known.unique_id,
        };
        self.policies(&holder, &user.holds).await?;
        let boundary = (known.boundary_arn.as_deref(), user.boundary_arn.as_deref());
        self.boundary(&holder, boundary.0, boundary.1).await?;
        self.tags(&holder, &known.tags, &user.tags).await
    }
}
