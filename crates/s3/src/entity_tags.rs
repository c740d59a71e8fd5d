//! Lists of entity tags in conditions.

/// What `If-Match` or `If-None-Match` names: `*`, or tags. Weak, quoted and unquoted ones are the same.
///
/// Source: facts: s3-behaviour.md 6.5.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntityTags {
    /// `*`: any object.
    Any,
    /// The tags without quotes; none at all for an empty header.
    Tags(Vec<String>),
}

impl EntityTags {
    /// Reads the value of a header; several lines are joined by commas before.
    pub fn parse(text: &str) -> Self {
        let mut tags = Vec::new();
        for piece in text
            .split(',')
            .map(str::trim)
            .filter(|piece| !piece.is_empty())
        {
            if piece == "*" {
                return Self::Any;
            }
            tags.push(bare(piece).to_owned());
        }
        Self::Tags(tags)
    }

    /// Reads all lines of a header; `None` when it is absent.
    pub fn from_headers(headers: &http::HeaderMap, name: &str) -> Option<Self> {
        crate::request::header(headers, name)?;
        let lines: Vec<String> = headers
            .get_all(name)
            .iter()
            .map(crate::request::value_text)
            .collect();
        Some(Self::parse(&lines.join(",")))
    }

    /// Whether it is the empty list.
    pub const fn is_empty(&self) -> bool {
        matches!(self, Self::Tags(tags) if tags.is_empty())
    }

    /// Whether the tag of an existing object is among them.
    pub fn matches(&self, etag: &crate::ETag) -> bool {
        match self {
            Self::Any => true,
            Self::Tags(tags) => tags.iter().any(|tag| tag == etag.as_str()),
        }
    }
}

/// A tag without `W/` and quotes, which may be missing on either side.
pub(crate) fn bare(text: &str) -> &str {
    let text = text.strip_prefix("W/").unwrap_or(text);
    let text = text.strip_prefix('"').unwrap_or(text);
    text.strip_suffix('"').unwrap_or(text)
}
