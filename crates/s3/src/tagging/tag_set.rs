//! Tags of objects and buckets.

/// One tag. Keys have 1 to 128 characters, values 0 to 256. Source: facts: s3-behaviour.md 13.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tag {
    /// The tag's key; letter case counts.
    pub key: String,
    /// The tag's value, possibly empty.
    pub value: String,
}

/// Tags in the order in which they were given; no key twice.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct TagSet(Vec<Tag>);

impl TagSet {
    /// A set from stored tags, which were checked when they came in. Of tags with the same key the first is kept.
    pub fn from_stored(tags: impl IntoIterator<Item = Tag>) -> Self {
        let mut kept: Vec<Tag> = Vec::new();
        for tag in tags {
            if !kept.iter().any(|other| other.key == tag.key) {
                kept.push(tag);
            }
        }
        Self(kept)
    }

    /// The tags, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Tag> {
        self.0.iter()
    }

    /// The value of a tag, by its exact key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|tag| tag.key == key)
            .map(|tag| tag.value.as_str())
    }

    /// How many tags there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no tag.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The tags as a list.
    pub fn into_vec(self) -> Vec<Tag> {
        self.0
    }
}

impl<'a> IntoIterator for &'a TagSet {
    type Item = &'a Tag;
    type IntoIter = std::slice::Iter<'a, Tag>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
