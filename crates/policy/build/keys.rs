//! The `ConditionKey` enum: one variant per row of `condition_keys`.

use serde_json::Value;
use std::{error::Error, fmt::Write};

/// One row of `condition_keys`.
pub(crate) struct Key {
    /// As AWS writes it, without the `/<key>` of a tag key: `s3:ExistingObjectTag`.
    pub(crate) name: String,
    pub(crate) variant: String,
    pub(crate) tagged: bool,
    pub(crate) kind: &'static str,
    pub(crate) present_when: String,
}

/// Reads the rows. Their position is their number in the bit sets.
pub(crate) fn read(data: &Value) -> Result<Vec<Key>, Box<dyn Error>> {
    let rows = data["condition_keys"].as_object().ok_or("condition_keys")?;
    rows.iter().map(|(name, row)| key(name, row)).collect()
}

/// The part of a key name before the tag key; tag keys end in `/<key>` or `/${TagKey}`.
pub(crate) fn family(name: &str) -> (&str, bool) {
    match name.split_once('/') {
        Some((family, _)) => (family, true),
        None => (name, false),
    }
}

fn key(name: &str, row: &Value) -> Result<Key, Box<dyn Error>> {
    let (family, tagged) = family(name);
    let kind = match row["type"].as_str().ok_or("type")? {
        "String" => "Text",
        "ARN" => "Arn",
        "Bool" => "Bool",
        "Numeric" => "Numeric",
        "Date" => "Date",
        "IPAddress" => "IpAddress",
        "ArrayOfString" => "TextList",
        other => return Err(format!("type {other} of {name}").into()),
    };
    Ok(Key {
        name: family.to_owned(),
        variant: variant(family, tagged),
        tagged,
        kind,
        present_when: row["present_when"].as_str().unwrap_or_default().to_owned(),
    })
}

/// `aws:SourceIp` is `SourceIp`, `s3:x-amz-acl` is `S3XAmzAcl`, `s3:BucketTag/..` is `BucketTag`.
fn variant(family: &str, tagged: bool) -> String {
    let (service, name) = family.split_once(':').unwrap_or(("", family));
    let mut variant = String::new();
    if service == "s3" && !tagged {
        variant.push_str("S3");
    }
    for word in name.split('-') {
        let mut letters = word.chars();
        if let Some(first) = letters.next() {
            variant.extend(first.to_uppercase());
            variant.push_str(letters.as_str());
        }
    }
    variant
}

/// The source of the enum and its tables.
pub(crate) fn generate(keys: &[Key]) -> Result<String, Box<dyn Error>> {
    let mut out = String::new();
    writeln!(
        out,
        "/// A condition key: the known global and S3 keys by name, anything else as `Other`.\n///\n/// Names compare without regard to case, tag keys included.\n/// Source: facts: authorization.md 4.3.\n#[allow(clippy::doc_markdown, reason = \"the sentences are data\")]\n#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]\npub enum ConditionKey {{"
    )?;
    for key in keys {
        let payload = if key.tagged { "(Box<str>)" } else { "" };
        let suffix = if key.tagged {
            "/` with a tag key, in lower case. "
        } else {
            "`: "
        };
        let text = key.present_when.replace('<', "`<").replace('>', ">`");
        writeln!(out, "    /// `{}{suffix}{text}", key.name)?;
        writeln!(out, "    {}{payload},", key.variant)?;
    }
    writeln!(
        out,
        "    /// Any other key, in lower case.\n    Other(Box<str>),\n}}"
    )?;

    writeln!(out, "impl ConditionKey {{")?;
    writeln!(
        out,
        "    /// The position of the key in the table; `None` for `Other`.\n    pub(crate) const fn index(&self) -> Option<u32> {{\n        match self {{"
    )?;
    for (index, key) in keys.iter().enumerate() {
        let payload = if key.tagged { "(_)" } else { "" };
        writeln!(
            out,
            "            Self::{}{payload} => Some({index}),",
            key.variant
        )?;
    }
    writeln!(
        out,
        "            Self::Other(_) => None,\n        }}\n    }}\n}}"
    )?;

    writeln!(
        out,
        "/// Name, whether a tag key follows, and type of each known key, by position.\nstatic ROWS: [Row; {}] = [",
        keys.len()
    )?;
    for key in keys {
        let make = if key.tagged {
            format!("Make::Tagged(ConditionKey::{})", key.variant)
        } else {
            format!("Make::Plain(ConditionKey::{})", key.variant)
        };
        writeln!(
            out,
            "    Row {{ name: \"{}\", make: {make}, value_type: ValueType::{} }},",
            key.name, key.kind
        )?;
    }
    writeln!(out, "];")?;
    Ok(out)
}
