//! One function for each rule.

mod accounts;
mod acls;
mod buckets;
mod deleting;
mod freshness;
mod garbage;
mod iam;
mod identities;
mod integrity;
mod list_versions;
mod listing;
mod objects;
mod races;
mod upload_listing;
mod upload_races;
mod uploads;
mod versions;
mod whole;
