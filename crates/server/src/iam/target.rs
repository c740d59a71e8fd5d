//! What a call is about: an identity by name, whether or not it is there.

use buckler_iam::query::QueryError;
use buckler_metadata::IdentityName;
use buckler_s3::TagSet;

use super::kinds::Kind;
use crate::error::query::{no_such_entity, store_error};
use crate::query::call::Call;
use crate::query::operation::{Need, Needs};

/// An identity that a call names.
#[derive(Debug)]
pub(crate) struct Target<K: Kind> {
    /// Its name as asked for.
    pub(crate) name: String,
    /// The identity.
    pub(crate) row: Option<K::Row>,
}

impl<K: Kind> Target<K> {
    /// Looks an identity up in the caller's account.
    ///
    /// # Errors
    ///
    /// Those of the store. That it is not there is told after the caller was found to be allowed to ask.
    pub(crate) async fn load(call: &Call<'_>, name: &str) -> Result<Self, QueryError> {
        let account = call.account()?.id;
        let row = K::find(&call.cx.store, &account, name).await;
        Ok(Self {
            name: name.to_owned(),
            row: row.map_err(store_error)?,
        })
    }

    /// The call's own action on this identity.
    ///
    /// AWS: a refusal names the identity and not its ARN: `on resource: user alice`. Source: AWS's answers, quoted in
    /// public reports (2022 to 2023).
    pub(crate) fn need(&self, call: &Call<'_>) -> Need {
        let need = Need::on(call, self.arn(call)).shown_as(format!("{} {}", K::WORD, self.name));
        with_resource_tags(need, self.row.as_ref().and_then(K::tags))
    }

    /// The call's own action on this identity as it is, and as it is to be: with a new name, if there is one, at this path.
    ///
    /// AWS: the permission is needed on both.
    pub(crate) fn needs_of_renaming(
        &self,
        call: &Call<'_>,
        new_name: Option<&str>,
        path: Option<&str>,
    ) -> Needs {
        let name = new_name.unwrap_or(&self.name);
        let renamed = arn(call, K::WORD, path.unwrap_or("/"), name);
        Needs::All(vec![self.need(call), Need::on(call, renamed)])
    }

    /// Its ARN; of an identity that is not there, the one that it would have at the root of paths.
    pub(crate) fn arn(&self, call: &Call<'_>) -> String {
        self.row
            .as_ref()
            .map_or_else(|| arn(call, K::WORD, "/", &self.name), K::arn)
    }

    /// Its boundary.
    pub(crate) fn boundary(&self) -> Option<&str> {
        self.row.as_ref().and_then(K::boundary)
    }

    /// The identity.
    ///
    /// # Errors
    ///
    /// `NoSuchEntity`.
    pub(crate) fn found(self) -> Result<K::Row, QueryError> {
        self.row
            .ok_or_else(|| no_such_entity(K::KIND.entity(), &self.name))
    }

    /// The identity as the store knows it by name.
    ///
    /// # Errors
    ///
    /// `InternalFailure` for a caller without an account.
    pub(crate) fn identity(&self, call: &Call<'_>) -> Result<IdentityName, QueryError> {
        Ok(IdentityName {
            account: call.account()?.id,
            kind: K::KIND,
            name: self.name.clone(),
        })
    }
}

/// `arn:aws:iam::ID:user/PATH/NAME` in the caller's account.
pub(crate) fn arn(call: &Call<'_>, kind: &str, path: &str, name: &str) -> String {
    let account = call.caller.account_text().unwrap_or_default();
    format!("arn:aws:iam::{account}:{kind}{path}{name}")
}

/// `aws:ResourceTag/…` and `iam:ResourceTag/…`.
pub(crate) fn with_resource_tags(mut need: Need, tags: Option<&TagSet>) -> Need {
    for tag in tags.into_iter().flatten() {
        for family in ["aws:ResourceTag", "iam:ResourceTag"] {
            need = need.with(&format!("{family}/{}", tag.key), Some(&tag.value));
        }
    }
    need
}

/// `aws:RequestTag/…` and `aws:TagKeys`.
pub(crate) fn with_request_tags(mut need: Need, tags: &TagSet) -> Need {
    for tag in tags {
        need = need.with(&format!("aws:RequestTag/{}", tag.key), Some(&tag.value));
    }
    let keys: Vec<_> = tags.iter().map(|tag| tag.key.clone()).collect();
    need.with_many("aws:TagKeys", keys)
}
