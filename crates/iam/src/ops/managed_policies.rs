//! Managed policies, their versions, and who has them.

use buckler_s3::TagSet;
use buckler_s3::xml::Writer;
use time::OffsetDateTime;

use super::answers::{Members, write_end, write_list, write_some, write_time};
use super::read::inputs;
use super::{IdentityKindName, PageRequest, ShownTag, url_encoded};
use crate::query::{QueryError, WriteResult};

inputs! {
    /// What `CreatePolicy` is asked.
    CreatePolicyInput {
        name: String = text("PolicyName"),
        path: String = path("Path"),
        document: String = text("PolicyDocument"),
        description: Option<String> = optional("Description"),
        tags: TagSet = tags("Tags"),
    }
    /// A managed policy.
    PolicyInput {
        arn: String = policy_arn("PolicyArn"),
    }
    /// What `ListPolicyVersions` is asked.
    PolicyPageInput {
        arn: String = policy_arn("PolicyArn"),
        page: PageRequest = page(),
    }
    /// What `ListPolicies` is asked.
    ListPoliciesInput {
        scope: Option<String> = optional("Scope"),
        only_attached: bool = flag("OnlyAttached"),
        path_prefix: String = path("PathPrefix"),
        usage: Option<String> = optional("PolicyUsageFilter"),
        page: PageRequest = page(),
    }
    /// What `CreatePolicyVersion` is asked.
    CreatePolicyVersionInput {
        arn: String = policy_arn("PolicyArn"),
        document: String = text("PolicyDocument"),
        is_default: bool = flag("SetAsDefault"),
    }
    /// What `GetPolicyVersion`, `DeletePolicyVersion` and `SetDefaultPolicyVersion` are asked.
    PolicyVersionInput {
        arn: String = policy_arn("PolicyArn"),
        version_id: String = text("VersionId"),
    }
    /// What `ListEntitiesForPolicy` is asked.
    EntitiesInput {
        arn: String = policy_arn("PolicyArn"),
        filter: Option<String> = optional("EntityFilter"),
        path_prefix: String = path("PathPrefix"),
        usage: Option<String> = optional("PolicyUsageFilter"),
        page: PageRequest = page(),
    }
}

impl IdentityKindName for super::PolicyInput {
    /// Managed policies are tagged by ARN.
    const NAME: &'static str = "PolicyArn";
}

impl PolicyVersionInput {
    /// The number of the version: `v3` is 3.
    ///
    /// # Errors
    /// `NoSuchEntity` for a number that no version has.
    pub fn version(&self) -> Result<i64, QueryError> {
        self.version_id
            .strip_prefix('v')
            .and_then(|digits| digits.parse().ok())
            .ok_or_else(|| {
                QueryError::no_such_entity(format!(
                    "Policy {} version {} does not exist or is not attachable.",
                    self.arn, self.version_id
                ))
            })
    }
}

/// A managed policy as answers show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownPolicy {
    /// Its name.
    pub name: String,
    /// Its unique id.
    pub id: String,
    /// Its ARN.
    pub arn: String,
    /// Its path.
    pub path: String,
    /// The number of its default version.
    pub default_version: i64,
    /// To how many identities it is attached.
    pub attachment_count: i64,
    /// How many it bounds.
    pub boundary_count: i64,
    /// What it is for; listings leave it out.
    pub description: Option<String>,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When its default version was last changed.
    pub updated_at: OffsetDateTime,
    /// Its tags; listings leave them out.
    pub tags: Vec<ShownTag>,
}

impl Members for ShownPolicy {
    fn write_members(&self, writer: &mut Writer) {
        writer.text("PolicyName", &self.name);
        writer.text("PolicyId", &self.id);
        writer.text("Arn", &self.arn);
        writer.text("Path", &self.path);
        writer.text("DefaultVersionId", &format!("v{}", self.default_version));
        writer.text("AttachmentCount", &self.attachment_count.to_string());
        writer.text(
            "PermissionsBoundaryUsageCount",
            &self.boundary_count.to_string(),
        );
        writer.boolean("IsAttachable", true);
        writer.optional("Description", self.description.as_deref());
        write_time(writer, "CreateDate", self.created_at);
        write_time(writer, "UpdateDate", self.updated_at);
        write_some(writer, "Tags", &self.tags);
    }
}

/// A version of a managed policy as answers show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownPolicyVersion {
    /// Its number.
    pub version: i64,
    /// Its document; listings leave it out.
    pub document: Option<String>,
    /// Whether it counts.
    pub is_default: bool,
    /// When it was made.
    pub created_at: OffsetDateTime,
}

impl Members for ShownPolicyVersion {
    fn write_members(&self, writer: &mut Writer) {
        if let Some(document) = &self.document {
            writer.text("Document", &url_encoded(document));
        }
        writer.text("VersionId", &format!("v{}", self.version));
        writer.boolean("IsDefaultVersion", self.is_default);
        write_time(writer, "CreateDate", self.created_at);
    }
}

/// An identity that has a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityName {
    /// `User`, `Group` or `Role`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Its unique id.
    pub id: String,
}

impl Members for EntityName {
    fn write_members(&self, writer: &mut Writer) {
        writer.text(&format!("{}Name", self.kind), &self.name);
        writer.text(&format!("{}Id", self.kind), &self.id);
    }
}

/// What `ListEntitiesForPolicy` answers: all kinds share the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntitiesOutput {
    /// The page.
    pub page: super::Page<EntityName>,
}

impl WriteResult for EntitiesOutput {
    fn write(&self, writer: &mut Writer) {
        for kind in ["Group", "User", "Role"] {
            let of_kind: Vec<_> = self
                .page
                .items
                .iter()
                .filter(|one| one.kind == kind)
                .cloned()
                .collect();
            write_list(writer, &format!("Policy{kind}s"), &of_kind);
        }
        write_end(writer, self.page.marker.as_deref());
    }
}
