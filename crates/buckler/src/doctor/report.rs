//! What the doctor says: lines for people, or one JSON document.

use std::io::{self, Write as _};

use buckler_blobs::Promise;
use buckler_server::{Finding, ScrubProgress, Subject, Summary};
use serde_json::json;

use crate::cli::Format;

/// Writes findings as they come.
#[derive(Debug)]
pub(super) struct Report {
    format: Format,
    is_first: bool,
    kept: Vec<Promise>,
}

impl Report {
    pub(super) const fn new(format: Format) -> Self {
        Self {
            format,
            is_first: true,
            kept: Vec::new(),
        }
    }

    /// A promise of the remote store that was tried and kept.
    pub(super) fn kept(&mut self, promise: Promise) {
        if self.format == Format::Text {
            say(&format!("blob store: {promise}: kept"));
        }
        self.kept.push(promise);
    }

    pub(super) fn finding(&mut self, finding: &Finding) {
        match self.format {
            Format::Text => say(&text(finding)),
            Format::Json => {
                let start = if self.is_first {
                    "{\"findings\":["
                } else {
                    ","
                };
                say(&format!("{start}{}", document(finding)));
            }
        }
        self.is_first = false;
    }

    /// What was seen, and how far the scrubber has come, if it ever began.
    pub(super) fn end(&self, summary: &Summary, scrub: Option<&ScrubProgress>) {
        match self.format {
            Format::Text => {
                if let Some(scrub) = scrub {
                    say(&scrubbed(scrub));
                }
                say(&format!(
                    "{} objects ({} bytes), {} parts of uploads in progress ({} bytes), {} blobs ({} bytes), {} of garbage waiting ({} bytes): \
                 {} findings, {} repaired",
                    summary.objects,
                    summary.object_bytes,
                    summary.upload_parts,
                    summary.upload_bytes,
                    summary.blobs,
                    summary.blob_bytes,
                    summary.garbage_rows,
                    summary.garbage_bytes,
                    summary.findings,
                    summary.repaired,
                ));
            }
            Format::Json => {
                let start = if self.is_first { "{\"findings\":[" } else { "" };
                let summary = json!({
                    "objects": summary.objects,
                    "object_bytes": summary.object_bytes,
                    "upload_parts": summary.upload_parts,
                    "upload_bytes": summary.upload_bytes,
                    "blobs": summary.blobs,
                    "blob_bytes": summary.blob_bytes,
                    "garbage_rows": summary.garbage_rows,
                    "garbage_bytes": summary.garbage_bytes,
                    "findings": summary.findings,
                    "repaired": summary.repaired,
                });
                let scrub = scrub.map_or(serde_json::Value::Null, scrub_document);
                let kept: Vec<_> = self.kept.iter().map(|promise| promise.name()).collect();
                let kept = json!(kept);
                say(&format!(
                    "{start}],\"promises_kept\":{kept},\"scrub\":{scrub},\"summary\":{summary}}}"
                ));
            }
        }
    }
}

fn text(finding: &Finding) -> String {
    let repaired = if finding.is_repaired {
        "; repaired"
    } else {
        ""
    };
    let Finding {
        kind,
        subject,
        description,
        ..
    } = finding;
    format!("{kind}: {subject}: {description}{repaired}")
}

fn scrubbed(scrub: &ScrubProgress) -> String {
    let state = if scrub.is_finished() {
        "all of them"
    } else {
        "so far"
    };
    format!(
        "the scrubber's pass of {}: {} objects ({} bytes) verified, {state}; {} damaged",
        scrub.started_at(),
        scrub.objects(),
        scrub.bytes(),
        scrub.damaged(),
    )
}

fn scrub_document(scrub: &ScrubProgress) -> serde_json::Value {
    json!({
        "started_at": scrub.started_at().unix_timestamp(),
        "finished": scrub.is_finished(),
        "objects": scrub.objects(),
        "bytes": scrub.bytes(),
        "damaged": scrub.damaged(),
    })
}

fn document(finding: &Finding) -> serde_json::Value {
    let subject = match &finding.subject {
        Subject::Object {
            bucket,
            key,
            version_id,
            place,
        } => json!({
            "bucket": bucket, "key": key, "version_id": version_id, "place": place,
        }),
        Subject::UploadPart {
            bucket,
            key,
            upload_id,
            part_number,
            place,
        } => json!({
            "bucket": bucket, "key": key, "upload_id": upload_id, "part_number": part_number, "place": place,
        }),
        Subject::Blob(id) => json!({ "blob": id }),
        Subject::Unfinished(name) => json!({ "unfinished": name }),
        Subject::Promise(name) => json!({ "promise": name }),
    };
    json!({
        "kind": finding.kind,
        "subject": subject,
        "description": finding.description,
        "repaired": finding.is_repaired,
    })
}

/// A reader that has gone away is no reason to stop: a repair is to end.
fn say(line: &str) {
    let _ = writeln!(io::stdout().lock(), "{line}");
}
