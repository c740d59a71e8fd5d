//! All sealed secrets of the store, page by page, for a rotation of the master key. What they are sealed under, this
//! crate does not know.

use std::fmt;

use crate::{
    Store, StoreError,
    sql::{statements, values},
};

/// The sealed secret of an access key.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedSecret {
    /// The access key's id.
    pub access_key_id: String,
    /// The secret as it is stored.
    pub sealed: Vec<u8>,
}

/// A secret, and the same sealed anew.
#[derive(Clone, PartialEq, Eq)]
pub struct Resealed {
    /// As it was when it was opened.
    pub from: SealedSecret,
    /// As it is to be stored.
    pub sealed: Vec<u8>,
}

statements! {
    PAGE = "SELECT id, sealed_secret FROM access_keys WHERE id > $1 ORDER BY id LIMIT $2";
    RESEAL = "UPDATE access_keys SET sealed_secret = $1 WHERE id = $2 AND sealed_secret = $3";
}

impl Store {
    /// Sealed secrets in the order of their access keys' ids, behind `after`; none at the end.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn sealed_secrets(
        &self,
        after: &str,
        count_max: usize,
    ) -> Result<Vec<SealedSecret>, StoreError> {
        let limit = i64::try_from(count_max).unwrap_or(i64::MAX);
        let arguments = (after.to_owned(), limit);
        let read = self.engine.read(&arguments, |c, (after, limit)| {
            Box::pin(async move {
                c.all(PAGE, values![after.as_str(), *limit], |row| {
                    Ok(SealedSecret {
                        access_key_id: row.text(0)?.to_owned(),
                        sealed: row.bytes(1)?.to_vec(),
                    })
                })
                .await
            })
        });
        read.await
    }

    /// Stores secrets that were sealed anew, in one transaction, and returns how many. One that was changed or deleted
    /// meanwhile is left as it is.
    ///
    /// # Errors
    /// If the database fails. Nothing changed then.
    pub async fn reseal(&self, secrets: Vec<Resealed>) -> Result<u64, StoreError> {
        if secrets.is_empty() {
            return Ok(0);
        }
        let write = self.engine.write(secrets, |c, secrets| {
            Box::pin(async move {
                let mut changed = 0;
                for Resealed { from, sealed } in secrets {
                    let id = from.access_key_id.as_str();
                    let row = values![sealed.as_slice(), id, from.sealed.as_slice()];
                    changed += c.execute(RESEAL, row).await?;
                }
                Ok(changed)
            })
        });
        write.await
    }
}

impl fmt::Debug for SealedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedSecret")
            .field("access_key_id", &self.access_key_id)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Resealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resealed")
            .field("from", &self.from)
            .finish_non_exhaustive()
    }
}
