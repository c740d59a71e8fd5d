//! The parser's verdict, and a place for it where no rule has found one.

use super::{IssueCode, PolicyKind, analysis::Subject, report::Report};
use crate::{
    Document, PolicyError, parse_bucket_policy, parse_identity_policy, parse_session_policy,
    parse_trust_policy,
    source::{Node, Span},
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

/// Finds the statement that is refused even alone, if no rule has said why the policy is.
pub(super) fn place(report: &mut Report, subject: &Subject<'_>, root: &Node, error: &PolicyError) {
    if report.is_refused() {
        return;
    }
    let statements = root
        .members()
        .and_then(|members| members.iter().find(|one| one.name == "Statement"))
        .map_or(&[][..], |member| member.node.items());
    let is_refused = |statement: &&Node| {
        let text = subject.text.get(statement.span.start..statement.span.end);
        let alone = format!(
            r#"{{"Version":"2012-10-17","Statement":[{}]}}"#,
            text.unwrap_or_default()
        );
        parse(alone.as_bytes(), subject.kind, &subject.bucket).as_ref() == Err(error)
    };
    let culprit = statements.iter().find(is_refused);
    let span = culprit.map_or(root.span, |statement| statement.span);
    report.refuse(IssueCode::PolicyRefused, span, error.to_string());
}

/// An error at the beginning, if the refusal has none yet.
pub(super) fn make_sure(report: &mut Report, error: &PolicyError) {
    if !report.is_refused() {
        report.refuse(IssueCode::PolicyRefused, Span::default(), error.to_string());
    }
}
