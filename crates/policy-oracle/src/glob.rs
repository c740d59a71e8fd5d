//! `*`, `?` and `${…}`, by the book. Source: facts: authorization.md 3.6, 3.8.

use crate::Context;
use buckler_policy::Version;

/// One letter of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    /// Itself.
    Letter(char),
    /// Any run of characters.
    Star,
    /// Any one character.
    Question,
}

/// Whether a text matches a pattern: the textbook table, a row for each glyph and a column for each beginning of the
/// text that the pattern so far may have eaten.
pub fn glob(pattern: &[Glyph], text: &[char]) -> bool {
    let mut row = vec![false; text.len() + 1];
    if let Some(nothing_eaten) = row.first_mut() {
        *nothing_eaten = true;
    }
    for glyph in pattern {
        let mut reached = false;
        let mut next = Vec::with_capacity(row.len());
        for (column, before) in row.iter().enumerate() {
            let letter = column.checked_sub(1).and_then(|index| text.get(index));
            let diagonal = column.checked_sub(1).and_then(|index| row.get(index));
            let eats_one = diagonal == Some(&true);
            reached = match glyph {
                Glyph::Star => reached || *before,
                Glyph::Question => eats_one,
                Glyph::Letter(own) => eats_one && letter == Some(own),
            };
            next.push(reached);
        }
        row = next;
    }
    row.last() == Some(&true)
}

/// A policy text as a pattern for this request; `None` if a variable has neither value nor default.
pub fn expand(text: &str, version: Version, wild: bool, context: &Context) -> Option<Vec<Glyph>> {
    let letters = |text: &str| text.chars().map(Glyph::Letter).collect::<Vec<_>>();
    if version == Version::V2012
        && let Some(body) = text.strip_prefix("${")
        && let Some((name, rest)) = body.split_once('}')
    {
        let mut pattern = match name {
            "*" | "?" | "$" => letters(name),
            _ => letters(&variable(name, context)?),
        };
        pattern.extend(expand(rest, version, wild, context)?);
        return Some(pattern);
    }
    let mut rest = text.chars();
    let Some(first) = rest.next() else {
        return Some(Vec::new());
    };
    let glyph = match first {
        '*' if wild => Glyph::Star,
        '?' if wild => Glyph::Question,
        letter => Glyph::Letter(letter),
    };
    let mut pattern = vec![glyph];
    pattern.extend(expand(rest.as_str(), version, wild, context)?);
    Some(pattern)
}

fn variable(body: &str, context: &Context) -> Option<String> {
    let (name, default) = match body.split_once(',') {
        Some((name, default)) => (name, Some(default.trim())),
        None => (body, None),
    };
    if let Some([value]) = context.get(&name.trim().to_lowercase()).map(Vec::as_slice) {
        return Some(value.clone());
    }
    let quoted = default?.strip_prefix('\'')?.strip_suffix('\'')?;
    Some(quoted.to_owned())
}

/// Whether `text` matches a policy text as a whole.
pub(crate) fn matches(
    pattern: &str,
    text: &str,
    version: Version,
    wild: bool,
    context: &Context,
) -> bool {
    let text: Vec<char> = text.chars().collect();
    expand(pattern, version, wild, context).is_some_and(|pattern| glob(&pattern, &text))
}

/// Whether an ARN matches an ARN pattern: six parts, each on its own.
pub(crate) fn matches_arn(pattern: &str, arn: &str, version: Version, context: &Context) -> bool {
    let patterns = split_pattern(pattern, version);
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    patterns.len() == 6
        && parts.len() == 6
        && patterns
            .iter()
            .zip(parts)
            .all(|(pattern, part)| matches(pattern, part, version, true, context))
}

/// The parts of an ARN pattern; a colon inside a variable parts nothing.
pub(crate) fn split_pattern(pattern: &str, version: Version) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut rest = pattern;
    while let Some(letter) = rest.chars().next() {
        let in_variable = version == Version::V2012 && rest.starts_with("${");
        let taken = match rest.find('}') {
            Some(end) if in_variable => end + 1,
            _ => letter.len_utf8(),
        };
        let (piece, after) = rest.split_at(taken);
        rest = after;
        if piece == ":" && parts.len() < 6 {
            parts.push(String::new());
        } else if let Some(last) = parts.last_mut() {
            last.push_str(piece);
        }
    }
    parts
}
