//! Carrying out a command on the rows.

use buckler_iam::{canonical_id_of, new_access_key_id, new_secret_access_key};
use buckler_metadata::{
    AccessKeyStatus, AccountOverview, AccountRow, AccountStatus, NewAccessKey, NewAccount,
    StoreError,
};
use buckler_policy::AccountId;
use buckler_server::Clock;

use super::report::{AccountLine, Report, RootKeyLine, RootKeyStatus};
use super::{AccountCommand, Accounts};
use crate::error::Failure;

/// Longest name and e-mail address, in characters. Source: AWS Organizations API Reference,
/// "CreateAccount".
const NAME_CHARS_MAX: usize = 50;
const EMAIL_CHARS_MAX: usize = 64;

/// Carries out a command.
///
/// # Errors
///
/// [`Failure`].
pub(super) async fn perform(
    accounts: &Accounts,
    command: AccountCommand,
) -> Result<Report, Failure> {
    let id = command
        .account_id()
        .transpose()
        .map_err(Failure::configuration)?;
    match (command, id) {
        (AccountCommand::Create { name, email, .. }, id) => {
            let id = match id {
                Some(id) => id,
                None => random_id()?,
            };
            accounts.create(id, name, email).await
        }
        (AccountCommand::List, _) => accounts.overviews(|_| true).await.map(Report::Accounts),
        (AccountCommand::MasterKeys, _) => accounts.master_keys().await,
        (AccountCommand::RotateMasterKey, _) => accounts.rotate_master_key().await,
        (AccountCommand::Show { .. }, Some(id)) => accounts.show(&id).await,
        (AccountCommand::Disable { .. }, Some(id)) => {
            accounts.set_status(id, AccountStatus::Disabled).await
        }
        (AccountCommand::Enable { .. }, Some(id)) => {
            accounts.set_status(id, AccountStatus::Enabled).await
        }
        (AccountCommand::RotateRootKey { .. }, Some(id)) => accounts.rotate(id).await,
        (AccountCommand::DisableRootKeys { .. }, Some(id)) => {
            accounts.set_root_keys(id, AccessKeyStatus::Inactive).await
        }
        (AccountCommand::EnableRootKeys { .. }, Some(id)) => {
            accounts.set_root_keys(id, AccessKeyStatus::Active).await
        }
        (_, None) => Err(Failure::configuration("an account id is needed")),
    }
}

impl Accounts {
    async fn create(
        &self,
        id: AccountId,
        name: String,
        email: Option<String>,
    ) -> Result<Report, Failure> {
        let email = email.unwrap_or_else(|| format!("{id}@buckler.invalid"));
        bounded("name", &name, NAME_CHARS_MAX)?;
        bounded("email", &email, EMAIL_CHARS_MAX)?;
        let canonical_id = canonical_id_of(&id)
            .ok_or_else(|| Failure::runtime("no canonical id could be made"))?;
        let (root_key, line) = self.new_root_key(id)?;
        let new = NewAccount {
            account: AccountRow {
                id,
                canonical_id,
                name,
                email,
            },
            root_key,
        };
        let created = self.store.create_account(new, Clock::System.now()).await;
        match created {
            Ok(()) => Ok(Report::RootKey(line)),
            Err(StoreError::Duplicate) => Err(Failure::configuration(format!(
                "there is an account {id} already"
            ))),
            Err(error) => Err(Failure::runtime(error)),
        }
    }

    async fn overviews(
        &self,
        wanted: impl Fn(&AccountOverview) -> bool,
    ) -> Result<Vec<AccountLine>, Failure> {
        let all = self.store.account_overviews().await;
        let all = all.map_err(Failure::runtime)?;
        Ok(all.iter().filter(|one| wanted(one)).map(line).collect())
    }

    async fn show(&self, id: &AccountId) -> Result<Report, Failure> {
        let found = self.overviews(|one| one.account.id == *id).await?;
        if found.is_empty() {
            return Err(no_such_account(id));
        }
        Ok(Report::Accounts(found))
    }

    async fn set_status(&self, id: AccountId, status: AccountStatus) -> Result<Report, Failure> {
        let is_there = self.store.set_account_status(id, status).await;
        if !is_there.map_err(Failure::runtime)? {
            return Err(no_such_account(&id));
        }
        Ok(Report::Done(match status {
            AccountStatus::Enabled => format!("account {id} is enabled"),
            AccountStatus::Disabled => format!("account {id} is disabled"),
        }))
    }

    async fn set_root_keys(
        &self,
        id: AccountId,
        status: AccessKeyStatus,
    ) -> Result<Report, Failure> {
        let changed = self.store.set_root_keys_status(id, status).await;
        if changed.map_err(Failure::runtime)? == 0 {
            return Err(Failure::configuration(format!(
                "account {id} has no root keys, or is not there"
            )));
        }
        Ok(Report::Done(match status {
            AccessKeyStatus::Active => format!("the root keys of account {id} are active"),
            AccessKeyStatus::Inactive => format!("the root keys of account {id} are inactive"),
        }))
    }

    async fn rotate(&self, id: AccountId) -> Result<Report, Failure> {
        let (key, line) = self.new_root_key(id)?;
        let replaced = self.store.replace_root_key(key, Clock::System.now()).await;
        match replaced {
            Ok(()) => Ok(Report::RootKey(line)),
            Err(StoreError::MissingParent) => Err(no_such_account(&id)),
            Err(error) => Err(Failure::runtime(error)),
        }
    }

    fn new_root_key(&self, account_id: AccountId) -> Result<(NewAccessKey, RootKeyLine), Failure> {
        let id = new_access_key_id().map_err(Failure::runtime)?;
        let secret = new_secret_access_key().map_err(Failure::runtime)?;
        let sealed = self.master_keys.seal(&id, &secret);
        let key = NewAccessKey {
            access_key_id: id.to_string(),
            sealed_secret: sealed.map_err(Failure::runtime)?,
            status: AccessKeyStatus::Active,
            account_id,
            user_id: None,
        };
        let line = RootKeyLine {
            account: account_id.to_string(),
            access_key: id.to_string(),
            secret_key: secret.expose().to_owned(),
        };
        Ok((key, line))
    }
}

fn line(overview: &AccountOverview) -> AccountLine {
    let account = &overview.account;
    let status = |status| match status {
        AccessKeyStatus::Active => "active",
        AccessKeyStatus::Inactive => "inactive",
    };
    AccountLine {
        id: account.id.to_string(),
        name: account.name.clone(),
        email: account.email.clone(),
        canonical_id: account.canonical_id.as_str().to_owned(),
        status: match overview.status {
            AccountStatus::Enabled => "enabled".to_owned(),
            AccountStatus::Disabled => "disabled".to_owned(),
        },
        root_keys: overview
            .root_keys
            .iter()
            .map(|(id, is)| RootKeyStatus {
                access_key: id.clone(),
                status: status(*is).to_owned(),
            })
            .collect(),
        users: overview.users,
        buckets: overview.buckets,
    }
}

fn bounded(what: &str, text: &str, chars_max: usize) -> Result<(), Failure> {
    let is_printable = !text.chars().any(char::is_control);
    if (1..=chars_max).contains(&text.chars().count()) && is_printable {
        return Ok(());
    }
    Err(Failure::configuration(format!(
        "`--{what}` has 1 to {chars_max} printable characters"
    )))
}

fn no_such_account(id: &AccountId) -> Failure {
    Failure::configuration(format!("there is no account {id}"))
}

/// A random id without a leading zero, so that it survives spreadsheets.
fn random_id() -> Result<AccountId, Failure> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(Failure::runtime)?;
    let number = 100_000_000_000 + u64::from_be_bytes(bytes) % 900_000_000_000;
    AccountId::parse(&number.to_string()).map_err(Failure::runtime)
}
