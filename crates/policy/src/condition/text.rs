//! `StringEquals`, `StringEqualsIgnoreCase`, `StringLike`.

use crate::{
    context::View,
    pattern::{FoldedText, Pattern, TextSet, Variables, Wildcards, tokens},
};

/// Most texts without wildcards that are compared one by one; of more a set is made.
pub(super) const LISTED_TEXTS_MAX: usize = 4;

/// The values of a string operator.
#[derive(Clone, Debug)]
pub(super) enum TextTest {
    Patterns {
        exact: TextSet,
        others: Box<[Pattern]>,
    },
    Folded(Box<[FoldedText]>),
}

impl TextTest {
    /// Exact texts, with variables.
    pub(super) fn equals(values: &[String], variables: Variables) -> Self {
        Self::patterns(values, variables, Wildcards::Plain)
    }

    /// Texts with wildcards and variables.
    pub(super) fn like(values: &[String], variables: Variables) -> Self {
        Self::patterns(values, variables, Wildcards::Meant)
    }

    /// Exact texts in any letter case, with variables.
    pub(super) fn equals_ignoring_case(values: &[String], variables: Variables) -> Self {
        let texts = values
            .iter()
            .map(|value| FoldedText::new(&tokens(value, variables, Wildcards::Plain)));
        Self::Folded(texts.collect())
    }

    fn patterns(values: &[String], variables: Variables, wildcards: Wildcards) -> Self {
        let mut others: Vec<_> = values
            .iter()
            .map(|value| Pattern::new(&tokens(value, variables, wildcards)))
            .collect();
        let mut exact = Vec::new();
        if others.len() > LISTED_TEXTS_MAX {
            others.retain(|pattern| match pattern.exact() {
                Some(text) => {
                    exact.push(text.into());
                    false
                }
                None => true,
            });
        }
        Self::Patterns {
            exact: TextSet::of(exact),
            others: others.into(),
        }
    }

    /// Whether some value matches.
    pub(super) fn matches(&self, text: &str, view: &View<'_>) -> bool {
        match self {
            Self::Patterns { exact, others } => {
                exact.contains(text) || others.iter().any(|one| one.matches(text, view))
            }
            Self::Folded(texts) => texts.iter().any(|one| one.matches(text, view)),
        }
    }
}
