//! OpenID Connect providers: whose tokens an account's roles may be assumed with.

use buckler_policy::AccountId;
use buckler_s3::{Tag, TagSet};
use time::OffsetDateTime;

use crate::{
    Store, StoreError,
    connection::Connection,
    documents,
    record::Record,
    sql::{statements, values},
    times,
};

/// Most providers of an account. Source: IAM User Guide, "IAM and AWS STS quotas".
pub const OIDC_PROVIDERS_MAX: usize = 100;
/// Most client ids of a provider. Source: the same.
pub const OIDC_CLIENT_IDS_MAX: usize = 100;
/// Most tags of a provider. Facts: authorization.md 7.5.
pub const OIDC_TAGS_MAX: usize = 50;

/// A provider of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcProviderRow {
    /// The account.
    pub account_id: AccountId,
    /// `HOST[:PORT][/PATH]`; unique in its account.
    pub name: String,
    /// The address as tokens have it in `iss`.
    pub issuer: String,
    /// For whom its tokens may be.
    pub client_ids: Vec<String>,
    /// SHA-1 of certificates, 40 hex digits each.
    pub thumbprints: Vec<String>,
    /// Its tags.
    pub tags: TagSet,
    /// When it was made.
    pub created_at: OffsetDateTime,
}

impl OidcProviderRow {
    /// `arn:aws:iam::111122223333:oidc-provider/idp.example.com/realm`.
    pub fn arn(&self) -> String {
        format!(
            "arn:aws:iam::{}:oidc-provider/{}",
            self.account_id, self.name
        )
    }
}

/// What of a provider is to be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OidcProviderChange {
    /// One more client; nothing if it is there.
    AddClientId(String),
    /// One client less; nothing if it is not there.
    RemoveClientId(String),
    /// Other certificates.
    Thumbprints(Vec<String>),
    /// Tags to be set, beside those that are there.
    Tag(TagSet),
    /// Keys of tags to be removed.
    Untag(Vec<String>),
}

/// Why a provider was not made or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OidcProviderRefusal {
    /// There is no such provider.
    #[error("there is no such provider")]
    NoSuchProvider,
    /// There is one of this name.
    #[error("there is a provider of this name already")]
    AlreadyExists,
    /// The account has [`OIDC_PROVIDERS_MAX`].
    #[error("there are as many providers as there may be")]
    TooManyProviders,
    /// It has [`OIDC_CLIENT_IDS_MAX`].
    #[error("there are as many client ids as there may be")]
    TooManyClientIds,
    /// It would have more than [`OIDC_TAGS_MAX`].
    #[error("there are more tags than there may be")]
    TooManyTags,
}

/// The outcome of making or changing a provider.
pub type OidcProviderOutcome = Result<(), OidcProviderRefusal>;

statements! {
    BY_NAME = "SELECT account_id, name, issuer, client_ids, thumbprints, tags, created_at FROM oidc_providers
        WHERE account_id = $1 AND name = $2";
    ALL_OF = "SELECT account_id, name, issuer, client_ids, thumbprints, tags, created_at FROM oidc_providers
        WHERE account_id = $1 ORDER BY name";
    COUNT = "SELECT count(*) FROM oidc_providers WHERE account_id = $1";
    INSERT = "INSERT INTO oidc_providers (account_id, name, issuer, client_ids, thumbprints, tags, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    UPDATE = "UPDATE oidc_providers SET client_ids = $1, thumbprints = $2, tags = $3
        WHERE account_id = $4 AND name = $5";
    DELETE = "DELETE FROM oidc_providers WHERE account_id = $1 AND name = $2";
}

impl Store {
    /// Makes a provider.
    ///
    /// # Errors
    /// If the database fails. What is refused is inside.
    pub async fn create_oidc_provider(
        &self,
        provider: OidcProviderRow,
    ) -> Result<OidcProviderOutcome, StoreError> {
        let write = self
            .engine
            .write(provider, |c, provider| Box::pin(create(c, provider)));
        write.await
    }

    /// A provider by account and name.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn oidc_provider(
        &self,
        account: &AccountId,
        name: &str,
    ) -> Result<Option<OidcProviderRow>, StoreError> {
        let named = (*account, name.to_owned());
        let read = self.engine.read(&named, |c, (account, name)| {
            Box::pin(by_name(c, account, name))
        });
        read.await
    }

    /// The providers of an account, by name.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn oidc_providers(
        &self,
        account: &AccountId,
    ) -> Result<Vec<OidcProviderRow>, StoreError> {
        let read = self.engine.read(account, |c, account| {
            Box::pin(async move {
                c.all(ALL_OF, values![account.as_str()], read_provider)
                    .await
            })
        });
        read.await
    }

    /// Changes a provider.
    ///
    /// # Errors
    /// If the database fails. What is refused is inside.
    pub async fn update_oidc_provider(
        &self,
        account: AccountId,
        name: String,
        change: OidcProviderChange,
    ) -> Result<OidcProviderOutcome, StoreError> {
        let arguments = (account, name, change);
        let write = self.engine.write(arguments, |c, (account, name, change)| {
            Box::pin(update(c, account, name, change))
        });
        write.await
    }

    /// Deletes a provider, if it is there. Its tokens are refused from then on.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn delete_oidc_provider(
        &self,
        account: AccountId,
        name: String,
    ) -> Result<(), StoreError> {
        let write = self.engine.write((account, name), |c, (account, name)| {
            Box::pin(async move {
                c.execute(DELETE, values![account.as_str(), name.as_str()])
                    .await?;
                Ok(())
            })
        });
        write.await
    }
}

async fn by_name(
    connection: &mut Connection,
    account: &AccountId,
    name: &str,
) -> Result<Option<OidcProviderRow>, StoreError> {
    connection
        .one(BY_NAME, values![account.as_str(), name], read_provider)
        .await
}

async fn create(
    connection: &mut Connection,
    provider: &OidcProviderRow,
) -> Result<OidcProviderOutcome, StoreError> {
    let account = &provider.account_id;
    lock(connection, account).await?;
    let known = by_name(connection, account, &provider.name).await?;
    if known.is_some() {
        return Ok(Err(OidcProviderRefusal::AlreadyExists));
    }
    let count = connection
        .one(COUNT, values![account.as_str()], |row| row.size(0))
        .await?;
    if count.unwrap_or(0) >= OIDC_PROVIDERS_MAX as u64 {
        return Ok(Err(OidcProviderRefusal::TooManyProviders));
    }
    let lists = Lists::of(provider);
    let row = values![
        account.as_str(),
        provider.name.as_str(),
        provider.issuer.as_str(),
        lists.client_ids.as_str(),
        lists.thumbprints.as_str(),
        lists.tags.as_deref(),
        times::to_micros(provider.created_at)
    ];
    connection.execute(INSERT, row).await?;
    Ok(Ok(()))
}

async fn update(
    connection: &mut Connection,
    account: &AccountId,
    name: &str,
    change: &OidcProviderChange,
) -> Result<OidcProviderOutcome, StoreError> {
    lock(connection, account).await?;
    let Some(mut provider) = by_name(connection, account, name).await? else {
        return Ok(Err(OidcProviderRefusal::NoSuchProvider));
    };
    if let Err(refusal) = apply(&mut provider, change) {
        return Ok(Err(refusal));
    }
    let lists = Lists::of(&provider);
    let row = values![
        lists.client_ids.as_str(),
        lists.thumbprints.as_str(),
        lists.tags.as_deref(),
        account.as_str(),
        name
    ];
    connection.execute(UPDATE, row).await?;
    Ok(Ok(()))
}

/// Keeps other changes of the account's identities waiting until this transaction ends. Buckets are numbered from 1.
async fn lock(connection: &mut Connection, account: &AccountId) -> Result<(), StoreError> {
    connection.lock_object(0, account.as_str().as_bytes()).await
}

/// The columns that hold several values.
struct Lists {
    client_ids: String,
    thumbprints: String,
    tags: Option<String>,
}

impl Lists {
    fn of(provider: &OidcProviderRow) -> Self {
        Self {
            client_ids: documents::write_list(&provider.client_ids),
            thumbprints: documents::write_list(&provider.thumbprints),
            tags: documents::write_tags(&provider.tags),
        }
    }
}

fn apply(provider: &mut OidcProviderRow, change: &OidcProviderChange) -> OidcProviderOutcome {
    match change {
        OidcProviderChange::AddClientId(id) if provider.client_ids.contains(id) => {}
        OidcProviderChange::AddClientId(id) => {
            if provider.client_ids.len() >= OIDC_CLIENT_IDS_MAX {
                return Err(OidcProviderRefusal::TooManyClientIds);
            }
            provider.client_ids.push(id.clone());
        }
        OidcProviderChange::RemoveClientId(id) => provider.client_ids.retain(|other| other != id),
        OidcProviderChange::Thumbprints(list) => provider.thumbprints.clone_from(list),
        OidcProviderChange::Tag(new) => {
            let kept = provider
                .tags
                .iter()
                .filter(|tag| new.get(&tag.key).is_none());
            let tags: Vec<Tag> = kept.chain(new).cloned().collect();
            if tags.len() > OIDC_TAGS_MAX {
                return Err(OidcProviderRefusal::TooManyTags);
            }
            provider.tags = TagSet::from_stored(tags);
        }
        OidcProviderChange::Untag(keys) => {
            let kept = provider.tags.iter().filter(|tag| !keys.contains(&tag.key));
            provider.tags = TagSet::from_stored(kept.cloned().collect::<Vec<_>>());
        }
    }
    Ok(())
}

fn read_provider(row: &Record<'_>) -> Result<OidcProviderRow, StoreError> {
    Ok(OidcProviderRow {
        account_id: row.parsed(0, |text| AccountId::parse(text).ok())?,
        name: row.text(1)?.to_owned(),
        issuer: row.text(2)?.to_owned(),
        client_ids: documents::read_list(row.text(3)?)?,
        thumbprints: documents::read_list(row.text(4)?)?,
        tags: documents::read_tags(row.text_or_null(5)?)?,
        created_at: row.time(6)?,
    })
}
