//! Whether a statement applies to a request.

use crate::{
    Check, Context, Place, condition,
    glob::{Glyph, expand, glob, matches, split_pattern},
    principal::{Kind, kinds},
};
use buckler_policy::{CallerKind, Document, Effect, Statement, Version};

/// What the policies of one type say: the statements that apply, in their order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Says {
    pub(crate) denies: Vec<Place>,
    pub(crate) allows: Vec<(Place, Kind)>,
}

impl Says {
    /// The Allows that name the caller in one of these ways.
    pub(crate) fn as_kinds(&self, kinds: &[Kind]) -> Vec<Place> {
        let named = self.allows.iter().filter(|(_, kind)| kinds.contains(kind));
        named.map(|(place, _)| *place).collect()
    }

    /// Every Allow.
    pub(crate) fn allows(&self) -> Vec<Place> {
        self.allows.iter().map(|(place, _)| *place).collect()
    }
}

/// Asks all policies of one type.
pub(crate) fn ask(
    documents: &[&Document],
    caller: &CallerKind<'_>,
    check: &Check<'_>,
    context: &Context,
) -> Says {
    let context = visible(check, context);
    let mut says = Says::default();
    for (policy, document) in documents.iter().enumerate() {
        for (index, statement) in document.statements().iter().enumerate() {
            let place = Place {
                policy,
                statement: index,
            };
            let kinds = match &statement.principal {
                Some(element) => kinds(element, caller),
                None => vec![Kind::Everyone],
            };
            if kinds.is_empty() || !is_about(statement, check, document.version(), &context) {
                continue;
            }
            match statement.effect {
                Effect::Deny => says.denies.push(place),
                Effect::Allow => says.allows.extend(kinds.iter().map(|kind| (place, *kind))),
            }
        }
    }
    says
}

/// Why one statement applies or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// Whether its actions are about the action.
    pub action: bool,
    /// Whether its resources are about the resource.
    pub resource: bool,
    /// As what it names the caller: `Everyone`, or all that apply of `Account`, `User` and so on.
    pub named_as: Vec<String>,
    /// Whether each of its conditions holds.
    pub conditions: Vec<bool>,
}

/// Traces every statement of a policy.
pub fn trace(
    document: &Document,
    caller: &CallerKind<'_>,
    check: &Check<'_>,
    context: &Context,
) -> Vec<Trace> {
    let context = visible(check, context);
    let version = document.version();
    let one = |statement: &Statement| {
        let kinds = match &statement.principal {
            Some(element) => kinds(element, caller),
            None => vec![Kind::Everyone],
        };
        let conditions = statement.conditions.iter().flatten();
        Trace {
            action: has_action(statement, check),
            resource: has_resource(statement, check, version, &context),
            named_as: if kinds.contains(&Kind::Everyone) {
                vec!["Everyone".to_owned()]
            } else {
                kinds.iter().map(|kind| format!("{kind:?}")).collect()
            },
            conditions: conditions
                .map(|one| condition::holds(one, version, &context))
                .collect(),
        }
    };
    document.statements().iter().map(one).collect()
}

/// Existing tags are seen by twelve actions only, and not on the source of `CopyObject`.
///
/// Source: facts: authorization.md 3.10, 4.3.
fn visible(check: &Check<'_>, context: &Context) -> Context {
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
    if !SEE_TAGS.contains(&check.action) || check.hides_existing_object_tags {
        context.retain(|key, _| !key.starts_with("s3:existingobjecttag/"));
    }
    context
}

fn is_about(statement: &Statement, check: &Check<'_>, version: Version, context: &Context) -> bool {
    let mut conditions = statement.conditions.iter().flatten();
    has_action(statement, check)
        && has_resource(statement, check, version, context)
        && conditions.all(|one| condition::holds(one, version, context))
}

fn has_action(statement: &Statement, check: &Check<'_>) -> bool {
    let mut patterns = statement.action.patterns().iter();
    patterns.any(|pattern| is_action(pattern, check.action)) != statement.action.is_negated()
}

/// A trust policy has no resources: it is about its role.
fn has_resource(
    statement: &Statement,
    check: &Check<'_>,
    version: Version,
    context: &Context,
) -> bool {
    statement.resource.as_ref().is_none_or(|resources| {
        let mut patterns = resources.patterns().iter();
        patterns.any(|pattern| is_resource(pattern, check.resource, version, context))
            != resources.is_negated()
    })
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
