//! The condition keys that are about how and when a request came, the same for every service.
//!
//! Facts: authorization.md 4.3.

use buckler_policy::{ConditionKey, Values};
use time::OffsetDateTime;

use super::header_texts::HeaderTexts;
use crate::http::trusted_proxies::Client;

/// The value of a key that is about the connection, the clock or the client's program; `None` for a key that is not.
pub(crate) fn connection_key<'a>(
    client: Client,
    headers: &'a HeaderTexts<'_>,
    key: &ConditionKey,
    now: OffsetDateTime,
) -> Option<Values<'a>> {
    use ConditionKey as K;
    Some(match key {
        K::SourceIp => match client.source_ip {
            Some(address) => address.into(),
            None => Values::Absent,
        },
        K::SecureTransport => client.is_secure.into(),
        K::ViaAWSService => false.into(),
        K::CurrentTime | K::EpochTime => now.into(),
        K::UserAgent => Values::text(headers.get("user-agent")),
        K::Referer => Values::text(headers.get("referer")),
        _ => return None,
    })
}
