//! Who really calls, when the other end of the connection is a proxy.
//!
//! `aws:SourceIp` and `aws:SecureTransport` are about the client. A reverse proxy says who that is in
//! `X-Forwarded-For` and `X-Forwarded-Proto`, and so can anyone: the headers count only on a connection from an
//! address that the operator named, and then only as far as named proxies have written them. The host that a client
//! signed is always that of `Host`, which a proxy has to pass on as it came; no header stands in for it.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use http::HeaderMap;
use ipnet::IpNet;

const FORWARDED_FOR: &str = "x-forwarded-for";
const FORWARDED_PROTO: &str = "x-forwarded-proto";

/// The addresses of the reverse proxies in front of this server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

/// A text that is no address range.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an address or a range like 10.0.0.0/8")]
pub struct ParseTrustedProxiesError(String);

/// What conditions may know of the way a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Client {
    /// `aws:SourceIp`; `None` where a trusted proxy says something that is no address, so that nothing is allowed for
    /// the sake of an address that nobody knows.
    pub(crate) source_ip: Option<IpAddr>,
    /// `aws:SecureTransport`: whether the client's own connection was TLS.
    pub(crate) is_secure: bool,
}

impl TrustedProxies {
    /// Reads ranges in CIDR notation, and single addresses.
    ///
    /// # Errors
    ///
    /// The first text that is neither.
    pub fn parse<'t>(
        ranges: impl IntoIterator<Item = &'t str>,
    ) -> Result<Self, ParseTrustedProxiesError> {
        let range = |text: &'t str| {
            let text = text.trim();
            let address = || text.parse::<IpAddr>().map(IpNet::from);
            let range = text.parse::<IpNet>().or_else(|_| address());
            range.map_err(|_| ParseTrustedProxiesError(text.to_owned()))
        };
        ranges
            .into_iter()
            .map(range)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The client of a request that came from `peer` with these headers.
    pub(crate) fn client(&self, peer: Option<IpAddr>, headers: &HeaderMap) -> Client {
        let Some(peer) = peer.map(|peer| peer.to_canonical()) else {
            return Client {
                source_ip: None,
                is_secure: false,
            };
        };
        if !self.contains(peer) {
            return Client {
                source_ip: Some(peer),
                is_secure: false,
            };
        }
        Client {
            source_ip: self.source_ip(peer, headers),
            is_secure: is_forwarded_over_tls(headers),
        }
    }

    fn contains(&self, address: IpAddr) -> bool {
        self.0.iter().any(|range| range.contains(&address))
    }

    /// The right-most address that is no trusted proxy's: each proxy adds the address it was called from at the right,
    /// and what stands further left may be the client's own invention. With proxies only, the left-most.
    fn source_ip(&self, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        let mut last = peer;
        for line in headers.get_all(FORWARDED_FOR).iter().rev() {
            let line = line.to_str().ok()?;
            for entry in line.rsplit(',') {
                last = address(entry.trim())?;
                if !self.contains(last) {
                    return Some(last);
                }
            }
        }
        Some(last)
    }
}

impl fmt::Display for TrustedProxies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, range) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{range}")?;
        }
        Ok(())
    }
}

/// What the nearest proxy says: the last value of the last line.
fn is_forwarded_over_tls(headers: &HeaderMap) -> bool {
    let last = headers.get_all(FORWARDED_PROTO).iter().next_back();
    let text = last.and_then(|line| line.to_str().ok()).unwrap_or("");
    let nearest = text.rsplit(',').next().unwrap_or("");
    nearest.trim().eq_ignore_ascii_case("https")
}

/// An address with or without a port, an IPv6 one with or without brackets.
fn address(entry: &str) -> Option<IpAddr> {
    let bare = entry
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(entry);
    let parsed = bare.parse().or_else(|_| {
        let with_port = entry.parse::<SocketAddr>();
        with_port.map(|address| address.ip())
    });
    parsed.ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::TrustedProxies;
    use http::{HeaderMap, HeaderName, HeaderValue};

    const PROXIES: &[&str] = &["10.0.0.0/8", "192.0.2.1", "2001:db8::/32"];

    /// A head as text: one header a line.
    fn head(text: &str) -> HeaderMap {
        let header = |line: &str| {
            let (name, value) = line.split_once(':').unwrap();
            let name = HeaderName::from_bytes(name.trim().as_bytes()).unwrap();
            (name, HeaderValue::from_str(value.trim()).unwrap())
        };
        text.lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(header)
            .collect()
    }

    /// The client as `address over TLS` or `address`; `?` if unknown.
    #[track_caller]
    fn check(peer: &str, text: &str, expected: &str) {
        let proxies = TrustedProxies::parse(PROXIES.iter().copied()).unwrap();
        let client = proxies.client(peer.parse().ok(), &head(text));
        let address = client.source_ip.map_or("?".into(), |ip| ip.to_string());
        let tls = if client.is_secure { " over TLS" } else { "" };
        assert_eq!(format!("{address}{tls}"), expected, "{peer} {text}");
    }

    #[test]
    fn an_untrusted_peer_is_the_client_whatever_it_says() {
        check("203.0.113.9", "", "203.0.113.9");
        check(
            "203.0.113.9",
            "X-Forwarded-For: 10.1.1.1\nX-Forwarded-Proto: https",
            "203.0.113.9",
        );
        check("::ffff:203.0.113.9", "", "203.0.113.9");
    }

    #[test]
    fn a_trusted_peer_names_the_client() {
        check("10.0.0.1", "X-Forwarded-For: 203.0.113.9", "203.0.113.9");
        check(
            "::ffff:10.0.0.1",
            "X-Forwarded-For: 203.0.113.9\nX-Forwarded-Proto: https",
            "203.0.113.9 over TLS",
        );
        check("2001:db8::1", "X-Forwarded-For: 2001:db9::9", "2001:db9::9");
        check("192.0.2.1", "X-Forwarded-For: 203.0.113.9", "203.0.113.9");
        check("192.0.2.2", "X-Forwarded-For: 203.0.113.9", "192.0.2.2");
    }

    #[test]
    fn the_right_most_untrusted_address_counts() {
        for lines in [
            "X-Forwarded-For: 1.1.1.1, 203.0.113.9, 10.0.0.7",
            "X-Forwarded-For: 1.1.1.1,203.0.113.9\nX-Forwarded-For: 10.0.0.7",
            "X-Forwarded-For: garbage, 203.0.113.9,10.0.0.7",
            "X-Forwarded-For: ,203.0.113.9,::ffff:10.0.0.7",
        ] {
            check("10.0.0.1", lines, "203.0.113.9");
        }
    }

    #[test]
    fn with_proxies_only_the_farthest_counts() {
        check(
            "10.0.0.1",
            "X-Forwarded-For: 10.0.0.9, 10.0.0.7",
            "10.0.0.9",
        );
        check("10.0.0.1", "", "10.0.0.1");
    }

    #[test]
    fn what_a_proxy_cannot_name_is_unknown() {
        for value in ["unknown", "", "203.0.113.9,", "203.0.113", "1.2.3.4:x"] {
            check("10.0.0.1", &format!("X-Forwarded-For: {value}"), "?");
        }
    }

    #[test]
    fn ports_and_brackets_are_left_out() {
        for (entry, client) in [
            ("203.0.113.9:4711", "203.0.113.9"),
            ("[2001:db9::9]:4711", "2001:db9::9"),
            ("[2001:db9::9]", "2001:db9::9"),
            ("::ffff:203.0.113.9", "203.0.113.9"),
        ] {
            check("10.0.0.1", &format!("X-Forwarded-For: {entry}"), client);
        }
    }

    #[test]
    fn the_nearest_proxy_says_whether_it_was_tls() {
        for (lines, tls) in [
            ("X-Forwarded-Proto: https", " over TLS"),
            ("X-Forwarded-Proto: HTTPS", " over TLS"),
            ("X-Forwarded-Proto: http, https", " over TLS"),
            ("X-Forwarded-Proto: https, http", ""),
            ("X-Forwarded-Proto: https\nX-Forwarded-Proto: http", ""),
            ("X-Forwarded-Proto: wss", ""),
            ("Forwarded: proto=https", ""),
            ("X-Forwarded-Ssl: on", ""),
        ] {
            check("10.0.0.1", lines, &format!("10.0.0.1{tls}"));
        }
    }

    #[test]
    fn nobody_is_trusted_unless_named() {
        let client = TrustedProxies::default().client(
            "127.0.0.1".parse().ok(),
            &head("X-Forwarded-For: 203.0.113.9\nX-Forwarded-Proto: https"),
        );
        assert_eq!(client.source_ip, "127.0.0.1".parse().ok());
        assert!(!client.is_secure);
    }

    #[test]
    fn ranges_are_read_and_shown() {
        let read = |text: &str| TrustedProxies::parse(text.split(','));
        assert_eq!(
            read("10.0.0.0/8, ::1").unwrap().to_string(),
            "10.0.0.0/8,::1/128"
        );
        for wrong in ["", "proxy.example.com", "10.0.0.0/33", "10.0.0"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
