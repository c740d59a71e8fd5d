//! What is built on a backend, tried out.

use std::fmt;

use futures_util::TryStreamExt as _;
use object_store::{Error, path::Path};

use super::{
    PART_BYTES, RemoteFailure,
    failure::found,
    place::{Place, payload, remove},
};
use crate::{BlobError, BlobId};

/// What a backend must do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Promise {
    /// A name that is taken cannot be taken again: two stores cannot both claim a prefix.
    ConditionalPut,
    /// What was acknowledged is read at once.
    ReadAfterWrite,
    /// What was acknowledged is listed at once.
    ListAfterWrite,
    /// Listings are in the order of names.
    ListInOrder,
    /// A range is answered with its bytes and no others.
    RangeRead,
    /// Parts become one object, in their order.
    Multipart,
    /// Parts of an upload that was aborted do not become an object.
    AbortedMultipart,
    /// What was removed is not found any more, and removing it again is no error.
    DeleteThenNotFound,
}

impl Promise {
    const ALL: [Self; 8] = [
        Self::ConditionalPut,
        Self::ReadAfterWrite,
        Self::ListAfterWrite,
        Self::ListInOrder,
        Self::RangeRead,
        Self::Multipart,
        Self::AbortedMultipart,
        Self::DeleteThenNotFound,
    ];

    /// Its name, for people and programs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ConditionalPut => "conditional-put",
            Self::ReadAfterWrite => "read-after-write",
            Self::ListAfterWrite => "list-after-write",
            Self::ListInOrder => "list-in-order",
            Self::RangeRead => "range-read",
            Self::Multipart => "multipart",
            Self::AbortedMultipart => "aborted-multipart",
            Self::DeleteThenNotFound => "delete-then-not-found",
        }
    }
}

impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How a trial went.
#[derive(Debug)]
pub enum Verdict {
    /// As promised.
    Kept,
    /// Otherwise; the text says how.
    Broken(&'static str),
    /// The backend refused the request.
    Failed(RemoteFailure),
}

type Trial = Result<Verdict, Error>;

/// Tries all promises below `trials/`, and removes what it made.
pub(super) async fn check(place: &Place) -> Vec<(Promise, Verdict)> {
    let mut verdicts = Vec::new();
    for promise in Promise::ALL {
        let Ok(id) = BlobId::random() else {
            return verdicts;
        };
        let folder = place.trials().join(id.to_string());
        let tried = try_out(place, promise, &folder).await;
        verdicts.push((promise, tried.unwrap_or_else(failed)));
        tidy_up(place, &folder).await;
    }
    verdicts
}

fn failed(error: Error) -> Verdict {
    match BlobError::from(error) {
        BlobError::Remote(failure) => Verdict::Failed(failure),
        _ => Verdict::Broken("it failed"),
    }
}

async fn try_out(place: &Place, promise: Promise, folder: &Path) -> Trial {
    match promise {
        Promise::ConditionalPut => conditional_put(place, &folder.clone().join("taken")).await,
        Promise::ReadAfterWrite => read_after_write(place, &folder.clone().join("read")).await,
        Promise::ListAfterWrite => list_after_write(place, folder).await,
        Promise::ListInOrder => list_in_order(place, folder).await,
        Promise::RangeRead => range_read(place, &folder.clone().join("range")).await,
        Promise::Multipart => multipart(place, &folder.clone().join("parts")).await,
        Promise::AbortedMultipart => aborted(place, &folder.clone().join("aborted")).await,
        Promise::DeleteThenNotFound => delete(place, &folder.clone().join("removed")).await,
    }
}

fn kept_if(is_kept: bool, otherwise: &'static str) -> Verdict {
    if is_kept {
        Verdict::Kept
    } else {
        Verdict::Broken(otherwise)
    }
}

async fn conditional_put(place: &Place, path: &Path) -> Trial {
    place.create(path, payload("first")).await?;
    match place.create(path, payload("second")).await {
        Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => {}
        Ok(_) => {
            return Ok(Verdict::Broken(
                "a name that was taken was given away again",
            ));
        }
        Err(error) => return Err(error),
    }
    let there = place.small(path).await?;
    Ok(kept_if(
        there == b"first",
        "what was refused replaced what was there",
    ))
}

async fn read_after_write(place: &Place, path: &Path) -> Trial {
    for text in ["first", "second"] {
        place.put(path, payload(text)).await?;
        let there = found(place.small(path).await)?;
        if there.as_deref() != Some(text.as_bytes()) {
            return Ok(Verdict::Broken("what had just been written was not read"));
        }
    }
    Ok(Verdict::Kept)
}

async fn list_after_write(place: &Place, folder: &Path) -> Trial {
    let path = folder.clone().join("listed");
    place.put(&path, payload("listed")).await?;
    let listed: Vec<_> = place.list(folder).try_collect().await?;
    let is_listed = listed
        .iter()
        .any(|meta| meta.location == path && meta.size == 6);
    Ok(kept_if(
        is_listed,
        "what had just been written was not listed",
    ))
}

async fn list_in_order(place: &Place, folder: &Path) -> Trial {
    for name in ["c", "a", "e", "b", "d"] {
        place.put(&folder.clone().join(name), payload(name)).await?;
    }
    let listed: Vec<_> = place.list(folder).try_collect().await?;
    let names: Vec<_> = listed
        .iter()
        .filter_map(|meta| meta.location.filename())
        .collect();
    Ok(kept_if(
        names == ["a", "b", "c", "d", "e"],
        "a listing was not complete and in the order of names",
    ))
}

async fn range_read(place: &Place, path: &Path) -> Trial {
    place.put(path, payload("0123456789")).await?;
    let middle = place.get(path, 3..7).await?;
    let size = middle.meta.size;
    let bytes = middle.bytes().await?;
    Ok(kept_if(
        bytes == "3456" && size == 10,
        "a range was answered with other bytes, or another length of the whole",
    ))
}

async fn multipart(place: &Place, path: &Path) -> Trial {
    let upload = place.backend.create_multipart(path).await?;
    let (long, short) = (vec![b'1'; PART_BYTES], b"2".to_vec());
    // The later part first: its number counts, not its time.
    let second = place.backend.put_part(path, &upload, 1, short.into());
    let second = second.await?;
    let first = place
        .backend
        .put_part(path, &upload, 0, long.into())
        .await?;
    if found(place.head_of(path).await)?.is_some() {
        return Ok(Verdict::Broken(
            "an upload was visible before it was completed",
        ));
    }
    let parts = vec![first, second];
    place
        .backend
        .complete_multipart(path, &upload, parts)
        .await?;
    let length = PART_BYTES as u64;
    let end = place.get(path, length - 1..length + 1).await?;
    let size = end.meta.size;
    let bytes = end.bytes().await?;
    Ok(kept_if(
        bytes == "12" && size == length + 1,
        "the parts did not become one object in their order",
    ))
}

async fn aborted(place: &Place, path: &Path) -> Trial {
    let upload = place.backend.create_multipart(path).await?;
    let part = place.backend.put_part(path, &upload, 0, payload("part"));
    let part = part.await?;
    place.backend.abort_multipart(path, &upload).await?;
    // Azure knows no uploads: its blocks go by themselves after a week without being listed as a blob's.
    if !upload.is_empty() {
        let completed = place.backend.complete_multipart(path, &upload, vec![part]);
        if completed.await.is_ok() {
            return Ok(Verdict::Broken(
                "an upload that had been aborted could be completed",
            ));
        }
    }
    Ok(kept_if(
        found(place.head_of(path).await)?.is_none(),
        "an upload that had been aborted became an object",
    ))
}

async fn delete(place: &Place, path: &Path) -> Trial {
    place.put(path, payload("removed")).await?;
    for _ in 0..2 {
        if let Err(BlobError::Remote(failure)) = place.remove(vec![path.clone()]).await {
            return Ok(Verdict::Failed(failure));
        }
        if found(place.head_of(path).await)?.is_some() {
            return Ok(Verdict::Broken("what had been removed was still found"));
        }
    }
    Ok(Verdict::Kept)
}

/// What cannot be removed now is small and harmless.
async fn tidy_up(place: &Place, folder: &Path) {
    if let Ok(left) = place.list(folder).try_collect::<Vec<_>>().await {
        let paths = left.into_iter().map(|meta| meta.location).collect();
        _ = remove(&*place.backend, paths).await;
    }
}
