//! The provider that a call names by ARN, whether or not it is there.

use buckler_iam::query::{FromInput, Input, QueryError};
use buckler_metadata::OidcProviderRow;
use buckler_policy::AccountId;

use crate::error::query::store_error;
use crate::query::call::Call;
use crate::query::operation::Need;

/// `arn:aws:iam::ID:oidc-provider/NAME`.
#[derive(Debug, Clone)]
pub(crate) struct ProviderArn {
    pub(super) text: String,
    account: AccountId,
    pub(super) name: String,
}

impl FromInput for ProviderArn {
    fn from_input(input: &Input) -> Result<Self, QueryError> {
        let text = input.required("OpenIDConnectProviderArn")?;
        let parts = text
            .strip_prefix("arn:aws:iam::")
            .and_then(|rest| rest.split_once(":oidc-provider/"))
            .filter(|(_, name)| !name.is_empty());
        let parsed = parts.and_then(|(account, name)| {
            let account = AccountId::parse(account).ok()?;
            Some((account, name.to_owned()))
        });
        // AWS: two spaces. Facts: authorization.md 7.3.
        let (account, name) =
            parsed.ok_or_else(|| QueryError::validation("Invalid ARN:  Could not be parsed!"))?;
        Ok(Self {
            text: text.to_owned(),
            account,
            name,
        })
    }
}

/// A provider of the caller's account.
#[derive(Debug)]
pub(crate) struct TargetProvider {
    pub(super) arn: ProviderArn,
    row: Option<OidcProviderRow>,
}

impl TargetProvider {
    /// Looks the provider up; another account's is not found.
    ///
    /// # Errors
    ///
    /// Those of the store.
    pub(super) async fn load(call: &Call<'_>, arn: &ProviderArn) -> Result<Self, QueryError> {
        let row = if call.account()?.id == arn.account {
            let found = call.cx.store.oidc_provider(&arn.account, &arn.name).await;
            found.map_err(store_error)?
        } else {
            None
        };
        Ok(Self {
            arn: arn.clone(),
            row,
        })
    }

    /// The call's own action on this provider.
    pub(super) fn need(&self, call: &Call<'_>) -> Need {
        let mut need = Need::on(call, self.arn.text.as_str());
        for tag in self.row.iter().flat_map(|row| row.tags.iter()) {
            for family in ["aws:ResourceTag", "iam:ResourceTag"] {
                need = need.with(&format!("{family}/{}", tag.key), Some(&tag.value));
            }
        }
        need
    }

    /// The provider.
    ///
    /// # Errors
    ///
    /// `NoSuchEntity`.
    pub(super) fn found(self) -> Result<OidcProviderRow, QueryError> {
        self.row.ok_or_else(|| not_found(&self.arn.text))
    }
}

/// The answer about a provider that is not there.
pub(super) fn not_found(arn: &str) -> QueryError {
    QueryError::no_such_entity(format!("OpenIDConnect Provider not found for arn {arn}"))
}
