//! The versioning configuration of a bucket. Source: facts: s3-behaviour.md 11.

/// The versioning state of a bucket for which it was configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Versioning {
    /// Every write makes a version.
    Enabled,
    /// Writes replace the null version.
    Suspended,
}

impl Versioning {
    /// AWS's name of the state.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Enabled => "Enabled",
            Self::Suspended => "Suspended",
        }
    }

    /// The state of that name, to the letter.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "Enabled" => Some(Self::Enabled),
            "Suspended" => Some(Self::Suspended),
            _ => None,
        }
    }
}

/// Whether deleting a version takes a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MfaDelete {
    /// It does.
    Enabled,
    /// It does not.
    Disabled,
}

impl MfaDelete {
    /// AWS's name of the setting.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Enabled => "Enabled",
            Self::Disabled => "Disabled",
        }
    }

    /// The setting of that name, to the letter.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "Enabled" => Some(Self::Enabled),
            "Disabled" => Some(Self::Disabled),
            _ => None,
        }
    }
}
