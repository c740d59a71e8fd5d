//! One handler in front of whatever keeps the bytes.

use std::{path::Path, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    response::{IntoResponse as _, Response},
    serve::ListenerExt as _,
};
use http::{Method, StatusCode, header};
use tokio::net::TcpListener;

use crate::{files::Files, memory::Memory, rows::Rows};

/// Where bytes are kept.
pub(crate) enum Kept {
    Memory(Memory),
    Files(Files),
    Rows(Rows),
}

/// What a GET reads.
pub(crate) struct Found {
    pub(crate) size_bytes: u64,
    pub(crate) body: Body,
}

pub(crate) fn run(kind: &str, folder: &Path) {
    let kept = match kind {
        "memory" => Kept::Memory(Memory::default()),
        "files" => Kept::Files(Files::new(folder)),
        "sqlite" => Kept::Rows(Rows::open(folder)),
        other => panic!("`{other}` is none of memory, files, sqlite"),
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("listening on http://{}", listener.local_addr().unwrap());
        let listener = listener.tap_io(|stream| stream.set_nodelay(true).unwrap());
        let router = Router::new().fallback(handle).with_state(Arc::new(kept));
        axum::serve(listener, router).await.unwrap();
    });
}

async fn handle(State(kept): State<Arc<Kept>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    // A bucket.
    if path.matches('/').count() < 2 {
        return StatusCode::OK.into_response();
    }
    match *request.method() {
        Method::PUT => {
            match &*kept {
                Kept::Memory(memory) => memory.put(path, request.into_body()).await,
                Kept::Files(files) => files.put(&path, request.into_body()).await,
                Kept::Rows(rows) => rows.put(path, request.into_body()).await,
            }
            StatusCode::OK.into_response()
        }
        Method::GET | Method::HEAD => {
            let wants_body = *request.method() == Method::GET;
            let found = match &*kept {
                Kept::Memory(memory) => memory.get(&path),
                Kept::Files(files) => files.get(&path, wants_body),
                Kept::Rows(rows) => rows.get(&path),
            };
            match found {
                Some(found) => {
                    ([(header::CONTENT_LENGTH, found.size_bytes)], found.body).into_response()
                }
                None => StatusCode::NOT_FOUND.into_response(),
            }
        }
        Method::DELETE => {
            match &*kept {
                Kept::Memory(memory) => memory.delete(&path),
                Kept::Files(files) => files.delete(&path).await,
                Kept::Rows(rows) => rows.delete(path).await,
            }
            StatusCode::NO_CONTENT.into_response()
        }
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}
