//! The work of IAM's operations, a file for each family.

pub(crate) mod absent;
pub(crate) mod access_keys;
pub(crate) mod account;
pub(crate) mod attachments;
pub(crate) mod authorization_details;
pub(crate) mod boundaries;
pub(crate) mod groups;
pub(crate) mod inline_policies;
mod kinds;
pub(crate) mod last_used;
pub(crate) mod managed_policies;
pub(crate) mod memberships;
pub(crate) mod oidc_providers;
mod on_identity;
pub(crate) mod policy_target;
pub(crate) mod policy_versions;
pub(crate) mod roles;
mod shown;
pub(crate) mod simulation;
pub(crate) mod tags;
mod target;
pub(crate) mod users;
