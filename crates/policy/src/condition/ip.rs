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

/// Ranges of both families, each sorted and without overlaps, by first and last address.
#[derive(Clone, Debug)]
pub(super) struct Ranges {
    v4: Box<[(u32, u32)]>,
    v6: Box<[(u128, u128)]>,
}

impl Ranges {
    pub(super) fn new(ranges: &[IpNet]) -> Self {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for range in ranges {
            match range {
                IpNet::V4(range) => v4.push((range.network().into(), range.broadcast().into())),
                IpNet::V6(range) => v6.push((range.network().into(), range.broadcast().into())),
            }
        }
        Self {
            v4: merged(v4),
            v6: merged(v6),
        }
    }

    /// Whether some range holds the address; one of the other family never does.
    pub(super) fn contains(&self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(address) => has(&self.v4, u32::from(address)),
            IpAddr::V6(address) => has(&self.v6, u128::from(address)),
        }
    }
}

fn merged<T: Copy + Ord>(mut ranges: Vec<(T, T)>) -> Box<[(T, T)]> {
    ranges.sort_unstable();
    ranges.dedup_by(|next, before| {
        let overlaps = next.0 <= before.1;
        if overlaps {
            before.1 = before.1.max(next.1);
        }
        overlaps
    });
    ranges.into()
}

/// The last range that begins at or before the address is the only one that can hold it.
fn has<T: Copy + Ord>(ranges: &[(T, T)], address: T) -> bool {
    let behind = ranges.partition_point(|(first, _)| *first <= address);
    let candidate = behind.checked_sub(1).and_then(|at| ranges.get(at));
    candidate.is_some_and(|(_, last)| address <= *last)
}

#[cfg(test)]
mod tests {
    use super::{Ranges, parse_range};
    use ipnet::IpNet;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn merged_ranges_hold_what_the_ranges_hold(
            ranges in prop::collection::vec((any::<u32>(), 0_u8..=32), 0..12),
            address in any::<u32>(), near in 0_usize..12,
        ) {
            let ranges: Vec<IpNet> = ranges
                .into_iter()
                .filter_map(|(address, bits)| {
                    parse_range(&format!("{}/{bits}", std::net::Ipv4Addr::from(address & 0xff00_ff0f)))
                })
                .collect();
            let near = ranges.get(near).map_or(address, |range| match range.broadcast() {
                std::net::IpAddr::V4(last) => u32::from(last).wrapping_add(address % 3).wrapping_sub(1),
                std::net::IpAddr::V6(_) => address,
            });
            for address in [address, near] {
                let address = std::net::IpAddr::V4(address.into());
                let wanted = ranges.iter().any(|range| range.contains(&address));
                prop_assert_eq!(Ranges::new(&ranges).contains(address), wanted);
            }
        }
    }

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
