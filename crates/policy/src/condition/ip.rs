//! `IpAddress` and `NotIpAddress`. Source: facts: authorization.md 4.2.

use ipnet::IpNet;
use std::net::IpAddr;

/// A range in CIDR notation, or an address as the range of itself. Host bits are ignored, and IPv4 in the notation of
/// IPv6 is IPv4.
///
/// `010.0.0.1` is no address: some programs would take it for octal.
pub(crate) fn parse_range(text: &str) -> Option<IpNet> {
    let range = match text.split_once('/') {
        Some((address, bits)) => IpNet::new(address.parse().ok()?, prefix_bits(bits)?).ok()?,
        None => IpNet::from(text.parse::<IpAddr>().ok()?),
    };
    Some(unmapped(range.trunc()))
}

fn prefix_bits(text: &str) -> Option<u8> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

/// `::ffff:10.0.0.0/104` as `10.0.0.0/8`.
fn unmapped(range: IpNet) -> IpNet {
    const MAPPED_PREFIX_BITS: u8 = 96;
    let four = match range {
        IpNet::V6(range) => range
            .addr()
            .to_ipv4_mapped()
            .zip(range.prefix_len().checked_sub(MAPPED_PREFIX_BITS)),
        IpNet::V4(_) => None,
    };
    four.and_then(|(address, bits)| IpNet::new(address.into(), bits).ok())
        .unwrap_or(range)
}

/// Whether some range holds the address; one of the other family never does.
pub(super) fn any_contains(ranges: &[IpNet], address: IpAddr) -> bool {
    ranges.iter().any(|range| range.contains(&address))
}

#[cfg(test)]
mod tests {
    use super::parse_range;

    #[test]
    fn ranges_have_one_form() {
        for (text, range) in [
            ("10.1.2.3/8", "10.0.0.0/8"),
            ("10.1.2.3", "10.1.2.3/32"),
            ("2001:db8::1/32", "2001:db8::/32"),
            ("::ffff:10.1.2.3", "10.1.2.3/32"),
            ("::ffff:10.1.2.3/104", "10.0.0.0/8"),
            ("::ffff:0:0/96", "0.0.0.0/0"),
            ("::/0", "::/0"),
        ] {
            let found = parse_range(text).map(|range| range.to_string());
            assert_eq!(found.as_deref(), Some(range), "{text}");
        }
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_no_range() {
        for text in [
            "010.0.0.1",
            "05.0.0.0/32",
            "10.0.0.0/",
            "10.0.0.0/+8",
            "10.0.0.0/33",
            "10.0.0/8",
            "",
            "/8",
            "10.0.0.0/8/8",
            " 10.0.0.1",
            "::/129",
        ] {
            assert_eq!(parse_range(text), None, "{text}");
        }
    }
}
