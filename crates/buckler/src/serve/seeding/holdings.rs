//! What users, groups and roles hold: policies, a boundary, tags. Nothing that a seed does not name is touched.

use std::fmt::Display;

use buckler_iam::SeedHeldPolicies;
use buckler_metadata::{
    IamError, IdentityKind, IdentityName, Store, StoreError, TagChange, Tagged, Upserted,
};
use buckler_policy::AccountId;
use buckler_s3::TagSet;

use super::report::Report;
use crate::error::Failure;

/// The identities of one account, as they are being made.
pub(super) struct Seeding<'a> {
    pub(super) store: &'a Store,
    pub(super) account: AccountId,
    report: &'a mut Report,
}

/// Why something could not be made.
pub(super) enum Refused {
    /// A mistake in the file, in words that its place is put before.
    Mistake(String),
    /// The database failed.
    Failed(String),
}

impl Refused {
    pub(super) fn mistake(reason: impl Display) -> Self {
        Self::Mistake(reason.to_string())
    }

    pub(super) fn failed(error: impl Display) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::failed(error)
    }
}

impl From<IamError> for Refused {
    fn from(error: IamError) -> Self {
        match error {
            IamError::Refused(refusal) => Self::mistake(refusal),
            IamError::Store(error) => Self::failed(error),
        }
    }
}

/// An identity that is there, and what it has beside its policies.
pub(super) struct Holder<'a> {
    pub(super) kind: IdentityKind,
    pub(super) name: &'a str,
    pub(super) unique_id: &'a str,
}

impl<'a> Seeding<'a> {
    pub(super) fn new(store: &'a Store, account: AccountId, report: &'a mut Report) -> Self {
        Self {
            store,
            account,
            report,
        }
    }

    /// Tells where in the file a mistake is.
    pub(super) fn at<T>(
        &self,
        entry: impl Display,
        result: Result<T, Refused>,
    ) -> Result<T, Failure> {
        result.map_err(|refused| match refused {
            Refused::Mistake(reason) => {
                Failure::configuration(format!("account {}, {entry}: {reason}", self.account))
            }
            Refused::Failed(reason) => Failure::runtime(reason),
        })
    }

    pub(super) fn note(&mut self, outcome: Upserted, what: impl Display) {
        let account = self.account;
        self.report
            .note(outcome, &format!("{what} of account {account}"));
    }

    /// Gives an identity the policies it is to hold.
    pub(super) async fn policies(
        &mut self,
        holder: &Holder<'_>,
        wanted: &SeedHeldPolicies,
    ) -> Result<(), Refused> {
        let held = self.store.inline_policies(holder.unique_id).await?;
        for policy in &wanted.inline {
            let name = policy.name.as_str();
            let known = held.iter().find(|(other, _)| other == name);
            let outcome = outcome(known.map(|(_, document)| document), &policy.document);
            if outcome != Upserted::Unchanged {
                let (name, document) = (name.to_owned(), policy.document.clone());
                let put = self
                    .store
                    .put_identity_policy(self.named(holder), name, document);
                put.await?;
            }
            self.note(outcome, format_args!("inline policy {name} of {holder}"));
        }
        let attached = self.store.attached_policies(holder.unique_id).await?;
        for arn in &wanted.managed_arns {
            if attached.contains(arn) {
                continue;
            }
            let attach = self
                .store
                .attach_to_identity(self.named(holder), arn.clone());
            attach.await?;
            self.note(
                Upserted::Created,
                format_args!("attachment of {arn} to {holder}"),
            );
        }
        Ok(())
    }

    /// Bounds a user or role, if it is to be bounded and is not like that.
    pub(super) async fn boundary(
        &mut self,
        holder: &Holder<'_>,
        known: Option<&str>,
        wanted: Option<&str>,
    ) -> Result<(), Refused> {
        let Some(wanted) = wanted else {
            return Ok(());
        };
        let outcome = outcome(known, wanted);
        if outcome != Upserted::Unchanged {
            let bound = self
                .store
                .set_boundary(self.named(holder), Some(wanted.to_owned()));
            bound.await?;
        }
        self.note(outcome, format_args!("permissions boundary of {holder}"));
        Ok(())
    }

    /// Gives a user or role its tags.
    pub(super) async fn tags(
        &mut self,
        holder: &Holder<'_>,
        known: &TagSet,
        wanted: &TagSet,
    ) -> Result<(), Refused> {
        let tagged = Tagged::Identity(self.named(holder));
        self.tag(tagged, holder, known, wanted).await
    }

    /// Sets the tags that are not as wanted, and leaves others.
    pub(super) async fn tag(
        &mut self,
        tagged: Tagged,
        what: impl Display,
        known: &TagSet,
        wanted: &TagSet,
    ) -> Result<(), Refused> {
        let is_set = |key: &str, value: &str| known.get(key) == Some(value);
        let missing = wanted.iter().filter(|tag| !is_set(&tag.key, &tag.value));
        let missing = TagSet::from_stored(missing.cloned());
        if missing.is_empty() {
            return Ok(());
        }
        self.store
            .change_tags(tagged, TagChange::Put(missing))
            .await?;
        self.note(Upserted::Changed, format_args!("tags of {what}"));
        Ok(())
    }

    fn named(&self, holder: &Holder<'_>) -> IdentityName {
        IdentityName {
            account: self.account,
            kind: holder.kind,
            name: holder.name.to_owned(),
        }
    }
}

/// What making it as wanted comes to.
fn outcome<K: PartialEq<W> + ?Sized, W: ?Sized>(known: Option<&K>, wanted: &W) -> Upserted {
    match known {
        None => Upserted::Created,
        Some(known) if known == wanted => Upserted::Unchanged,
        Some(_) => Upserted::Changed,
    }
}

impl Display for Holder<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = match self.kind {
            IdentityKind::User => "user",
            IdentityKind::Group => "group",
            IdentityKind::Role => "role",
        };
        write!(f, "{kind} {}", self.name)
    }
}
