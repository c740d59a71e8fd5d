//! The findings in the making.

use super::{Finding, FindingType, IssueCode, Location};
use crate::source::{Lines, Node, Path, Span};
use std::collections::BTreeSet;

/// Most findings of one analysis; a document that has more has been told enough.
const FINDINGS_MAX: usize = 1000;

/// Most characters of the policy's own text in one message.
const QUOTED_CHARACTERS_MAX: usize = 120;

/// Steps of comparing that one analysis takes, so that no document takes long; what is not compared has no finding.
const STEPS_MAX: u64 = 20_000_000;

/// Collects findings by span; places are worked out at the end.
#[derive(Debug, Default)]
pub(super) struct Report {
    found: Vec<Found>,
    is_refused: bool,
    steps: u64,
}

#[derive(Debug)]
struct Found {
    span: Span,
    finding_type: FindingType,
    code: IssueCode,
    message: String,
}

impl Report {
    /// What AWS accepts.
    pub(super) fn add(&mut self, code: IssueCode, span: Span, message: impl Into<String>) {
        self.push(code, code.finding_type(), span, message.into());
    }

    /// What AWS refuses the policy for.
    pub(super) fn refuse(&mut self, code: IssueCode, span: Span, message: impl Into<String>) {
        self.is_refused = true;
        self.push(code, FindingType::Error, span, message.into());
    }

    fn push(&mut self, code: IssueCode, finding_type: FindingType, span: Span, message: String) {
        if self.found.len() < FINDINGS_MAX {
            self.found.push(Found {
                span,
                finding_type,
                code,
                message,
            });
        }
    }

    /// Whether something was found that AWS refuses the policy for.
    pub(super) const fn is_refused(&self) -> bool {
        self.is_refused
    }

    /// Takes so many steps of work; false when there are none left.
    pub(super) fn spend(&mut self, steps: usize) -> bool {
        self.steps = self.steps.saturating_add(steps as u64);
        self.steps <= STEPS_MAX
    }

    /// The findings in the order of the text, each once.
    pub(super) fn into_findings(self, lines: &Lines<'_>, root: Option<&Node>) -> Vec<Finding> {
        let findings: BTreeSet<_> = self
            .found
            .into_iter()
            .map(|found| Finding {
                location: Location {
                    start: lines.position(found.span.start),
                    end: lines.position(found.span.end),
                    path: root.map_or_else(Path::default, |root| Path::of(root, found.span)),
                },
                finding_type: found.finding_type,
                code: found.code,
                message: found.message,
            })
            .collect();
        findings.into_iter().collect()
    }
}

/// A text of the policy for a message: in backticks, bounded, without control characters.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("`");
    let mut letters = text.chars();
    for letter in letters.by_ref().take(QUOTED_CHARACTERS_MAX) {
        out.push(if letter.is_control() {
            '\u{fffd}'
        } else {
            letter
        });
    }
    if letters.next().is_some() {
        out.push('…');
    }
    out.push('`');
    out
}

/// Several texts for a message, the first few by name.
pub(super) fn listed<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    const NAMED_MAX: usize = 5;
    let mut texts = texts.into_iter();
    let named: Vec<_> = texts.by_ref().take(NAMED_MAX).map(quoted).collect();
    match texts.count() {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}
