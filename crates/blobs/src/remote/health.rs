//! Whether the backend answers, for whoever watches the server.

use std::time::Duration;

use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

use super::place::{Place, payload};
use crate::{BlobError, BlobId};

/// How long an answer counts. The question may be asked often and by anybody.
const GLANCE_COUNTS: Duration = Duration::from_secs(5);
/// How long the backend has for an answer, with its tries.
const PATIENCE: Duration = Duration::from_secs(4);

/// When the backend last answered.
#[derive(Debug, Default)]
pub(super) struct Glance(Mutex<Option<Instant>>);

/// The lock is held while one caller asks; the others want the same answer.
pub(super) async fn glance(place: &Place) -> Result<(), BlobError> {
    let mut answered = place.glance.0.lock().await;
    if answered.is_some_and(|at| at.elapsed() < GLANCE_COUNTS) {
        return Ok(());
    }
    *answered = None;
    within_patience(async { Ok(place.head_of(&place.note()).await.map(drop)?) }).await?;
    *answered = Some(Instant::now());
    Ok(())
}

pub(super) async fn try_write(place: &Place) -> Result<(), BlobError> {
    let path = place.trials().join(BlobId::random()?.to_string());
    within_patience(async {
        let written = place.put(&path, payload("trial")).await;
        let removed = place.remove(vec![path.clone()]).await;
        written?;
        removed
    })
    .await
}

/// Asks something small, which has a few seconds for its answer.
pub(super) async fn within_patience<T>(
    work: impl Future<Output = Result<T, BlobError>>,
) -> Result<T, BlobError> {
    timeout(PATIENCE, work)
        .await
        .unwrap_or(Err(BlobError::Silent))
}
