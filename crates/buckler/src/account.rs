//! `buckler account`: what the operator does with accounts. AWS has no call for it.
//!
//! On Postgres the program opens the database beside the servers. A SQLite file belongs to the one
//! server that has it open, so that server does the work: it listens on a Unix socket in its data
//! folder. If no server runs there, the program opens the file itself.

mod command;
mod master_keys;
mod perform;
mod report;
mod socket;

pub(crate) use command::{AccountArguments, AccountCommand};
pub(crate) use report::Report;
pub(crate) use socket::{AdminSocket, Request, ask};

use buckler_iam::MasterKeys;
use buckler_metadata::Store;

use crate::config::StoreConfiguration;
use crate::error::Failure;
use crate::serve::open_rows;

/// What accounts are in.
#[derive(Debug, Clone)]
pub(crate) struct Accounts {
    pub(crate) store: Store,
    pub(crate) master_keys: MasterKeys,
}

/// Carries out a command and prints what came of it.
///
/// # Errors
///
/// [`Failure`].
pub(crate) fn run(arguments: AccountArguments) -> Result<(), Failure> {
    let configuration = StoreConfiguration::from_arguments(arguments.store)?;
    let report = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::runtime)?
        .block_on(carry_out(&configuration, arguments.command))?;
    report.print(arguments.json);
    Ok(())
}

async fn carry_out(
    configuration: &StoreConfiguration,
    command: AccountCommand,
) -> Result<Report, Failure> {
    if !configuration.is_remote() {
        let request = Request::Account(command.clone());
        if let Some(answer) = socket::ask(&configuration.data, &request).await? {
            return answer;
        }
    }
    let (store, master_keys) = open_rows(configuration).await?;
    let accounts = Accounts { store, master_keys };
    let report = perform::perform(&accounts, command).await;
    accounts.store.close().await.map_err(Failure::runtime)?;
    report
}
