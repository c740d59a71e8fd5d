//! Groups and who is in them.

use buckler_s3::xml::Writer;
use time::OffsetDateTime;

use super::answers::{Members, write_end, write_list, write_time};
use super::read::inputs;
use super::{Page, PageRequest, ShownUser};
use crate::query::WriteResult;

inputs! {
    /// What `CreateGroup` is asked.
    CreateGroupInput {
        name: String = text("GroupName"),
        path: String = path("Path"),
    }
    /// A group.
    GroupInput {
        name: String = text("GroupName"),
    }
    /// What `GetGroup` is asked.
    GroupPageInput {
        name: String = text("GroupName"),
        page: PageRequest = page(),
    }
    /// What `UpdateGroup` is asked.
    UpdateGroupInput {
        name: String = text("GroupName"),
        new_path: Option<String> = optional("NewPath"),
        new_name: Option<String> = optional("NewGroupName"),
    }
    /// What `AddUserToGroup` and `RemoveUserFromGroup` are asked.
    MembershipInput {
        name: String = text("GroupName"),
        user_name: String = text("UserName"),
    }
}

/// A group as answers show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownGroup {
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
}

impl Members for ShownGroup {
    fn write_members(&self, writer: &mut Writer) {
        writer.text("Path", &self.path);
        writer.text("GroupName", &self.name);
        writer.text("GroupId", &self.id);
        writer.text("Arn", &self.arn);
        write_time(writer, "CreateDate", self.created_at);
    }
}

/// What `GetGroup` answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupWithUsers {
    /// The group.
    pub group: ShownGroup,
    /// A page of its users.
    pub users: Page<ShownUser>,
}

impl WriteResult for GroupWithUsers {
    fn write(&self, writer: &mut Writer) {
        writer.open("Group");
        self.group.write_members(writer);
        writer.close("Group");
        write_list(writer, "Users", &self.users.items);
        write_end(writer, self.users.marker.as_deref());
    }
}
