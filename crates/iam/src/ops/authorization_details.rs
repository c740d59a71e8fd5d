//! Everything about the identities of an account at once.

use buckler_s3::xml::Writer;

use super::answers::{Members, write_boundary, write_end, write_list, write_some, write_time};
use super::read::inputs;
use super::{
    PageRequest, ShownAttachment, ShownGroup, ShownPolicy, ShownPolicyVersion, ShownRole,
    ShownUser, url_encoded,
};
use crate::query::WriteResult;

inputs! {
    /// What `GetAccountAuthorizationDetails` is asked.
    DetailsInput {
        filter: Vec<String> = texts("Filter"),
        page: PageRequest = page(),
    }
}

/// Which kinds are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DetailsFilter<'a>(pub &'a [String]);

impl DetailsFilter<'_> {
    /// Whether this kind is asked for; without a filter all are.
    pub fn wants(self, kind: &str) -> bool {
        self.0.is_empty() || self.0.iter().any(|wanted| wanted == kind)
    }
}

/// An inline policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedDocument {
    /// Its name.
    pub name: String,
    /// Its document.
    pub document: String,
}

impl Members for NamedDocument {
    fn write_members(&self, writer: &mut Writer) {
        writer.text("PolicyName", &self.name);
        writer.text("PolicyDocument", &url_encoded(&self.document));
    }
}

/// A user with all that it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetailedUser {
    /// The user.
    pub user: ShownUser,
    /// Its inline policies.
    pub inline: Vec<NamedDocument>,
    /// Names of its groups.
    pub groups: Vec<String>,
    /// Its attached policies.
    pub attached: Vec<ShownAttachment>,
}

impl Members for DetailedUser {
    fn write_members(&self, writer: &mut Writer) {
        let user = &self.user;
        writer.text("Path", &user.path);
        writer.text("UserName", &user.name);
        writer.text("UserId", &user.id);
        writer.text("Arn", &user.arn);
        write_time(writer, "CreateDate", user.created_at);
        write_some(writer, "UserPolicyList", &self.inline);
        write_list(writer, "GroupList", &self.groups);
        write_list(writer, "AttachedManagedPolicies", &self.attached);
        write_boundary(writer, user.boundary_arn.as_deref());
        write_list(writer, "Tags", &user.tags);
    }
}

/// A group with all that it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetailedGroup {
    /// The group.
    pub group: ShownGroup,
    /// Its inline policies.
    pub inline: Vec<NamedDocument>,
    /// Its attached policies.
    pub attached: Vec<ShownAttachment>,
}

impl Members for DetailedGroup {
    fn write_members(&self, writer: &mut Writer) {
        self.group.write_members(writer);
        write_list(writer, "GroupPolicyList", &self.inline);
        write_list(writer, "AttachedManagedPolicies", &self.attached);
    }
}

/// A role with all that it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetailedRole {
    /// The role.
    pub role: ShownRole,
    /// Its inline policies.
    pub inline: Vec<NamedDocument>,
    /// Its attached policies.
    pub attached: Vec<ShownAttachment>,
}

impl Members for DetailedRole {
    fn write_members(&self, writer: &mut Writer) {
        let role = &self.role;
        writer.text("Path", &role.path);
        writer.text("RoleName", &role.name);
        writer.text("RoleId", &role.id);
        writer.text("Arn", &role.arn);
        write_time(writer, "CreateDate", role.created_at);
        writer.text(
            "AssumeRolePolicyDocument",
            &url_encoded(&role.trust_document),
        );
        writer.open("InstanceProfileList");
        writer.close("InstanceProfileList");
        write_list(writer, "RolePolicyList", &self.inline);
        write_list(writer, "AttachedManagedPolicies", &self.attached);
        write_boundary(writer, role.boundary_arn.as_deref());
        write_list(writer, "Tags", &role.tags);
    }
}

/// A managed policy with its versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetailedPolicy {
    /// The policy.
    pub policy: ShownPolicy,
    /// Its versions.
    pub versions: Vec<ShownPolicyVersion>,
}

impl Members for DetailedPolicy {
    fn write_members(&self, writer: &mut Writer) {
        self.policy.write_members(writer);
        write_list(writer, "PolicyVersionList", &self.versions);
    }
}

/// What `GetAccountAuthorizationDetails` answers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DetailsOutput {
    /// Users.
    pub users: Vec<DetailedUser>,
    /// Groups.
    pub groups: Vec<DetailedGroup>,
    /// Roles.
    pub roles: Vec<DetailedRole>,
    /// Managed policies.
    pub policies: Vec<DetailedPolicy>,
    /// The marker of the next page.
    pub marker: Option<String>,
}

impl WriteResult for DetailsOutput {
    fn write(&self, writer: &mut Writer) {
        write_list(writer, "UserDetailList", &self.users);
        write_list(writer, "GroupDetailList", &self.groups);
        write_list(writer, "RoleDetailList", &self.roles);
        write_list(writer, "Policies", &self.policies);
        write_end(writer, self.marker.as_deref());
    }
}
