//! `AccessControlPolicy`: an ACL as a document.

use buckler_policy::{AclPermission, CanonicalId, Grant, Grantee};
use bytes::Bytes;

use super::{GRANTS_MAX, RequestedGrant, RequestedGrantee};
use crate::xml::{Element, Writer, read};
use crate::{ErrorCode, S3Error};

const ROOT: &str = "AccessControlPolicy";

/// An ACL that a client sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessControlPolicy {
    /// The owner's id, which must be that of the bucket or object.
    pub owner: String,
    /// The grants, in order.
    pub grants: Vec<RequestedGrant>,
}

impl AccessControlPolicy {
    /// What AWS calls a canonical id of a document in errors.
    pub const ID_ARGUMENT: &'static str = "CanonicalUser/ID";

    /// Reads a document.
    ///
    /// # Errors
    /// `MalformedACLError`, for more than [`GRANTS_MAX`] grants, too; `InvalidArgument` for a group that is none.
    pub fn parse(body: &[u8]) -> Result<Self, S3Error> {
        let parsed = read(body, ROOT)
            .map_err(S3Error::from)
            .and_then(|root| policy(&root));
        parsed.map_err(|error| match error.code {
            ErrorCode::InvalidArgument => error,
            _ => S3Error::new(ErrorCode::MalformedACLError),
        })
    }
}

/// Faults of the form are told apart nowhere: AWS answers all of them alike.
fn policy(root: &Element) -> Result<AccessControlPolicy, S3Error> {
    root.allow(&["Owner", "AccessControlList"])?;
    let owner = root.required("Owner")?;
    owner.allow(&["ID", "DisplayName"])?;
    let list = root.required("AccessControlList")?;
    list.allow(&["Grant"])?;
    if list.children().len() > GRANTS_MAX {
        return Err(S3Error::malformed_xml());
    }
    Ok(AccessControlPolicy {
        owner: owner.required_text("ID")?.to_owned(),
        grants: list
            .children()
            .iter()
            .map(grant)
            .collect::<Result<_, _>>()?,
    })
}

fn grant(element: &Element) -> Result<RequestedGrant, S3Error> {
    element.allow(&["Grantee", "Permission"])?;
    let permission = AclPermission::from_name(element.required_text("Permission")?);
    Ok(RequestedGrant {
        grantee: grantee(element.required("Grantee")?)?,
        permission: permission.ok_or(S3Error::malformed_xml())?,
    })
}

/// The schema has no grantee without a type, and each type has elements of its own.
fn grantee(element: &Element) -> Result<RequestedGrantee, S3Error> {
    match element.schema_type() {
        Some("CanonicalUser") => {
            element.allow(&["ID", "DisplayName"])?;
            let id = element.required_text("ID")?;
            Ok(RequestedGrantee::Id {
                text: id.to_owned(),
                argument: AccessControlPolicy::ID_ARGUMENT,
            })
        }
        Some("Group") => {
            element.allow(&["URI"])?;
            let uri = element.required_text("URI")?;
            // AWS: as recorded.
            let invalid = || S3Error::invalid_argument("Invalid group uri", "Group/URI", Some(uri));
            let group = Grantee::from_group_uri(uri).ok_or_else(invalid)?;
            Ok(RequestedGrantee::Group(group))
        }
        Some("AmazonCustomerByEmail") => {
            element.allow(&["EmailAddress"])?;
            element.required_text("EmailAddress")?;
            Ok(RequestedGrantee::EmailAddress)
        }
        _ => Err(S3Error::malformed_xml()),
    }
}

/// The document of an ACL. `DisplayName` was withdrawn. Source: facts: s3-behaviour.md 14.
pub(crate) fn write<'g>(owner: &CanonicalId, grants: impl IntoIterator<Item = &'g Grant>) -> Bytes {
    let mut writer = Writer::document(ROOT);
    writer.open("Owner");
    writer.text("ID", owner.as_str());
    writer.close("Owner");
    writer.open("AccessControlList");
    for grant in grants {
        write_grant(&mut writer, grant);
    }
    writer.close("AccessControlList");
    writer.close(ROOT);
    writer.finish()
}

fn write_grant(writer: &mut Writer, grant: &Grant) {
    let (schema_type, name, text) = match &grant.grantee {
        Grantee::CanonicalUser(id) => ("CanonicalUser", "ID", id.as_str()),
        group @ (Grantee::AllUsers | Grantee::AuthenticatedUsers | Grantee::LogDelivery) => {
            ("Group", "URI", group.group_uri().unwrap_or_default())
        }
    };
    writer.open("Grant");
    writer.open_typed("Grantee", schema_type);
    writer.text(name, text);
    writer.close("Grantee");
    writer.text("Permission", grant.permission.name());
    writer.close("Grant");
}
