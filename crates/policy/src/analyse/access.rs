//! Whom a policy lets in, and whom it shuts out.

use super::{
    IssueCode, PolicyKind,
    analysis::Subject,
    refusal,
    report::{Report, quoted},
    view::{PrincipalView, StatementView, WrittenPrincipal},
};
use crate::{
    Action, ActionElement, BucketSecurity, CompiledPolicy, ConditionKey, Decision, Document,
    Effect, ObjectOwnership, Permission, PolicyType, Principal, PrincipalElement, Principals,
    PublicAccessBlock, Refused, Statement, authorize,
    compile::{ActionSet, is_public_statement},
    parse::{Reach, sent_principal},
};

pub(super) fn check(
    report: &mut Report,
    subject: &Subject<'_>,
    statements: &[StatementView<'_>],
    parsed: &Document,
) {
    let mut is_locked = false;
    for (view, statement) in statements.iter().zip(parsed.statements()) {
        is_locked |= check_statement(report, subject, view, statement);
    }
    if subject.kind == PolicyKind::Bucket && !is_locked {
        check_caller(report, subject, statements, parsed);
    }
}

/// The same for the statements of a refused policy that would be accepted.
pub(super) fn check_good(
    report: &mut Report,
    subject: &Subject<'_>,
    statements: &[StatementView<'_>],
) {
    for view in statements {
        if let Ok(alone) = refusal::parse_alone(subject, view)
            && let [statement] = alone.statements()
        {
            check_statement(report, subject, view, statement);
        }
    }
}

/// Whether the statement locks everyone but root out.
fn check_statement(
    report: &mut Report,
    subject: &Subject<'_>,
    view: &StatementView<'_>,
    statement: &Statement,
) -> bool {
    let Some(principal) = view
        .principal
        .as_ref()
        .filter(|_| subject.kind.names_principals())
    else {
        return false;
    };
    check_public(report, subject.kind, principal, statement);
    if subject.kind != PolicyKind::Bucket {
        return false;
    }
    check_services(report, principal, statement);
    check_owner(report, subject, principal, statement);
    check_lockout(report, subject, view, statement)
}

fn check_public(
    report: &mut Report,
    kind: PolicyKind,
    principal: &PrincipalView<'_>,
    statement: &Statement,
) {
    if !is_public_statement(statement) {
        return;
    }
    if kind == PolicyKind::Bucket {
        let message = "this opens the bucket to everyone: name principals, or pin `aws:SourceIp`, \
                       `aws:PrincipalOrgID` or a like key to fixed values";
        report.add(IssueCode::PublicAccess, principal.span, message);
    } else if includes_everyone(statement) {
        let message =
            "this lets everyone with credentials of any account assume the role: name principals";
        report.add(IssueCode::PublicAccess, principal.span, message);
    }
}

fn includes_everyone(statement: &Statement) -> bool {
    let principal = statement.principal.as_ref();
    principal.is_some_and(|element| element.principals().includes_everyone())
}

/// Services that act for others, too.
fn check_services(report: &mut Report, principal: &PrincipalView<'_>, statement: &Statement) {
    let mut conditions = statement.conditions.iter().flatten();
    let names_source = conditions.any(|condition| match &condition.key {
        ConditionKey::SourceArn | ConditionKey::SourceAccount => true,
        ConditionKey::Other(name) => name.starts_with("aws:sourceorg"),
        _ => false,
    });
    let WrittenPrincipal::Map(lists) = &principal.written else {
        return;
    };
    if names_source || statement.effect == Effect::Deny {
        return;
    }
    let services = lists.iter().filter(|(kind, _)| kind.text == "Service");
    for entry in services.flat_map(|(_, list)| &list.entries) {
        let message = format!(
            "{} acts for all of its customers: add a condition on `aws:SourceArn` or `aws:SourceAccount`",
            quoted(entry.text)
        );
        report.add(
            IssueCode::RestrictAccessToServicePrincipal,
            entry.span,
            message,
        );
    }
}

/// An Allow for the owner's account, which has it already, and its users and roles still have not.
fn check_owner(
    report: &mut Report,
    subject: &Subject<'_>,
    principal: &PrincipalView<'_>,
    statement: &Statement,
) {
    let (Some(owner), WrittenPrincipal::Map(lists)) = (subject.bucket_owner, &principal.written)
    else {
        return;
    };
    if statement.effect == Effect::Deny {
        return;
    }
    let aws = lists.iter().filter(|(kind, _)| kind.text == "AWS");
    for entry in aws.flat_map(|(_, list)| &list.entries) {
        let named = sent_principal(crate::PrincipalType::Aws, entry.text);
        if named == Some(Principal::Account(owner)) {
            let message = format!(
                "{} owns the bucket: its root user needs no Allow, and its users and roles need an identity policy \
                 all the same",
                quoted(entry.text)
            );
            report.add(IssueCode::OwnerAccountDelegates, entry.span, message);
        }
    }
}

/// A Deny that keeps everyone of the owner's account but root from ever changing the policy again.
fn check_lockout(
    report: &mut Report,
    subject: &Subject<'_>,
    view: &StatementView<'_>,
    statement: &Statement,
) -> bool {
    let is_unconditional = statement.conditions.iter().flatten().next().is_none();
    let locks = statement.effect == Effect::Deny
        && is_unconditional
        && hits_whole_account(subject, statement)
        && reaches_bucket(subject, statement)
        && denies(&statement.action, Action::PutBucketPolicy);
    if locks {
        let span = view
            .action
            .as_ref()
            .map_or(view.span, |element| element.span);
        report.add(
            IssueCode::BucketPolicyLockout,
            span,
            lockout_message(&statement.action),
        );
    }
    locks
}

/// Whether the one who brings the policy could bring another one after it.
fn check_caller(
    report: &mut Report,
    subject: &Subject<'_>,
    statements: &[StatementView<'_>],
    parsed: &Document,
) {
    let (Some((caller, context)), Some(owner)) = (subject.caller, subject.bucket_owner) else {
        return;
    };
    let policy = CompiledPolicy::compile(parsed);
    let bucket = BucketSecurity {
        name: &subject.bucket,
        owner,
        policy: Some(&policy),
        public_access_block: PublicAccessBlock::NONE,
        object_ownership: ObjectOwnership::BucketOwnerEnforced,
        acl: &[],
    };
    let put = Permission::on_bucket(Action::PutBucketPolicy, &subject.bucket);
    let Decision::Deny(deny) = authorize(caller, Some(&bucket), &[put], context) else {
        return;
    };
    // Without a Deny in this policy the caller's rights come from elsewhere, and stay what they are.
    if let Refused::Explicit {
        policy_type: PolicyType::ResourceBased,
        statement,
        ..
    } = deny.reason
        && let Some(view) = statements.get(statement.index)
    {
        let span = view
            .action
            .as_ref()
            .map_or(view.span, |element| element.span);
        let arn = caller.arn().unwrap_or_default();
        let message = format!(
            "after this {} can no longer change the policy",
            quoted(&arn)
        );
        report.add(IssueCode::BucketPolicyLockout, span, message);
    }
}

fn lockout_message(actions: &ActionElement) -> &'static str {
    if denies(actions, Action::DeleteBucketPolicy) {
        "after this only the root user of the bucket's account can change or delete the policy"
    } else {
        "after this only the root user of the bucket's account can change the policy; others can still delete it"
    }
}

fn hits_whole_account(subject: &Subject<'_>, statement: &Statement) -> bool {
    match &statement.principal {
        Some(PrincipalElement::Principal(list)) => {
            let owner = subject.bucket_owner.map(Principal::Account);
            list.includes_everyone() || list.iter().any(|one| Some(one) == owner.as_ref())
        }
        // Whom the list names is not known to be of the account.
        Some(PrincipalElement::NotPrincipal(list)) => {
            matches!(list, Principals::Listed(_)) && list.iter().all(is_service)
        }
        None => false,
    }
}

fn is_service(principal: &Principal) -> bool {
    matches!(principal, Principal::Service(_))
}

fn reaches_bucket(subject: &Subject<'_>, statement: &Statement) -> bool {
    let Some(resource) = &statement.resource else {
        return false;
    };
    let mut patterns = resource.patterns().iter();
    let named =
        patterns.any(|text| Reach::of_one(text, &subject.bucket).is_some_and(|reach| reach.bucket));
    named != resource.is_negated()
}

fn denies(actions: &ActionElement, action: Action) -> bool {
    let mut patterns = actions.patterns().iter();
    let listed = patterns.any(|text| ActionSet::matching(text).contains(action));
    listed != actions.is_negated()
}
