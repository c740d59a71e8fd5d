//! The names of what a condition can ask about.

include!(concat!(env!("OUT_DIR"), "/keys.rs"));

/// The type of a key's value. Source: `condition_keys` in `data/s3-actions.json`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ValueType {
    /// One string.
    Text,
    /// Any number of strings.
    TextList,
    /// An ARN.
    Arn,
    /// `true` or `false`.
    Bool,
    /// A number.
    Numeric,
    /// A point in time.
    Date,
    /// An IPv4 or IPv6 address.
    IpAddress,
}

struct Row {
    name: &'static str,
    make: Make,
    value_type: ValueType,
}

enum Make {
    Plain(ConditionKey),
    Tagged(fn(Box<str>) -> ConditionKey),
}

impl ConditionKey {
    /// Reads a key's name, in any letter case. Every name is a key: unknown ones are `Other`.
    ///
    /// A known tag key without a tag (`aws:PrincipalTag`) is `Other`.
    pub fn parse(name: &str) -> Self {
        let (family, tag) = match name.split_once('/') {
            Some((family, tag)) => (family, Some(tag)),
            None => (name, None),
        };
        ROWS.iter()
            .filter(|row| row.name.eq_ignore_ascii_case(family))
            .find_map(|row| row.key(tag))
            .unwrap_or_else(|| Self::Other(name.to_lowercase().into()))
    }

    /// The key as AWS writes it; a tag's key in lower case.
    pub fn name(&self) -> String {
        let family = self.family();
        match self.tag() {
            Some(tag) => format!("{family}/{tag}"),
            None => family.to_owned(),
        }
    }

    /// The key's name without the tag: `aws:PrincipalTag` for `aws:PrincipalTag/team`.
    pub fn family(&self) -> &str {
        match self {
            Self::Other(name) => name,
            known => known.row().map_or("", |row| row.name),
        }
    }

    /// The tag key of `aws:PrincipalTag/team` and its like, in lower case.
    pub fn tag(&self) -> Option<&str> {
        match self {
            Self::PrincipalTag(tag)
            | Self::ResourceTag(tag)
            | Self::RequestTag(tag)
            | Self::ExistingObjectTag(tag)
            | Self::RequestObjectTag(tag)
            | Self::BucketTag(tag)
            | Self::AccessPointTag(tag) => Some(tag),
            _ => None,
        }
    }

    /// The type of the value; a key nobody knows holds text.
    pub fn value_type(&self) -> ValueType {
        self.row().map_or(ValueType::Text, |row| row.value_type)
    }

    /// Whether a request can hold several values for the key.
    pub fn is_multivalued(&self) -> bool {
        self.value_type() == ValueType::TextList
    }

    /// Whether the key is one of the service `s3`, known or not.
    pub fn is_s3(&self) -> bool {
        self.family().starts_with("s3:")
    }

    fn row(&self) -> Option<&'static Row> {
        ROWS.get(usize::try_from(self.index()?).ok()?)
    }
}

impl Row {
    fn key(&self, tag: Option<&str>) -> Option<ConditionKey> {
        match (&self.make, tag) {
            (Make::Plain(key), None) => Some(key.clone()),
            (Make::Tagged(make), Some(tag)) => Some(make(tag.to_lowercase().into())),
            (Make::Plain(_), Some(_)) | (Make::Tagged(_), None) => None,
        }
    }
}

impl std::fmt::Display for ConditionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name())
    }
}
