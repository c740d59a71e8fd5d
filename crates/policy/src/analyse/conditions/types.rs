//! Whether the operator is made for values of the key.

use super::global_keys::known;
use crate::analyse::{
    IssueCode,
    report::{Report, quoted},
    view::ConditionView,
};
use crate::{ConditionKey, Operator, Test, ValueType};

/// The families of operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Text,
    Numeric,
    Date,
    Bool,
    Binary,
    Ip,
    Arn,
    Null,
}

impl Family {
    pub(super) const fn of(test: Test) -> Self {
        match test {
            Test::StringEquals
            | Test::StringNotEquals
            | Test::StringEqualsIgnoreCase
            | Test::StringNotEqualsIgnoreCase
            | Test::StringLike
            | Test::StringNotLike => Self::Text,
            Test::NumericEquals
            | Test::NumericNotEquals
            | Test::NumericLessThan
            | Test::NumericLessThanEquals
            | Test::NumericGreaterThan
            | Test::NumericGreaterThanEquals => Self::Numeric,
            Test::DateEquals
            | Test::DateNotEquals
            | Test::DateLessThan
            | Test::DateLessThanEquals
            | Test::DateGreaterThan
            | Test::DateGreaterThanEquals => Self::Date,
            Test::Bool => Self::Bool,
            Test::BinaryEquals => Self::Binary,
            Test::IpAddress | Test::NotIpAddress => Self::Ip,
            Test::ArnEquals | Test::ArnLike | Test::ArnNotEquals | Test::ArnNotLike => Self::Arn,
            Test::Null => Self::Null,
        }
    }
}

pub(super) fn check(report: &mut Report, condition: &ConditionView<'_>, operator: Operator) {
    let Some((_, value_type)) = known(&condition.key) else {
        return;
    };
    // A tag holds whatever text people put into it.
    let family = Family::of(operator.test);
    if family == Family::Null || condition.key.tag().is_some() {
        return;
    }
    let (fits, advice) = match value_type {
        ValueType::Text | ValueType::TextList => (family == Family::Text, "a String operator"),
        ValueType::Arn => (
            matches!(family, Family::Arn | Family::Text),
            "an Arn operator, like `ArnLike`",
        ),
        ValueType::Bool => (family == Family::Bool, "`Bool`"),
        ValueType::Numeric => (family == Family::Numeric, "a Numeric operator"),
        ValueType::Date => (
            // Seconds since 1970 are a number, too.
            family == Family::Date
                || family == Family::Numeric && condition.key == ConditionKey::EpochTime,
            "a Date operator",
        ),
        ValueType::IpAddress => (family == Family::Ip, "`IpAddress` or `NotIpAddress`"),
    };
    if !fits {
        let message = format!(
            "use {advice} for {}, not {}",
            quoted(condition.key_text.text),
            quoted(condition.operator_text.text)
        );
        report.add(IssueCode::TypeMismatch, condition.key_text.span, message);
    }
}
