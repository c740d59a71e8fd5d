//! From bytes to a [`Document`](crate::Document), or to the error AWS answers with.

mod bucket_policy;
mod conditions;
mod elements;
mod error;
mod identity_policy;
mod principals;
mod quota;
mod reach;
mod size;
mod stored;
mod trust_policy;
mod written;

pub use bucket_policy::{
    BUCKET_POLICY_BODY_BYTES_MAX, BUCKET_POLICY_BYTES_MAX, parse_bucket_policy,
};
pub(crate) use conditions::{fits_entry, fits_the_rest};
pub use error::PolicyError;
pub use identity_policy::{parse_identity_policy, parse_session_policy};
pub(crate) use principals::sent_principal;
pub use quota::{
    GROUP_INLINE_POLICIES_CHARACTERS_MAX, IDENTITY_POLICY_BYTES_MAX, MANAGED_POLICY_CHARACTERS_MAX,
    POLICY_DOCUMENT_CHARACTERS_MAX, ROLE_INLINE_POLICIES_CHARACTERS_MAX,
    SESSION_POLICY_CHARACTERS_MAX, TRUST_POLICY_CHARACTERS_MAX,
    USER_INLINE_POLICIES_CHARACTERS_MAX, is_policy_text, policy_characters,
};
pub(crate) use reach::{ActionEntry, Reach};
pub(crate) use size::normal_form_bytes;
pub use trust_policy::parse_trust_policy;
