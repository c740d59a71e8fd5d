//! Storage classes.

use crate::{Detail, ErrorCode, S3Error};

/// A storage class an object of a general purpose bucket can be written to.
///
/// Source: Amazon S3 API Reference, "`PutObject`", `x-amz-storage-class`; those of Outposts, Snow, Express and `FSx` are not offered there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum StorageClass {
    /// `STANDARD`, which reads do not show. Source: facts: s3-behaviour.md 5.2.
    #[default]
    Standard,
    /// `REDUCED_REDUNDANCY`.
    ReducedRedundancy,
    /// `STANDARD_IA`.
    StandardIa,
    /// `ONEZONE_IA`.
    OnezoneIa,
    /// `INTELLIGENT_TIERING`.
    IntelligentTiering,
    /// `GLACIER`.
    Glacier,
    /// `DEEP_ARCHIVE`.
    DeepArchive,
    /// `GLACIER_IR`.
    GlacierIr,
}

impl StorageClass {
    const ALL: [Self; 8] = [
        Self::Standard,
        Self::ReducedRedundancy,
        Self::StandardIa,
        Self::OnezoneIa,
        Self::IntelligentTiering,
        Self::Glacier,
        Self::DeepArchive,
        Self::GlacierIr,
    ];

    /// AWS's name of the class.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Standard => "STANDARD",
            Self::ReducedRedundancy => "REDUCED_REDUNDANCY",
            Self::StandardIa => "STANDARD_IA",
            Self::OnezoneIa => "ONEZONE_IA",
            Self::IntelligentTiering => "INTELLIGENT_TIERING",
            Self::Glacier => "GLACIER",
            Self::DeepArchive => "DEEP_ARCHIVE",
            Self::GlacierIr => "GLACIER_IR",
        }
    }

    /// The class of that name, to the letter.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }

    /// Reads the value of `x-amz-storage-class`.
    ///
    /// # Errors
    /// `InvalidStorageClass` for an unknown name. Source: facts: s3-behaviour.md 5.2.
    pub fn parse_or_refuse(value: &str) -> Result<Self, S3Error> {
        Self::from_name(value).ok_or_else(|| {
            S3Error::new(ErrorCode::InvalidStorageClass)
                .with_detail(Detail::StorageClassRequested(value.to_owned()))
        })
    }
}
