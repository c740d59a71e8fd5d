//! The parser's verdict, and a place for it where no rule has found one.

use super::{IssueCode, PolicyKind, analysis::Subject, report::Report, view::StatementView};
use crate::{
    Document, PolicyError, parse_bucket_policy, parse_identity_policy, parse_session_policy,
    parse_trust_policy, source::Span,
};

/// Reads a policy as AWS would.
pub(super) fn parse(text: &[u8], kind: PolicyKind, bucket: &str) -> Result<Document, PolicyError> {
    match kind {
        PolicyKind::Bucket => parse_bucket_policy(text, bucket),
        PolicyKind::Identity | PolicyKind::Boundary => parse_identity_policy(text),
        PolicyKind::Session => parse_session_policy(text),
        PolicyKind::Trust => parse_trust_policy(text),
    }
}

/// Reads one statement as if it were the whole policy.
pub(super) fn parse_alone(
    subject: &Subject<'_>,
    statement: &StatementView<'_>,
) -> Result<Document, PolicyError> {
    let text = subject
        .text
        .get(statement.span.start..statement.span.end)
        .unwrap_or_default();
    let version = if subject.has_variables {
        "2012-10-17"
    } else {
        "2008-10-17"
    };
    let alone = format!(r#"{{"Version":"{version}","Statement":[{text}]}}"#);
    parse(alone.as_bytes(), subject.kind, &subject.bucket)
}

/// Finds the statement that is refused even alone, if no rule has said why the policy is.
pub(super) fn place(
    report: &mut Report,
    subject: &Subject<'_>,
    statements: &[StatementView<'_>],
    error: &PolicyError,
) {
    if report.is_refused() {
        return;
    }
    let mut statements = statements.iter();
    let culprit = statements.find(|one| parse_alone(subject, one).as_ref() == Err(error));
    let span = culprit.map_or(Span::default(), |statement| statement.span);
    report.refuse(IssueCode::PolicyRefused, span, error.to_string());
}

/// An error at the beginning, if the refusal has none yet.
pub(super) fn make_sure(report: &mut Report, error: &PolicyError) {
    if !report.is_refused() {
        report.refuse(IssueCode::PolicyRefused, Span::default(), error.to_string());
    }
}
