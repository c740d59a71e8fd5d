//! Multipart uploads that a crash cut off.

use futures_util::TryStreamExt as _;
use time::OffsetDateTime;

use super::{
    failure::{found, unless_absent},
    place::{Place, id_of},
};
use crate::{BlobError, BlobId, Unfinished};

pub(super) async fn list(place: &Place) -> Result<Vec<Unfinished>, BlobError> {
    let mut uploads: Vec<Unfinished> = Vec::new();
    let folder = place.uploads();
    let mut notes = place.list(&folder);
    while let Some(note) = notes.try_next().await? {
        if let Some(id) = id_of(&note, &folder) {
            let begun_at = OffsetDateTime::from_unix_timestamp(note.last_modified.timestamp());
            uploads.push(Unfinished {
                name: id.to_string(),
                size_bytes: None,
                changed_at: begun_at.unwrap_or(OffsetDateTime::UNIX_EPOCH),
            });
        }
    }
    Ok(uploads)
}

/// The parts go first, then the note of them.
pub(super) async fn remove(place: &Place, uploads: Vec<Unfinished>) -> Result<(), BlobError> {
    for upload in uploads {
        let Some(id) = BlobId::parse(&upload.name) else {
            continue;
        };
        let note = place.upload(id);
        let Some(upload_id) = found(place.small(&note).await)? else {
            continue;
        };
        let upload_id = String::from_utf8_lossy(&upload_id).into_owned();
        // Not there: it was completed, or removed by someone else.
        unless_absent(
            place
                .backend
                .abort_multipart(&place.blob(id), &upload_id)
                .await,
        )?;
        place.remove(vec![note]).await?;
    }
    Ok(())
}
