//! What a backup says of itself.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::Failure;
use crate::serve::storage::write_private;

const MANIFEST_FILE: &str = "backup.json";
/// The only form there is yet.
const FORMAT: u32 = 1;

/// The content of `backup.json`.
#[derive(Debug)]
pub(super) struct Manifest {
    pub(super) store_id: String,
    /// Whether the rows are in the backup, as SQLite's file.
    pub(super) has_rows: bool,
    pub(super) blobs: u64,
    pub(super) bytes: u64,
}

#[derive(Serialize, Deserialize)]
struct Document {
    format: u32,
    store_id: String,
    has_rows: bool,
    blobs: u64,
    bytes: u64,
}

impl Manifest {
    pub(super) fn write(self, folder: &Path) -> Result<(), Failure> {
        let document = Document {
            format: FORMAT,
            store_id: self.store_id,
            has_rows: self.has_rows,
            blobs: self.blobs,
            bytes: self.bytes,
        };
        let text = serde_json::to_vec(&document).map_err(Failure::runtime)?;
        write_private(&folder.join(MANIFEST_FILE), &[&text]).map_err(Failure::runtime)
    }

    pub(super) fn read(folder: &Path) -> Result<Self, Failure> {
        let place = folder.display();
        let text = fs::read(folder.join(MANIFEST_FILE)).map_err(|error| {
            Failure::configuration(format!("`{place}` is not a whole backup: {error}"))
        })?;
        let document: Document = serde_json::from_slice(&text)
            .map_err(|error| Failure::configuration(format!("the backup `{place}`: {error}")))?;
        if document.format != FORMAT {
            return Err(Failure::configuration(format!(
                "the backup `{place}` has form {}, this program knows {FORMAT}",
                document.format
            )));
        }
        Ok(Self {
            store_id: document.store_id,
            has_rows: document.has_rows,
            blobs: document.blobs,
            bytes: document.bytes,
        })
    }
}
