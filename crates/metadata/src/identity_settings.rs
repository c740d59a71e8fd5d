//! Boundaries of users and roles; tags of users, roles and managed policies.

use buckler_policy::AccountId;
use buckler_s3::{Tag, TagSet};

use crate::{
    IamError, IamLimit, IamRefusal, IdentityKind, IdentityName, Store,
    connection::Connection,
    documents,
    iam_change::parted,
    identities, managed_policies,
    sql::{Sql, statements, values},
};

/// Most tags of a user, role or policy. Source: facts: authorization.md 7.5.
const TAGS_MAX: usize = 50;

/// What has tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tagged {
    /// A user or a role. Groups have none.
    Identity(IdentityName),
    /// A managed policy of the account.
    Policy {
        /// The account.
        account: AccountId,
        /// The policy's ARN.
        arn: String,
    },
}

/// A change of tags. Keys compare without letter case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagChange {
    /// Sets these, keeping others.
    Put(TagSet),
    /// Takes those with these keys away.
    Remove(Vec<String>),
}

statements! {
    USER_BOUNDARY = "UPDATE users SET boundary_arn = $1 WHERE unique_id = $2";
    ROLE_BOUNDARY = "UPDATE roles SET boundary_arn = $1 WHERE unique_id = $2";
    USER_TAGS = "SELECT tags FROM users WHERE unique_id = $1";
    ROLE_TAGS = "SELECT tags FROM roles WHERE unique_id = $1";
    POLICY_TAGS = "SELECT tags FROM managed_policies WHERE unique_id = $1";
    SET_USER_TAGS = "UPDATE users SET tags = $1 WHERE unique_id = $2";
    SET_ROLE_TAGS = "UPDATE roles SET tags = $1 WHERE unique_id = $2";
    SET_POLICY_TAGS = "UPDATE managed_policies SET tags = $1 WHERE unique_id = $2";
}

impl Store {
    /// Bounds a user or role by a managed policy, or by none.
    ///
    /// # Errors
    /// [`IamRefusal::NoSuchEntity`] for the identity or the policy. Groups have no boundary: they are not there.
    pub async fn set_boundary(
        &self,
        identity: IdentityName,
        arn: Option<String>,
    ) -> Result<(), IamError> {
        let change = self.change((identity, arn), |c, (identity, arn)| {
            Box::pin(async move { parted(set_boundary(c, identity, arn.as_deref()).await) })
        });
        change.await
    }

    /// Changes tags.
    ///
    /// # Errors
    /// [`IamRefusal::NoSuchEntity`]; [`IamRefusal::LimitExceeded`].
    pub async fn change_tags(&self, tagged: Tagged, to: TagChange) -> Result<(), IamError> {
        let change = self.change((tagged, to), |c, (tagged, to)| {
            Box::pin(async move { parted(change_tags(c, tagged, to).await) })
        });
        change.await
    }
}

async fn set_boundary(
    connection: &mut Connection,
    identity: &IdentityName,
    arn: Option<&str>,
) -> Result<(), IamError> {
    connection.lock_account(&identity.account).await?;
    let id = identities::found(connection, identity).await?;
    if let Some(arn) = arn {
        managed_policies::is_attachable(connection, &identity.account, arn).await?;
    }
    let update = match identity.kind {
        IdentityKind::User => USER_BOUNDARY,
        IdentityKind::Role => ROLE_BOUNDARY,
        IdentityKind::Group => return Err(identity.no_such().into()),
    };
    connection
        .execute(update, values![arn, id.as_str()])
        .await?;
    Ok(())
}

async fn change_tags(
    connection: &mut Connection,
    tagged: &Tagged,
    change: &TagChange,
) -> Result<(), IamError> {
    let place = place(connection, tagged).await?;
    let stored = connection
        .one(place.read, values![place.id.as_str()], |row| {
            Ok(row.text_or_null(0)?.map(str::to_owned))
        })
        .await?;
    let tags = documents::read_tags(stored.flatten().as_deref())?;
    let tags = changed(tags, change);
    if tags.len() > TAGS_MAX {
        return Err(IamRefusal::LimitExceeded {
            limit: IamLimit::TagsPerEntity,
            max: TAGS_MAX as u64,
            name: String::new(),
        }
        .into());
    }
    let tags = documents::write_tags(&tags);
    let row = values![tags.as_deref(), place.id.as_str()];
    connection.execute(place.write, row).await?;
    Ok(())
}

/// Where tags stand.
struct Place {
    id: String,
    read: Sql,
    write: Sql,
}

async fn place(connection: &mut Connection, tagged: &Tagged) -> Result<Place, IamError> {
    match tagged {
        Tagged::Identity(identity) => {
            connection.lock_account(&identity.account).await?;
            let id = identities::found(connection, identity).await?;
            match identity.kind {
                IdentityKind::User => Ok(Place {
                    id,
                    read: USER_TAGS,
                    write: SET_USER_TAGS,
                }),
                IdentityKind::Role => Ok(Place {
                    id,
                    read: ROLE_TAGS,
                    write: SET_ROLE_TAGS,
                }),
                IdentityKind::Group => Err(identity.no_such().into()),
            }
        }
        Tagged::Policy { account, arn } => {
            connection.lock_account(account).await?;
            let policy = managed_policies::found(connection, account, arn).await?;
            Ok(Place {
                id: policy.unique_id,
                read: POLICY_TAGS,
                write: SET_POLICY_TAGS,
            })
        }
    }
}

/// The tags after a change. A tag that is set again keeps its place and takes the new letter case.
fn changed(tags: TagSet, change: &TagChange) -> TagSet {
    let mut tags = tags.into_vec();
    match change {
        TagChange::Put(put) => {
            for tag in put {
                let same = |other: &&mut Tag| other.key.eq_ignore_ascii_case(&tag.key);
                match tags.iter_mut().find(same) {
                    Some(known) => *known = tag.clone(),
                    None => tags.push(tag.clone()),
                }
            }
        }
        TagChange::Remove(keys) => {
            tags.retain(|tag| !keys.iter().any(|key| key.eq_ignore_ascii_case(&tag.key)));
        }
    }
    TagSet::from_stored(tags)
}
