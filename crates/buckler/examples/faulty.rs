//! `buckler` with faults at chosen steps, for the crash tests. Not part of what is installed.
//!
//! `BUCKLER_CRASH_AT=STEP:N` kills the process, as `kill -9` would, at the Nth time it comes to the step.
//! `BUCKLER_FAIL_FILE=PATH` has every step that the file names fail with the error number beside it (`Write 28`), for as
//! long as the file says so.
//!
//! Steps are those of [`Step`] and [`CommitStep`]: `CreateFile`, `Write`, `SyncFile`, `Rename`, `SyncFolder`, `Commit`,
//! `Answer` …

#![expect(
    clippy::disallowed_methods,
    reason = "the test's orders come in the environment"
)]

use std::{
    io,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use buckler_blobs::{Faults, Step};
use buckler_metadata::{CommitFaults, CommitStep, StoreError};

#[derive(Debug, Default)]
struct Orders {
    crash_at: Option<(String, u64)>,
    passed: AtomicU64,
    fail_file: Option<PathBuf>,
}

impl Orders {
    fn from_environment() -> Self {
        let crash_at = std::env::var("BUCKLER_CRASH_AT").ok().and_then(|text| {
            let (step, count) = text.split_once(':')?;
            Some((step.to_owned(), count.parse().ok()?))
        });
        Self {
            crash_at,
            passed: AtomicU64::new(0),
            fail_file: std::env::var("BUCKLER_FAIL_FILE").ok().map(PathBuf::from),
        }
    }

    fn before(&self, step: &str) -> io::Result<()> {
        if let Some((crash_at, count)) = &self.crash_at
            && crash_at == step
            && self.passed.fetch_add(1, Ordering::SeqCst) + 1 == *count
        {
            let this = rustix::process::getpid();
            _ = rustix::process::kill_process(this, rustix::process::Signal::KILL);
            // The signal may take a moment to arrive; this thread must not go on.
            loop {
                std::thread::park();
            }
        }
        match self.ordered_failure(step) {
            Some(number) => Err(io::Error::from_raw_os_error(number)),
            None => Ok(()),
        }
    }

    fn ordered_failure(&self, step: &str) -> Option<i32> {
        let text = std::fs::read_to_string(self.fail_file.as_ref()?).ok()?;
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix(step)?.strip_prefix(' '))?;
        line.parse().ok()
    }
}

impl Faults for Orders {
    fn before(&self, step: Step, _: &Path) -> io::Result<()> {
        self.before(&format!("{step:?}"))
    }
}

impl CommitFaults for Orders {
    fn before(&self, step: CommitStep) -> Result<(), StoreError> {
        self.before(&format!("{step:?}"))
            .map_err(|error| StoreError::Unavailable(error.to_string()))
    }
}

fn main() -> ExitCode {
    let orders = Arc::new(Orders::from_environment());
    buckler::main(buckler::Seams {
        blob_faults: Some(Arc::clone(&orders) as _),
        commit_faults: orders,
    })
}
