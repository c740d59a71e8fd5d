//! How long the normal form of a policy is, before anything else is known of it.
//!
//! AWS names the size before any fault inside the document, so it is measured on the bare JSON.

use crate::{AccountId, json::Json};

/// Bytes that an account id gains when it becomes a root ARN.
const ROOT_ARN_EXTRA_BYTES: usize = "arn:aws:iam::".len() + ":root".len();

/// Length of the normal form, in bytes; for a valid policy exactly that of
/// [`Document::to_normalized_json`](crate::Document::to_normalized_json).
pub(crate) fn normal_form_bytes(json: &Json) -> usize {
    members_bytes(json, |name, value| match (name, value) {
        ("Statement", Json::Array(statements)) => {
            list_bytes(statements.iter().map(statement_bytes))
        }
        ("Statement", one) => 2 + statement_bytes(one),
        (_, value) => value_bytes(value),
    })
}

fn statement_bytes(json: &Json) -> usize {
    members_bytes(json, |name, value| match name {
        "Principal" | "NotPrincipal" => members_bytes(value, |_, value| principal_bytes(value)),
        _ => value_bytes(value),
    })
}

fn principal_bytes(json: &Json) -> usize {
    match json {
        Json::Array(items) => collapsed_bytes(items.iter().map(principal_bytes)),
        Json::String(text) if AccountId::parse(text).is_ok() => {
            text.len() + 2 + ROOT_ARN_EXTRA_BYTES
        }
        other => value_bytes(other),
    }
}

fn value_bytes(json: &Json) -> usize {
    match json {
        Json::Null => 4,
        Json::Bool(value) => value.to_string().len() + 2,
        Json::Number(text) => text.len() + 2,
        Json::String(text) => string_bytes(text),
        Json::Array(items) => collapsed_bytes(items.iter().map(value_bytes)),
        Json::Object(_) => members_bytes(json, |_, value| value_bytes(value)),
    }
}

fn members_bytes(json: &Json, value_bytes_of: impl Fn(&str, &Json) -> usize) -> usize {
    match json {
        Json::Object(members) => list_bytes(
            members
                .iter()
                .map(|(name, value)| string_bytes(name) + 1 + value_bytes_of(name, value)),
        ),
        other => value_bytes(other),
    }
}

/// A list of one is the bare value.
fn collapsed_bytes(items: impl ExactSizeIterator<Item = usize>) -> usize {
    if items.len() == 1 {
        items.sum()
    } else {
        list_bytes(items)
    }
}

/// Two brackets, and commas between the items.
fn list_bytes(items: impl ExactSizeIterator<Item = usize>) -> usize {
    2 + items.len().saturating_sub(1) + items.sum::<usize>()
}

/// Two quotes, and what the escapes of `"`, `\\` and control characters add.
fn string_bytes(text: &str) -> usize {
    let escape_bytes = |byte: u8| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0c => 1,
        0..=0x1f => "\\u0000".len() - 1,
        _ => 0,
    };
    2 + text.len() + text.bytes().map(escape_bytes).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::string_bytes;

    #[test]
    fn strings_are_as_long_as_they_are_written() {
        for letter in (0..=0x2ff).filter_map(char::from_u32) {
            let text = format!("a{letter}b");
            let written = serde_json::Value::from(text.as_str()).to_string();
            assert_eq!(string_bytes(&text), written.len(), "{letter:?}");
        }
    }
}
