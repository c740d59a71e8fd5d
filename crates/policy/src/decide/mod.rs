//! The decision.

mod authorize;
mod bucket;
mod caller;
mod decision;
mod layers;
mod message;
mod missing_key;
mod new_policy;
mod permission;
mod reason;
mod role;

pub use authorize::{authorize, authorize_action};
pub(crate) use authorize::{with_permission, with_question};
pub use bucket::{BucketSecurity, ObjectOwnership, ObjectSecurity, PublicAccessBlock};
pub use caller::{Caller, CallerAccount, CallerKind, NamedPolicy};
pub use decision::{Allow, Decision, Deny, PolicyType, PublicAccessSetting};
pub(crate) use layers::Question;
pub(crate) use message::{Refusal, RefusedCaller};
pub use missing_key::authorize_missing_key;
pub use new_policy::{authorize_new_acl, authorize_new_policy};
pub use permission::{Permission, Resource, ResourceName};
pub use reason::{Granted, Refused};
pub use role::{RoleSecurity, authorize_on_role};
