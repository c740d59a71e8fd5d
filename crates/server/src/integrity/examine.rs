//! The whole examination: every promise, every blob, every garbage row.

use std::time::Duration;

use buckler_blobs::Blobs;
use buckler_metadata::{BytesHolder, BytesPosition, InlineBytes, Store, StoredBytes};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use time::OffsetDateTime;

use super::orphans::{self, Candidates, left_behind, unnamed};
use super::verify::{presence, still_promised, verify};
use super::{Damage, Finding, IntegrityError, Subject};

/// Rows read at once; with their inline bytes that is 4 MiB at most.
const PAGE: u32 = 64;
/// Blobs that are asked for at once, where nothing of them is read: far away, each answer takes its time.
const QUESTIONS_AT_ONCE: usize = 16;
/// Garbage rows and noted findings read at once.
const LIST: u32 = 256;
/// Orphans that are confirmed, reported and removed together.
const CANDIDATES_MAX: usize = 100_000;

/// How to examine.
#[derive(Debug, Clone, Copy)]
pub struct Examination {
    /// Whether bytes are read.
    pub depth: Depth,
    /// Whether what no row names is removed, and false garbage rows.
    pub repairs: bool,
    /// How long a blob without a row is given to get one, if other processes may be writing.
    pub grace: Duration,
    /// The time now: unfinished files of other processes that are older than a day count as left behind.
    pub now: OffsetDateTime,
}

/// Whether bytes are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Depth {
    /// Only that they are there, and how many.
    Presence,
    /// All of them, against their checksum.
    Checksums,
}

/// What an examination has seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Versions with bytes.
    pub objects: u64,
    /// Bytes that their rows promise.
    pub object_bytes: u64,
    /// Parts of uploads in progress.
    pub upload_parts: u64,
    /// Bytes that their rows promise.
    pub upload_bytes: u64,
    /// Blobs on disk.
    pub blobs: u64,
    /// Bytes of the blobs.
    pub blob_bytes: u64,
    /// Garbage rows: blobs that wait to be removed.
    pub garbage_rows: u64,
    /// Bytes that their blobs have.
    pub garbage_bytes: u64,
    /// What was found.
    pub findings: u64,
    /// How much of it was repaired.
    pub repaired: u64,
}

/// Compares all rows with all bytes, and hands every finding to `report`.
///
/// Safe beside gateways that serve: what changes meanwhile is looked at twice before it is called damage.
///
/// # Errors
///
/// If rows or folders cannot be read.
pub async fn examine(
    store: &Store,
    blobs: &Blobs,
    examination: Examination,
    report: impl FnMut(&Finding),
) -> Result<Summary, IntegrityError> {
    let mut run = Run {
        store,
        blobs,
        examination,
        report,
        summary: Summary::default(),
    };
    run.promises().await?;
    run.noted().await?;
    run.blobs().await?;
    run.garbage().await?;
    run.unfinished().await?;
    Ok(run.summary)
}

struct Run<'a, R> {
    store: &'a Store,
    blobs: &'a Blobs,
    examination: Examination,
    report: R,
    summary: Summary,
}

impl<R: FnMut(&Finding)> Run<'_, R> {
    fn found(&mut self, finding: &Finding) {
        self.summary.findings += 1;
        self.summary.repaired += u64::from(finding.is_repaired);
        (self.report)(finding);
    }

    /// Rows without bytes, and bytes that are not what the row says.
    async fn promises(&mut self) -> Result<(), IntegrityError> {
        let inline = match self.examination.depth {
            Depth::Presence => InlineBytes::Measured,
            Depth::Checksums => InlineBytes::Read,
        };
        let mut position = BytesPosition::default();
        let mut previous: Option<StoredBytes> = None;
        loop {
            let page = self.store.stored_bytes(&position, inline, PAGE).await?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            position = last.position.clone();
            let at_once = match self.examination.depth {
                Depth::Presence => QUESTIONS_AT_ONCE,
                Depth::Checksums => 1,
            };
            let looked_at = async |promised| match self.examination.depth {
                Depth::Presence => presence(self.blobs, promised).await,
                Depth::Checksums => verify(self.blobs, promised, async |_| {}).await,
            };
            let damages: Vec<_> = stream::iter(&page)
                .map(looked_at)
                .buffered(at_once)
                .try_collect()
                .await?;
            for (promised, damage) in page.iter().zip(damages) {
                self.count(promised, previous.as_ref());
                if let Some(damage) = damage
                    && still_promised(self.store, promised).await?
                {
                    self.found(&Finding::of_bytes(promised, &damage));
                }
                previous = Some(promised.clone());
            }
        }
    }

    /// An object of parts comes part by part, and is one.
    fn count(&mut self, promised: &StoredBytes, previous: Option<&StoredBytes>) {
        let summary = &mut self.summary;
        match promised.holder {
            BytesHolder::Version(_) => {
                let is_same = previous.is_some_and(|previous| {
                    (&previous.bucket, &previous.key, &previous.holder)
                        == (&promised.bucket, &promised.key, &promised.holder)
                });
                summary.objects += u64::from(!is_same);
                summary.object_bytes += promised.size_bytes;
            }
            BytesHolder::UploadPart(..) => {
                summary.upload_parts += 1;
                summary.upload_bytes += promised.size_bytes;
            }
        }
    }

    /// What the scrubber has noted. A deep examination has just looked itself.
    async fn noted(&mut self) -> Result<(), IntegrityError> {
        if self.examination.depth == Depth::Checksums {
            return Ok(());
        }
        let mut after = String::new();
        loop {
            let page = self.store.findings(&after, LIST).await?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            after.clone_from(&last.place);
            for row in page {
                let description =
                    format!("the scrubber found on {}: {}", row.found_at, row.problem);
                self.found(&Finding {
                    subject: Subject::of_bytes(row.holder, row.bucket, row.key, row.place),
                    kind: "noted-by-scrubber",
                    description,
                    is_repaired: false,
                });
            }
        }
    }

    /// Blobs without rows.
    async fn blobs(&mut self) -> Result<(), IntegrityError> {
        let mut candidates = Candidates::default();
        let mut walk = self.blobs.ids();
        while let Some(batch) = walk.next_batch().await? {
            self.summary.blobs += batch.len() as u64;
            self.summary.blob_bytes += batch.iter().map(|blob| blob.size_bytes).sum::<u64>();
            candidates.extend(unnamed(self.store, &batch).await?);
            if candidates.count() >= CANDIDATES_MAX {
                self.orphans(&mut candidates).await?;
            }
        }
        self.orphans(&mut candidates).await
    }

    async fn orphans(&mut self, candidates: &mut Candidates) -> Result<(), IntegrityError> {
        if candidates.count() == 0 {
            return Ok(());
        }
        // Alone, nothing is on its way to its row; a server that starts now waits until the orphans are gone.
        let alone = self.blobs.sole_tenant().await?;
        if alone.is_none() {
            tokio::time::sleep(self.examination.grace).await;
        }
        let orphans = candidates.confirm(self.store).await?;
        if self.examination.repairs {
            orphans::remove(self.blobs, &orphans).await?;
        }
        drop(alone);
        for blob in orphans {
            self.found(&Finding {
                subject: Subject::Blob(blob.id.to_string()),
                kind: "orphan-blob",
                description: format!(
                    "no row names it; {} bytes, written on {}",
                    blob.size_bytes, blob.named_at
                ),
                is_repaired: self.examination.repairs,
            });
        }
        Ok(())
    }

    /// Garbage rows: how many wait, and whether one of them is wrong.
    async fn garbage(&mut self) -> Result<(), IntegrityError> {
        let (rows, bytes) = self.store.garbage_total().await?;
        (self.summary.garbage_rows, self.summary.garbage_bytes) = (rows, bytes);
        let mut after = 0;
        loop {
            let page = self.store.false_garbage(after, LIST).await?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            after = last.id;
            if self.examination.repairs {
                let rows = page.iter().map(|row| row.id).collect();
                self.store.forget_garbage(rows).await?;
            }
            for row in page {
                self.found(&Finding {
                    subject: Subject::Blob(row.blob_id),
                    kind: "false-garbage",
                    description: "a garbage row names it although an object does, too".to_owned(),
                    is_repaired: self.examination.repairs,
                });
            }
        }
    }

    /// Files of writers that will never finish.
    async fn unfinished(&mut self) -> Result<(), IntegrityError> {
        let alone = self.blobs.sole_tenant().await?;
        let mut files = self.blobs.unfinished().await?;
        if alone.is_none() {
            files = left_behind(files, self.examination.now);
        }
        if self.examination.repairs {
            self.blobs.remove_unfinished(files.clone()).await?;
        }
        drop(alone);
        for file in files {
            self.found(&Finding {
                description: match file.size_bytes {
                    Some(bytes) => format!("a write that a crash cut off; {bytes} bytes"),
                    None => "an upload to the blob store that a crash cut off".to_owned(),
                },
                subject: Subject::Unfinished(file.name),
                kind: "unfinished-write",
                is_repaired: self.examination.repairs,
            });
        }
        Ok(())
    }
}

impl Damage {
    /// Whether the bytes themselves are bad, not only what is known of them.
    pub(crate) const fn is_loss(&self) -> bool {
        !matches!(self, Self::NoChecksum)
    }
}
