//! Rotating the master key: what older keys sealed is sealed anew under the first one.

use std::collections::BTreeMap;

use buckler_iam::{AccessKeyId, MasterKeys};
use buckler_metadata::{Resealed, SealedSecret};

use super::Accounts;
use super::report::{MasterKeyLine, Report};
use crate::error::Failure;
use crate::serve::storage::put_master_key_id;

/// How many secrets are read, and sealed anew in one transaction, at a time.
const PAGE_SECRETS: usize = 500;

impl Accounts {
    /// Which master keys there are, and what each has sealed.
    pub(super) async fn master_keys(&self) -> Result<Report, Failure> {
        let mut counts = self.sealed_under().await?;
        let keys = &self.master_keys;
        let line = |id: String, role: &str, secrets| MasterKeyLine {
            role: role.to_owned(),
            id,
            secrets,
        };
        let mut lines: Vec<_> = (keys.ids().into_iter())
            .map(|id| {
                let secrets = counts.remove(&id).unwrap_or(0);
                let seals = id == keys.sealing_id();
                line(id, if seals { "seals" } else { "opens" }, secrets)
            })
            .collect();
        let missing = counts.into_iter();
        lines.extend(missing.map(|(id, secrets)| line(id, "missing", secrets)));
        Ok(Report::MasterKeys(lines))
    }

    /// Seals anew what another key has sealed. What is done stays done, so that it may end at any moment and be
    /// repeated; keys that are used meanwhile are not disturbed.
    pub(super) async fn rotate_master_key(&self) -> Result<Report, Failure> {
        let mut resealed = 0;
        let mut after = String::new();
        loop {
            let page = self.page(&after).await?;
            let Some(last) = page.last() else { break };
            after.clone_from(&last.access_key_id);
            let anew: Vec<_> = page
                .into_iter()
                .filter_map(|secret| self.sealed_anew(secret).transpose())
                .collect::<Result<_, _>>()?;
            let changed = self.store.reseal(anew).await;
            resealed += changed.map_err(Failure::runtime)?;
        }
        let mut counts = self.sealed_under().await?;
        counts.remove(&self.master_keys.sealing_id());
        let sentence = format!(
            "{resealed} secrets sealed anew under master key {}",
            self.master_keys.sealing_id()
        );
        if counts.is_empty() {
            put_master_key_id(&self.store, &self.master_keys).await?;
            return Ok(Report::Done(sentence));
        }
        let left: u64 = counts.values().sum();
        let ids: Vec<_> = counts.into_keys().collect();
        Err(Failure::configuration(format!(
            "{sentence}; {left} cannot be opened, because these keys are not given: {}",
            ids.join(", ")
        )))
    }

    /// The secret as it is to be stored, if it is not so already and can be opened.
    fn sealed_anew(&self, secret: SealedSecret) -> Result<Option<Resealed>, Failure> {
        let keys = &self.master_keys;
        if MasterKeys::id_of(&secret.sealed) == Some(keys.sealing_id()) {
            return Ok(None);
        }
        let id = AccessKeyId::parse(&secret.access_key_id).map_err(Failure::runtime)?;
        let Ok(plain) = keys.open(&id, &secret.sealed) else {
            return Ok(None);
        };
        let sealed = keys.seal(&id, &plain).map_err(Failure::runtime)?;
        Ok(Some(Resealed {
            from: secret,
            sealed,
        }))
    }

    async fn sealed_under(&self) -> Result<BTreeMap<String, u64>, Failure> {
        let mut counts = BTreeMap::new();
        let mut after = String::new();
        loop {
            let page = self.page(&after).await?;
            let Some(last) = page.last() else { break };
            after.clone_from(&last.access_key_id);
            for secret in page {
                let id = MasterKeys::id_of(&secret.sealed).unwrap_or_default();
                *counts.entry(id).or_insert(0) += 1;
            }
        }
        Ok(counts)
    }

    async fn page(&self, after: &str) -> Result<Vec<SealedSecret>, Failure> {
        let page = self.store.sealed_secrets(after, PAGE_SECRETS).await;
        page.map_err(Failure::runtime)
    }
}
