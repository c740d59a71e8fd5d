//! Reads all stored bytes, slowly, and compares them with their checksums. What is damaged is logged and noted.
//!
//! A pass goes on where an earlier process left it. Of several gateways one scrubs at a time.

use std::convert::Infallible;
use std::num::NonZeroU64;
use std::time::Duration;

use buckler_metadata::{FindingRow, InlineBytes, StoredBytes};
use tokio::time::Instant;

use super::pace::Pace;
use super::scrub_progress::ScrubProgress;
use crate::context::Context;
use crate::integrity::{Damage, IntegrityError, place, still_promised, verify};

/// The lease's name.
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

/// Scrubs until it is dropped.
pub(crate) async fn run(context: &Context) -> Infallible {
    let Some(bytes_per_second) = NonZeroU64::new(context.config.scrub_bytes_per_second) else {
        return std::future::pending().await;
    };
    let mut scrubber = Scrubber::new(context, bytes_per_second);
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

impl<'a> Scrubber<'a> {
    fn new(context: &'a Context, bytes_per_second: NonZeroU64) -> Self {
        Self {
            context,
            pace: Pace::new(bytes_per_second),
            holder: crate::http::answer_ids::AnswerIds::random().request_id,
            saved_at: Instant::now(),
        }
    }

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
        pass.finish();
        self.context
            .store
            .forget_findings(pass.started_at())
            .await?;
        self.save(&pass).await?;
        tracing::info!(
            objects = pass.objects(),
            bytes = pass.bytes(),
            damaged = pass.damaged(),
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
    async fn due(&self) -> Result<Option<ScrubProgress>, IntegrityError> {
        let now = self.context.clock.now();
        match ScrubProgress::load(&self.context.store).await? {
            Some(last) if !last.is_finished() => Ok(Some(last)),
            Some(last) if now < last.started_at() + PASS => Ok(None),
            _ => Ok(Some(ScrubProgress::begin(now))),
        }
    }

    async fn save(&mut self, pass: &ScrubProgress) -> Result<(), IntegrityError> {
        self.saved_at = Instant::now();
        Ok(pass.save(&self.context.store).await?)
    }

    /// Verifies one page; `false` at the end of the walk.
    async fn page(&mut self, pass: &mut ScrubProgress) -> Result<bool, IntegrityError> {
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
                if damage.is_loss() {
                    pass.found_damage();
                }
                self.note(promised, &damage).await?;
            }
            pass.passed(promised.size_bytes, promised.position.clone());
        }
        Ok(!page.is_empty())
    }

    async fn note(&self, promised: &StoredBytes, damage: &Damage) -> Result<(), IntegrityError> {
        let place = place(&promised.body);
        tracing::error!(
            bucket = promised.bucket,
            key = promised.key,
            held_by = ?promised.holder,
            place,
            %damage,
            "a stored object is damaged"
        );
        let finding = FindingRow {
            place,
            bucket: promised.bucket.clone(),
            key: promised.key.clone(),
            holder: promised.holder.clone(),
            problem: damage.to_string(),
            found_at: self.context.clock.now(),
        };
        Ok(self.context.store.note_finding(finding).await?)
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU64;

    use buckler_metadata::BytesHolder;

    use super::*;
    use crate::workers::fixtures::World;

    /// No test waits.
    const RATE: NonZeroU64 = NonZeroU64::MAX;

    async fn progress(world: &World) -> ScrubProgress {
        let saved = ScrubProgress::load(&world.context.store).await.unwrap();
        saved.unwrap()
    }

    #[tokio::test]
    async fn pass_goes_on_where_an_earlier_process_left_it() {
        let world = World::new().await;
        for index in 0..=(2 * PAGE) {
            world.put_inline(&format!("{index:03}")).await;
        }
        let mut first = Scrubber::new(&world.context, RATE);
        let mut pass = first.due().await.unwrap().unwrap();
        assert!(first.page(&mut pass).await.unwrap());
        first.save(&pass).await.unwrap();
        // What the process has done since it last wrote the state down is done again.
        assert!(first.page(&mut pass).await.unwrap());
        assert_eq!(progress(&world).await.objects(), u64::from(PAGE));

        let mut second = Scrubber::new(&world.context, RATE);
        assert_eq!(second.due().await.unwrap(), Some(progress(&world).await));
        second.work().await.unwrap();
        let finished = progress(&world).await;
        assert!(finished.is_finished());
        assert_eq!(finished.objects(), u64::from(2 * PAGE + 1));
        assert_eq!(finished.damaged(), 0);
    }

    #[tokio::test]
    async fn next_pass_begins_when_it_is_time() {
        let world = World::new().await;
        let mut scrubber = Scrubber::new(&world.context, RATE);
        scrubber.work().await.unwrap();
        assert_eq!(progress(&world).await.objects(), 0);
        world.put_inline("a").await;
        world.clock.advance_seconds(PASS.whole_seconds() - 1);
        scrubber.work().await.unwrap();
        assert_eq!(progress(&world).await.objects(), 0);
        world.clock.advance_seconds(1);
        scrubber.work().await.unwrap();
        assert_eq!(progress(&world).await.objects(), 1);
    }

    #[tokio::test]
    async fn one_of_several_gateways_scrubs() {
        let world = World::new().await;
        let mut first = Scrubber::new(&world.context, RATE);
        let mut second = Scrubber::new(&world.context, RATE);
        assert!(first.has_lease().await.unwrap());
        second.work().await.unwrap();
        assert_eq!(
            ScrubProgress::load(&world.context.store).await.unwrap(),
            None
        );
        // The first is gone.
        world.clock.advance_seconds(LEASE.whole_seconds());
        second.work().await.unwrap();
        assert!(progress(&world).await.is_finished());
        first.work().await.unwrap();
    }

    #[tokio::test]
    async fn damage_is_noted_also_in_parts_of_uploads_and_forgotten_when_it_is_gone() {
        let world = World::new().await;
        let (object, part, sound) = (world.blob().await, world.blob().await, world.blob().await);
        world.put("object", &object).await;
        world.put("sound", &sound).await;
        world.put_part("upload", &part).await;
        std::fs::write(world.path(object.id()), b"The bytes of a blob").unwrap();
        std::fs::remove_file(world.path(part.id())).unwrap();

        let mut scrubber = Scrubber::new(&world.context, RATE);
        scrubber.work().await.unwrap();
        assert_eq!(progress(&world).await.damaged(), 2);
        assert_eq!(progress(&world).await.objects(), 3);
        let mut findings = world.context.store.findings("", 10).await.unwrap();
        findings.sort_by(|a, b| a.key.cmp(&b.key));
        let [first, second] = findings.try_into().unwrap();
        assert_eq!(first.key, "object");
        assert_eq!(first.holder, BytesHolder::Version("null".to_owned()));
        assert_eq!(second.key, "upload");
        assert!(
            matches!(second.holder, BytesHolder::UploadPart(_, 3)),
            "{second:?}"
        );

        std::fs::write(world.path(object.id()), b"the bytes of a blob").unwrap();
        world.clock.advance_seconds(PASS.whole_seconds());
        scrubber.work().await.unwrap();
        let findings = world.context.store.findings("", 10).await.unwrap();
        let keys: Vec<_> = findings.iter().map(|row| row.key.as_str()).collect();
        assert_eq!(keys, ["upload"]);
    }
}
