//! Who owns the objects of a bucket, and whether ACLs count.

/// The Object Ownership setting of a bucket. Source: Amazon S3 API Reference, "`OwnershipControlsRule`".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ObjectOwnership {
    /// ACLs are off; the bucket's owner owns every object. The state of a new bucket.
    #[default]
    BucketOwnerEnforced,
    /// ACLs count; writers give objects away by `bucket-owner-full-control`.
    BucketOwnerPreferred,
    /// ACLs count; each writer owns what it wrote.
    ObjectWriter,
}

impl ObjectOwnership {
    /// AWS's name of the setting.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BucketOwnerEnforced => "BucketOwnerEnforced",
            Self::BucketOwnerPreferred => "BucketOwnerPreferred",
            Self::ObjectWriter => "ObjectWriter",
        }
    }

    /// The setting of that name, to the letter.
    pub fn from_name(name: &str) -> Option<Self> {
        [
            Self::BucketOwnerEnforced,
            Self::BucketOwnerPreferred,
            Self::ObjectWriter,
        ]
        .into_iter()
        .find(|ownership| ownership.name() == name)
    }
}
