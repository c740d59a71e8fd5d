//! An explanation in the shape in which `DecodeAuthorizationMessage` of STS tells it.
//!
//! Source: AWS STS API Reference, "DecodeAuthorizationMessage"; AWS re:Post and the IAM user guide show the members.

use super::explanation::{ContextEntry, ExplainedStatement, Explanation};
use crate::Effect;
use serde_json::{Value, json};

impl Explanation {
    /// The message as JSON of at most `bytes_max` bytes: from the first statement or context entry that does not fit,
    /// the rest is left out. Who asked, for what, and the outcome are always there.
    ///
    /// `matchedStatements` has what decided: the Denys that apply if one does, else the Allows.
    ///
    /// ```
    /// use buckler_policy::*;
    ///
    /// let why = explain_action(&Caller::anonymous(), "iam:CreateUser", "*", &ContextMap::new());
    /// let message: serde_json::Value = serde_json::from_str(&why.authorization_message(7_000))?;
    /// assert_eq!(message["allowed"], false);
    /// assert_eq!(message["context"]["action"], "iam:CreateUser");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn authorization_message(&self, bytes_max: usize) -> String {
        let deciding = if self.is_explicit_deny() {
            Effect::Deny
        } else {
            Effect::Allow
        };
        let statements = self
            .applying_statements()
            .filter(|(_, statement)| statement.effect == deciding)
            .map(|(_, statement)| self::statement(statement));
        let mut room = bytes_max.saturating_sub(self.message(&[], &[]).to_string().len());
        let statements = fitting(statements, &mut room);
        let conditions = fitting(self.context.iter().map(entry), &mut room);
        self.message(&statements, &conditions).to_string()
    }

    fn message(&self, statements: &[Value], conditions: &[Value]) -> Value {
        json!({
            "allowed": self.is_allow(),
            "explicitDeny": self.is_explicit_deny(),
            "matchedStatements": {"items": statements},
            "failures": {"items": []},
            "context": {
                "principal": {"id": self.caller.id, "arn": self.caller.arn},
                "action": self.action,
                "resource": self.resource,
                "conditions": {"items": conditions},
            },
        })
    }
}

/// The values, from the first, for which there is room; each takes a comma.
fn fitting(values: impl Iterator<Item = Value>, room: &mut usize) -> Vec<Value> {
    values
        .map_while(|value| {
            *room = room.checked_sub(value.to_string().len() + 1)?;
            Some(value)
        })
        .collect()
}

fn statement(statement: &ExplainedStatement) -> Value {
    let conditions: Vec<_> = statement
        .conditions
        .iter()
        .map(|condition| json!({"key": condition.key, "values": items(&condition.policy_values)}))
        .collect();
    json!({
        "statementId": statement.sid.as_deref().unwrap_or_default(),
        "effect": statement.effect.name().to_uppercase(),
        "principals": items(&statement.principals),
        "principalGroups": {"items": []},
        "actions": items(&statement.actions),
        "resources": items(&statement.resources),
        "conditions": {"items": conditions},
    })
}

fn entry(entry: &ContextEntry) -> Value {
    json!({"key": entry.key, "values": items(&entry.values)})
}

fn items(texts: &[String]) -> Value {
    let items: Vec<_> = texts.iter().map(|text| json!({"value": text})).collect();
    json!({ "items": items })
}
