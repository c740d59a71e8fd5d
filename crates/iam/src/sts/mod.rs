//! The wire of STS: typed inputs and outputs of its operations.
//!
//! Source: AWS STS API Reference; facts: authorization.md 7.

mod answer;
mod assume_role;
mod assume_role_with_web_identity;
mod decode_authorization_message;
mod get_access_key_info;
mod get_caller_identity;
mod get_federation_token;
mod get_session_token;
mod role_arn;
mod session_request;

pub use answer::{AssumedRoleUser, SessionAnswer};
pub use assume_role::{AssumeRoleInput, AssumeRoleOutput};
pub use assume_role_with_web_identity::{
    AssumeRoleWithWebIdentityInput, AssumeRoleWithWebIdentityOutput,
};
pub use decode_authorization_message::{
    DecodeAuthorizationMessageInput, DecodeAuthorizationMessageOutput,
};
pub use get_access_key_info::{GetAccessKeyInfoInput, GetAccessKeyInfoOutput};
pub use get_caller_identity::GetCallerIdentityOutput;
pub use get_federation_token::{GetFederationTokenInput, GetFederationTokenOutput};
pub use get_session_token::{GetSessionTokenInput, GetSessionTokenOutput};
pub use role_arn::RoleArn;
pub use session_request::{SessionRequest, inherited_tags};
