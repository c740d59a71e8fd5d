//! `buckler doctor`: whether rows and bytes fit together.

mod report;

use std::process::ExitCode;
use std::time::Duration;

use buckler_blobs::{Blobs, Verdict};
use buckler_metadata::Store;
use buckler_server::{Depth, Examination, Finding, ScrubProgress, Subject, Summary, examine};
use time::OffsetDateTime;

use crate::cli::DoctorArguments;
use crate::config::{Storage, StorageConfiguration};
use crate::error::Failure;
use crate::serve::storage::store_id;
use report::Report;

/// Everything is as it should be.
const CLEAN: u8 = 0;
/// Something was found that is still so.
const FINDINGS: u8 = 1;

/// Examines, prints, and says by the exit code what was found.
///
/// # Errors
///
/// [`Failure::Configuration`] for every reason not to have looked, so that exit code 1 always means findings.
pub(crate) fn run(arguments: DoctorArguments) -> Result<ExitCode, Failure> {
    let storage = StorageConfiguration::from_arguments(arguments.storage)?;
    let examination = Examination {
        depth: if arguments.deep {
            Depth::Checksums
        } else {
            Depth::Presence
        },
        repairs: arguments.repair,
        grace: Duration::from_secs(arguments.grace),
        now: OffsetDateTime::now_utc(),
    };
    let summary = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::configuration)?
        .block_on(look(
            &storage.storage,
            examination,
            Report::new(arguments.format),
        ))?;
    Ok(ExitCode::from(if summary.findings == summary.repaired {
        CLEAN
    } else {
        FINDINGS
    }))
}

async fn look(
    storage: &Storage,
    examination: Examination,
    mut report: Report,
) -> Result<Summary, Failure> {
    let (store, blobs) = open(storage).await?;
    if examination.repairs
        && store
            .frozen()
            .await
            .map_err(Failure::configuration)?
            .is_some()
    {
        return Err(Failure::configuration(
            "nothing is removed for a store that is being migrated: its bytes may be needed by its successor",
        ));
    }
    let broken = try_promises(&blobs, &mut report).await;
    let looked = examine(&store, &blobs, examination, |finding| {
        report.finding(finding);
    })
    .await;
    let scrub = ScrubProgress::load(&store).await;
    let closed = store.close().await;
    let mut summary = looked.map_err(Failure::configuration)?;
    summary.findings += broken;
    let scrub = scrub.map_err(Failure::configuration)?;
    closed.map_err(Failure::configuration)?;
    report.end(&summary, scrub.as_ref());
    Ok(summary)
}

/// Tries what a remote store must do, and says how many of its promises it does not keep.
async fn try_promises(blobs: &Blobs, report: &mut Report) -> u64 {
    let mut broken = 0;
    for (promise, verdict) in blobs.promises().await {
        let description = match verdict {
            Verdict::Kept => {
                report.kept(promise);
                continue;
            }
            Verdict::Broken(how) => how.to_owned(),
            Verdict::Failed(failure) => failure.to_string(),
        };
        broken += 1;
        report.finding(&Finding {
            subject: Subject::Promise(promise.name()),
            kind: "broken-promise",
            description,
            is_repaired: false,
        });
    }
    broken
}

/// Opens what is there; makes nothing.
async fn open(storage: &Storage) -> Result<(Store, Blobs), Failure> {
    let Storage::Durable {
        database, blobs, ..
    } = storage
    else {
        return Err(Failure::configuration(
            "a server with `--ephemeral` keeps nothing that could be examined",
        ));
    };
    if let Some(file) = database.sqlite_file().filter(|file| !file.exists()) {
        let file = file.display();
        return Err(Failure::configuration(format!(
            "there is no database `{file}`"
        )));
    }
    let store = Store::open(database)
        .await
        .map_err(Failure::configuration)?;
    let id = store_id(&store).await?.ok_or_else(|| {
        Failure::configuration(
            "no server has used this database yet, so there is nothing to examine",
        )
    })?;
    let opened = blobs.inspect(&id).await;
    let blobs = opened.map_err(|error| Failure::configuration(format!("the {blobs}: {error}")))?;
    Ok((store, blobs))
}
