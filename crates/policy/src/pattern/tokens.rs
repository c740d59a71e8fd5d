//! What a text of a policy is made of. Source: facts: authorization.md 3.6, 3.8.

use crate::{ConditionKey, Version};

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// Letters that stand for themselves; never empty, never two in a row.
    Text(String),
    /// `*`: any run, the empty one included.
    Run,
    /// `?`: one character.
    One,
    /// `${key}`.
    Variable(Variable),
}

/// `${key}` or `${key, 'default'}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Variable {
    /// Whose value stands here; of a key with many values none does.
    pub(crate) key: ConditionKey,
    /// What stands here when the request has no value.
    pub(crate) default: Option<Box<str>>,
}

/// Whether `${…}` is a variable (version 2012-10-17) or plain text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Variables {
    Replaced,
    Plain,
}

impl From<Version> for Variables {
    fn from(version: Version) -> Self {
        match version {
            Version::V2012 => Self::Replaced,
            Version::V2008 => Self::Plain,
        }
    }
}

/// Whether `*` and `?` are wildcards or plain text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wildcards {
    Meant,
    Plain,
}

/// Splits a text. A `${` that is never closed is plain text.
pub(crate) fn tokens(text: &str, variables: Variables, wildcards: Wildcards) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = text;
    // PERF: behind the last brace nothing closes a variable, and looking for it at every `${` would be quadratic.
    let behind_braces = text.rfind('}').map_or(text.len(), |at| text.len() - at);
    while !rest.is_empty() {
        let variables = if rest.len() > behind_braces {
            variables
        } else {
            Variables::Plain
        };
        rest = take_one(&mut found, rest, variables, wildcards);
    }
    found
}

/// Takes a wildcard, a variable, or all text up to the next letter that may begin one; what is left is the answer.
fn take_one<'t>(
    found: &mut Vec<Token>,
    rest: &'t str,
    variables: Variables,
    wildcards: Wildcards,
) -> &'t str {
    if wildcards == Wildcards::Meant {
        if let Some(after) = rest.strip_prefix('*') {
            push_run(found);
            return after;
        }
        if let Some(after) = rest.strip_prefix('?') {
            found.push(Token::One);
            return after;
        }
    }
    if variables == Variables::Replaced
        && let Some((body, after)) = rest
            .strip_prefix("${")
            .and_then(|body| body.split_once('}'))
    {
        match body {
            "*" | "?" | "$" => push_text(found, body),
            key => found.push(Token::Variable(Variable::parse(key))),
        }
        return after;
    }
    let first = rest.chars().next().map_or(0, char::len_utf8);
    let behind = rest.get(first..).unwrap_or_default();
    let plain = behind.find(['*', '?', '$']).unwrap_or(behind.len());
    let (text, after) = rest.split_at_checked(first + plain).unwrap_or((rest, ""));
    push_text(found, text);
    after
}

fn push_text(tokens: &mut Vec<Token>, text: &str) {
    match tokens.last_mut() {
        Some(Token::Text(known)) => known.push_str(text),
        _ => tokens.push(Token::Text(text.to_owned())),
    }
}

/// Two runs in a row are one.
fn push_run(tokens: &mut Vec<Token>) {
    if tokens.last() != Some(&Token::Run) {
        tokens.push(Token::Run);
    }
}

impl Variable {
    fn parse(body: &str) -> Self {
        let (key, default) = match body.split_once(',') {
            Some((key, default)) => (key, unquoted(default.trim())),
            None => (body, None),
        };
        Self {
            key: ConditionKey::parse(key.trim()),
            default: default.map(Into::into),
        }
    }
}

fn unquoted(text: &str) -> Option<&str> {
    text.strip_prefix('\'')?.strip_suffix('\'')
}
