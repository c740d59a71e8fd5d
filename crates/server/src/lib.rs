//! The server: one pipeline from bytes to answer, one small file for each operation of S3, and the
//! calls of IAM and STS beside it.
//!
//! This room knows HTTP, time and tasks. It decides nothing about access itself: the one step that
//! does, `pipeline::authorize`, asks `buckler_policy::authorize`, and no operation runs without
//! the [`Authorized`](operation) value that only that step makes.

mod acl;
mod app;
mod ca_certificates;
mod clock;
mod config;
mod context;
mod copy;
mod copy_source;
mod deletion;
mod error;
mod health;
mod http;
mod iam;
mod identity_provider;
mod integrity;
mod kept;
mod listing;
mod metrics;
mod operation;
mod ops;
mod pipeline;
mod policy_cache;
mod principals;
mod publish;
mod query;
mod read;
mod readings;
mod stored_bytes;
mod sts;
mod tags;
mod upload_ids;
mod uploads;
mod verified;
mod versions;
mod workers;

pub use app::Server;
pub use ca_certificates::{CaCertificates, InvalidCaCertificates};
pub use clock::{Clock, FixedClock};
pub use config::ServerConfig;
pub use context::Context;
pub use http::trusted_proxies::{ParseTrustedProxiesError, TrustedProxies};
pub use integrity::{
    Arrival, CarriedBlob, Carrying, Damage, Damaged, Depth, Examination, Finding, IntegrityError,
    Means, Subject, Summary, Taken, Transferred, carry, examine, transfer,
};
pub use pipeline::OPERATIONS;
pub use principals::{BindError, bind_bucket_policy, bind_trust_policy};
pub use query::QUERY_OPERATIONS;
pub use workers::ScrubProgress;
