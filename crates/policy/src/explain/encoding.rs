//! An explanation as text for the audit log, and back.

use super::explanation::{ContextEntry, Explanation};
use serde::{Deserialize, Serialize};

/// Longest encoded explanation, in bytes.
pub const EXPLANATION_BYTES_MAX: usize = 65_536;

/// Longest single text that is kept of an explanation that is too long, in bytes; S3's longest key fits with its bucket.
const TEXT_BYTES_MAX: usize = 2_048;

/// Most statements and context entries that are kept of an explanation that is too long for anything else.
const ITEMS_MAX: usize = 4;

/// The version of the form that is written, and the only one that is read.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Written<'a> {
    version: u32,
    explanation: &'a Explanation,
}

#[derive(Deserialize)]
struct Read {
    version: u32,
    explanation: serde_json::Value,
}

/// A text that is not an encoded explanation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeExplanationError {
    /// More than [`EXPLANATION_BYTES_MAX`].
    #[error("an encoded explanation has at most {EXPLANATION_BYTES_MAX} bytes")]
    TooLong,
    /// Not the JSON of an explanation.
    #[error("the text is not an encoded explanation")]
    Malformed,
    /// Written by a later version of this crate.
    #[error("version {0} of encoded explanations is not known here")]
    UnknownVersion(u32),
}

impl Explanation {
    /// The explanation as one line of JSON of at most [`EXPLANATION_BYTES_MAX`] bytes.
    ///
    /// What is too long loses, in this order: the statements that are not about the action, resource and caller; the
    /// texts of statements that do not apply; at last everything but the beginning. [`Explanation::is_shortened`]
    /// then says so. What was decided, and by what, is always there.
    pub fn encode(&self) -> String {
        let whole = write(self);
        if whole.len() <= EXPLANATION_BYTES_MAX {
            return whole;
        }
        let mut shorter = self.clone();
        shorter.is_shortened = true;
        for shorten in [without_bystanders, without_failed, cut] {
            shorten(&mut shorter);
            let text = write(&shorter);
            if text.len() <= EXPLANATION_BYTES_MAX {
                return text;
            }
        }
        shorter.layers.clear();
        shorter.context.clear();
        shorter.missing_keys.clear();
        write(&shorter)
    }

    /// Reads what [`Explanation::encode`] wrote.
    ///
    /// # Errors
    /// Too long, not JSON of that form, or of a version that is not known.
    pub fn decode(text: &str) -> Result<Self, DecodeExplanationError> {
        if text.len() > EXPLANATION_BYTES_MAX {
            return Err(DecodeExplanationError::TooLong);
        }
        let read: Read =
            serde_json::from_str(text).map_err(|_| DecodeExplanationError::Malformed)?;
        if read.version != VERSION {
            return Err(DecodeExplanationError::UnknownVersion(read.version));
        }
        serde_json::from_value(read.explanation).map_err(|_| DecodeExplanationError::Malformed)
    }
}

fn write(explanation: &Explanation) -> String {
    let written = Written {
        version: VERSION,
        explanation,
    };
    // INVARIANT: strings, numbers and lists of them always have a JSON form.
    serde_json::to_string(&written).unwrap_or_default()
}

/// Drops the statements that are about something or someone else.
fn without_bystanders(explanation: &mut Explanation) {
    for policy in explanation
        .layers
        .iter_mut()
        .flat_map(|layer| &mut layer.policies)
    {
        policy
            .statements
            .retain(|one| one.action_matches && one.resource_matches && !one.named_as.is_empty());
    }
}

/// Drops what was written in statements that do not apply.
fn without_failed(explanation: &mut Explanation) {
    let policies = explanation
        .layers
        .iter_mut()
        .flat_map(|layer| &mut layer.policies);
    for statement in policies.flat_map(|policy| &mut policy.statements) {
        if !statement.applies {
            statement.principals.clear();
            statement.actions.clear();
            statement.resources.clear();
            statement.conditions.retain(|condition| !condition.holds);
        }
    }
}

/// Keeps the beginning of every list and of every text.
fn cut(explanation: &mut Explanation) {
    let policies = explanation.layers.iter_mut().flat_map(|layer| {
        layer.policies.truncate(ITEMS_MAX);
        &mut layer.policies
    });
    for policy in policies {
        policy.statements.retain(|one| one.applies);
        policy.statements.truncate(ITEMS_MAX);
        policy.name.iter_mut().for_each(cut_text);
        for statement in &mut policy.statements {
            statement.sid.iter_mut().for_each(cut_text);
            cut_list(&mut statement.principals);
            cut_list(&mut statement.actions);
            cut_list(&mut statement.resources);
            statement.conditions.truncate(ITEMS_MAX);
            for condition in &mut statement.conditions {
                cut_text(&mut condition.key);
                cut_list(&mut condition.policy_values);
                condition.request_values.iter_mut().for_each(cut_list);
            }
        }
    }
    explanation.context.truncate(ITEMS_MAX);
    for ContextEntry { key, values } in &mut explanation.context {
        cut_text(key);
        cut_list(values);
    }
    cut_list(&mut explanation.missing_keys);
    cut_text(&mut explanation.action);
    cut_text(&mut explanation.resource);
}

fn cut_list(list: &mut Vec<String>) {
    list.truncate(ITEMS_MAX);
    list.iter_mut().for_each(cut_text);
}

fn cut_text(text: &mut String) {
    let end = text.floor_char_boundary(TEXT_BYTES_MAX);
    text.truncate(end);
}
