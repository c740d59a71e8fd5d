//! `DecodeAuthorizationMessage`: why a call of IAM or STS was refused.
//!
//! The encoded message comes with the refusal, in the header `x-buckler-authorization-message`.
//! Source: AWS STS API Reference, "DecodeAuthorizationMessage".

use buckler_iam::decode_authorization_message;
use buckler_iam::query::{QueryError, QueryErrorCode};
use buckler_iam::sts::{DecodeAuthorizationMessageInput, DecodeAuthorizationMessageOutput};

use crate::query::authorize::Authorized;
use crate::query::call::Call;
use crate::query::operation::{Need, Needs, QueryOperation};

/// `DecodeAuthorizationMessage`.
pub(crate) struct DecodeAuthorizationMessage;

impl QueryOperation for DecodeAuthorizationMessage {
    type Input = DecodeAuthorizationMessageInput;
    type Subject = ();
    type Output = DecodeAuthorizationMessageOutput;

    async fn load(_: &Call<'_>, _: &Self::Input) -> Result<(), QueryError> {
        Ok(())
    }

    fn needs(call: &Call<'_>, _: &Self::Input, (): &()) -> Needs {
        Need::on(call, "*").into()
    }

    /// Errors: `InvalidAuthorizationMessageException`, for another account's message, too.
    async fn run(
        call: &Call<'_>,
        authorized: Authorized<Self>,
    ) -> Result<Self::Output, QueryError> {
        let account = &call.account()?.id;
        let encoded = &authorized.input.encoded;
        let message = decode_authorization_message(&call.cx.master_keys, account, encoded);
        let message = message.ok_or_else(|| {
            QueryError::new(
                QueryErrorCode::InvalidAuthorizationMessageException,
                "Message is not valid",
            )
        })?;
        Ok(DecodeAuthorizationMessageOutput { message })
    }
}
