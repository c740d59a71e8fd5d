//! `StringEquals`, `StringEqualsIgnoreCase`, `StringLike`.

use crate::{
    context::View,
    pattern::{FoldedText, Pattern, Variables, Wildcards, tokens},
};

/// The values of a string operator.
#[derive(Clone, Debug)]
pub(super) enum TextTest {
    Patterns(Box<[Pattern]>),
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
        let patterns = values
            .iter()
            .map(|value| Pattern::new(&tokens(value, variables, wildcards)));
        Self::Patterns(patterns.collect())
    }

    /// Whether some value matches.
    pub(super) fn matches(&self, text: &str, view: &View<'_>) -> bool {
        match self {
            Self::Patterns(patterns) => patterns.iter().any(|one| one.matches(text, view)),
            Self::Folded(texts) => texts.iter().any(|one| one.matches(text, view)),
        }
    }
}
