//! One pattern in its simplest form.

use super::{Token, Variable, search, short};
use crate::context::View;
use memchr::memmem;

/// A pattern, ready to match: the letters it begins with, and what follows them.
///
/// Matching takes no memory and never goes back over a run: each piece between two runs is looked for once, from left
/// to right, which finds a match if there is one.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    prefix: Box<str>,
    rest: Rest,
}

/// What follows the letters at the beginning.
#[derive(Clone, Debug)]
pub(crate) enum Rest {
    /// Nothing: the pattern has no wildcard.
    End,
    /// `*`.
    Run,
    /// `*text`.
    Suffix(Box<str>),
    /// `*text*`.
    Contains(Box<memmem::Finder<'static>>),
    /// Anything else: the pieces between runs. The first and the last are anchored; there is at least one.
    General(Box<[Piece]>),
}

/// What stands between two runs; empty at an end that is a run.
type Piece = Box<[Atom]>;

/// A part of a piece.
#[derive(Clone, Debug)]
pub(crate) enum Atom {
    Text(Box<str>),
    One,
    Variable(Variable),
}

impl Pattern {
    /// Puts tokens into their simplest form.
    pub(crate) fn new(tokens: &[Token]) -> Self {
        let (prefix, tokens) = match tokens {
            [Token::Text(text), tokens @ ..] => (text.as_str(), tokens),
            tokens => ("", tokens),
        };
        Self {
            prefix: prefix.into(),
            rest: Rest::new(tokens),
        }
    }

    /// The letters that every match begins with.
    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// What has to match behind [`Pattern::prefix`].
    pub(crate) fn rest(&self) -> &Rest {
        &self.rest
    }

    /// The one text that matches, if there is only one.
    pub(crate) fn exact(&self) -> Option<&str> {
        match self.rest {
            Rest::End => Some(&self.prefix),
            Rest::Run | Rest::Suffix(_) | Rest::Contains(_) | Rest::General(_) => None,
        }
    }

    /// Whether `text` matches as a whole. A variable without a value matches nothing.
    pub(crate) fn matches(&self, text: &str, view: &View<'_>) -> bool {
        let rest = strip_text(text, &self.prefix);
        rest.is_some_and(|rest| self.rest.matches(rest, view))
    }
}

impl Rest {
    fn new(tokens: &[Token]) -> Self {
        match tokens {
            [] => Self::End,
            [Token::Run] => Self::Run,
            [Token::Run, Token::Text(text)] => Self::Suffix(text.as_str().into()),
            [Token::Run, Token::Text(text), Token::Run] => {
                Self::Contains(Box::new(memmem::Finder::new(text).into_owned()))
            }
            _ => Self::General(
                tokens
                    .split(|token| *token == Token::Run)
                    .map(|piece| piece.iter().filter_map(Atom::of).collect())
                    .collect(),
            ),
        }
    }

    /// Whether all that is left of a text matches.
    pub(crate) fn matches(&self, text: &str, view: &View<'_>) -> bool {
        match self {
            Self::End => text.is_empty(),
            Self::Run => true,
            Self::Suffix(suffix) => short::ends_with(text.as_bytes(), suffix.as_bytes()),
            Self::Contains(finder) => finder.find(text.as_bytes()).is_some(),
            Self::General(pieces) => general(pieces, text, view),
        }
    }
}

impl Atom {
    fn of(token: &Token) -> Option<Self> {
        match token {
            Token::Text(text) => Some(Self::Text(text.as_str().into())),
            Token::One => Some(Self::One),
            Token::Variable(variable) => Some(Self::Variable(variable.clone())),
            Token::Run => None,
        }
    }
}

fn general(pieces: &[Piece], text: &str, view: &View<'_>) -> bool {
    let Some((first, others)) = pieces.split_first() else {
        return text.is_empty();
    };
    let Some(mut rest) = strip(first, text, view) else {
        return false;
    };
    let Some((last, middle)) = others.split_last() else {
        return rest.is_empty();
    };
    for piece in middle {
        let Some(after) = find(piece, rest, view) else {
            return false;
        };
        rest = after;
    }
    ends_with(last, rest, view)
}

/// What is left of `text` after the piece at its beginning.
fn strip<'t>(piece: &[Atom], text: &'t str, view: &View<'_>) -> Option<&'t str> {
    piece.iter().try_fold(text, |rest, atom| match atom {
        Atom::Text(expected) => strip_text(rest, expected),
        Atom::One => {
            let mut letters = rest.chars();
            letters.next().map(|_| letters.as_str())
        }
        Atom::Variable(variable) => view.with_variable(variable, |value| {
            value.and_then(|value| rest.strip_prefix(value))
        }),
    })
}

fn strip_text<'t>(text: &'t str, expected: &str) -> Option<&'t str> {
    short::strip_prefix(text.as_bytes(), expected.as_bytes())?;
    text.get(expected.len()..)
}

/// What is left of `text` after the leftmost place where the piece fits.
fn find<'t>(piece: &[Atom], text: &'t str, view: &View<'_>) -> Option<&'t str> {
    if let [Atom::Text(expected)] = piece {
        let at = search::find(text.as_bytes(), expected.as_bytes())?;
        return text.get(at + expected.len()..);
    }
    starts(text).find_map(|rest| strip(piece, rest, view))
}

fn ends_with(piece: &[Atom], text: &str, view: &View<'_>) -> bool {
    if let [Atom::Text(expected)] = piece {
        return short::ends_with(text.as_bytes(), expected.as_bytes());
    }
    piece.is_empty() || starts(text).any(|rest| strip(piece, rest, view) == Some(""))
}

/// Every tail of the text, the text itself first and the empty one last.
fn starts(text: &str) -> impl Iterator<Item = &str> {
    let mut letters = text.chars();
    let mut next = Some(text);
    std::iter::from_fn(move || {
        let current = next?;
        next = letters.next().map(|_| letters.as_str());
        Some(current)
    })
}
