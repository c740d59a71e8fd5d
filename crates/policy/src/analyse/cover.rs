//! Whether everything that one pattern matches is matched by another.
//!
//! A yes is always right. A no can mean that it was too much work to find out, or that no reader would see it either.

use super::report::Report;
use crate::pattern::{Token, Variable, Variables, Wildcards, tokens};

/// A pattern, letter by letter.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Glob(Vec<Step>);

#[derive(Debug, PartialEq, Eq)]
enum Step {
    Letter(char),
    One,
    Run,
    Variable(Variable),
}

impl Glob {
    pub(super) fn new(text: &str, variables: Variables, wildcards: Wildcards) -> Self {
        let mut steps = Vec::new();
        for token in tokens(text, variables, wildcards) {
            match token {
                Token::Text(text) => steps.extend(text.chars().map(Step::Letter)),
                Token::One => steps.push(Step::One),
                Token::Run => steps.push(Step::Run),
                Token::Variable(variable) => steps.push(Step::Variable(variable)),
            }
        }
        Self(steps)
    }

    /// Whether this matches whatever `narrow` matches.
    ///
    /// What a variable stands for is not known: only the same variable, or a run, covers it.
    pub(super) fn covers(&self, report: &mut Report, narrow: &Self) -> bool {
        let (wide, narrow) = (&self.0, &narrow.0);
        if !report.spend((wide.len() + 1) * (narrow.len() + 1)) {
            return false;
        }
        // `row[at]`: the steps of `wide` taken so far cover the first `at` steps of `narrow`.
        let mut row = vec![false; narrow.len() + 1];
        if let Some(first) = row.first_mut() {
            *first = true;
        }
        for step in wide {
            row = if *step == Step::Run {
                after_run(&row)
            } else {
                after_one(&row, step, narrow)
            };
        }
        row.last() == Some(&true)
    }
}

/// A run covers any number of steps.
fn after_run(row: &[bool]) -> Vec<bool> {
    let mut reached = false;
    row.iter()
        .map(|before| {
            reached |= before;
            reached
        })
        .collect()
}

fn after_one(row: &[bool], step: &Step, narrow: &[Step]) -> Vec<bool> {
    let covers = |one: &Step| match (step, one) {
        (Step::One, Step::Letter(_) | Step::One) => true,
        (Step::Letter(wide), Step::Letter(narrow)) => wide == narrow,
        (Step::Variable(wide), Step::Variable(narrow)) => wide == narrow,
        _ => false,
    };
    let next = row
        .iter()
        .zip(narrow)
        .map(|(before, one)| *before && covers(one));
    std::iter::once(false).chain(next).collect()
}

/// An ARN pattern, part by part, as the engine matches it.
#[derive(Debug)]
pub(super) enum ArnGlob {
    /// `*`.
    Any,
    /// Six parts.
    Parts(Vec<Glob>),
    /// Fewer: equal only to itself.
    Other(String),
}

impl ArnGlob {
    pub(super) fn new(text: &str, variables: Variables) -> Self {
        if text == "*" {
            return Self::Any;
        }
        let parts = parts(text, variables);
        if parts.len() < 6 {
            return Self::Other(text.to_owned());
        }
        let glob = |part: &&str| Glob::new(part, variables, Wildcards::Meant);
        Self::Parts(parts.iter().map(glob).collect())
    }

    pub(super) fn covers(&self, report: &mut Report, narrow: &Self) -> bool {
        match (self, narrow) {
            (Self::Any, _) => true,
            (Self::Parts(wide), Self::Parts(narrow)) => {
                let mut pairs = wide.iter().zip(narrow);
                pairs.all(|(wide, narrow)| wide.covers(report, narrow))
            }
            (Self::Other(wide), Self::Other(narrow)) => wide == narrow,
            (Self::Parts(_) | Self::Other(_), _) => false,
        }
    }
}

/// The text at its first five colons; those inside `${…}` part nothing.
fn parts(text: &str, variables: Variables) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    while parts.len() < 5
        && let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty())
    {
        if variables == Variables::Replaced
            && rest.starts_with("${")
            && let Some(end) = rest.find('}')
        {
            at += end + 1;
        } else if rest.starts_with(':') {
            parts.push(text.get(start..at).unwrap_or_default());
            at += 1;
            start = at;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    parts.push(text.get(start..).unwrap_or_default());
    parts
}

/// For each entry the first other one that covers it; of two equal ones, the second is covered.
pub(super) fn covered<G>(
    report: &mut Report,
    entries: &[G],
    mut covers: impl FnMut(&mut Report, &G, &G) -> bool,
) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (index, narrow) in entries.iter().enumerate() {
        if !report.spend(entries.len()) {
            break;
        }
        // What covers it must not be covered by it in turn, unless it stands before.
        let wide = entries.iter().enumerate().position(|(other, wide)| {
            other != index
                && covers(report, wide, narrow)
                && (other < index || !covers(report, narrow, wide))
        });
        if let Some(wide) = wide {
            found.push((index, wide));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{context::ContextMap, context::View, pattern::Pattern};

    #[track_caller]
    fn check(wide: &str, narrow: &str, expected: bool) {
        let glob = |text| Glob::new(text, Variables::Replaced, Wildcards::Meant);
        let found = glob(wide).covers(&mut Report::default(), &glob(narrow));
        assert_eq!(found, expected, "{wide} over {narrow}");
    }

    #[test]
    fn wider_patterns_cover_narrower_ones() {
        check("*", "", true);
        check("a*", "a*b", true);
        check("a*b", "a*", false);
        check("a?c", "abc", true);
        check("abc", "a?c", false);
        check("?*", "a*", true);
        check("?", "*", false);
        check("home/*", "home/${aws:username}/*", true);
        check("home/${aws:username}/*", "home/${aws:username}/x", true);
        check("home/?", "home/${aws:username}", false);
    }

    #[test]
    fn arns_are_covered_part_by_part() {
        let arn = |text| ArnGlob::new(text, Variables::Replaced);
        let check = |wide, narrow| arn(wide).covers(&mut Report::default(), &arn(narrow));
        assert!(check("*", "anything"));
        assert!(check("arn:aws:s3:::b*", "arn:aws:s3:::b/${aws:userid}:x"));
        assert!(!check("arn:aws:*:b", "arn:aws:s3:::b"));
        assert!(!check("arn:aws:s3:::b/*", "arn:aws:s3:::b"));
    }

    proptest::proptest! {
        #[test]
        fn what_is_covered_is_matched(
            wide in "[ab*?]{0,6}", narrow in "[ab*?]{0,6}", text in "[ab]{0,6}",
        ) {
            let glob = |text: &str| Glob::new(text, Variables::Plain, Wildcards::Meant);
            let pattern = |text: &str| Pattern::new(&tokens(text, Variables::Plain, Wildcards::Meant));
            let context = ContextMap::new();
            let view = View::of(&context, None, true);
            if glob(&wide).covers(&mut Report::default(), &glob(&narrow)) && pattern(&narrow).matches(&text, &view) {
                proptest::prop_assert!(pattern(&wide).matches(&text, &view));
            }
        }
    }
}
