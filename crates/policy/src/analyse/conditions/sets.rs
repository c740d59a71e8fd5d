//! `ForAllValues` and `ForAnyValue`, and lists without values.

use super::global_keys::known;
use crate::analyse::{
    IssueCode,
    report::{Report, quoted},
    view::{ConditionView, StatementView},
};
use crate::{ConditionKey, Effect, Operator, SetOperator, Test, ValueType, condition::parse_bool};

pub(super) fn check(
    report: &mut Report,
    statement: &StatementView<'_>,
    condition: &ConditionView<'_>,
    operator: Operator,
) {
    check_set(report, statement, condition, operator);
    if condition.values.is_empty() {
        check_empty(report, condition, operator);
    }
}

fn check_set(
    report: &mut Report,
    statement: &StatementView<'_>,
    condition: &ConditionView<'_>,
    operator: Operator,
) {
    let value_type = known(&condition.key).map(|(_, value_type)| value_type);
    let is_multivalued = value_type.map(|value_type| value_type == ValueType::TextList);
    let key = quoted(condition.key_text.text);
    let span = condition.key_text.span;
    match (operator.set, is_multivalued) {
        (None, Some(true)) if operator.test != Test::Null => {
            let message = format!(
                "{key} has many values: write `ForAllValues:` or `ForAnyValue:` before the operator"
            );
            report.add(IssueCode::MissingQualifier, span, message);
        }
        (Some(SetOperator::ForAllValues), Some(false)) => {
            let message = format!(
                "remove `ForAllValues:`: {key} has one value, and a request without it passes"
            );
            report.add(IssueCode::ForallvaluesWithSingleValuedKey, span, message);
        }
        (Some(SetOperator::ForAnyValue), Some(false)) => {
            let message = format!("remove `ForAnyValue:`: {key} has one value");
            report.add(IssueCode::ForanyvalueWithSingleValuedKey, span, message);
        }
        (Some(SetOperator::ForAllValues), Some(true) | None)
            if statement.is(Effect::Allow) && !must_exist(statement, &condition.key) =>
        {
            let message =
                format!("a request without {key} passes: add `Null` with `\"false\"` for the key");
            report.add(IssueCode::ForallvaluesWithoutNullCheck, span, message);
        }
        _ => {}
    }
}

/// Whether another condition of the statement wants the key to exist.
fn must_exist(statement: &StatementView<'_>, key: &ConditionKey) -> bool {
    let wants = |condition: &ConditionView<'_>| {
        condition.key == *key
            && condition
                .operator
                .is_some_and(|operator| match operator.test {
                    Test::Null => condition
                        .values
                        .iter()
                        .all(|value| parse_bool(value.text) == Some(false)),
                    test => {
                        !test.is_negated()
                            && !operator.if_exists
                            && operator.set != Some(SetOperator::ForAllValues)
                    }
                })
    };
    statement.conditions.iter().any(wants)
}

fn check_empty(report: &mut Report, condition: &ConditionView<'_>, operator: Operator) {
    let key = quoted(condition.key_text.text);
    let (code, message) = match operator.set {
        Some(SetOperator::ForAllValues) => (
            IssueCode::EmptyArrayConditionForallvalues,
            format!("this holds only without {key}: write `Null` with `\"true\"`"),
        ),
        Some(SetOperator::ForAnyValue) => (
            IssueCode::EmptyArrayConditionForanyvalue,
            format!("no value of {key} is one of none"),
        ),
        None if operator.if_exists && !operator.test.is_negated() => (
            IssueCode::EmptyArrayConditionIfexists,
            format!("this holds only without {key}: write `Null` with `\"true\"`"),
        ),
        None => (
            IssueCode::EmptyArrayCondition,
            format!("there are no values for {key}"),
        ),
    };
    report.add(code, condition.span, message);
}
