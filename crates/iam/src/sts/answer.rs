//! What the answers of several operations have in common.

use buckler_s3::xml::Writer;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use buckler_policy::AccountId;

use crate::SessionCredentials;

/// The credentials of a new session.
#[derive(Debug, Clone)]
pub struct SessionAnswer {
    /// The credentials.
    pub credentials: SessionCredentials,
    /// When they end.
    pub expires_at: OffsetDateTime,
}

impl SessionAnswer {
    /// Writes `Credentials`.
    pub(super) fn write(&self, writer: &mut Writer) {
        writer.open("Credentials");
        writer.text("AccessKeyId", self.credentials.access_key_id.as_str());
        writer.text("SecretAccessKey", self.credentials.secret.expose());
        writer.text("SessionToken", self.credentials.token.expose());
        // Whole seconds: `2026-07-06T12:34:56Z`.
        let expiration = self.expires_at.format(&Rfc3339).unwrap_or_default();
        writer.text("Expiration", &expiration);
        writer.close("Credentials");
    }

    /// Writes `PackedPolicySize`, which is there for sessions with policies or tags.
    pub(super) fn write_packed_size(&self, writer: &mut Writer) {
        if let Some(percent) = self.credentials.packed_policy_percent {
            writer.number("PackedPolicySize", percent as u64);
        }
    }
}

/// Whom the credentials of a role's session stand for.
#[derive(Debug, Clone)]
pub struct AssumedRoleUser {
    /// `AROA…:SESSION`.
    pub id: String,
    /// `arn:aws:sts::ID:assumed-role/NAME/SESSION`.
    pub arn: String,
}

impl AssumedRoleUser {
    /// The user of a session. A session's ARN has no path.
    pub fn of(account: &AccountId, role_id: &str, role_name: &str, session_name: &str) -> Self {
        Self {
            id: format!("{role_id}:{session_name}"),
            arn: format!("arn:aws:sts::{account}:assumed-role/{role_name}/{session_name}"),
        }
    }

    /// Writes `AssumedRoleUser`.
    pub(super) fn write(&self, writer: &mut Writer) {
        writer.open("AssumedRoleUser");
        writer.text("AssumedRoleId", &self.id);
        writer.text("Arn", &self.arn);
        writer.close("AssumedRoleUser");
    }
}
