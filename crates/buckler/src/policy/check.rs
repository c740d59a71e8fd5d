//! `buckler policy check`.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use buckler_policy::{
    Analysis, AnalysisOptions, ConditionKey, ContextMap, Finding, FindingType, PolicyKind,
    Position, analyse,
};
use serde_json::{Value, json};

use super::arguments::{CheckArguments, Format};
use super::files;
use super::output::{note, pretty, print};
use super::principal::Principal;
use crate::error::Failure;

/// Analyses a policy and prints the findings.
///
/// # Errors
///
/// [`Failure::Configuration`] if the file cannot be read or the principal is none.
pub(crate) fn check(arguments: &CheckArguments) -> Result<ExitCode, Failure> {
    let principal = arguments.principal.as_deref();
    let principal = principal.map(Principal::parse).transpose()?;
    let text = files::read(&arguments.file)?;
    let mut context = ContextMap::new();
    if let Some(principal) = &principal {
        principal.fill(&mut context);
    }
    let caller = principal.as_ref().map(Principal::caller);
    let options = AnalysisOptions {
        bucket: arguments.bucket.as_deref(),
        bucket_owner: arguments.bucket_owner,
        caller: caller.as_ref().map(|caller| (caller, &context)),
    };
    let analysis = analyse(&text, arguments.kind, &options);
    let name = name(&arguments.file);
    match arguments.format {
        Format::Text => {
            print(&lines(&name, &analysis.findings));
            note(&summary(&name, arguments.kind, &analysis));
        }
        Format::Json => print(&pretty(&document(&name, arguments.kind, &analysis))),
    }
    Ok(
        if analysis.has_errors() || arguments.strict && !analysis.findings.is_empty() {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        },
    )
}

fn name(file: &Path) -> String {
    if file == Path::new("-") {
        "<stdin>".to_owned()
    } else {
        file.display().to_string()
    }
}

/// `FILE:LINE:COLUMN: TYPE CODE message`, a line per finding.
fn lines(name: &str, findings: &[Finding]) -> String {
    let mut out = String::new();
    for finding in findings {
        let Position { line, column, .. } = finding.location.start;
        let (finding_type, code, message) = (finding.finding_type, finding.code, &finding.message);
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "{name}:{line}:{column}: {finding_type} {code} {message}"
        );
    }
    out
}

/// What the whole comes to, for people: programs take the JSON.
fn summary(name: &str, kind: PolicyKind, analysis: &Analysis) -> String {
    let verdict = match (&analysis.refusal, kind) {
        (Some(error), PolicyKind::Bucket) => format!("refused with MalformedPolicy: {error}"),
        (Some(error), _) => format!("refused with MalformedPolicyDocument: {error}"),
        (None, _) => "accepted".to_owned(),
    };
    let count = |wanted| {
        let findings = analysis.findings.iter();
        findings
            .filter(|finding| finding.finding_type == wanted)
            .count()
    };
    let mut parts = vec![verdict];
    for (finding_type, singular) in [
        (FindingType::Error, "error"),
        (FindingType::SecurityWarning, "security warning"),
        (FindingType::Warning, "warning"),
        (FindingType::Suggestion, "suggestion"),
    ] {
        match count(finding_type) {
            0 => {}
            1 => parts.push(format!("1 {singular}")),
            many => parts.push(format!("{many} {singular}s")),
        }
    }
    match analysis.is_public {
        Some(true) => parts.push("public".to_owned()),
        Some(false) => parts.push("not public".to_owned()),
        None => {}
    }
    format!("{name}: {}", parts.join(", "))
}

fn document(name: &str, kind: PolicyKind, analysis: &Analysis) -> Value {
    let keys: Vec<_> = analysis
        .condition_keys
        .iter()
        .map(ConditionKey::name)
        .collect();
    json!({
        "file": name,
        "kind": kind.name(),
        "refusal": analysis.refusal.as_ref().map(ToString::to_string),
        "is_public": analysis.is_public,
        "condition_keys": keys,
        "findings": analysis.findings.iter().map(finding).collect::<Vec<_>>(),
    })
}

fn finding(finding: &Finding) -> Value {
    let place = |position: Position| json!({"line": position.line, "column": position.column});
    json!({
        "type": finding.finding_type.name(),
        "code": finding.code.name(),
        "message": finding.message,
        "learn_more": finding.code.learn_more(),
        "path": finding.location.path.to_string(),
        "start": place(finding.location.start),
        "end": place(finding.location.end),
    })
}
