//! `Action` and `NotAction`.

use super::{
    IssueCode, PolicyKind,
    cover::{Glob, covered},
    iam_actions,
    report::{Report, quoted},
    view::{Element, Entry, StatementView},
};
use crate::{
    Action, Effect,
    compile::ActionSet,
    context::{ContextMap, View},
    pattern::{Pattern, Variables, Wildcards, tokens},
};

/// Most letters by which a name may differ from the one that is proposed for it.
const TYPOS_MAX: usize = 3;
/// Longest name for which another one is looked for.
const NAME_LETTERS_MAX: usize = 64;

pub(super) fn check(report: &mut Report, kind: PolicyKind, statement: &StatementView<'_>) {
    let Some(element) = &statement.action else {
        return;
    };
    if element.entries.is_empty() {
        let message = "name an action in the empty list";
        report.refuse(IssueCode::EmptyArrayAction, element.span, message);
    }
    if kind == PolicyKind::Trust && element.negated {
        let message = "a trust policy lists the actions of STS that it allows: write `Action`";
        report.refuse(
            IssueCode::UnsupportedActionInPolicy,
            element.name.span,
            message,
        );
    }
    for entry in &element.entries {
        match kind {
            PolicyKind::Bucket => check_in_bucket_policy(report, *entry),
            PolicyKind::Trust => check_in_trust_policy(report, *entry),
            PolicyKind::Identity | PolicyKind::Session | PolicyKind::Boundary => {
                check_in_identity_policy(report, *entry);
            }
        }
        check_spelling(report, *entry);
    }
    check_negation(report, kind, statement, element);
    check_overlap(report, element);
}

/// S3 takes what it knows and what works on a bucket or an object. Source: facts: authorization.md 3.5.
fn check_in_bucket_policy(report: &mut Report, entry: Entry<'_>) {
    let known = ActionSet::matching(entry.text);
    let usable = known.intersection(ActionSet::usable_in_bucket_policies());
    if !usable.is_empty() {
        return;
    }
    let text = quoted(entry.text);
    let Some((service, _)) = entry.text.split_once(':') else {
        let message = format!("{text} has no service: write `s3:` before the name");
        report.refuse(IssueCode::InvalidServiceInAction, entry.span, message);
        return;
    };
    if service.contains(['*', '?']) {
        let message = format!("{text} has a wildcard in its service: write `s3:`");
        report.refuse(IssueCode::WildcardInServiceName, entry.span, message);
    } else if !service.eq_ignore_ascii_case("s3") {
        let message = format!("a bucket policy grants actions of `s3` only, not {text}");
        report.refuse(IssueCode::UnsupportedActionInPolicy, entry.span, message);
    } else if !known.is_empty() {
        let message =
            format!("{text} works on no bucket and no object: grant it in an identity policy");
        report.refuse(IssueCode::UnsupportedActionInPolicy, entry.span, message);
    } else {
        let message = no_such_action(report, entry.text);
        report.refuse(IssueCode::InvalidAction, entry.span, message);
    }
}

fn check_in_trust_policy(report: &mut Report, entry: Entry<'_>) {
    let text = quoted(entry.text);
    let of_sts = entry.text.split_once(':').filter(|(service, name)| {
        service.eq_ignore_ascii_case("sts") && !name.is_empty() && !name.contains(':')
    });
    let Some((_, name)) = of_sts else {
        let message = format!("a trust policy grants actions of `sts` only, not {text}");
        report.refuse(IssueCode::UnsupportedActionInPolicy, entry.span, message);
        return;
    };
    if !exists(entry.text) {
        let message = no_such_action(report, entry.text);
        report.add(IssueCode::InvalidAction, entry.span, message);
        return;
    }
    let about_roles = [
        "AssumeRole",
        "AssumeRoleWithSAML",
        "AssumeRoleWithWebIdentity",
        "TagSession",
        "SetSourceIdentity",
        "SetContext",
    ];
    let is_about_roles = |known: &&str| known.eq_ignore_ascii_case(name);
    if !name.contains(['*', '?']) && !about_roles.iter().any(is_about_roles) {
        let message = format!("{text} has nothing to do with assuming the role: remove it");
        report.add(IssueCode::UnsupportedActionInPolicy, entry.span, message);
    }
}

/// IAM looks at the form only. Source: facts: authorization.md 7.3.
fn check_in_identity_policy(report: &mut Report, entry: Entry<'_>) {
    if entry.text == "*" {
        return;
    }
    let text = quoted(entry.text);
    let Some((service, name)) = entry.text.split_once(':') else {
        let message = format!("{text} has no service: write `service:name`");
        report.refuse(IssueCode::InvalidServiceInAction, entry.span, message);
        return;
    };
    let good = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if name.contains(':') {
        let message = format!("{text} has more than one colon");
        report.refuse(IssueCode::InvalidServiceInAction, entry.span, message);
    } else if service.contains(['*', '?']) {
        let message = format!("{text} has a wildcard in its service: write one entry per service");
        report.refuse(IssueCode::WildcardInServiceName, entry.span, message);
    } else if service.is_empty() || !service.bytes().all(good) {
        let message = format!("{text} names no service");
        report.refuse(IssueCode::InvalidServiceInAction, entry.span, message);
    } else if !exists(entry.text) {
        let message = no_such_action(report, entry.text);
        report.add(IssueCode::InvalidAction, entry.span, message);
    }
}

/// Whether an action matches something; of services that are not known here, everything does.
fn exists(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    match lower.split_once(':') {
        Some(("s3", _)) => !ActionSet::matching(text).is_empty(),
        Some((service, name)) => {
            let pattern = Pattern::new(&tokens(name, Variables::Plain, Wildcards::Meant));
            let no_context = ContextMap::new();
            let view = View::of(&no_context, None, true);
            iam_actions::matches(service, |known| pattern.matches(known, &view)).unwrap_or(true)
        }
        None => true,
    }
}

fn no_such_action(report: &mut Report, text: &str) -> String {
    let shown = quoted(text);
    if text.contains(['*', '?']) {
        return format!("{shown} matches no action");
    }
    match similar(report, text) {
        Some(meant) => format!("there is no action {shown}; `{meant}` is one"),
        None => format!("there is no action {shown}"),
    }
}

/// The action whose name is nearest, if it is near.
fn similar(report: &mut Report, text: &str) -> Option<String> {
    let (service, name) = text.split_once(':')?;
    let service = service.to_ascii_lowercase();
    if name.len() > NAME_LETTERS_MAX {
        return None;
    }
    let name = name.to_ascii_lowercase();
    let known: Vec<&str> = if service == "s3" {
        let names = Action::ALL.into_iter().map(Action::name);
        names.filter_map(|name| name.strip_prefix("s3:")).collect()
    } else {
        iam_actions::names(&service)?.to_vec()
    };
    if !report.spend(known.len() * NAME_LETTERS_MAX * name.len()) {
        return None;
    }
    let (distance, nearest) = known
        .into_iter()
        .map(|known| (distance(&name, &known.to_ascii_lowercase()), known))
        .min()?;
    (distance <= TYPOS_MAX).then(|| format!("{service}:{nearest}"))
}

/// How many letters must be changed, added or removed.
fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, letter) in left.bytes().enumerate() {
        let mut diagonal = index;
        let mut before = index + 1;
        let mut next = vec![before];
        for (above, other) in row.iter().skip(1).zip(right.bytes()) {
            let changed = diagonal + usize::from(letter != other);
            before = changed.min(before + 1).min(above + 1);
            diagonal = *above;
            next.push(before);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

/// AWS's spelling of a name without wildcards.
fn check_spelling(report: &mut Report, entry: Entry<'_>) {
    let spelled = match Action::from_name(entry.text) {
        Some(action) => Some(action.name().to_owned()),
        None => entry.text.split_once(':').and_then(|(service, name)| {
            let service = service.to_ascii_lowercase();
            let name = iam_actions::spelled(&service, name)?;
            Some(format!("{service}:{name}"))
        }),
    };
    if let Some(spelled) = spelled.filter(|spelled| spelled != entry.text) {
        let message = format!("AWS writes {} as `{spelled}`", quoted(entry.text));
        report.add(IssueCode::MiscasedName, entry.span, message);
    }
}

fn check_negation(
    report: &mut Report,
    kind: PolicyKind,
    statement: &StatementView<'_>,
    element: &Element<'_>,
) {
    if !element.negated || kind == PolicyKind::Trust {
        return;
    }
    if element.entries.iter().any(|entry| entry.text == "*") {
        let message = "`NotAction` with `*` leaves no action: the statement never applies";
        report.add(IssueCode::StatementNeverApplies, element.span, message);
    } else if statement.is(Effect::Allow) {
        let message =
            "list the actions under `Action`: this allows all others, those to come included";
        report.add(IssueCode::AllowWithNotAction, element.name.span, message);
    }
}

fn check_overlap(report: &mut Report, element: &Element<'_>) {
    let globs: Vec<_> = element
        .entries
        .iter()
        .map(|entry| {
            Glob::new(
                &entry.text.to_ascii_lowercase(),
                Variables::Plain,
                Wildcards::Meant,
            )
        })
        .collect();
    for (narrow, wide) in covered(report, &globs, |report, wide, narrow| {
        wide.covers(report, narrow)
    }) {
        if let (Some(narrow), Some(wide)) = (element.entries.get(narrow), element.entries.get(wide))
        {
            let message = format!("{} covers {}", quoted(wide.text), quoted(narrow.text));
            report.add(IssueCode::RedundantAction, narrow.span, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_edits() {
        assert_eq!(distance("getobject", "getobject"), 0);
        assert_eq!(distance("getobjekt", "getobject"), 1);
        assert_eq!(distance("getobject", "getobjects"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
