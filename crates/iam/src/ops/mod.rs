//! The wire of IAM's operations: what each is asked and what it answers, a file for each family.
//!
//! Source: AWS IAM API Reference; facts: authorization.md 7.

mod access_keys;
mod account;
mod answers;
mod authorization_details;
mod groups;
mod identity_policies;
mod managed_policies;
mod paging;
mod policy_documents;
mod read;
mod roles;
mod settings;
mod simulation;
mod users;

pub use access_keys::{
    AccessKeyInput, AccessKeyOutput, CreatedAccessKey, LastUsedInput, LastUsedOutput,
    ShownAccessKey, UpdateAccessKeyInput,
};
pub use account::{AliasInput, AliasList, SummaryOutput};
pub use answers::{Listing, Member, Members, Single};
pub use authorization_details::{
    DetailedGroup, DetailedPolicy, DetailedRole, DetailedUser, DetailsFilter, DetailsInput,
    DetailsOutput, NamedDocument,
};
pub use groups::{
    CreateGroupInput, GroupInput, GroupPageInput, GroupWithUsers, MembershipInput, ShownGroup,
    UpdateGroupInput,
};
pub use identity_policies::{
    AttachInput, AttachedInput, DocumentOutput, GroupKind, IdentityKindName, IdentityPageInput,
    InlinePolicyInput, PutInlinePolicyInput, RoleKind, ShownAttachment, UserKind,
};
pub use managed_policies::{
    CreatePolicyInput, CreatePolicyVersionInput, EntitiesInput, EntitiesOutput, EntityName,
    ListPoliciesInput, PolicyInput, PolicyPageInput, PolicyVersionInput, ShownPolicy,
    ShownPolicyVersion,
};
pub use paging::{Page, PageRequest};
pub use policy_documents::{check_identity_policy, malformed_policy, url_encoded};
pub use roles::{
    CreateRoleInput, RoleInput, ShownRole, UpdateDescriptionInput, UpdateRoleInput,
    UpdateTrustInput,
};
pub use settings::{BoundaryInput, IdentityInput, ShownTag, TagInput, TagsInput, UntagInput};
pub use simulation::{
    ContextEntry, ContextKeysInput, ContextKeysOfPrincipalInput, ContextKeysOutput,
    EvaluationResult, MatchedStatement, SimulateCustomInput, SimulatePrincipalInput,
    SimulationInput, SimulationOutput,
};
pub use users::{
    CreateUserInput, ListInput, OptionalUserInput, ShownUser, UpdateUserInput, UserInput,
};
