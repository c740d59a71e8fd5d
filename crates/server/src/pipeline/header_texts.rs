//! Header values as the texts that operations read.

use std::sync::OnceLock;

use http::{HeaderMap, HeaderName, HeaderValue};

/// The headers of a request, as conditions see them.
///
/// A value that is not UTF-8 is Latin-1, for conditions as for the operation itself: were it absent here, a Deny on it
/// could be slipped past with one odd byte.
#[derive(Debug)]
pub(crate) struct HeaderTexts<'r> {
    headers: &'r HeaderMap,
    /// The values that are not UTF-8, by name; almost always empty.
    latin1: OnceLock<Vec<(HeaderName, String)>>,
}

impl<'r> HeaderTexts<'r> {
    pub(crate) fn new(headers: &'r HeaderMap) -> Self {
        Self {
            headers,
            latin1: OnceLock::new(),
        }
    }

    /// The value of a header, by its lower-case name; of several lines the first counts, as for operations.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let value = self.headers.get(name)?;
        if let Ok(text) = str::from_utf8(value.as_bytes()) {
            return Some(text);
        }
        let all = self.latin1.get_or_init(|| latin1(self.headers));
        let found = all.iter().find(|(known, _)| known == name);
        found.map(|(_, text)| text.as_str())
    }
}

fn latin1(headers: &HeaderMap) -> Vec<(HeaderName, String)> {
    let text = |value: &HeaderValue| value.as_bytes().iter().copied().map(char::from).collect();
    headers
        .iter()
        .filter(|(_, value)| str::from_utf8(value.as_bytes()).is_err())
        .map(|(name, value)| (name.clone(), text(value)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::HeaderTexts;
    use http::{HeaderMap, HeaderValue};

    #[test]
    fn every_value_has_a_text() {
        let mut headers = HeaderMap::new();
        let mut put = |name: &'static str, value: &[u8]| {
            headers.append(name, HeaderValue::from_bytes(value).unwrap());
        };
        put("x-amz-acl", b"private");
        put("x-amz-acl", b"public-read");
        put("x-amz-copy-source", "b/schlüssel".as_bytes());
        put("referer", b"sch\xfcssel");
        put("x-amz-grant-read", b"");
        let texts = HeaderTexts::new(&headers);
        assert_eq!(texts.get("x-amz-acl"), Some("private"));
        assert_eq!(texts.get("x-amz-copy-source"), Some("b/schlüssel"));
        assert_eq!(texts.get("referer"), Some("schüssel"));
        assert_eq!(texts.get("x-amz-grant-read"), Some(""));
        assert_eq!(texts.get("user-agent"), None);
    }
}
