//! Reads all stored bytes, slowly, and compares them with their checksums. What is damaged is logged and noted.
//!
//! A pass goes on where an earlier process left it. Of several gateways one scrubs at a time.

use std::convert::Infallible;
use std::num::NonZeroU64;
use std::time::Duration;

use buckler_metadata::{BytesPosition, FindingRow, InlineBytes, StoredBytes};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use tokio::time::Instant;

use super::pace::Pace;
use crate::context::Context;
use crate::integrity::{Damage, IntegrityError, place, still_promised, verify};

/// The setting that holds the state of the pass, and the lease's name.
const SCRUB: &str = "scrub";
/// Passes begin this far apart, at least.
const PASS: time::Duration = time::Duration::days(7);
/// How often it is looked whether it is time, or whether the gateway that scrubs is gone.
const LOOK: Duration = Duration::from_mins(1);
/// How long a lease lasts. It is prolonged with every page.
const LEASE: time::Duration = time::Duration::minutes(10);
/// Rows read at once; with their inline bytes that is 4 MiB at most.
const PAGE: u32 = 64;
/// What an object costs beside its bytes, in bytes: a row and a file to be opened.
const OBJECT_BYTES: u64 = 4096;
/// How often the state is written down. What was done since is done again after a crash.
const SAVE: Duration = Duration::from_secs(10);

/// How far the pass has come.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Pass {
    /// Seconds since 1970.
    started_at: i64,
    is_finished: bool,
    position: BytesPosition,
    objects: u64,
    bytes: u64,
    damaged: u64,
}

/// Scrubs until it is dropped.
pub(crate) async fn run(context: &Context) -> Infallible {
    let Some(bytes_per_second) = NonZeroU64::new(context.config.scrub_bytes_per_second) else {
        return std::future::pending().await;
    };
    let mut scrubber = Scrubber {
        context,
        pace: Pace::new(bytes_per_second),
        holder: crate::http::answer_ids::AnswerIds::random().request_id,
        saved_at: Instant::now(),
    };
    loop {
        if let Err(error) = scrubber.work().await {
            tracing::warn!(%error, "scrubbing stopped; it goes on later");
        }
        tokio::time::sleep(LOOK).await;
    }
}

struct Scrubber<'a> {
    context: &'a Context,
    pace: Pace,
    holder: String,
    saved_at: Instant,
}

impl Scrubber<'_> {
    /// Ends the pass under way or begins one, if it is time and nobody else is at it.
    async fn work(&mut self) -> Result<(), IntegrityError> {
        if !self.has_lease().await? {
            return Ok(());
        }
        let Some(mut pass) = self.due().await? else {
            return Ok(());
        };
        while self.page(&mut pass).await? {
            if self.saved_at.elapsed() >= SAVE {
                self.save(&pass).await?;
                if !self.has_lease().await? {
                    return Ok(());
                }
            }
        }
        pass.is_finished = true;
        let started_at = OffsetDateTime::from_unix_timestamp(pass.started_at);
        if let Ok(started_at) = started_at {
            self.context.store.forget_findings(started_at).await?;
        }
        self.save(&pass).await?;
        tracing::info!(
            objects = pass.objects,
            bytes = pass.bytes,
            damaged = pass.damaged,
            "all stored bytes have been verified"
        );
        Ok(())
    }

    async fn has_lease(&self) -> Result<bool, IntegrityError> {
        let now = self.context.clock.now();
        let until = now + LEASE;
        let taken = self
            .context
            .store
            .take_lease(SCRUB, &self.holder, now, until)
            .await?;
        Ok(taken)
    }

    /// The pass that is to be worked on now.
    async fn due(&self) -> Result<Option<Pass>, IntegrityError> {
        let now = self.context.clock.now();
        let saved = self.context.store.setting(SCRUB).await?;
        let pass: Pass = saved
            .and_then(|text| serde_json::from_slice(&text).ok())
            .unwrap_or(Pass {
                is_finished: true,
                ..Pass::default()
            });
        if !pass.is_finished {
            return Ok(Some(pass));
        }
        let is_due = now.unix_timestamp() >= pass.started_at.saturating_add(PASS.whole_seconds());
        Ok(is_due.then(|| Pass {
            started_at: now.unix_timestamp(),
            ..Pass::default()
        }))
    }

    async fn save(&mut self, pass: &Pass) -> Result<(), IntegrityError> {
        self.saved_at = Instant::now();
        if let Ok(text) = serde_json::to_vec(pass) {
            self.context.store.put_setting(SCRUB, text).await?;
        }
        Ok(())
    }

    /// Verifies one page; `false` at the end of the walk.
    async fn page(&mut self, pass: &mut Pass) -> Result<bool, IntegrityError> {
        let store = &self.context.store;
        let page = store
            .stored_bytes(&pass.position, InlineBytes::Read, PAGE)
            .await?;
        for promised in &page {
            self.pace.spend(OBJECT_BYTES).await;
            let rate = &mut self.pace;
            let read = async |bytes| rate.spend(bytes).await;
            let damage = verify(&self.context.blobs, promised, read).await?;
            if let Some(damage) = damage
                && still_promised(store, promised).await?
            {
                pass.damaged += u64::from(damage.is_loss());
                self.note(promised, &damage).await?;
            }
            pass.objects += 1;
            pass.bytes += promised.size_bytes;
            pass.position = promised.position.clone();
        }
        Ok(!page.is_empty())
    }

    async fn note(&self, promised: &StoredBytes, damage: &Damage) -> Result<(), IntegrityError> {
        let place = place(&promised.body);
        tracing::error!(
            bucket = promised.bucket,
            key = promised.key,
            version_id = promised.version_id,
            place,
            %damage,
            "a stored object is damaged"
        );
        let finding = FindingRow {
            place,
            bucket: promised.bucket.clone(),
            key: promised.key.clone(),
            version_id: promised.version_id.clone(),
            problem: damage.to_string(),
            found_at: self.context.clock.now(),
        };
        Ok(self.context.store.note_finding(finding).await?)
    }
}
