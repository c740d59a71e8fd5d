//! How far the scrubber has come: written down every few seconds, so that a pass goes on where an earlier process left it,
//! and so that anybody can look.

use buckler_metadata::{BytesPosition, Store, StoreError};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// The setting that holds it.
const SETTING: &str = "scrub";

/// The pass over all stored bytes that is under way, or the last one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScrubProgress {
    /// Seconds since 1970.
    started_at: i64,
    is_finished: bool,
    pub(super) position: BytesPosition,
    objects: u64,
    bytes: u64,
    damaged: u64,
}

impl ScrubProgress {
    /// A pass that begins now.
    pub(super) fn begin(now: OffsetDateTime) -> Self {
        Self {
            started_at: now.unix_timestamp(),
            is_finished: false,
            position: BytesPosition::default(),
            objects: 0,
            bytes: 0,
            damaged: 0,
        }
    }

    /// What was written down last; `None` before the first pass.
    ///
    /// # Errors
    ///
    /// Those of the store.
    pub async fn load(store: &Store) -> Result<Option<Self>, StoreError> {
        let saved = store.setting(SETTING).await?;
        // What cannot be read was written by another version: there is a new pass then, and nothing is lost.
        Ok(saved.and_then(|text| serde_json::from_slice(&text).ok()))
    }

    pub(super) async fn save(&self, store: &Store) -> Result<(), StoreError> {
        match serde_json::to_vec(self) {
            Ok(text) => store.put_setting(SETTING, text).await,
            Err(error) => Err(StoreError::Corrupt(error.to_string())),
        }
    }

    /// One more object, or part of one, has been verified.
    pub(super) fn passed(&mut self, bytes: u64, position: BytesPosition) {
        self.objects += 1;
        self.bytes += bytes;
        self.position = position;
    }

    pub(super) fn found_damage(&mut self) {
        self.damaged += 1;
    }

    pub(super) fn finish(&mut self) {
        self.is_finished = true;
    }

    /// When the pass began.
    pub fn started_at(&self) -> OffsetDateTime {
        let started_at = OffsetDateTime::from_unix_timestamp(self.started_at);
        started_at.unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// Whether it is over.
    pub const fn is_finished(&self) -> bool {
        self.is_finished
    }

    /// Objects verified so far, those of parts counted part by part, and parts of uploads in progress.
    pub const fn objects(&self) -> u64 {
        self.objects
    }

    /// Bytes verified so far.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How many of the objects are damaged.
    pub const fn damaged(&self) -> u64 {
        self.damaged
    }
}
