//! The command line of `buckler account`, which is also what goes over the socket.

use buckler_policy::AccountId;
use clap::{Args, Subcommand};
use serde::{Deserialize, Serialize};

use crate::cli::StoreArguments;

/// What `account` can be told.
#[derive(Debug, Args)]
pub(crate) struct AccountArguments {
    #[command(subcommand)]
    pub(crate) command: AccountCommand,
    #[command(flatten)]
    pub(crate) store: StoreArguments,
    /// Prints one line of JSON.
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// What is to be done.
#[derive(Debug, Clone, Subcommand, Serialize, Deserialize)]
pub(crate) enum AccountCommand {
    /// Makes an account and prints its root keys, once.
    Create {
        /// What people call it.
        #[arg(long, value_name = "NAME")]
        name: String,
        /// E-mail address of its root user.
        #[arg(long, value_name = "ADDRESS")]
        email: Option<String>,
        /// Its 12-digit id; a random one by default.
        #[arg(long, value_name = "ID")]
        id: Option<String>,
    },
    /// Lists all accounts.
    List,
    /// Shows one account.
    Show {
        /// The 12-digit id.
        id: String,
    },
    /// Lets nobody of an account in any more; everything of it stays.
    Disable {
        /// The 12-digit id.
        id: String,
    },
    /// Lets the people of an account in again.
    Enable {
        /// The 12-digit id.
        id: String,
    },
    /// Gives the root user a new key, prints it once, and makes the old ones inactive.
    RotateRootKey {
        /// The 12-digit id.
        id: String,
    },
    /// Makes all keys of the root user inactive.
    DisableRootKeys {
        /// The 12-digit id.
        id: String,
    },
    /// Tells which master keys there are and how many secrets each has sealed.
    MasterKeys,
    /// Seals anew, under the first master key, all secrets that an older one sealed. May be interrupted and repeated.
    RotateMasterKey,
    /// Makes all keys of the root user active again.
    EnableRootKeys {
        /// The 12-digit id.
        id: String,
    },
}

impl AccountCommand {
    /// The account that it is about, as written.
    pub(super) fn id(&self) -> Option<&str> {
        match self {
            Self::Create { id, .. } => id.as_deref(),
            Self::List | Self::MasterKeys | Self::RotateMasterKey => None,
            Self::Show { id }
            | Self::Disable { id }
            | Self::Enable { id }
            | Self::RotateRootKey { id }
            | Self::DisableRootKeys { id }
            | Self::EnableRootKeys { id } => Some(id),
        }
    }

    /// The account that it is about.
    pub(super) fn account_id(&self) -> Option<Result<AccountId, String>> {
        let text = self.id()?;
        let parsed = AccountId::parse(text);
        Some(parsed.map_err(|_| format!("`{text}` is no account id: 12 decimal digits")))
    }
}
