//! The document: its JSON, its members, its size.

use super::{
    IssueCode, PolicyKind,
    analysis::Subject,
    report::{Report, quoted},
    statement, trust,
    view::{self, StatementView},
};
use crate::{
    BUCKET_POLICY_BODY_BYTES_MAX, BUCKET_POLICY_BYTES_MAX, MANAGED_POLICY_CHARACTERS_MAX,
    POLICY_DOCUMENT_CHARACTERS_MAX, SESSION_POLICY_CHARACTERS_MAX, TRUST_POLICY_CHARACTERS_MAX,
    arn, json,
    parse::normal_form_bytes,
    policy_characters,
    source::{Lines, Member, Node, Span, Value, scan},
};

/// Reads the JSON; `None` if there is none to look into.
pub(super) fn read(
    report: &mut Report,
    bytes: &[u8],
    text: &str,
    lines: &Lines<'_>,
    kind: PolicyKind,
) -> Option<Node> {
    let start = Span { start: 0, end: 0 };
    if kind == PolicyKind::Bucket && bytes.first() != Some(&b'{') {
        let message = "the first byte is `{`, without white space or a byte order mark before it";
        report.refuse(IssueCode::JsonSyntaxError, start, message);
    }
    if !is_readable(report, bytes, text, kind) {
        return None;
    }
    match json::parse(bytes) {
        Ok(_) | Err(json::JsonFault::RepeatedMember) => {
            let root = scan(text)?;
            refuse_repeated(report, &root);
            Some(root)
        }
        Err(json::JsonFault::Invalid) => {
            if !report.is_refused() {
                let at = match std::str::from_utf8(bytes) {
                    Err(error) => error.valid_up_to(),
                    Ok(_) => json::fault_place(bytes)
                        .map_or(text.len(), |(line, column)| lines.offset(line, column)),
                };
                let message = "the text is not JSON from here on";
                report.refuse(
                    IssueCode::JsonSyntaxError,
                    Span { start: at, end: at },
                    message,
                );
            }
            None
        }
    }
}

/// Whether a document is short enough to be looked into.
fn is_readable(report: &mut Report, bytes: &[u8], text: &str, kind: PolicyKind) -> bool {
    let (code, what, size, size_max) = match kind {
        PolicyKind::Bucket => (
            IssueCode::PolicySizeExceedsResourcePolicyQuota,
            "bytes",
            bytes.len(),
            BUCKET_POLICY_BODY_BYTES_MAX,
        ),
        PolicyKind::Identity | PolicyKind::Session | PolicyKind::Boundary | PolicyKind::Trust => (
            IssueCode::PolicySizeExceedsIdentityPolicyQuota,
            "characters",
            // What is no text is refused below, if it is not too long even so.
            text.chars().count().max(bytes.len() / 4),
            POLICY_DOCUMENT_CHARACTERS_MAX,
        ),
    };
    if size > size_max {
        let message = format!("{size_max} {what} are read at most, not {size}");
        report.refuse(code, Span::default(), message);
    }
    size <= size_max
}

fn refuse_repeated(report: &mut Report, node: &Node) {
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| refuse_repeated(report, item)),
        Value::Object(members) => {
            let mut seen = std::collections::HashSet::new();
            for member in members {
                if !seen.insert(member.name.as_str()) {
                    let message = format!("{} stands here twice", quoted(&member.name));
                    report.refuse(IssueCode::DuplicateMember, member.name_span, message);
                }
                refuse_repeated(report, &member.node);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => {}
    }
}

/// Whether the document's version has policy variables.
pub(super) fn has_variables(root: &Node) -> bool {
    member(root, "Version").and_then(|one| one.node.text()) == Some("2012-10-17")
}

/// The first bucket that a resource names.
pub(super) fn named_bucket(root: &Node) -> Option<String> {
    let statements = member(root, "Statement")?.node.items();
    let resources = statements
        .iter()
        .filter_map(|one| member(one, "Resource").or_else(|| member(one, "NotResource")));
    let mut names = resources
        .flat_map(|resource| resource.node.items())
        .filter_map(|item| bucket_of(item.text()?));
    names.next()
}

/// The bucket of an ARN; wildcards and variables are replaced by something they match.
fn bucket_of(text: &str) -> Option<String> {
    let [_, _, "s3", _, _, relative] = arn::split(text)? else {
        return None;
    };
    let name = relative.split('/').next().unwrap_or_default();
    let mut plain = String::new();
    let mut rest = name;
    while let Some((before, after)) = rest.split_once("${") {
        plain.push_str(before);
        plain.push('x');
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    let plain = plain.replace('*', "").replace('?', "x");
    (!plain.is_empty()).then_some(plain)
}

fn member<'n>(node: &'n Node, name: &str) -> Option<&'n Member> {
    node.members()?.iter().find(|member| member.name == name)
}

/// Checks everything that can be said without the other statements, and returns the statements as they are read.
pub(super) fn check<'n>(
    report: &mut Report,
    subject: &Subject<'_>,
    root: &'n Node,
) -> Vec<StatementView<'n>> {
    let Some(members) = root.members() else {
        view::wrong_type(report, root, "an object");
        return Vec::new();
    };
    check_members(report, members);
    check_version(report, root);
    check_size(report, subject, root);
    let Some(statement) = member(root, "Statement") else {
        report.refuse(IssueCode::MissingStatement, root.span, "add a `Statement`");
        return Vec::new();
    };
    let items = statement.node.items();
    if items.is_empty() {
        let message = "add a statement to the empty list";
        report.refuse(IssueCode::MissingStatement, statement.node.span, message);
    }
    let statements: Vec<_> = items
        .iter()
        .enumerate()
        .filter_map(|(index, node)| statement::check(report, subject, index, node))
        .collect();
    check_sids(report, subject.kind, &statements);
    if subject.kind == PolicyKind::Trust {
        trust::check(report, &statements);
    }
    statements
}

fn check_members(report: &mut Report, members: &[Member]) {
    for member in members {
        match member.name.as_str() {
            "Id" if member.node.text().is_none() => {
                view::wrong_type(report, &member.node, "a string");
            }
            "Version" | "Id" | "Statement" => {}
            name => refuse_member(report, member, name, &["Version", "Id", "Statement"]),
        }
    }
}

/// Refuses a member that does not exist, and names the one that was probably meant.
pub(super) fn refuse_member(report: &mut Report, member: &Member, name: &str, known: &[&str]) {
    let meant = known.iter().find(|known| known.eq_ignore_ascii_case(name));
    let message = match meant {
        Some(meant) => format!("there is no {}; write {}", quoted(name), quoted(meant)),
        None => format!("there is no {} here; remove it", quoted(name)),
    };
    report.refuse(IssueCode::InvalidPolicyElement, member.name_span, message);
}

fn check_version(report: &mut Report, root: &Node) {
    let Some(version) = member(root, "Version") else {
        let message = "add `\"Version\": \"2012-10-17\"`; without it variables are plain text";
        report.add(IssueCode::MissingVersion, root.span, message);
        return;
    };
    match version.node.text() {
        Some("2012-10-17" | "2008-10-17") => {}
        Some(other) => {
            let message = format!("there is no version {}; write `2012-10-17`", quoted(other));
            report.refuse(IssueCode::InvalidVersion, version.node.span, message);
        }
        None => {
            let message = "the version is the string `2012-10-17`";
            report.refuse(IssueCode::InvalidVersion, version.node.span, message);
        }
    }
}

fn check_size(report: &mut Report, subject: &Subject<'_>, root: &Node) {
    let letters = || policy_characters(subject.text);
    let (code, what, size, size_max) = match subject.kind {
        PolicyKind::Bucket => {
            let json = json::parse(subject.text.as_bytes());
            let bytes = json.map_or(0, |json| normal_form_bytes(&json));
            let code = IssueCode::PolicySizeExceedsResourcePolicyQuota;
            (code, "bytes in normal form", bytes, BUCKET_POLICY_BYTES_MAX)
        }
        PolicyKind::Identity | PolicyKind::Boundary => {
            let code = IssueCode::PolicySizeExceedsIdentityPolicyQuota;
            let what = "characters without white space";
            (code, what, letters(), MANAGED_POLICY_CHARACTERS_MAX)
        }
        PolicyKind::Trust => {
            let code = IssueCode::PolicySizeExceedsRoleTrustPolicyQuota;
            let what = "characters without white space";
            (code, what, letters(), TRUST_POLICY_CHARACTERS_MAX)
        }
        PolicyKind::Session => {
            let code = IssueCode::PolicySizeExceedsSessionPolicyQuota;
            let characters = subject.text.chars().count();
            (
                code,
                "characters",
                characters,
                SESSION_POLICY_CHARACTERS_MAX,
            )
        }
    };
    let span = Span {
        start: root.span.start,
        end: root.span.start + 1,
    };
    let message = format!("the policy has {size} {what}, and may have {size_max}");
    if size > size_max && subject.kind == PolicyKind::Bucket {
        report.refuse(code, span, message);
    } else if size > size_max {
        report.add(code, span, message);
    } else if size * 10 > size_max * 9 {
        report.add(IssueCode::PolicySizeNearQuota, span, message);
    }
}

fn check_sids(report: &mut Report, kind: PolicyKind, statements: &[StatementView<'_>]) {
    let mut seen = std::collections::HashSet::new();
    for sid in statements.iter().filter_map(|statement| statement.sid) {
        if sid.text.is_empty() {
            report.add(
                IssueCode::EmptySidValue,
                sid.span,
                "name the statement, or leave `Sid` out",
            );
            continue;
        }
        let is_plain = sid.text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !is_plain {
            let message = format!("{} has more than letters and digits", quoted(sid.text));
            match kind {
                PolicyKind::Bucket => {}
                PolicyKind::Trust => report.add(IssueCode::UnsupportedSid, sid.span, message),
                PolicyKind::Identity | PolicyKind::Session | PolicyKind::Boundary => {
                    report.refuse(IssueCode::UnsupportedSid, sid.span, message);
                }
            }
        }
        if seen.insert(sid.text) {
            continue;
        }
        let message = format!("another statement is called {}, too", quoted(sid.text));
        if kind == PolicyKind::Bucket {
            report.add(IssueCode::UniqueSidsRecommended, sid.span, message);
        } else {
            report.refuse(IssueCode::UniqueSidsRequired, sid.span, message);
        }
    }
}
