//! The `Action` enum: one variant per row of `actions`.

use crate::keys::{Key, family};
use serde_json::Value;
use std::{error::Error, fmt::Write};

/// The source of the enum and its tables.
pub(crate) fn generate(data: &Value, keys: &[Key]) -> Result<String, Box<dyn Error>> {
    let actions = data["actions"].as_object().ok_or("actions")?;
    let mut variants = String::new();
    let mut all = String::new();
    let mut rows = String::new();
    for (name, row) in actions {
        let variant = name.strip_prefix("s3:").ok_or("not an S3 action")?;
        let level = row["access_level"].as_str().unwrap_or("unknown");
        writeln!(
            variants,
            "    /// `{name}` (access level: {level}).\n    {variant},"
        )?;
        writeln!(all, "        Self::{variant},")?;
        writeln!(
            rows,
            "    Row {{ name: \"{name}\", lower: \"{}\", scope: Scope::{}, usable_in_bucket_policy: {}, keys: {:#x} }},",
            variant.to_ascii_lowercase(),
            scope(row["scope"].as_str().unwrap_or_default())?,
            row["usable_in_bucket_policy"]
                .as_bool()
                .ok_or("usable_in_bucket_policy")?,
            key_set(row, keys)?,
        )?;
    }
    let count = actions.len();
    Ok(format!(
        "/// An IAM action of the service `s3`.\n///\n/// Source: Service Authorization Reference for Amazon S3; `data/s3-actions.json`.\n\
         #[allow(clippy::upper_case_acronyms, reason = \"AWS's spelling\")]\n#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]\n#[repr(u8)]\npub enum Action {{\n{variants}}}\n\
         impl Action {{\n    /// Every action, in alphabetical order.\n    pub const ALL: [Self; {count}] = [\n{all}    ];\n}}\n\
         #[allow(clippy::unreadable_literal, reason = \"bit sets\")]\nstatic ROWS: [Row; {count}] = [\n{rows}];\n"
    ))
}

fn scope(name: &str) -> Result<&'static str, Box<dyn Error>> {
    Ok(match name {
        "account" => "Account",
        "bucket" => "Bucket",
        "object" => "Object",
        "accesspoint" => "AccessPoint",
        "objectlambdaaccesspoint" => "ObjectLambdaAccessPoint",
        "multiregionaccesspoint" => "MultiRegionAccessPoint",
        "multiregionaccesspointrequestarn" => "MultiRegionAccessPointRequest",
        "accessgrant" => "AccessGrant",
        "accessgrantsinstance" => "AccessGrantsInstance",
        "accessgrantslocation" => "AccessGrantsLocation",
        "job" => "Job",
        "storagelensconfiguration" => "StorageLensConfiguration",
        "storagelensgroup" => "StorageLensGroup",
        other => return Err(format!("unknown scope {other}").into()),
    })
}

/// The condition keys of an action as a bit set over the key table.
fn key_set(row: &Value, keys: &[Key]) -> Result<u128, Box<dyn Error>> {
    let mut set = 0_u128;
    for column in ["condition_keys", "resource_condition_keys"] {
        let names = row[column]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        for name in names {
            let (name, _) = family(name.as_str().ok_or("key name")?);
            let index = keys
                .iter()
                .position(|key| key.name.eq_ignore_ascii_case(name))
                .ok_or_else(|| format!("unknown condition key {name}"))?;
            set |= 1 << index;
        }
    }
    Ok(set)
}
