//! Users.

use buckler_s3::TagSet;
use buckler_s3::xml::Writer;
use time::OffsetDateTime;

use super::answers::{Members, write_boundary, write_some, write_time};
use super::read::inputs;
use super::{PageRequest, ShownTag};

inputs! {
    /// What `CreateUser` is asked.
    CreateUserInput {
        name: String = text("UserName"),
        path: String = path("Path"),
        boundary_arn: Option<String> = optional_policy_arn("PermissionsBoundary"),
        tags: TagSet = tags("Tags"),
    }
    /// A user.
    UserInput {
        name: String = text("UserName"),
    }
    /// A user, or whoever calls.
    OptionalUserInput {
        name: Option<String> = optional("UserName"),
    }
    /// What `UpdateUser` is asked.
    UpdateUserInput {
        name: String = text("UserName"),
        new_path: Option<String> = optional("NewPath"),
        new_name: Option<String> = optional("NewUserName"),
    }
    /// What `ListUsers`, `ListGroups` and `ListRoles` are asked.
    ListInput {
        path_prefix: String = path("PathPrefix"),
        page: PageRequest = page(),
    }
}

/// A user as answers show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownUser {
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
    /// Its boundary.
    pub boundary_arn: Option<String>,
    /// Its tags; listings leave them out.
    pub tags: Vec<ShownTag>,
}

impl Members for ShownUser {
    fn write_members(&self, writer: &mut Writer) {
        writer.text("Path", &self.path);
        writer.text("UserName", &self.name);
        writer.text("UserId", &self.id);
        writer.text("Arn", &self.arn);
        write_time(writer, "CreateDate", self.created_at);
        write_boundary(writer, self.boundary_arn.as_deref());
        write_some(writer, "Tags", &self.tags);
    }
}
