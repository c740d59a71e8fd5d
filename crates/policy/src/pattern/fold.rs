//! Texts that compare without regard to case. Source: facts: authorization.md 4.2 (`StringEqualsIgnoreCase`).

use super::{Token, Variable};
use crate::context::View;

/// A text with variables but without wildcards, compared letter by letter in lower case.
#[derive(Clone, Debug)]
pub(crate) struct FoldedText(Box<[Part]>);

#[derive(Clone, Debug)]
enum Part {
    Text(Box<str>),
    Variable(Variable),
}

impl FoldedText {
    /// Takes tokens that were split without wildcards.
    pub(crate) fn new(tokens: &[Token]) -> Self {
        let parts = tokens.iter().filter_map(|token| match token {
            Token::Text(text) => Some(Part::Text(text.as_str().into())),
            Token::Variable(variable) => Some(Part::Variable(variable.clone())),
            Token::Run | Token::One => None,
        });
        Self(parts.collect())
    }

    /// Whether `text` is this text, whatever its case. A variable without a value matches nothing.
    pub(crate) fn matches(&self, text: &str, view: &View<'_>) -> bool {
        let mut letters = folded(text);
        let all = self.0.iter().all(|part| match part {
            Part::Text(expected) => takes(&mut letters, expected),
            Part::Variable(variable) => view.with_variable(variable, |value| {
                value.is_some_and(|value| takes(&mut letters, value))
            }),
        });
        all && letters.next().is_none()
    }
}

fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase)
}

fn takes(letters: &mut impl Iterator<Item = char>, expected: &str) -> bool {
    folded(expected).all(|letter| letters.next() == Some(letter))
}
