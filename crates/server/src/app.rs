//! The axum router: the health page, and everything else to the S3 pipeline.

use std::io;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use buckler_s3::{ErrorCode, S3Error};
use http::{StatusCode, header};
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;

use crate::context::Context;
use crate::http::answer_ids::AnswerIds;
use crate::http::listen;
use crate::iam::last_used;
use crate::metrics;
use crate::pipeline;
use crate::pipeline::respond;
use crate::workers;

/// Path of the health page. No bucket can have this name.
const HEALTH_PATH: &str = "/_buckler/health";

/// A server: what it stands on, ready to listen.
#[derive(Debug, Clone)]
pub struct Server {
    context: Arc<Context>,
}

impl Server {
    /// A server over opened stores.
    pub fn new(context: Context) -> Self {
        Self {
            context: Arc::new(context),
        }
    }

    /// Serves on `listener` until `stop` resolves; requests under way are then let end.
    ///
    /// # Errors
    ///
    /// Those of the listener that end it.
    pub async fn serve(
        self,
        listener: TcpListener,
        stop: impl Future<Output = ()>,
    ) -> io::Result<()> {
        let context = Arc::clone(&self.context);
        let working = workers::run(Arc::clone(&self.context));
        let served = tokio::select! {
            served = listen::serve(listener, router(self.context), stop) => served,
            never = working => match never {},
            never = last_used::run(&context) => match never {},
        };
        last_used::write(&context).await;
        served
    }

    /// Answers `GET /metrics` on a listener of its own until it is dropped: what is told there concerns the operator alone.
    ///
    /// # Errors
    ///
    /// Those of the listener that end it.
    pub async fn serve_metrics(&self, listener: TcpListener) -> io::Result<()> {
        metrics::serve(Arc::clone(&self.context), listener).await
    }
}

fn router(context: Arc<Context>) -> Router {
    Router::new()
        .route(HEALTH_PATH, get(health))
        .fallback(s3)
        .layer(CatchPanicLayer::custom(panicked))
        .with_state(context)
}

/// 200 while the stores answer and take writes, 503 while they do not.
async fn health(State(context): State<Arc<Context>>) -> Response {
    let (status, text) = match context.health.check(&context).await {
        Ok(()) => (StatusCode::OK, r#"{"status":"ok"}"#),
        Err(error) => {
            tracing::error!(%error, "the server is not well");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                r#"{"status":"unavailable"}"#,
            )
        }
    };
    (status, [(header::CONTENT_TYPE, "application/json")], text).into_response()
}

async fn s3(State(context): State<Arc<Context>>, request: Request) -> Response {
    let response = pipeline::handle(&context, request).await;
    context.health.answered(response.status());
    response
}

/// A panic is a defect of ours. The client gets the ids under which the log has it.
fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> http::Response<Body> {
    let ids = AnswerIds::random();
    tracing::error!(request_id = ids.request_id, "a request panicked");
    respond::error(
        &S3Error::new(ErrorCode::InternalError),
        &ids,
        respond::Form::Body,
    )
}
