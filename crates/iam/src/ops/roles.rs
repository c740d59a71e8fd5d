//! Roles.

use buckler_s3::TagSet;
use buckler_s3::xml::Writer;
use time::OffsetDateTime;

use super::answers::{Members, write_boundary, write_some, write_time};
use super::read::inputs;
use super::{ShownTag, url_encoded};

inputs! {
    /// What `CreateRole` is asked.
    CreateRoleInput {
        name: String = text("RoleName"),
        path: String = path("Path"),
        trust_document: String = text("AssumeRolePolicyDocument"),
        description: Option<String> = optional("Description"),
        max_session_seconds: Option<i64> = integer("MaxSessionDuration"),
        boundary_arn: Option<String> = optional_policy_arn("PermissionsBoundary"),
        tags: TagSet = tags("Tags"),
    }
    /// A role.
    RoleInput {
        name: String = text("RoleName"),
    }
    /// What `UpdateRole` is asked.
    UpdateRoleInput {
        name: String = text("RoleName"),
        description: Option<String> = optional("Description"),
        max_session_seconds: Option<i64> = integer("MaxSessionDuration"),
    }
    /// What `UpdateRoleDescription` is asked.
    UpdateDescriptionInput {
        name: String = text("RoleName"),
        description: String = text("Description"),
    }
    /// What `UpdateAssumeRolePolicy` is asked.
    UpdateTrustInput {
        name: String = text("RoleName"),
        document: String = text("PolicyDocument"),
    }
}

/// A role as answers show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownRole {
    /// Its path.
    pub path: String,
    /// Its name.
    pub name: String,
    /// Its unique id.
    pub id: String,
    /// Its ARN.
    pub arn: String,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// Its trust policy.
    pub trust_document: String,
    /// What it is for.
    pub description: Option<String>,
    /// How long a session may last, in seconds.
    pub max_session_seconds: i64,
    /// Its boundary.
    pub boundary_arn: Option<String>,
    /// Its tags; listings leave them out.
    pub tags: Vec<ShownTag>,
}

impl Members for ShownRole {
    fn write_members(&self, writer: &mut Writer) {
        writer.text("Path", &self.path);
        writer.text("RoleName", &self.name);
        writer.text("RoleId", &self.id);
        writer.text("Arn", &self.arn);
        write_time(writer, "CreateDate", self.created_at);
        writer.text(
            "AssumeRolePolicyDocument",
            &url_encoded(&self.trust_document),
        );
        writer.optional("Description", self.description.as_deref());
        writer.text("MaxSessionDuration", &self.max_session_seconds.to_string());
        write_boundary(writer, self.boundary_arn.as_deref());
        write_some(writer, "Tags", &self.tags);
    }
}
