//! What a server is told at start.

use buckler_iam::ProviderTransport;
use buckler_s3::ObjectOwnership;

use crate::ca_certificates::CaCertificates;
use crate::http::trusted_proxies::TrustedProxies;

/// Settings of a server that do not change while it runs.
#[derive(Debug, Clone)]
pub struct ServerConfig {
    /// The region that scopes must name, for example `us-east-1`.
    pub region: String,
    /// Domains under which buckets are host names (virtual-host style); may be empty.
    pub domains: Vec<String>,
    /// Whether Block Public Access is on (all four flags) for new buckets, as on AWS.
    pub new_bucket_public_access_block: bool,
    /// Object Ownership of new buckets that do not name one.
    pub new_bucket_ownership: ObjectOwnership,
    /// How fast stored bytes are verified in the background, in bytes per second; 0 for not at all.
    pub scrub_bytes_per_second: u64,
    /// The reverse proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    pub trusted_proxies: TrustedProxies,
    /// Whether Signature Version 2 is taken; AWS's regions of today do not.
    pub accepts_signature_v2: bool,
    /// Over which transports identity providers may be reached.
    pub provider_transport: ProviderTransport,
    /// Whom a fetch trusts beside the certificates of the machine.
    pub ca_certificates: CaCertificates,
}
