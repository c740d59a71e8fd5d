//! Access keys.

use buckler_s3::xml::Writer;
use time::OffsetDateTime;

use super::answers::{Members, write_time};
use super::read::inputs;
use crate::SecretAccessKey;
use crate::query::WriteResult;

inputs! {
    /// What `DeleteAccessKey` is asked.
    AccessKeyInput {
        user_name: Option<String> = optional("UserName"),
        access_key_id: String = text("AccessKeyId"),
    }
    /// What `UpdateAccessKey` is asked.
    UpdateAccessKeyInput {
        user_name: Option<String> = optional("UserName"),
        access_key_id: String = text("AccessKeyId"),
        status: String = text("Status"),
    }
    /// What `GetAccessKeyLastUsed` is asked.
    LastUsedInput {
        access_key_id: String = text("AccessKeyId"),
    }
}

/// An access key as listings show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownAccessKey {
    /// The user's name; `None` for the account's root.
    pub user_name: Option<String>,
    /// Its id.
    pub access_key_id: String,
    /// `Active` or `Inactive`.
    pub status: &'static str,
    /// When it was made.
    pub created_at: OffsetDateTime,
}

impl Members for ShownAccessKey {
    fn write_members(&self, writer: &mut Writer) {
        writer.optional("UserName", self.user_name.as_deref());
        writer.text("AccessKeyId", &self.access_key_id);
        writer.text("Status", self.status);
        write_time(writer, "CreateDate", self.created_at);
    }
}

/// A new access key: the only time that its secret is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatedAccessKey {
    /// The key.
    pub key: ShownAccessKey,
    /// Its secret.
    pub secret: SecretAccessKey,
}

/// What `CreateAccessKey` answers.
pub type AccessKeyOutput = super::Single<CreatedAccessKey>;

impl Members for CreatedAccessKey {
    fn write_members(&self, writer: &mut Writer) {
        writer.optional("UserName", self.key.user_name.as_deref());
        writer.text("AccessKeyId", &self.key.access_key_id);
        writer.text("Status", self.key.status);
        writer.text("SecretAccessKey", self.secret.expose());
        write_time(writer, "CreateDate", self.key.created_at);
    }
}

/// What `GetAccessKeyLastUsed` answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastUsedOutput {
    /// The user's name; the account id for its root.
    pub user_name: String,
    /// When, for which service and in which region; `None` for never.
    pub last: Option<(OffsetDateTime, String, String)>,
}

impl WriteResult for LastUsedOutput {
    fn write(&self, writer: &mut Writer) {
        writer.text("UserName", &self.user_name);
        writer.open("AccessKeyLastUsed");
        if let Some((at, service, region)) = &self.last {
            write_time(writer, "LastUsedDate", *at);
            writer.text("ServiceName", service);
            writer.text("Region", region);
        } else {
            // AWS: words in the place of names.
            writer.text("ServiceName", "N/A");
            writer.text("Region", "N/A");
        }
        writer.close("AccessKeyLastUsed");
    }
}
