//! `Resource` and `NotResource`.

use super::{
    IssueCode, PolicyKind,
    analysis::Subject,
    cover::{ArnGlob, covered},
    report::{Report, quoted},
    view::{Element, Entry, StatementView},
};
use crate::{Effect, arn, parse::Reach, pattern::Variables};

/// What ARNs of S3 begin with that have a region and an account. Source: `resource_arns` in `data/s3-actions.json`.
const REGIONAL: [&str; 6] = [
    "accesspoint",
    "job",
    "storage-lens",
    "storage-lens-group",
    "access-grants",
    "async-request",
];

pub(super) fn check(report: &mut Report, subject: &Subject<'_>, statement: &StatementView<'_>) {
    let Some(element) = &statement.resource else {
        return;
    };
    if subject.kind == PolicyKind::Trust {
        let message = format!(
            "remove {}: the role is the resource",
            quoted(element.name.text)
        );
        let code = IssueCode::RoleTrustPolicySyntaxErrorResource;
        report.refuse(code, element.name.span, message);
        return;
    }
    if element.entries.is_empty() {
        let message = "name a resource in the empty list";
        report.refuse(IssueCode::EmptyArrayResource, element.span, message);
    }
    for entry in &element.entries {
        if subject.kind == PolicyKind::Bucket {
            check_in_bucket_policy(report, &subject.bucket, *entry);
        } else {
            check_in_identity_policy(report, *entry);
        }
    }
    check_negation(report, statement, element);
    check_overlap(report, subject, element);
}

/// Every resource names this bucket, or can. Source: facts: authorization.md 3.6.
fn check_in_bucket_policy(report: &mut Report, bucket: &str, entry: Entry<'_>) {
    if Reach::of_one(entry.text, bucket).is_some() {
        check_wildcards(report, bucket, entry);
        return;
    }
    let (code, fault) = if entry.text == "*" {
        (
            IssueCode::UnsupportedResourceArnInPolicy,
            "no bucket policy takes `*`".to_owned(),
        )
    } else {
        fault(entry.text).unwrap_or_else(|| {
            let fault = format!(
                "{} is not in the bucket {}",
                quoted(entry.text),
                quoted(bucket)
            );
            (IssueCode::UnsupportedResourceArnInPolicy, fault)
        })
    };
    let message = format!("{fault}: write `arn:aws:s3:::{bucket}` or `arn:aws:s3:::{bucket}/…`");
    report.refuse(code, entry.span, message);
}

fn check_wildcards(report: &mut Report, bucket: &str, entry: Entry<'_>) {
    let Some([_, partition, _, region, account, relative]) = arn::split(entry.text) else {
        return;
    };
    let text = quoted(entry.text);
    if [partition, region, account]
        .iter()
        .any(|part| part.contains(['*', '?']))
    {
        let message = format!("{text} has a wildcard before the bucket: write `arn:aws:s3:::`");
        report.add(IssueCode::WildcardInArnField, entry.span, message);
    }
    let name = relative.split('/').next().unwrap_or_default();
    if name.contains(['*', '?']) {
        let message = format!(
            "{text} has a wildcard in the bucket's name: write {}",
            quoted(bucket)
        );
        report.add(IssueCode::WildcardInBucketName, entry.span, message);
    }
}

/// IAM takes `*` and whatever looks like an ARN. Source: facts: authorization.md 7.3.
fn check_in_identity_policy(report: &mut Report, entry: Entry<'_>) {
    if entry.text == "*" {
        return;
    }
    let text = quoted(entry.text);
    let parts = arn::split(entry.text);
    if !entry.text.starts_with("arn:") {
        let message = format!("{text} is neither `*` nor an ARN");
        report.refuse(IssueCode::InvalidArnPrefix, entry.span, message);
    } else if parts.is_none() && !entry.text.ends_with('*') {
        let message = format!("{text} has fewer than six parts");
        report.refuse(IssueCode::MissingArnField, entry.span, message);
    } else if let Some((code, message)) = fault(entry.text) {
        report.add(code, entry.span, message);
    }
}

/// What is wrong with the ARN of a bucket or an object, whichever it is.
fn fault(text: &str) -> Option<(IssueCode, String)> {
    let shown = quoted(text);
    if !text.starts_with("arn:") {
        let message = format!("{shown} does not begin with `arn:`");
        return Some((IssueCode::InvalidArnPrefix, message));
    }
    let Some([_, partition, service, region, account, relative]) = arn::split(text) else {
        let message = format!("{shown} has fewer than six parts");
        return (!is_open_end(text)).then_some((IssueCode::MissingArnField, message));
    };
    if service != "s3" && service.eq_ignore_ascii_case("s3") {
        let message = format!("{shown} has its service in capitals");
        return Some((IssueCode::InvalidArnServiceCase, message));
    }
    if service != "s3" {
        return None;
    }
    let is_open = |part: &str| part.contains(['*', '?']);
    let is_regional = REGIONAL.iter().any(|kind| {
        let rest = relative.strip_prefix(kind);
        rest.is_some_and(|rest| rest.starts_with(['/', ':']))
    });
    if partition != "aws" && !is_open(partition) {
        let message = format!("{shown} is of another partition than `aws`");
        Some((IssueCode::InvalidPartition, message))
    } else if relative.is_empty() || relative.starts_with('/') {
        let message = format!("{shown} names no bucket");
        Some((IssueCode::InvalidArnResource, message))
    } else if is_regional {
        None
    } else if !region.is_empty() && region.chars().any(|letter| letter != '*') {
        let message = format!("{shown} has a region, and buckets have none in their ARNs");
        Some((IssueCode::ArnRegionNotAllowed, message))
    } else if !account.is_empty() && account.chars().any(|letter| letter != '*') {
        let message = format!("{shown} has an account, and buckets have none in their ARNs");
        Some((IssueCode::ArnAccountNotAllowed, message))
    } else {
        None
    }
}

/// Whether what is missing of an ARN is left to a `*` at its end: `arn:aws:s3:*`, but not `arn:aws:s3:bucket/*`.
fn is_open_end(text: &str) -> bool {
    let behind_service = text.splitn(4, ':').nth(3).unwrap_or_default();
    text.ends_with('*')
        && behind_service
            .bytes()
            .all(|byte| matches!(byte, b'*' | b':'))
}

fn check_negation(report: &mut Report, statement: &StatementView<'_>, element: &Element<'_>) {
    if !element.negated {
        return;
    }
    if element.entries.iter().any(|entry| entry.text == "*") {
        let message = "`NotResource` with `*` leaves no resource: the statement never applies";
        report.add(IssueCode::StatementNeverApplies, element.span, message);
    } else if statement.is(Effect::Allow) {
        let message =
            "list the resources under `Resource`: this allows all others, those to come included";
        report.add(IssueCode::AllowWithNotResource, element.name.span, message);
    }
}

fn check_overlap(report: &mut Report, subject: &Subject<'_>, element: &Element<'_>) {
    let variables = subject.variables();
    // What is refused anyway covers nothing.
    let is_good =
        |text| subject.kind != PolicyKind::Bucket || Reach::of_one(text, &subject.bucket).is_some();
    let entries = element.entries.iter().filter(|entry| is_good(entry.text));
    let entries: Vec<_> = entries.collect();
    let globs: Vec<_> = entries
        .iter()
        .map(|entry| ArnGlob::new(entry.text, variables))
        .collect();
    for (narrow, wide) in covered(report, &globs, |report, wide, narrow| {
        wide.covers(report, narrow)
    }) {
        if let (Some(narrow), Some(wide)) = (entries.get(narrow), entries.get(wide)) {
            let message = format!("{} covers {}", quoted(wide.text), quoted(narrow.text));
            report.add(IssueCode::RedundantResource, narrow.span, message);
        }
    }
}

impl Subject<'_> {
    /// Whether `${…}` is a variable, for the splitting of patterns.
    pub(super) const fn variables(&self) -> Variables {
        if self.has_variables {
            Variables::Replaced
        } else {
            Variables::Plain
        }
    }
}
