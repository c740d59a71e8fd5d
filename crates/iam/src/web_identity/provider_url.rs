//! The address of a provider, which is also its name.

use std::net::IpAddr;

use thiserror::Error;

/// Longest address, in characters. Source: IAM API Reference, "CreateOpenIDConnectProvider".
const URL_CHARS_MAX: usize = 255;

/// Which transports a provider may be reached over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProviderTransport {
    /// `https` alone, as on AWS.
    Https,
    /// `http` as well, for tests and closed networks: whoever is on the way can then be any user.
    HttpToo,
}

/// The issuer's address: `https://HOST[:PORT][/PATH]`, without query, fragment and trailing slash.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ProviderUrl {
    is_http: bool,
    /// `HOST[:PORT][/PATH]`, as it stands in the ARN.
    name: String,
}

/// An address that no provider can have.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("an identity provider's address is https://HOST/PATH without query and fragment")]
pub struct InvalidProviderUrl;

impl ProviderUrl {
    /// Reads an address.
    ///
    /// # Errors
    ///
    /// [`InvalidProviderUrl`].
    pub fn parse(text: &str, transport: ProviderTransport) -> Result<Self, InvalidProviderUrl> {
        let (is_http, rest) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
            (Some(rest), _) => (false, rest),
            (None, Some(rest)) if transport == ProviderTransport::HttpToo => (true, rest),
            _ => return Err(InvalidProviderUrl),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (authority, path) = match rest.split_once('/') {
            Some((authority, path)) => (authority, Some(path)),
            None => (rest, None),
        };
        let is_whole = text.len() <= URL_CHARS_MAX
            && is_authority(authority)
            && path.is_none_or(|path| path.split('/').all(is_segment));
        if !is_whole {
            return Err(InvalidProviderUrl);
        }
        Ok(Self {
            is_http,
            name: rest.to_owned(),
        })
    }

    /// `HOST[:PORT][/PATH]`: what follows `oidc-provider/` in the ARN, and stands before the `:` of
    /// the condition keys.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The address as tokens have it in `iss`.
    pub fn issuer(&self) -> String {
        let scheme = if self.is_http { "http" } else { "https" };
        format!("{scheme}://{}", self.name)
    }

    /// Where the provider says where its keys are. Source: OpenID Connect Discovery 1.0, 4.
    pub fn discovery(&self) -> String {
        format!("{}/.well-known/openid-configuration", self.issuer())
    }
}

fn is_authority(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !text.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    };
    let is_port = |port: &str| port.parse::<u16>().is_ok_and(|port| port > 0);
    let inner = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    let is_host = match inner {
        Some(address) => address.parse::<IpAddr>().is_ok_and(|ip| ip.is_ipv6()),
        None => host.split('.').all(|label| {
            !label.is_empty()
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        }),
    };
    is_host && port.is_none_or(is_port)
}

fn is_segment(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@|%".contains(&byte);
    !text.is_empty() && text != "." && text != ".." && text.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_its_provider() {
        for (text, name) in [
            ("https://accounts.example.com", "accounts.example.com"),
            ("https://accounts.example.com/", "accounts.example.com"),
            (
                "https://idp.example.com:8443/realms/a",
                "idp.example.com:8443/realms/a",
            ),
            ("https://[::1]:8443/realms", "[::1]:8443/realms"),
        ] {
            let url = ProviderUrl::parse(text, ProviderTransport::Https).unwrap();
            assert_eq!(url.name(), name);
            assert_eq!(url.issuer(), format!("https://{name}"));
        }
    }

    #[test]
    fn http_is_taken_where_the_server_was_told_so() {
        let text = "http://127.0.0.1:8080/realms/a";
        assert!(ProviderUrl::parse(text, ProviderTransport::Https).is_err());
        let url = ProviderUrl::parse(text, ProviderTransport::HttpToo).unwrap();
        assert_eq!(
            url.discovery(),
            format!("{text}/.well-known/openid-configuration")
        );
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "accounts.example.com",
            "ftp://a.example",
            "https://",
            "https:///a",
            "https://a b.example",
            "https://a.example?x=1",
            "https://a.example/#f",
            "https://user@a.example",
            "https://a.example//b",
            "https://a.example/../b",
            "https://a.example:0",
            "https://a.example:99999",
            "https://a..example",
            &format!("https://{}.example", "a".repeat(250)),
        ] {
            assert!(
                ProviderUrl::parse(text, ProviderTransport::Https).is_err(),
                "{text}"
            );
        }
    }
}
