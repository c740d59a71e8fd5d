//! A file for each object: written, synced, renamed into place, its folder synced; read in large pieces.

use std::{
    fs::{self, File},
    hash::{DefaultHasher, Hash as _, Hasher as _},
    io::Write as _,
    os::unix::fs::FileExt as _,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;
use http_body_util::BodyExt as _;
use tokio::task::spawn_blocking;

use crate::serve::Found;

/// Bytes read or written at once.
const PIECE_BYTES: usize = 1 << 20;
/// Folders that share the objects.
const FOLDERS: u64 = 256;

pub(crate) struct Files {
    folder: PathBuf,
    next: AtomicU64,
}

impl Files {
    pub(crate) fn new(folder: &Path) -> Self {
        for number in 0..FOLDERS {
            fs::create_dir_all(folder.join(format!("{number:02x}"))).unwrap();
        }
        Self {
            folder: folder.to_owned(),
            next: AtomicU64::new(0),
        }
    }

    fn place(&self, path: &str) -> (PathBuf, PathBuf) {
        let mut hasher = DefaultHasher::new();
        path.hash(&mut hasher);
        let folder = self
            .folder
            .join(format!("{:02x}", hasher.finish() % FOLDERS));
        let file = folder.join(path.replace('/', "_"));
        (folder, file)
    }

    pub(crate) async fn put(&self, path: &str, mut body: Body) {
        let (folder, place) = self.place(path);
        let temporary = folder.join(format!("new-{}", self.next.fetch_add(1, Ordering::Relaxed)));
        let mut file: Option<File> = None;
        let mut piece: Vec<Bytes> = Vec::new();
        let mut piece_bytes = 0;
        while let Some(frame) = body.frame().await {
            let Ok(bytes) = frame.unwrap().into_data() else {
                continue;
            };
            piece_bytes += bytes.len();
            piece.push(bytes);
            if piece_bytes >= PIECE_BYTES {
                let (full, begun, name) =
                    (std::mem::take(&mut piece), file.take(), temporary.clone());
                piece_bytes = 0;
                file = Some(
                    spawn_blocking(move || append(begun, &name, &full))
                        .await
                        .unwrap(),
                );
            }
        }
        let publish = move || {
            append(file, &temporary, &piece).sync_data().unwrap();
            #[expect(clippy::disallowed_methods, reason = "the folder is synced here")]
            fs::rename(&temporary, &place).unwrap();
            File::open(&folder).unwrap().sync_all().unwrap();
        };
        spawn_blocking(publish).await.unwrap();
    }

    pub(crate) fn get(&self, path: &str, wants_body: bool) -> Option<Found> {
        let (_, place) = self.place(path);
        let file = File::open(place).ok()?;
        let size_bytes = file.metadata().unwrap().len();
        if !wants_body {
            return Some(Found {
                size_bytes,
                body: Body::empty(),
            });
        }
        if size_bytes <= PIECE_BYTES as u64 {
            return Some(Found {
                size_bytes,
                body: Body::from(piece(&file, 0, size_bytes)),
            });
        }
        let pieces = stream::unfold((Arc::new(file), 0), move |(file, offset)| async move {
            let left = size_bytes - offset;
            if left == 0 {
                return None;
            }
            let length = left.min(PIECE_BYTES as u64);
            let reading = Arc::clone(&file);
            let read = spawn_blocking(move || piece(&reading, offset, length))
                .await
                .unwrap();
            Some((Ok::<_, std::io::Error>(read), (file, offset + length)))
        });
        Some(Found {
            size_bytes,
            body: Body::from_stream(pieces),
        })
    }

    pub(crate) async fn delete(&self, path: &str) {
        let (folder, place) = self.place(path);
        let remove = move || {
            // It may have been deleted before.
            _ = fs::remove_file(place);
            File::open(&folder).unwrap().sync_all().unwrap();
        };
        spawn_blocking(remove).await.unwrap();
    }
}

fn append(file: Option<File>, name: &Path, pieces: &[Bytes]) -> File {
    let mut file = file.unwrap_or_else(|| File::create_new(name).unwrap());
    for bytes in pieces {
        file.write_all(bytes).unwrap();
    }
    file
}

fn piece(file: &File, offset: u64, length: u64) -> Bytes {
    let mut bytes = vec![0; usize::try_from(length).unwrap()];
    file.read_exact_at(&mut bytes, offset).unwrap();
    Bytes::from(bytes)
}
