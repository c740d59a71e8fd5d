//! Regions and location constraints. Source: facts: s3-behaviour.md 4.1 and 4.3.

use std::fmt;

use crate::{Detail, ErrorCode, S3Error};

/// The region whose buckets have no location constraint.
pub const US_EAST_1: &str = "us-east-1";
/// The old name of [`EU_WEST_1`] in location constraints, which a bucket that was made by it keeps.
const EU: &str = "EU";
/// The region that [`EU`] means.
const EU_WEST_1: &str = "eu-west-1";

/// AWS's regions, which a constraint can name besides the endpoint's own.
const KNOWN: &[&str] = &[
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "cn-north-1",
    "cn-northwest-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-west-1",
    "us-west-2",
];

/// A region, by the location constraint that names it: [`EU`] is one of two names of `eu-west-1`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Region(Box<str>);

impl Region {
    /// A region by its name, as the server's configuration has it; any text is one.
    pub fn new(name: &str) -> Self {
        Self(name.into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        if self.constraint() == EU {
            EU_WEST_1
        } else {
            &self.0
        }
    }

    /// The location constraint that a bucket there was made with.
    pub fn constraint(&self) -> &str {
        &self.0
    }

    /// Whether the name is one of AWS's.
    pub fn is_known(name: &str) -> bool {
        KNOWN.contains(&name)
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The region a new bucket is in, as it was named: `constraint` is the text of `LocationConstraint`, `None` without a document.
///
/// # Errors
/// Of us-east-1's endpoint `InvalidLocationConstraint`, for an unknown region and for us-east-1 itself. Of any other
/// endpoint `IllegalLocationConstraintException` for whatever is not its own region, also for what is no region.
pub fn resolve_location(
    endpoint_region: &str,
    constraint: Option<&str>,
) -> Result<Region, S3Error> {
    let constraint = constraint.filter(|text| !text.is_empty());
    let Some(text) = constraint else {
        return if endpoint_region == US_EAST_1 {
            Ok(Region::new(US_EAST_1))
        } else {
            Err(incompatible("unspecified"))
        };
    };
    let wanted = if text == EU { EU_WEST_1 } else { text };
    match (endpoint_region == US_EAST_1, wanted == endpoint_region) {
        (true, false) if Region::is_known(wanted) => Ok(Region::new(text)),
        (true, _) => Err(S3Error::new(ErrorCode::InvalidLocationConstraint)
            .with_detail(Detail::LocationConstraint(text.to_owned()))),
        (false, true) => Ok(Region::new(text)),
        (false, false) => Err(incompatible(text)),
    }
}

fn incompatible(constraint: &str) -> S3Error {
    S3Error::new(ErrorCode::IllegalLocationConstraintException).with_message(format!(
        "The {constraint} location constraint is incompatible for the region specific endpoint this request was sent to."
    ))
}
