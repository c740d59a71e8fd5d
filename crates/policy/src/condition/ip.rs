//! `IpAddress` and `NotIpAddress`. Source: facts: authorization.md 4.2.

use ipnet::IpNet;
use std::net::IpAddr;

/// A range in CIDR notation, or an address as the range of itself. Host bits are ignored.
pub(crate) fn parse_range(text: &str) -> Option<IpNet> {
    if text.contains('/') {
        return text.parse::<IpNet>().ok().map(|range| range.trunc());
    }
    text.parse::<IpAddr>().ok().map(IpNet::from)
}

/// Whether some range holds the address; one of the other family never does.
pub(super) fn any_contains(ranges: &[IpNet], address: IpAddr) -> bool {
    ranges.iter().any(|range| range.contains(&address))
}
