//! Which condition keys a policy can ask for.

use crate::{
    ConditionKey, Document, ResourceElement, Version,
    pattern::{Token, Variables, Wildcards, tokens},
};
use std::collections::BTreeSet;

/// The keys of all conditions and all policy variables.
pub(crate) fn read_by(document: &Document) -> BTreeSet<ConditionKey> {
    let statements = document.statements();
    let conditions = || {
        statements
            .iter()
            .flat_map(|one| one.conditions.iter().flatten())
    };
    let mut keys: BTreeSet<_> = conditions()
        .map(|condition| condition.key.clone())
        .collect();
    if document.version() == Version::V2012 {
        let resources = statements.iter().filter_map(|one| one.resource.as_ref());
        let texts = resources
            .flat_map(ResourceElement::patterns)
            .chain(conditions().flat_map(|condition| &condition.values));
        keys.extend(texts.flat_map(|text| variables(text)));
    }
    keys
}

fn variables(text: &str) -> impl Iterator<Item = ConditionKey> {
    let tokens = if text.contains("${") {
        tokens(text, Variables::Replaced, Wildcards::Plain)
    } else {
        Vec::new()
    };
    tokens.into_iter().filter_map(|token| match token {
        Token::Variable(variable) => Some(variable.key),
        Token::Text(_) | Token::Run | Token::One => None,
    })
}
