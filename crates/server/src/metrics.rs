//! What a monitoring system is told, in the text form of OpenMetrics, on a listener of its own: how the scrubber gets on,
//! what is damaged, and what waits to be removed. Nothing here is counted by requests.

use std::io;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use buckler_metadata::{Store, StoreError};
use http::{StatusCode, header};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};
use tokio::net::TcpListener;

use crate::context::Context;
use crate::workers::ScrubProgress;

const PATH: &str = "/metrics";
const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Serves until it is dropped.
///
/// # Errors
///
/// Those of the listener that end it.
pub(crate) async fn serve(context: Arc<Context>, listener: TcpListener) -> io::Result<()> {
    let router = Router::new().route(PATH, get(metrics)).with_state(context);
    axum::serve(listener, router).await
}

async fn metrics(State(context): State<Arc<Context>>) -> Response {
    match text(&context.store).await {
        Ok(text) => ([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "the metrics could not be read");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

async fn text(store: &Store) -> Result<String, StoreError> {
    let mut registry = Registry::with_prefix("buckler");
    let gauge =
        |registry: &mut Registry, name: &str, help: &str, unit: Option<Unit>, value: i64| {
            let gauge = Gauge::<i64>::default();
            gauge.set(value);
            match unit {
                Some(unit) => registry.register_with_unit(name, help, unit, gauge),
                None => registry.register(name, help, gauge),
            }
        };
    if let Some(pass) = ScrubProgress::load(store).await? {
        let rows = [
            (
                "scrub_started_timestamp",
                "When the pass over all stored bytes began that is under way, or the last one",
                Some(Unit::Seconds),
                pass.started_at().unix_timestamp(),
            ),
            (
                "scrub_finished",
                "Whether that pass is over",
                None,
                i64::from(pass.is_finished()),
            ),
            (
                "scrub_objects",
                "Objects, and parts of objects and uploads, that it has verified",
                None,
                number(pass.objects()),
            ),
            (
                "scrub_verified",
                "Bytes that it has verified",
                Some(Unit::Bytes),
                number(pass.bytes()),
            ),
            (
                "scrub_damaged",
                "Objects and parts that it has found damaged",
                None,
                number(pass.damaged()),
            ),
        ];
        for (name, help, unit, value) in rows {
            gauge(&mut registry, name, help, unit, value);
        }
    }
    let damaged = store.finding_count().await?;
    let (garbage_blobs, garbage_bytes) = store.garbage_total().await?;
    let rows = [
        (
            "damaged_objects",
            "Damaged objects and parts that are known",
            None,
            number(damaged),
        ),
        (
            "garbage_blobs",
            "Blobs that nothing names any more and that are to be removed",
            None,
            number(garbage_blobs),
        ),
        (
            "garbage",
            "Bytes of these blobs",
            Some(Unit::Bytes),
            number(garbage_bytes),
        ),
    ];
    for (name, help, unit, value) in rows {
        gauge(&mut registry, name, help, unit, value);
    }
    let mut text = String::new();
    encode(&mut text, &registry).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    Ok(text)
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
