//! The managed policies of a seed: made, and given a new version where the document differs.

use buckler_iam::{SeedManagedPolicy, new_policy_id};
use buckler_metadata::{
    ManagedPolicyRow, NewPolicyVersion, PolicyVersionName, PolicyVersionRow, Tagged, Upserted,
};
use buckler_server::Clock;

use super::holdings::{Refused, Seeding};
use crate::error::Failure;

/// Most versions of a managed policy. Source: facts: authorization.md 7.5.
const VERSIONS_MAX: usize = 5;

impl Seeding<'_> {
    /// Makes managed policies as given; safe to repeat.
    ///
    /// # Errors
    ///
    /// [`Failure`].
    pub(super) async fn managed_policies(
        &mut self,
        policies: &[SeedManagedPolicy],
    ) -> Result<(), Failure> {
        for policy in policies {
            let made = self.managed_policy(policy).await;
            self.at(format_args!("policy {}", policy.name), made)?;
        }
        Ok(())
    }

    async fn managed_policy(&mut self, policy: &SeedManagedPolicy) -> Result<(), Refused> {
        let now = Clock::System.now();
        let row = ManagedPolicyRow {
            unique_id: new_policy_id().map_err(Refused::failed)?,
            account_id: self.account,
            path: policy.path.as_str().to_owned(),
            name: policy.name.to_string(),
            description: policy.description.clone(),
            default_version: 1,
            attachment_count: 0,
            boundary_count: 0,
            tags: policy.tags.clone(),
            created_at: now,
            updated_at: now,
        };
        let arn = row.arn();
        let Some(known) = self.store.managed_policy(&arn).await? else {
            // One of this name under another path is refused here: an ARN never changes.
            let document = policy.document.clone();
            self.store.create_managed_policy(row, document).await?;
            self.note(Upserted::Created, format_args!("policy {}", policy.name));
            return Ok(());
        };
        self.document(policy, &arn).await?;
        let tagged = Tagged::Policy {
            account: self.account,
            arn,
        };
        let what = format!("policy {}", policy.name);
        self.tag(tagged, what, &known.tags, &policy.tags).await
    }

    /// Lets the document count: a version that has it already, or a new one. As AWS's own tools do it, the oldest
    /// version makes room where there are as many as there may be.
    async fn document(&mut self, policy: &SeedManagedPolicy, arn: &str) -> Result<(), Refused> {
        let versions = self.store.policy_versions(arn).await?;
        let same = versions
            .iter()
            .filter(|version| version.document == policy.document)
            .max_by_key(|version| version.is_default);
        match same {
            Some(version) if version.is_default => return Ok(()),
            Some(version) => {
                let (name, now) = (self.version(arn, version), Clock::System.now());
                self.store.set_default_policy_version(name, now).await?;
            }
            None => {
                self.make_room(arn, &versions).await?;
                let version = NewPolicyVersion {
                    account: self.account,
                    arn: arn.to_owned(),
                    document: policy.document.clone(),
                    is_default: true,
                    created_at: Clock::System.now(),
                };
                self.store.create_policy_version(version).await?;
            }
        }
        self.note(Upserted::Changed, format_args!("policy {}", policy.name));
        Ok(())
    }

    async fn make_room(&self, arn: &str, versions: &[PolicyVersionRow]) -> Result<(), Refused> {
        if versions.len() < VERSIONS_MAX {
            return Ok(());
        }
        let others = versions.iter().filter(|version| !version.is_default);
        if let Some(oldest) = others.min_by_key(|version| version.version) {
            let oldest = self.version(arn, oldest);
            self.store.delete_policy_version(oldest).await?;
        }
        Ok(())
    }

    fn version(&self, arn: &str, version: &PolicyVersionRow) -> PolicyVersionName {
        PolicyVersionName {
            account: self.account,
            arn: arn.to_owned(),
            version: version.version,
        }
    }
}
