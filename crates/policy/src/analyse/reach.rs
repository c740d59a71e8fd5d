//! Which actions of a statement work on which of its resources. Source: facts: authorization.md 3.7.

use super::{
    IssueCode, PolicyKind,
    analysis::Subject,
    report::{Report, quoted},
    view::{Entry, StatementView},
};
use crate::{Action, Scope, arn, compile::ActionSet, parse::Reach};

/// What one resource can be.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "any of the four at once")]
struct Kinds {
    bucket: bool,
    object: bool,
    /// Nothing in particular: `*`.
    account: bool,
    /// Something else of S3, or of another service.
    other: bool,
}

pub(super) fn check(report: &mut Report, subject: &Subject<'_>, statement: &StatementView<'_>) {
    let (Some(actions), Some(resources)) = (&statement.action, &statement.resource) else {
        return;
    };
    // Statements with NotAction or NotResource speak of what they do not list.
    let is_exempt = actions.negated || resources.negated || subject.kind == PolicyKind::Trust;
    if is_exempt || actions.entries.is_empty() || resources.entries.is_empty() {
        return;
    }
    let reached: Vec<_> = resources
        .entries
        .iter()
        .map(|entry| kinds(subject, entry.text))
        .collect();
    if reached.iter().any(Option::is_none) {
        return;
    }
    let all = reached
        .iter()
        .flatten()
        .fold(Kinds::default(), |all, one| Kinds {
            bucket: all.bucket || one.bucket,
            object: all.object || one.object,
            account: all.account || one.account,
            other: all.other || one.other,
        });
    let mut used = Vec::new();
    let mut speaks_of_others = false;
    for entry in &actions.entries {
        match s3_actions(subject.kind, entry.text) {
            Some(set) if set.is_empty() => return,
            Some(set) => {
                check_action(report, subject.kind, *entry, set, all);
                used.push(set);
            }
            None => speaks_of_others = true,
        }
    }
    if !speaks_of_others {
        for (entry, kinds) in resources.entries.iter().zip(reached.iter().flatten()) {
            check_resource(report, *entry, *kinds, &used);
        }
    }
}

/// The actions of S3 that an entry matches; `None` if it also matches others, or only others.
fn s3_actions(kind: PolicyKind, text: &str) -> Option<ActionSet> {
    let is_s3 = text
        .split_once(':')
        .is_some_and(|(service, _)| service.eq_ignore_ascii_case("s3"));
    if kind == PolicyKind::Bucket {
        let usable = ActionSet::usable_in_bucket_policies();
        return Some(ActionSet::matching(text).intersection(usable));
    }
    is_s3.then(|| ActionSet::matching(text))
}

fn works_on(action: Action, kinds: Kinds) -> bool {
    match action.scope() {
        Scope::Bucket => kinds.bucket,
        Scope::Object => kinds.object,
        Scope::Account => kinds.account,
        Scope::AccessPoint
        | Scope::ObjectLambdaAccessPoint
        | Scope::MultiRegionAccessPoint
        | Scope::MultiRegionAccessPointRequest
        | Scope::AccessGrant
        | Scope::AccessGrantsInstance
        | Scope::AccessGrantsLocation
        | Scope::Job
        | Scope::StorageLensConfiguration
        | Scope::StorageLensGroup => kinds.other,
    }
}

fn check_action(
    report: &mut Report,
    kind: PolicyKind,
    entry: Entry<'_>,
    set: ActionSet,
    all: Kinds,
) {
    if set.iter().any(|action| works_on(action, all)) {
        return;
    }
    let wanted = match set.iter().next().map(Action::scope) {
        Some(Scope::Bucket) => "a bucket, `arn:aws:s3:::bucket`",
        Some(Scope::Object) => "objects, `arn:aws:s3:::bucket/…`",
        Some(Scope::Account) => "the resource `*`",
        _ => "another kind of resource of S3",
    };
    let message = format!(
        "{} needs {wanted}, which the statement has not",
        quoted(entry.text)
    );
    if kind == PolicyKind::Bucket {
        report.refuse(IssueCode::ActionWithoutResource, entry.span, message);
    } else {
        report.add(IssueCode::ActionWithoutResource, entry.span, message);
    }
}

fn check_resource(report: &mut Report, entry: Entry<'_>, kinds: Kinds, used: &[ActionSet]) {
    if kinds.other || kinds.account {
        return;
    }
    let mut actions = used.iter().flat_map(|set| set.iter());
    if actions.any(|action| works_on(action, kinds)) {
        return;
    }
    let missing = if kinds.bucket { "buckets" } else { "objects" };
    let message = format!(
        "no action of the statement works on {missing}, so {} is of no use",
        quoted(entry.text)
    );
    report.add(IssueCode::ResourceWithoutAction, entry.span, message);
}

/// What a resource can be; `None` for one that is refused.
fn kinds(subject: &Subject<'_>, text: &str) -> Option<Kinds> {
    if subject.kind == PolicyKind::Bucket {
        return Reach::of_one(text, &subject.bucket).map(|reach| Kinds {
            bucket: reach.bucket,
            object: reach.object,
            ..Kinds::default()
        });
    }
    let anything = Kinds {
        bucket: true,
        object: true,
        account: true,
        other: true,
    };
    let Some([_, _, service, region, account, relative]) = arn::split(text) else {
        return Some(anything);
    };
    let is_open = |part: &str| part.contains(['*', '?']) || part.contains("${");
    if is_open(service) || service == "s3" && (is_open(region) || is_open(account)) {
        return Some(anything);
    }
    let others = Kinds {
        other: true,
        ..Kinds::default()
    };
    if service != "s3" || !region.is_empty() || !account.is_empty() {
        return Some(others);
    }
    let has_slash = relative.contains('/');
    let has_run = relative.contains('*') || relative.contains("${");
    Some(Kinds {
        bucket: !has_slash,
        object: has_slash || has_run,
        account: relative == "*",
        other: false,
    })
}
