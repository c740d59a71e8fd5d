//! What a command came to, for people and for scripts.

use std::io::Write as _;

use serde::{Deserialize, Serialize};

/// The outcome of a command.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Report {
    /// Accounts as they are.
    Accounts(Vec<AccountLine>),
    /// An account, and a key of its root user that is shown once.
    RootKey(RootKeyLine),
    /// The master keys, the one that seals first.
    MasterKeys(Vec<MasterKeyLine>),
    /// Something was done.
    Done(String),
}

/// A master key, by the name that gives nothing away.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct MasterKeyLine {
    pub(crate) id: String,
    /// `seals`, `opens`, or `missing` for one that has sealed secrets and is not given.
    pub(crate) role: String,
    /// Access keys whose secrets it has sealed.
    pub(crate) secrets: u64,
}

/// An account.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct AccountLine {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) canonical_id: String,
    /// `enabled` or `disabled`.
    pub(crate) status: String,
    pub(crate) root_keys: Vec<RootKeyStatus>,
    pub(crate) users: i64,
    pub(crate) buckets: i64,
}

/// A key of a root user.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RootKeyStatus {
    pub(crate) access_key: String,
    /// `active` or `inactive`.
    pub(crate) status: String,
}

/// A new key of a root user.
#[derive(Serialize, Deserialize)]
pub(crate) struct RootKeyLine {
    pub(crate) account: String,
    pub(crate) access_key: String,
    pub(crate) secret_key: String,
}

/// The secret is for the one who asked, and for no log.
impl std::fmt::Debug for RootKeyLine {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("RootKeyLine")
            .field("account", &self.account)
            .field("access_key", &self.access_key)
            .finish_non_exhaustive()
    }
}

impl Report {
    /// Prints it.
    pub(super) fn print(&self, as_json: bool) {
        let text = if as_json { self.json() } else { self.text() };
        let mut stdout = std::io::stdout().lock();
        // A closed stdout is no mistake of the caller's.
        let _ = stdout.write_all(text.as_bytes());
        let _ = stdout.flush();
    }

    fn json(&self) -> String {
        let line = match self {
            Self::Accounts(accounts) => serde_json::to_string(accounts),
            Self::RootKey(key) => serde_json::to_string(key),
            Self::MasterKeys(keys) => serde_json::to_string(keys),
            Self::Done(sentence) => serde_json::to_string(sentence),
        };
        line.unwrap_or_default() + "\n"
    }

    fn text(&self) -> String {
        match self {
            Self::Accounts(accounts) => accounts.iter().map(AccountLine::text).collect(),
            Self::RootKey(key) => format!(
                "account         {}\naccess key      {}\nsecret key      {}  (shown once)\n",
                key.account, key.access_key, key.secret_key
            ),
            Self::MasterKeys(keys) => keys.iter().map(MasterKeyLine::text).collect(),
            Self::Done(sentence) => format!("{sentence}\n"),
        }
    }
}

impl MasterKeyLine {
    fn text(&self) -> String {
        let Self { id, role, secrets } = self;
        let of = if *secrets == 1 { "secret" } else { "secrets" };
        format!("{id}  {role:<8} {secrets} {of}\n")
    }
}

impl AccountLine {
    fn text(&self) -> String {
        let keys: Vec<_> = self
            .root_keys
            .iter()
            .map(|key| format!("{} ({})", key.access_key, key.status))
            .collect();
        format!(
            "account         {}\nname            {}\nemail           {}\ncanonical id    {}\n\
             status          {}\nroot keys       {}\nusers           {}\nbuckets         {}\n\n",
            self.id,
            self.name,
            self.email,
            self.canonical_id,
            self.status,
            if keys.is_empty() {
                "none".to_owned()
            } else {
                keys.join(", ")
            },
            self.users,
            self.buckets,
        )
    }
}
