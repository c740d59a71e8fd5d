//! Whether a statement applies to a request.

use crate::{
    Check, Context, condition,
    glob::{Glyph, expand, glob, matches, split_pattern},
    principal::{Kind, kinds},
};
use buckler_policy::{CallerKind, Document, Effect, Statement, Version};

/// What a policy says: whether it denies, and as what its Allows name the caller.
#[derive(Clone, Debug, Default)]
pub(crate) struct Says {
    pub(crate) denies: bool,
    pub(crate) allows: Vec<Kind>,
}

pub(crate) fn ask(
    document: &Document,
    caller: &CallerKind<'_>,
    check: &Check<'_>,
    context: &Context,
) -> Says {
    let context = visible(check.action, context);
    let mut says = Says::default();
    for statement in document.statements() {
        let kinds = match &statement.principal {
            Some(element) => kinds(element, caller),
            None => vec![Kind::Everyone],
        };
        if kinds.is_empty() || !is_about(statement, check, document.version(), &context) {
            continue;
        }
        match statement.effect {
            Effect::Deny => says.denies = true,
            Effect::Allow => says.allows.extend(kinds),
        }
    }
    says
}

/// Existing tags are seen by twelve actions only. Source: facts: authorization.md 3.10.
fn visible(action: &str, context: &Context) -> Context {
    const SEE_TAGS: [&str; 12] = [
        "s3:GetObject",
        "s3:GetObjectVersion",
        "s3:GetObjectAcl",
        "s3:GetObjectVersionAcl",
        "s3:PutObjectAcl",
        "s3:PutObjectVersionAcl",
        "s3:GetObjectTagging",
        "s3:GetObjectVersionTagging",
        "s3:PutObjectTagging",
        "s3:PutObjectVersionTagging",
        "s3:DeleteObjectTagging",
        "s3:DeleteObjectVersionTagging",
    ];
    let mut context = context.clone();
    if !SEE_TAGS.contains(&action) {
        context.retain(|key, _| !key.starts_with("s3:existingobjecttag/"));
    }
    context
}

fn is_about(statement: &Statement, check: &Check<'_>, version: Version, context: &Context) -> bool {
    let actions = &statement.action;
    let named = actions
        .patterns()
        .iter()
        .any(|pattern| is_action(pattern, check.action));
    if named == actions.is_negated() {
        return false;
    }
    if let Some(resources) = &statement.resource {
        let mut patterns = resources.patterns().iter();
        let named = patterns.any(|pattern| is_resource(pattern, check.resource, version, context));
        if named == resources.is_negated() {
            return false;
        }
    }
    let mut conditions = statement.conditions.iter().flatten();
    conditions.all(|one| condition::holds(one, version, context))
}

fn is_action(pattern: &str, action: &str) -> bool {
    let none = Context::new();
    let (pattern, action) = (pattern.to_lowercase(), action.to_lowercase());
    match (pattern.split_once(':'), action.split_once(':')) {
        (Some((service, pattern)), Some((own, name))) => {
            service == own && matches(pattern, name, Version::V2008, true, &none)
        }
        _ => pattern == "*",
    }
}

fn is_resource(pattern: &str, arn: &str, version: Version, context: &Context) -> bool {
    if pattern == "*" {
        return true;
    }
    let mut patterns = split_pattern(pattern, version);
    if patterns.last().is_some_and(|last| last.ends_with('*')) {
        patterns.resize(6, "*".to_owned());
    }
    let parts: Vec<Vec<char>> = arn
        .splitn(6, ':')
        .map(|part| part.chars().collect())
        .collect();
    let patterns: Option<Vec<Vec<Glyph>>> = patterns
        .iter()
        .map(|pattern| expand(pattern, version, true, context))
        .collect();
    patterns.is_some_and(|patterns| {
        patterns.len() == 6
            && parts.len() == 6
            && patterns
                .iter()
                .zip(&parts)
                .all(|(pattern, part)| glob(pattern, part))
    })
}
