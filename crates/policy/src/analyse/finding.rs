//! One finding.

use super::{FindingType, IssueCode};
use crate::{Path, Position};

/// Something that is wrong, dangerous or useless in a policy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Finding {
    /// Where.
    pub location: Location,
    /// How much it weighs.
    pub finding_type: FindingType,
    /// What it is about.
    pub code: IssueCode,
    /// What is wrong here and what to do, in our words.
    pub message: String,
}

/// An element of a policy, and where in the text it stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The first character.
    pub start: Position,
    /// The character behind the last.
    pub end: Position,
    /// The way to the element.
    pub path: Path,
}
