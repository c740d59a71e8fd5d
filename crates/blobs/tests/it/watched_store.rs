//! A remote store in memory that is watched, and that fails as it is told.

use std::{
    fmt,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
};

use async_trait::async_trait;
use futures_util::{StreamExt as _, stream, stream::BoxStream};
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, GetResultPayload, ListResult, MultipartId,
    MultipartUpload, ObjectMeta, ObjectStore, PutMode, PutMultipartOptions, PutOptions, PutPayload,
    PutResult, Result,
    memory::InMemory,
    multipart::{MultipartStore, PartId},
    path::Path,
};
use tokio::{sync::watch, task::yield_now};

/// What it does wrong, and what was asked of it.
#[derive(Debug, Default)]
pub(crate) struct WatchedStore {
    inner: InMemory,
    /// Bodies that break off after their first bytes.
    pub(crate) bodies_to_break: AtomicUsize,
    /// Whether those end instead, as if all had been sent.
    pub(crate) ends_bodies: AtomicBool,
    /// Whether parts and whole objects are refused.
    pub(crate) refuses_bodies: AtomicBool,
    /// Whether whole objects are stored and nothing is ever answered.
    pub(crate) is_silent: AtomicBool,
    /// Whether names that are taken are given away again.
    pub(crate) forgets_conditions: AtomicBool,
    /// Whether nothing is found, as where there is no bucket.
    pub(crate) is_gone: AtomicBool,
    /// Whether uploads are completed, and it is said that they are not.
    pub(crate) loses_answers: AtomicBool,
    /// Whether uploads are not completed.
    pub(crate) refuses_completions: AtomicBool,
    /// Whether an upload that was aborted can be completed.
    pub(crate) forgets_abortions: AtomicBool,
    /// Whether listings and reads miss the last object.
    pub(crate) lists_late: AtomicBool,
    pub(crate) whole_puts: AtomicUsize,
    parts_under_way: AtomicUsize,
    /// Most parts that were under way at once.
    pub(crate) parts_at_once: AtomicUsize,
    pub(crate) part_lengths: std::sync::Mutex<Vec<usize>>,
    pub(crate) unanswered: watch::Sender<usize>,
    pub(crate) aborted: watch::Sender<usize>,
}

impl fmt::Display for WatchedStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("watched")
    }
}

fn unavailable() -> Error {
    Error::Generic {
        store: "watched",
        source: "as ordered".into(),
    }
}

/// A stream that yields little and breaks off.
fn broken(whole: GetResult, ends: bool) -> GetResult {
    let (meta, range) = (whole.meta.clone(), whole.range.clone());
    let attributes = whole.attributes.clone();
    let extensions = whole.extensions.clone();
    let pieces = whole.into_stream().take(1).map(|piece| {
        let piece = piece?;
        Ok(piece.slice(..piece.len() / 2))
    });
    let end = stream::iter((!ends).then(|| Err(unavailable())));
    let pieces = pieces.chain(end);
    GetResult {
        payload: GetResultPayload::Stream(pieces.boxed()),
        meta,
        range,
        attributes,
        extensions,
    }
}

#[async_trait]
impl ObjectStore for WatchedStore {
    async fn put_opts(
        &self,
        location: &Path,
        payload: PutPayload,
        mut options: PutOptions,
    ) -> Result<PutResult> {
        let is_blob = location.as_ref().contains("/blobs/");
        self.whole_puts.fetch_add(usize::from(is_blob), SeqCst);
        if is_blob && self.refuses_bodies.load(SeqCst) {
            return Err(unavailable());
        }
        if self.forgets_conditions.load(SeqCst) {
            options.mode = PutMode::Overwrite;
        }
        let put = self.inner.put_opts(location, payload, options).await;
        if is_blob && self.is_silent.load(SeqCst) {
            self.unanswered.send_modify(|count| *count += 1);
            std::future::pending::<()>().await;
        }
        put
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.inner.put_multipart_opts(location, options).await
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        if self.is_gone.load(SeqCst) {
            return Err(Error::NotFound {
                path: location.to_string(),
                source: "as ordered".into(),
            });
        }
        let is_body = options.range.is_some();
        let whole = self.inner.get_opts(location, options).await?;
        let breaks = |left: usize| left.checked_sub(1);
        if is_body
            && self
                .bodies_to_break
                .fetch_update(SeqCst, SeqCst, breaks)
                .is_ok()
        {
            return Ok(broken(whole, self.ends_bodies.load(SeqCst)));
        }
        Ok(whole)
    }

    fn delete_stream(
        &self,
        locations: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        self.inner.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        if self.lists_late.load(SeqCst) {
            return stream::empty().boxed();
        }
        self.inner.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.inner.copy_opts(from, to, options).await
    }
}

#[async_trait]
impl MultipartStore for WatchedStore {
    async fn create_multipart(&self, path: &Path) -> Result<MultipartId> {
        self.inner.create_multipart(path).await
    }

    async fn put_part(
        &self,
        path: &Path,
        id: &MultipartId,
        number: usize,
        data: PutPayload,
    ) -> Result<PartId> {
        if self.refuses_bodies.load(SeqCst) {
            return Err(unavailable());
        }
        self.part_lengths
            .lock()
            .unwrap()
            .push(data.content_length());
        let under_way = self.parts_under_way.fetch_add(1, SeqCst) + 1;
        self.parts_at_once.fetch_max(under_way, SeqCst);
        // Others have the time to begin.
        for _ in 0..100 {
            yield_now().await;
        }
        let part = self.inner.put_part(path, id, number, data).await;
        self.parts_under_way.fetch_sub(1, SeqCst);
        part
    }

    async fn complete_multipart(
        &self,
        path: &Path,
        id: &MultipartId,
        parts: Vec<PartId>,
    ) -> Result<PutResult> {
        if self.refuses_completions.load(SeqCst) {
            return Err(unavailable());
        }
        let completed = self.inner.complete_multipart(path, id, parts).await;
        if self.loses_answers.load(SeqCst) {
            return Err(unavailable());
        }
        completed
    }

    async fn abort_multipart(&self, path: &Path, id: &MultipartId) -> Result<()> {
        let aborted = if self.forgets_abortions.load(SeqCst) {
            Ok(())
        } else {
            self.inner.abort_multipart(path, id).await
        };
        self.aborted.send_modify(|count| *count += 1);
        aborted
    }
}
