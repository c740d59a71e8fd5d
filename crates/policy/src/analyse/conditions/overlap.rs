//! Values that another value of the same key covers.

use super::types::Family;
use crate::analyse::{
    IssueCode,
    analysis::Subject,
    cover::{ArnGlob, Glob, covered},
    report::{Report, quoted},
    view::ConditionView,
};
use crate::{
    Number, Operator, Test,
    condition::{parse_date, parse_range},
    pattern::Wildcards,
};

pub(super) fn check(
    report: &mut Report,
    subject: &Subject<'_>,
    condition: &ConditionView<'_>,
    operator: Operator,
) {
    if condition.values.len() < 2 {
        return;
    }
    let found = match Family::of(operator.test) {
        Family::Text => texts(report, subject, condition, operator.test),
        Family::Arn => {
            let glob = |text: &str| ArnGlob::new(text, subject.variables());
            let globs: Vec<_> = condition.values.iter().map(|one| glob(one.text)).collect();
            covered(report, &globs, |report, wide, narrow| {
                wide.covers(report, narrow)
            })
        }
        Family::Ip => {
            let ranges: Vec<_> = condition
                .values
                .iter()
                .map(|one| parse_range(one.text))
                .collect();
            covered(report, &ranges, |_, wide, narrow| match (wide, narrow) {
                (Some(wide), Some(narrow)) => wide.contains(narrow),
                _ => false,
            })
        }
        Family::Numeric if is_bound(operator.test) => {
            let message = format!(
                "only the widest bound of {} counts: keep that one",
                quoted(condition.operator_text.text)
            );
            report.add(
                IssueCode::RedundantConditionValueNum,
                condition.span,
                message,
            );
            return;
        }
        Family::Date if is_bound(operator.test) => {
            let message = format!(
                "only the widest bound of {} counts: keep that one",
                quoted(condition.operator_text.text)
            );
            report.add(IssueCode::RedundantConditionValue, condition.span, message);
            return;
        }
        Family::Numeric => equal(report, condition, Number::parse),
        Family::Date => equal(report, condition, parse_date),
        Family::Bool | Family::Binary | Family::Null => return,
    };
    for (narrow, wide) in found {
        if let (Some(narrow), Some(wide)) =
            (condition.values.get(narrow), condition.values.get(wide))
        {
            let message = format!("{} covers {}", quoted(wide.text), quoted(narrow.text));
            report.add(IssueCode::RedundantConditionValue, narrow.span, message);
        }
    }
}

fn texts(
    report: &mut Report,
    subject: &Subject<'_>,
    condition: &ConditionView<'_>,
    test: Test,
) -> Vec<(usize, usize)> {
    let globs: Vec<_> = condition
        .values
        .iter()
        .map(|value| text_glob(subject, test, value.text))
        .collect();
    covered(report, &globs, |report, wide, narrow| {
        wide.covers(report, narrow)
    })
}

/// A value of a string operator as a pattern.
pub(super) fn text_glob(subject: &Subject<'_>, test: Test, value: &str) -> Glob {
    let variables = subject.variables();
    match test {
        Test::StringLike | Test::StringNotLike => Glob::new(value, variables, Wildcards::Meant),
        Test::StringEqualsIgnoreCase | Test::StringNotEqualsIgnoreCase => {
            Glob::new(&value.to_lowercase(), variables, Wildcards::Plain)
        }
        _ => Glob::new(value, variables, Wildcards::Plain),
    }
}

fn equal<T: PartialEq>(
    report: &mut Report,
    condition: &ConditionView<'_>,
    parse: impl Fn(&str) -> Option<T>,
) -> Vec<(usize, usize)> {
    let values: Vec<_> = condition.values.iter().map(|one| parse(one.text)).collect();
    covered(report, &values, |_, wide, narrow| {
        wide.is_some() && wide == narrow
    })
}

/// Whether the operator compares with a bound, so that of several values one says it all.
fn is_bound(test: Test) -> bool {
    !matches!(
        test,
        Test::NumericEquals | Test::NumericNotEquals | Test::DateEquals | Test::DateNotEquals
    )
}
