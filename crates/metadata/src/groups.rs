//! IAM groups, and who is in them.

use buckler_policy::AccountId;
use time::OffsetDateTime;

use crate::{
    EntityKind, IamError, IamLimit, IamRefusal, IdentityKind, IdentityName, NameList, Reference,
    Renaming, Store, StoreError, UserRow,
    connection::Connection,
    iam_change::{parted, within},
    identities,
    record::Record,
    sql::{statements, values},
    times,
    users::read_user_from,
};

/// Most groups of an account. Source: facts: authorization.md 7.5.
const GROUPS_MAX: u64 = 300;
/// Most groups of a user. Source: facts: authorization.md 7.5.
const GROUPS_OF_USER_MAX: u64 = 10;

/// A group of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRow {
    /// `AGPA…`.
    pub unique_id: String,
    /// The account.
    pub account_id: AccountId,
    /// `/`, or `/division/`.
    pub path: String,
    /// The name; unique in its account whatever the letter case.
    pub name: String,
    /// When it was made.
    pub created_at: OffsetDateTime,
}

impl GroupRow {
    /// `arn:aws:iam::111122223333:group/division/admins`.
    pub fn arn(&self) -> String {
        format!(
            "arn:aws:iam::{}:group{}{}",
            self.account_id, self.path, self.name
        )
    }
}

/// A user and a group of one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The account.
    pub account: AccountId,
    /// The user's name.
    pub user: String,
    /// The group's name.
    pub group: String,
}

/// The columns that [`read_group`] reads.
macro_rules! select_groups {
    ($rest:literal) => {
        concat!(
            "SELECT g.unique_id, g.account_id, g.path, g.name, g.created_at FROM user_groups g ",
            $rest
        )
    };
}

statements! {
    BY_NAME = select_groups!("WHERE g.account_id = $1 AND lower(g.name) = lower($2)");
    LIST = select_groups!("WHERE g.account_id = $1 AND lower(g.name) > lower($2)
        AND substr(g.path, 1, length(CAST($3 AS TEXT))) = CAST($3 AS TEXT) ORDER BY lower(g.name) LIMIT $4");
    OF_USER = select_groups!("JOIN group_members m ON m.group_id = g.unique_id
        WHERE m.user_id = $1 ORDER BY lower(g.name)");
    USERS = "SELECT u.unique_id, u.account_id, u.path, u.name, u.boundary_arn, u.tags, u.created_at
        FROM users u JOIN group_members m ON m.user_id = u.unique_id WHERE m.group_id = $1 ORDER BY lower(u.name)";
    COUNT = "SELECT count(*) FROM user_groups WHERE account_id = $1";
    COUNT_OF_USER = "SELECT count(*) FROM group_members WHERE user_id = $1";
    IS_MEMBER = "SELECT user_id FROM group_members WHERE user_id = $1 AND group_id = $2";
    HAS_MEMBERS = "SELECT user_id FROM group_members WHERE group_id = $1 LIMIT 1";
    INSERT = "INSERT INTO user_groups (unique_id, account_id, path, name, created_at) VALUES ($1, $2, $3, $4, $5)";
    RENAME = "UPDATE user_groups SET path = $1, name = $2 WHERE unique_id = $3";
    DELETE = "DELETE FROM user_groups WHERE unique_id = $1";
    ADD = "INSERT INTO group_members (user_id, group_id) VALUES ($1, $2)";
    REMOVE = "DELETE FROM group_members WHERE user_id = $1 AND group_id = $2";
}

impl Store {
    /// Makes a group.
    ///
    /// # Errors
    /// [`IamRefusal::AlreadyExists`]; [`IamRefusal::LimitExceeded`].
    pub async fn create_group(&self, group: GroupRow) -> Result<(), IamError> {
        let change = self.change(group, |c, group| {
            Box::pin(async move { parted(create(c, group).await) })
        });
        change.await
    }

    /// A group by account and name.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn group_by_name(
        &self,
        account: &AccountId,
        name: &str,
    ) -> Result<Option<GroupRow>, StoreError> {
        let named = named(account, name);
        let read = self
            .engine
            .read(&named, |c, named| Box::pin(by_name(c, named)));
        read.await
    }

    /// Groups of an account, by name.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn list_groups(&self, list: &NameList) -> Result<Vec<GroupRow>, StoreError> {
        let read = self.engine.read(list, |c, list| {
            Box::pin(async move { c.all(LIST, &list.values(), read_group).await })
        });
        read.await
    }

    /// The groups of a user by unique id, by name; at most 10.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn groups_of_user(&self, user_id: &str) -> Result<Vec<GroupRow>, StoreError> {
        let read = self.engine.read(user_id, |c, id| {
            Box::pin(async move { c.all(OF_USER, values![id], read_group).await })
        });
        read.await
    }

    /// The users in a group by unique id, by name; at most as many as the account has.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn users_of_group(&self, group_id: &str) -> Result<Vec<UserRow>, StoreError> {
        let read = self.engine.read(group_id, |c, id| {
            Box::pin(async move {
                c.all(USERS, values![id], |row| read_user_from(row, 0))
                    .await
            })
        });
        read.await
    }

    /// Gives a group another name or path. Its unique id stays.
    ///
    /// # Errors
    /// [`IamRefusal::NoSuchEntity`]; [`IamRefusal::AlreadyExists`].
    pub async fn rename_group(
        &self,
        account: AccountId,
        name: String,
        to: Renaming,
    ) -> Result<(), IamError> {
        let change = self.change((account, name, to), |c, (account, name, to)| {
            Box::pin(async move { parted(rename(c, account, name, to).await) })
        });
        change.await
    }

    /// Deletes a group that has neither users nor policies.
    ///
    /// # Errors
    /// [`IamRefusal::NoSuchEntity`]; [`IamRefusal::Referenced`].
    pub async fn delete_group(&self, account: AccountId, name: String) -> Result<(), IamError> {
        let change = self.change((account, name), |c, (account, name)| {
            Box::pin(async move { parted(delete(c, account, name).await) })
        });
        change.await
    }

    /// Puts a user into a group; one who is in it stays.
    ///
    /// # Errors
    /// [`IamRefusal::NoSuchEntity`]; [`IamRefusal::LimitExceeded`].
    pub async fn add_user_to_group(&self, membership: Membership) -> Result<(), IamError> {
        let change = self.change(membership, |c, membership| {
            Box::pin(async move { parted(add(c, membership).await) })
        });
        change.await
    }

    /// Takes a user out of a group; one who is not in it stays out.
    ///
    /// # Errors
    /// [`IamRefusal::NoSuchEntity`] for the user or the group.
    pub async fn remove_user_from_group(&self, membership: Membership) -> Result<(), IamError> {
        let change = self.change(membership, |c, membership| {
            Box::pin(async move { parted(remove(c, membership).await) })
        });
        change.await
    }
}

async fn by_name(
    connection: &mut Connection,
    group: &IdentityName,
) -> Result<Option<GroupRow>, StoreError> {
    let named = values![group.account.as_str(), group.name.as_str()];
    connection.one(BY_NAME, named, read_group).await
}

async fn create(connection: &mut Connection, group: &GroupRow) -> Result<(), IamError> {
    let account = &group.account_id;
    connection.lock_account(account).await?;
    identities::is_free(connection, &named(account, &group.name), "").await?;
    let count = identities::count(connection, COUNT, account.as_str()).await?;
    within(IamLimit::GroupsPerAccount, "", count, GROUPS_MAX)?;
    let row = values![
        group.unique_id.as_str(),
        account.as_str(),
        group.path.as_str(),
        group.name.as_str(),
        times::to_micros(group.created_at)
    ];
    connection.execute(INSERT, row).await?;
    Ok(())
}

async fn rename(
    connection: &mut Connection,
    account: &AccountId,
    name: &str,
    to: &Renaming,
) -> Result<(), IamError> {
    connection.lock_account(account).await?;
    let group = by_name(connection, &named(account, name)).await?;
    let group = group.ok_or_else(|| IamRefusal::no_such(EntityKind::Group, name))?;
    let (id, name) = (&*group.unique_id, to.name.as_deref().unwrap_or(&group.name));
    identities::is_free(connection, &named(account, name), id).await?;
    let path = to.path.as_deref().unwrap_or(&group.path);
    connection.execute(RENAME, values![path, name, id]).await?;
    Ok(())
}

async fn delete(
    connection: &mut Connection,
    account: &AccountId,
    name: &str,
) -> Result<(), IamError> {
    connection.lock_account(account).await?;
    let id = identities::found(connection, &named(account, name)).await?;
    if identities::exists(connection, HAS_MEMBERS, &id).await? {
        return Err(IamRefusal::Referenced(Reference::Members).into());
    }
    identities::holds_no_policies(connection, &id).await?;
    connection.execute(DELETE, values![id.as_str()]).await?;
    Ok(())
}

async fn add(connection: &mut Connection, membership: &Membership) -> Result<(), IamError> {
    let (user, group) = both(connection, membership).await?;
    let is_member = connection
        .one(
            IS_MEMBER,
            values![user.as_str(), group.as_str()],
            |_| Ok(()),
        )
        .await?;
    if is_member.is_some() {
        return Ok(());
    }
    let count = identities::count(connection, COUNT_OF_USER, &user).await?;
    within(
        IamLimit::GroupsPerUser,
        &membership.user,
        count,
        GROUPS_OF_USER_MAX,
    )?;
    connection
        .execute(ADD, values![user.as_str(), group.as_str()])
        .await?;
    Ok(())
}

async fn remove(connection: &mut Connection, membership: &Membership) -> Result<(), IamError> {
    let (user, group) = both(connection, membership).await?;
    connection
        .execute(REMOVE, values![user.as_str(), group.as_str()])
        .await?;
    Ok(())
}

/// The unique ids of user and group.
async fn both(
    connection: &mut Connection,
    membership: &Membership,
) -> Result<(String, String), IamError> {
    let account = &membership.account;
    connection.lock_account(account).await?;
    let group = identities::found(connection, &named(account, &membership.group)).await?;
    let user = IdentityName {
        account: *account,
        kind: IdentityKind::User,
        name: membership.user.clone(),
    };
    Ok((identities::found(connection, &user).await?, group))
}

fn named(account: &AccountId, name: &str) -> IdentityName {
    IdentityName {
        account: *account,
        kind: IdentityKind::Group,
        name: name.to_owned(),
    }
}

fn read_group(row: &Record<'_>) -> Result<GroupRow, StoreError> {
    Ok(GroupRow {
        unique_id: row.text(0)?.to_owned(),
        account_id: row.parsed(1, |text| AccountId::parse(text).ok())?,
        path: row.text(2)?.to_owned(),
        name: row.text(3)?.to_owned(),
        created_at: row.time(4)?,
    })
}
