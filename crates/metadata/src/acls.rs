//! ACLs inside rows: null for the owner's alone, or a small JSON document, `[["READ", "http://acs…/AllUsers"], …]`.

use buckler_policy::{Acl, AclPermission, CanonicalId, Grant, Grantee};
use serde_json::Value;

use crate::{StoreError, record::Record};

pub(crate) fn write_acl(acl: &Acl) -> Option<String> {
    let Acl::Grants(grants) = acl else {
        return None;
    };
    let pairs: Value = grants.iter().map(|grant| Vec::from(pair(grant))).collect();
    Some(pairs.to_string())
}

fn pair(grant: &Grant) -> [&str; 2] {
    let grantee = match &grant.grantee {
        Grantee::CanonicalUser(id) => id.as_str(),
        // INVARIANT: all other grantees are groups, and every group has a URI.
        group => group.group_uri().unwrap_or_default(),
    };
    [grant.permission.name(), grantee]
}

pub(crate) fn read_acl(row: &Record<'_>, column: usize) -> Result<Acl, StoreError> {
    let Some(text) = row.text_or_null(column)? else {
        return Ok(Acl::OwnersAlone);
    };
    let pairs: Vec<[String; 2]> =
        serde_json::from_str(text).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    let grants = pairs
        .iter()
        .map(|[permission, grantee]| read_grant(permission, grantee));
    Ok(Acl::Grants(grants.collect::<Result<_, _>>()?))
}

fn read_grant(permission: &str, grantee: &str) -> Result<Grant, StoreError> {
    let unknown = || StoreError::Corrupt(format!("`{permission}` for `{grantee}` is no grant"));
    let named = CanonicalId::parse_owner(grantee).map(Grantee::CanonicalUser);
    Ok(Grant {
        permission: AclPermission::from_name(permission).ok_or_else(unknown)?,
        grantee: named
            .ok()
            .or_else(|| Grantee::from_group_uri(grantee))
            .ok_or_else(unknown)?,
    })
}
