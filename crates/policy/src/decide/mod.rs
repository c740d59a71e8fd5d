//! The decision.

mod authorize;
mod bucket;
mod caller;
mod decision;
mod explain;
mod layers;
mod missing_key;
mod new_policy;
mod permission;

pub use authorize::{authorize, authorize_action};
pub use bucket::{BucketSecurity, ObjectOwnership, ObjectSecurity, PublicAccessBlock};
pub use caller::{Caller, CallerAccount, CallerKind, NamedPolicy};
pub use decision::{
    Allow, AllowedBy, Decision, Deny, DenyReason, PolicyRef, PolicyType, PublicAccessSetting,
};
pub use missing_key::authorize_missing_key;
pub use new_policy::authorize_new_policy;
pub use permission::{Permission, Resource};
