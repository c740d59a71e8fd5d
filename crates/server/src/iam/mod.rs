//! The work of IAM's operations, a file for each family.

pub(crate) mod login_profiles;
pub(crate) mod target;
