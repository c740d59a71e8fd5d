//! Bytes in memory: what HTTP alone costs.

use std::{collections::HashMap, sync::RwLock};

use axum::body::Body;
use bytes::Bytes;
use http_body_util::BodyExt as _;

use crate::serve::Found;

#[derive(Default)]
pub(crate) struct Memory(RwLock<HashMap<String, Bytes>>);

impl Memory {
    pub(crate) async fn put(&self, path: String, body: Body) {
        let bytes = body.collect().await.unwrap().to_bytes();
        self.0.write().unwrap().insert(path, bytes);
    }

    pub(crate) fn get(&self, path: &str) -> Option<Found> {
        let bytes = self.0.read().unwrap().get(path)?.clone();
        Some(Found {
            size_bytes: bytes.len() as u64,
            body: Body::from(bytes),
        })
    }

    pub(crate) fn delete(&self, path: &str) {
        self.0.write().unwrap().remove(path);
    }
}
