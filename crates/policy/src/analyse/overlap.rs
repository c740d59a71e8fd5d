//! Statements of an accepted policy that another one makes useless.

use super::{
    IssueCode,
    cover::{ArnGlob, Glob},
    principals::is_role_of,
    report::Report,
    view::StatementView,
};
use crate::{
    ActionElement, Condition, Document, Effect, Principal, PrincipalElement, ResourceElement,
    Statement, Test, Version,
    compile::ActionSet,
    pattern::{Variables, Wildcards},
};

pub(super) fn check(report: &mut Report, views: &[StatementView<'_>], parsed: &Document) {
    let variables = match parsed.version() {
        Version::V2008 => Variables::Plain,
        Version::V2012 => Variables::Replaced,
    };
    let forms: Vec<_> = parsed
        .statements()
        .iter()
        .map(|statement| Form::new(statement, variables))
        .collect();
    for (index, (narrow, view)) in forms.iter().zip(views).enumerate() {
        let others = || {
            forms
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != index)
        };
        if narrow.statement.effect == Effect::Allow {
            let deny = others().find(|(_, wide)| {
                wide.statement.effect == Effect::Deny && wide.covers(report, narrow)
            });
            if let Some((other, _)) = deny {
                let message = format!("{} denies all that this allows", label(views, other));
                report.add(IssueCode::AllowOverruledByDeny, view.span, message);
                continue;
            }
        }
        let same = others().find(|(other, wide)| {
            wide.statement.effect == narrow.statement.effect
                && wide.covers(report, narrow)
                && (*other < index || !narrow.covers(report, wide))
        });
        if let Some((other, _)) = same {
            let message = format!("{} says all that this says", label(views, other));
            report.add(IssueCode::RedundantStatement, view.span, message);
        }
    }
}

fn label(views: &[StatementView<'_>], index: usize) -> String {
    views
        .get(index)
        .map_or_else(String::new, StatementView::label)
}

/// A statement with its patterns split.
struct Form<'p> {
    statement: &'p Statement,
    actions: Vec<Glob>,
    resources: Vec<ArnGlob>,
}

impl<'p> Form<'p> {
    fn new(statement: &'p Statement, variables: Variables) -> Self {
        let actions = statement.action.patterns().iter();
        let resources = statement
            .resource
            .iter()
            .flat_map(ResourceElement::patterns);
        Self {
            statement,
            actions: actions
                .map(|text| {
                    Glob::new(
                        &text.to_ascii_lowercase(),
                        Variables::Plain,
                        Wildcards::Meant,
                    )
                })
                .collect(),
            resources: resources
                .map(|text| ArnGlob::new(text, variables))
                .collect(),
        }
    }

    /// Whether this statement applies to whatever `narrow` applies to.
    fn covers(&self, report: &mut Report, narrow: &Self) -> bool {
        let steps = 1 + self.weight() * narrow.weight();
        report.spend(steps)
            && self.covers_conditions(narrow)
            && self.covers_principals(narrow)
            && self.covers_actions(report, narrow)
            && self.covers_resources(report, narrow)
    }

    /// How much there is to compare.
    fn weight(&self) -> usize {
        let principals = self.statement.principal.as_ref();
        let principals = principals.map_or(0, |element| element.principals().iter().count());
        let conditions = self.statement.conditions.iter().flatten();
        principals
            + conditions
                .map(|condition| 1 + condition.values.len())
                .sum::<usize>()
    }

    fn covers_actions(&self, report: &mut Report, narrow: &Self) -> bool {
        let (wide_element, narrow_element) = (&self.statement.action, &narrow.statement.action);
        match (wide_element, narrow_element) {
            (ActionElement::Action(_), ActionElement::Action(_)) => {
                each_covered(report, &self.actions, &narrow.actions, Glob::covers)
            }
            (ActionElement::NotAction(_), ActionElement::NotAction(_)) => {
                each_covered(report, &narrow.actions, &self.actions, Glob::covers)
            }
            (ActionElement::NotAction(excluded), ActionElement::Action(named)) => {
                named.iter().all(|text| is_left(text, excluded))
            }
            (ActionElement::Action(named), ActionElement::NotAction(_)) => {
                named.iter().any(|text| text == "*")
            }
        }
    }

    fn covers_resources(&self, report: &mut Report, narrow: &Self) -> bool {
        match (&self.statement.resource, &narrow.statement.resource) {
            (None, None) => true,
            (Some(ResourceElement::Resource(_)), Some(ResourceElement::Resource(_))) => {
                each_covered(report, &self.resources, &narrow.resources, ArnGlob::covers)
            }
            (Some(ResourceElement::NotResource(_)), Some(ResourceElement::NotResource(_))) => {
                each_covered(report, &narrow.resources, &self.resources, ArnGlob::covers)
            }
            (Some(ResourceElement::Resource(named)), Some(ResourceElement::NotResource(_))) => {
                named.iter().any(|text| text == "*")
            }
            (Some(ResourceElement::NotResource(_)), Some(ResourceElement::Resource(_)))
            | (None, Some(_))
            | (Some(_), None) => false,
        }
    }

    /// A Deny hits by any kind of name; an Allow for an account gives its users nothing.
    fn covers_principals(&self, narrow: &Self) -> bool {
        let is_deny = self.statement.effect == Effect::Deny;
        match (&self.statement.principal, &narrow.statement.principal) {
            (None, None) => true,
            (Some(PrincipalElement::Principal(wide)), Some(_)) if wide.includes_everyone() => true,
            (
                Some(PrincipalElement::Principal(wide)),
                Some(PrincipalElement::Principal(narrow)),
            ) => {
                !narrow.includes_everyone()
                    && narrow.iter().all(|one| {
                        let mut wide = wide.iter();
                        wide.any(|wide| wide == one || is_deny && includes(wide, one))
                    })
            }
            (
                Some(PrincipalElement::NotPrincipal(wide)),
                Some(PrincipalElement::NotPrincipal(narrow)),
            ) => wide == narrow,
            (Some(_) | None, Some(_)) | (Some(_), None) => false,
        }
    }

    /// Whether each condition of this statement follows from one of the other's.
    fn covers_conditions(&self, narrow: &Self) -> bool {
        let narrow = narrow.statement.conditions.as_deref().unwrap_or_default();
        let mut wide = self.statement.conditions.iter().flatten();
        wide.all(|wide| narrow.iter().any(|narrow| follows(wide, narrow)))
    }
}

/// Whether each of `narrow` is covered by one of `wide`.
fn each_covered<G>(
    report: &mut Report,
    wide: &[G],
    narrow: &[G],
    covers: impl Fn(&G, &mut Report, &G) -> bool,
) -> bool {
    narrow.iter().all(|one| {
        let mut wide = wide.iter();
        report.spend(1) && wide.any(|wide| covers(wide, report, one))
    })
}

/// Whether no action that an entry matches is excluded; known only for S3's.
fn is_left(text: &str, excluded: &[String]) -> bool {
    let is_s3 = text
        .split_once(':')
        .is_some_and(|(service, _)| service.eq_ignore_ascii_case("s3"));
    let named = ActionSet::matching(text);
    is_s3
        && excluded
            .iter()
            .all(|text| named.intersection(ActionSet::matching(text)).is_empty())
}

/// Whether a Deny for one principal hits the other.
fn includes(wide: &Principal, narrow: &Principal) -> bool {
    match wide {
        Principal::Account(account) => match narrow {
            Principal::User(arn)
            | Principal::Role(arn)
            | Principal::RoleSession(arn)
            | Principal::FederatedUser(arn) => arn.account() == account.as_str(),
            Principal::Everyone
            | Principal::Account(_)
            | Principal::UniqueId(_)
            | Principal::CanonicalUser(_)
            | Principal::OriginAccessIdentity(_)
            | Principal::Service(_)
            | Principal::Federated(_) => false,
        },
        Principal::Role(_) => is_role_of(wide, narrow),
        Principal::Everyone
        | Principal::User(_)
        | Principal::RoleSession(_)
        | Principal::FederatedUser(_)
        | Principal::UniqueId(_)
        | Principal::CanonicalUser(_)
        | Principal::OriginAccessIdentity(_)
        | Principal::Service(_)
        | Principal::Federated(_) => false,
    }
}

/// Whether `wide` holds whenever `narrow` does.
fn follows(wide: &Condition, narrow: &Condition) -> bool {
    let all_in = |some: &[String], of: &[String]| some.iter().all(|value| of.contains(value));
    if wide.operator != narrow.operator || wide.key != narrow.key {
        return false;
    }
    if wide.operator.test == Test::Null {
        return all_in(&wide.values, &narrow.values) && all_in(&narrow.values, &wide.values);
    }
    if wide.operator.test.is_negated() {
        all_in(&wide.values, &narrow.values)
    } else {
        all_in(&narrow.values, &wide.values)
    }
}
