//! Access keys. Source: AWS IAM API Reference, "CreateAccessKey" and its neighbours.

use buckler_iam::ops::{
    AccessKeyInput, AccessKeyOutput, CreatedAccessKey, LastUsedInput, LastUsedOutput, Listing,
    OptionalUserInput, PageRequest, ShownAccessKey, Single, UpdateAccessKeyInput, UserKind,
};
use buckler_iam::query::{FromInput, Input, NoResult, QueryError};
use buckler_iam::{new_access_key_id, new_secret_access_key};
use buckler_metadata::{
    AccessKeyRow, AccessKeyStatus, EntityKind, KeyHolder, KeyUse, NewAccessKey,
};

use super::target::{Target, arn};
use crate::error::query::{iam_error, internal, no_such_entity, store_error};
use crate::query::authorize::Authorized;
use crate::query::call::Call;
use crate::query::operation::{Need, Needs, QueryOperation};

/// `CreateAccessKey`.
pub(crate) struct CreateAccessKey;
/// `ListAccessKeys`.
pub(crate) struct ListAccessKeys;
/// `UpdateAccessKey`.
pub(crate) struct UpdateAccessKey;
/// `DeleteAccessKey`.
pub(crate) struct DeleteAccessKey;
/// `GetAccessKeyLastUsed`.
pub(crate) struct GetAccessKeyLastUsed;

/// Whose keys a call is about: a user's, or those of the account's root, which asks for itself.
#[derive(Debug)]
pub(crate) struct Holder(Option<Target<UserKind>>);

impl Holder {
    async fn load(call: &Call<'_>, name: Option<&str>) -> Result<Self, QueryError> {
        match name.or_else(|| call.caller.user_name()) {
            Some(name) => Ok(Self(Some(Target::load(call, name).await?))),
            None if call.caller.is_root() => Ok(Self(None)),
            None => Err(QueryError::validation(
                "Must specify userName when calling with non-User credentials",
            )),
        }
    }

    fn need(&self, call: &Call<'_>) -> Needs {
        match &self.0 {
            Some(user) => user.need(call).into(),
            None => Need::on(call, call.caller.arn().unwrap_or_default()).into(),
        }
    }

    /// The holder as the store knows it.
    fn found(self, call: &Call<'_>) -> Result<KeyHolder, QueryError> {
        let user = match self.0 {
            None => None,
            Some(user) => {
                let row = user.found()?;
                Some((row.name, row.unique_id))
            }
        };
        Ok(KeyHolder {
            account: call.account()?.id,
            user,
        })
    }
}

/// What `ListAccessKeys` is asked.
pub(crate) struct ListAccessKeysInput {
    user_name: Option<String>,
    page: PageRequest,
}

impl FromInput for ListAccessKeysInput {
    fn from_input(input: &Input) -> Result<Self, QueryError> {
        Ok(Self {
            user_name: input.text("UserName").map(str::to_owned),
            page: PageRequest::read(input)?,
        })
    }
}

impl QueryOperation for CreateAccessKey {
    type Input = OptionalUserInput;
    type Subject = Holder;
    type Output = AccessKeyOutput;

    async fn load(call: &Call<'_>, input: &OptionalUserInput) -> Result<Holder, QueryError> {
        Holder::load(call, input.name.as_deref()).await
    }

    fn needs(call: &Call<'_>, _: &OptionalUserInput, holder: &Holder) -> Needs {
        holder.need(call)
    }

    /// Errors: `NoSuchEntity`; `LimitExceeded` for a third key.
    async fn run(
        call: &Call<'_>,
        authorized: Authorized<Self>,
    ) -> Result<Self::Output, QueryError> {
        let holder = authorized.subject.found(call)?;
        let id = new_access_key_id().map_err(|error| internal("a new access key", &error))?;
        let secret =
            new_secret_access_key().map_err(|error| internal("a new access key", &error))?;
        let sealed_secret = call
            .cx
            .master_keys
            .seal(&id, &secret)
            .map_err(|error| internal("a new secret cannot be sealed", &error))?;
        let key = NewAccessKey {
            access_key_id: id.to_string(),
            sealed_secret,
            status: AccessKeyStatus::Active,
            account_id: holder.account,
            user_id: holder.user.as_ref().map(|(_, id)| id.clone()),
        };
        let shown = ShownAccessKey {
            user_name: holder.user.as_ref().map(|(name, _)| name.clone()),
            access_key_id: id.to_string(),
            status: status_name(AccessKeyStatus::Active),
            created_at: call.now,
        };
        let created = call.cx.store.create_access_key(holder, key, call.now).await;
        created.map_err(iam_error)?;
        Ok(Single {
            element: "AccessKey",
            value: CreatedAccessKey { key: shown, secret },
        })
    }
}

impl QueryOperation for ListAccessKeys {
    type Input = ListAccessKeysInput;
    type Subject = Holder;
    type Output = Listing<ShownAccessKey>;

    async fn load(call: &Call<'_>, input: &Self::Input) -> Result<Holder, QueryError> {
        Holder::load(call, input.user_name.as_deref()).await
    }

    fn needs(call: &Call<'_>, _: &Self::Input, holder: &Holder) -> Needs {
        holder.need(call)
    }

    /// Errors: `NoSuchEntity`.
    async fn run(
        call: &Call<'_>,
        authorized: Authorized<Self>,
    ) -> Result<Self::Output, QueryError> {
        let holder = authorized.subject.found(call)?;
        let keys = call.cx.store.access_keys(&holder).await;
        let keys = keys.map_err(store_error)?;
        let page = authorized
            .input
            .page
            .of_all(keys, |key| key.access_key_id.clone());
        let user_name = holder.user.map(|(name, _)| name);
        Ok(Listing {
            element: "AccessKeyMetadata",
            page: page.map(|key| shown(user_name.clone(), key)),
        })
    }
}

fn shown(user_name: Option<String>, key: AccessKeyRow) -> ShownAccessKey {
    ShownAccessKey {
        user_name,
        access_key_id: key.access_key_id,
        status: status_name(key.status),
        created_at: key.created_at,
    }
}

const fn status_name(status: AccessKeyStatus) -> &'static str {
    match status {
        AccessKeyStatus::Active => "Active",
        AccessKeyStatus::Inactive => "Inactive",
    }
}

impl QueryOperation for UpdateAccessKey {
    type Input = UpdateAccessKeyInput;
    type Subject = Holder;
    type Output = NoResult;

    async fn load(call: &Call<'_>, input: &Self::Input) -> Result<Holder, QueryError> {
        Holder::load(call, input.user_name.as_deref()).await
    }

    fn needs(call: &Call<'_>, _: &Self::Input, holder: &Holder) -> Needs {
        holder.need(call)
    }

    /// Errors: `NoSuchEntity`; `InvalidInput` for `Expired`, which only AWS sets.
    async fn run(call: &Call<'_>, authorized: Authorized<Self>) -> Result<NoResult, QueryError> {
        let holder = authorized.subject.found(call)?;
        let input = authorized.input;
        let status = match input.status.as_str() {
            "Active" => AccessKeyStatus::Active,
            "Inactive" => AccessKeyStatus::Inactive,
            other => {
                return Err(QueryError::invalid_input(format!(
                    "The status {other} cannot be set."
                )));
            }
        };
        let store = &call.cx.store;
        let set = store.set_access_key_status(holder, input.access_key_id, status);
        set.await.map_err(iam_error)?;
        Ok(NoResult)
    }
}

impl QueryOperation for DeleteAccessKey {
    type Input = AccessKeyInput;
    type Subject = Holder;
    type Output = NoResult;

    async fn load(call: &Call<'_>, input: &Self::Input) -> Result<Holder, QueryError> {
        Holder::load(call, input.user_name.as_deref()).await
    }

    fn needs(call: &Call<'_>, _: &Self::Input, holder: &Holder) -> Needs {
        holder.need(call)
    }

    /// Errors: `NoSuchEntity`.
    async fn run(call: &Call<'_>, authorized: Authorized<Self>) -> Result<NoResult, QueryError> {
        let holder = authorized.subject.found(call)?;
        let id = authorized.input.access_key_id;
        let deleted = call.cx.store.delete_access_key(holder, id).await;
        deleted.map_err(iam_error)?;
        Ok(NoResult)
    }
}

impl QueryOperation for GetAccessKeyLastUsed {
    type Input = LastUsedInput;
    /// The key, if it is one of the caller's account.
    type Subject = Option<KeyUse>;
    type Output = LastUsedOutput;

    async fn load(call: &Call<'_>, input: &LastUsedInput) -> Result<Self::Subject, QueryError> {
        let account = call.account()?.id;
        let found = call.cx.store.access_key_use(&input.access_key_id).await;
        Ok(found
            .map_err(store_error)?
            .filter(|key| key.account == account))
    }

    fn needs(call: &Call<'_>, _: &LastUsedInput, key: &Self::Subject) -> Needs {
        let name = key.as_ref().and_then(|key| key.user_name.as_deref());
        Need::on(call, arn(call, "user", "/", name.unwrap_or("*"))).into()
    }

    /// Errors: `NoSuchEntity`, for keys of other accounts, too.
    async fn run(
        call: &Call<'_>,
        authorized: Authorized<Self>,
    ) -> Result<Self::Output, QueryError> {
        let id = authorized.input.access_key_id;
        let key = authorized.subject;
        let key = key.ok_or_else(|| no_such_entity(EntityKind::AccessKey, &id))?;
        let noted = call.cx.last_used.noted(&id);
        let last = [key.last, noted]
            .into_iter()
            .flatten()
            .max_by_key(|last| last.at);
        Ok(LastUsedOutput {
            user_name: key.user_name.unwrap_or_else(|| key.account.to_string()),
            last: last.map(|last| (last.at, last.service, last.region)),
        })
    }
}
