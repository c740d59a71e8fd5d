//! The conditions of a policy: how they are written, and whether a form meets them.

use serde_json::Value;

use super::{FormFields, SizeRange};

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Condition {
    /// The field is this text.
    Equals { field: String, text: String },
    /// The field begins with this text.
    StartsWith { field: String, text: String },
    /// The file is of such a size.
    ContentLength(SizeRange),
    /// What no form meets: a field without its `$`, a size that is no number. AWS was recorded to take such a policy, and
    /// to refuse every form under it; the text is what it shows.
    Never(String),
}

/// Why something is no condition, in AWS's words where they are known.
pub(super) type Fault = String;

const NO_CONDITION: &str = "Invalid condition test: must be a List or Object.";

impl Condition {
    pub(super) fn parse(value: &Value) -> Result<Self, Fault> {
        match value {
            Value::Object(members) => {
                let mut members = members.iter();
                match (members.next(), members.next()) {
                    (Some((field, Value::String(text))), None) => Ok(Self::Equals {
                        field: field.to_ascii_lowercase(),
                        text: text.clone(),
                    }),
                    (Some((_, _)), None) => {
                        Err("Invalid Simple-Condition: value must be a string.".to_owned())
                    }
                    _ => Err("Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.".to_owned()),
                }
            }
            Value::Array(list) => Self::parse_list(list),
            _ => Err(NO_CONDITION.to_owned()),
        }
    }

    fn parse_list(list: &[Value]) -> Result<Self, Fault> {
        let Some((Value::String(written), arguments)) = list.split_first() else {
            return Err(NO_CONDITION.to_owned());
        };
        let operation = written.to_ascii_lowercase();
        let wrong_number = || format!("Invalid {operation}: wrong number of arguments.");
        match operation.as_str() {
            "eq" | "starts-with" => {
                let [field, text] = arguments else {
                    return Err(wrong_number());
                };
                let invalid =
                    || format!("Invalid {operation}: arguments must be a field and a text.");
                let (Value::String(field), Value::String(text)) = (field, text) else {
                    return Err(invalid());
                };
                let Some(field) = field.strip_prefix('$') else {
                    return Ok(Self::Never(as_written(&operation, arguments)));
                };
                let (field, text) = (field.to_ascii_lowercase(), text.clone());
                Ok(match operation.as_str() {
                    "eq" => Self::Equals { field, text },
                    _ => Self::StartsWith { field, text },
                })
            }
            "content-length-range" => {
                let [least, most] = arguments else {
                    return Err(wrong_number());
                };
                let invalid = || {
                    format!(
                        "Invalid {operation}: arguments must be two numbers, the lower one first."
                    )
                };
                let Some((least, most)) = bytes(least).zip(bytes(most)) else {
                    return Ok(Self::Never(as_written(&operation, arguments)));
                };
                SizeRange::new(least, most)
                    .map(Self::ContentLength)
                    .ok_or_else(invalid)
            }
            _ => Err(format!("Invalid Condition: unknown operation '{written}'.")),
        }
    }

    /// The field that it is about.
    pub(super) fn field(&self) -> Option<&str> {
        match self {
            Self::Equals { field, .. } | Self::StartsWith { field, .. } => Some(field),
            Self::ContentLength(_) | Self::Never(_) => None,
        }
    }

    /// Whether the form meets it. The size of the file is judged when it is there.
    pub(super) fn is_met(&self, fields: &FormFields, bucket: &str) -> bool {
        let value = |field: &str| match field {
            "bucket" => Some(bucket),
            _ => fields.get(field),
        };
        match self {
            Self::ContentLength(_) => true,
            Self::Never(_) => false,
            Self::Equals { field, text } => value(field) == Some(text),
            // AWS: commas make a list of types, each of which must fit.
            Self::StartsWith { field, text } if field == "content-type" => value(field)
                .is_some_and(|value| value.split(',').all(|one| one.trim().starts_with(text))),
            Self::StartsWith { field, text } => {
                value(field).is_some_and(|value| value.starts_with(text))
            }
        }
    }

    /// The condition as AWS shows one that is not met: a list, whichever form it was written in.
    pub(super) fn shown(&self) -> String {
        let (operation, field, text) = match self {
            Self::Equals { field, text } => ("eq", field, text),
            Self::StartsWith { field, text } => ("starts-with", field, text),
            Self::ContentLength(_) => return "[\"content-length-range\"]".to_owned(),
            Self::Never(written) => return written.clone(),
        };
        let quoted = |text: String| Value::String(text).to_string();
        format!(
            "[\"{operation}\", {}, {}]",
            quoted(format!("${field}")),
            quoted(text.clone())
        )
    }
}

fn as_written(operation: &str, arguments: &[Value]) -> String {
    let quoted = arguments.iter().map(|argument| format!(", {argument}"));
    format!("[\"{operation}\"{}]", quoted.collect::<String>())
}

/// A number of bytes, which is also taken as a text.
fn bytes(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}
