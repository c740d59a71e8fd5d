//! ARNs with wildcards, matched part by part. Source: facts: authorization.md 3.6, 4.2.

use super::text::LISTED_TEXTS_MAX;
use crate::{
    arn,
    context::View,
    pattern::{Pattern, TextSet, Token, Variables, Wildcards, tokens},
};

/// The values of an ARN operator.
#[derive(Clone, Debug)]
pub(super) struct ArnTest {
    exact: TextSet,
    others: Box<[ArnPattern]>,
}

impl ArnTest {
    pub(super) fn new(values: &[String], variables: Variables) -> Self {
        let mut others: Vec<_> = values
            .iter()
            .filter_map(|value| ArnPattern::parse(value, variables))
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
        Self {
            exact: TextSet::of(exact),
            others: others.into(),
        }
    }

    /// Whether a text is an ARN that some value matches.
    pub(super) fn matches(&self, text: &str, view: &View<'_>) -> bool {
        self.exact.contains(text)
            || arn::split(text).is_some_and(|parts| {
                let mut others = self.others.iter();
                others.any(|pattern| pattern.matches_parts(&parts, view))
            })
    }
}

/// A pattern for each of the six parts of an ARN.
#[derive(Clone, Debug)]
pub(crate) struct ArnPattern([Pattern; 6]);

impl ArnPattern {
    /// Reads a pattern of six parts; `None` for fewer. Colons inside `${…}` part nothing.
    pub(crate) fn parse(text: &str, variables: Variables) -> Option<Self> {
        let parts = parts(text, variables);
        let parts: [Vec<Token>; 6] = parts.try_into().ok()?;
        Some(Self(parts.map(|tokens| Pattern::new(&tokens))))
    }

    /// Like [`Self::parse`], but a last part that ends in `*` also stands for all parts behind it.
    pub(crate) fn parse_open(text: &str, variables: Variables) -> Option<Self> {
        let mut parts = parts(text, variables);
        if parts.last()?.last() == Some(&Token::Run) {
            parts.resize(6, vec![Token::Run]);
        }
        let parts: [Vec<Token>; 6] = parts.try_into().ok()?;
        Some(Self(parts.map(|tokens| Pattern::new(&tokens))))
    }

    /// Whether a text is an ARN that matches in every part.
    pub(crate) fn matches(&self, text: &str, view: &View<'_>) -> bool {
        arn::split(text).is_some_and(|parts| self.matches_parts(&parts, view))
    }

    /// Whether an ARN that was split matches in every part.
    pub(crate) fn matches_parts(&self, parts: &[&str; 6], view: &View<'_>) -> bool {
        // PERF: the parts at the end differ most.
        let mut pairs = self.0.iter().zip(parts).rev();
        pairs.all(|(pattern, part)| pattern.matches(part, view))
    }

    /// The one ARN that matches, if there is only one.
    fn exact(&self) -> Option<String> {
        let parts: Option<Vec<_>> = self.0.iter().map(Pattern::exact).collect();
        parts.map(|parts| parts.join(":"))
    }

    /// The pattern of the sixth part.
    pub(crate) fn resource(&self) -> &Pattern {
        let [_, _, _, _, _, resource] = &self.0;
        resource
    }

    /// Whether the first five parts are those of every S3 bucket and object.
    pub(crate) fn names_s3(&self, view: &View<'_>) -> bool {
        let mut pairs = self.0.iter().zip(["arn", "aws", "s3", "", ""]);
        pairs.all(|(pattern, part)| pattern.matches(part, view))
    }
}

/// The tokens of each part, split at the first five colons that stand in the text itself.
fn parts(text: &str, variables: Variables) -> Vec<Vec<Token>> {
    let mut parts: Vec<Vec<Token>> = vec![Vec::new()];
    for token in tokens(text, variables, Wildcards::Meant) {
        let Token::Text(text) = token else {
            push(&mut parts, token);
            continue;
        };
        let mut pieces = text.splitn(7 - parts.len(), ':');
        if let Some(piece) = pieces.next() {
            push_text(&mut parts, piece);
        }
        for piece in pieces {
            parts.push(Vec::new());
            push_text(&mut parts, piece);
        }
    }
    parts
}

fn push_text(parts: &mut [Vec<Token>], text: &str) {
    if !text.is_empty() {
        push(parts, Token::Text(text.to_owned()));
    }
}

fn push(parts: &mut [Vec<Token>], token: Token) {
    if let Some(last) = parts.last_mut() {
        last.push(token);
    }
}
