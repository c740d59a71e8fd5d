//! The values: whether they are of the operator's type, and mean what they look like.

use super::types::Family;
use crate::analyse::{
    IssueCode, PolicyKind,
    analysis::Subject,
    report::{Report, quoted},
    view::{ConditionValue, ConditionView},
};
use crate::{
    ConditionKey, Number, Operator, Test,
    condition::{ArnPattern, is_base64, parse_bool, parse_date, parse_range},
};
use ipnet::IpNet;

pub(super) fn check(
    report: &mut Report,
    subject: &Subject<'_>,
    condition: &ConditionView<'_>,
    operator: Operator,
) {
    check_json_types(report, condition);
    let family = Family::of(operator.test);
    for value in &condition.values {
        check_value(report, subject, condition, family, *value);
        check_wildcard(report, operator.test, *value);
        check_vpc(report, condition, operator.test, *value);
    }
    let is_boolean = matches!(family, Family::Bool | Family::Null);
    if is_boolean && condition.values.len() > 1 {
        let message = format!(
            "give {} one value, `true` or `false`",
            quoted(condition.key_text.text)
        );
        let code = IssueCode::InvalidConditionMultipleBoolean;
        report.add(code, condition.span, message);
    }
}

fn check_json_types(report: &mut Report, condition: &ConditionView<'_>) {
    let Some((first, others)) = condition.values.split_first() else {
        return;
    };
    if let Some(other) = others
        .iter()
        .find(|other| other.json_type != first.json_type)
    {
        let message = "the values of one key are of one JSON type: write them all as strings";
        report.add(IssueCode::InvalidConditionDataType, other.span, message);
    }
}

fn check_value(
    report: &mut Report,
    subject: &Subject<'_>,
    condition: &ConditionView<'_>,
    family: Family,
    value: ConditionValue<'_>,
) {
    let text = value.text;
    let operator = quoted(condition.operator_text.text);
    // Variables have a finding of their own.
    let is_variable = subject.has_variables && text.contains("${");
    let (good, code, expected) = match family {
        Family::Text => return,
        Family::Bool | Family::Null => (
            parse_bool(text).is_some(),
            IssueCode::TypeMismatchBoolean,
            "`true` and `false`",
        ),
        Family::Numeric => (
            Number::parse(text).is_some(),
            IssueCode::TypeMismatchNumber,
            "integers and decimals",
        ),
        Family::Date => return check_date(report, &operator, value, is_variable),
        Family::Binary => (is_base64(text), IssueCode::TypeMismatchString, "base64"),
        Family::Ip => return check_range(report, subject.kind, &operator, value),
        Family::Arn => (
            ArnPattern::parse(text, subject.variables()).is_some(),
            IssueCode::TypeMismatchArn,
            "texts of six parts with colons between them",
        ),
    };
    if !good && !is_variable {
        let message = format!("{operator} takes {expected}, not {}", quoted(text));
        report.add(code, value.span, message);
    }
}

fn check_date(report: &mut Report, operator: &str, value: ConditionValue<'_>, is_variable: bool) {
    let text = quoted(value.text);
    if parse_date(value.text).is_none() {
        if !is_variable {
            let message = format!("{operator} takes dates like `2026-01-31T12:00:00Z`, not {text}");
            report.add(IssueCode::TypeMismatchDate, value.span, message);
        }
    } else if value.text.len() <= "YYYY-MM".len() {
        let message =
            format!("{text} is taken as the first moment of the year or month: write the day");
        report.add(IssueCode::InvalidDateValue, value.span, message);
    }
}

/// S3 refuses what is no range; IAM does not look.
fn check_range(report: &mut Report, kind: PolicyKind, operator: &str, value: ConditionValue<'_>) {
    let text = quoted(value.text);
    let Some(range) = parse_range(value.text) else {
        let message =
            format!("{operator} takes addresses and ranges like `203.0.113.0/24`, not {text}");
        if kind == PolicyKind::Bucket {
            report.refuse(IssueCode::TypeMismatchIpRange, value.span, message);
        } else {
            report.add(IssueCode::TypeMismatchIpRange, value.span, message);
        }
        return;
    };
    let written = value.text.parse::<IpNet>();
    if written.is_ok_and(|written| written.addr() != range.addr()) {
        let message = format!("{text} is the range `{range}`: bits behind the prefix are ignored");
        report.add(IssueCode::ImproveIpRange, value.span, message);
    }
}

fn check_wildcard(report: &mut Report, test: Test, value: ConditionValue<'_>) {
    let like = match test {
        Test::StringEquals | Test::StringEqualsIgnoreCase => "StringLike",
        Test::StringNotEquals | Test::StringNotEqualsIgnoreCase => "StringNotLike",
        _ => return,
    };
    // `${*}` is meant as the letter.
    let plain = value.text.replace("${*}", "").replace("${?}", "");
    if plain.contains(['*', '?']) {
        let message = format!(
            "{} is compared letter by letter; for a wildcard write `{like}`",
            quoted(value.text)
        );
        report.add(IssueCode::WildcardWithoutLikeOperator, value.span, message);
    }
}

fn check_vpc(
    report: &mut Report,
    condition: &ConditionView<'_>,
    test: Test,
    value: ConditionValue<'_>,
) {
    let (prefix, code) = match condition.key {
        ConditionKey::SourceVpc => ("vpc-", IssueCode::InvalidVpcFormat),
        ConditionKey::SourceVpce => ("vpce-", IssueCode::InvalidVpceFormat),
        _ => return,
    };
    if Family::of(test) != Family::Text || value.text.contains(['*', '?', '$']) {
        return;
    }
    let good = value.text.strip_prefix(prefix).is_some_and(|id| {
        matches!(id.len(), 8 | 17) && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    if !good {
        let message = format!(
            "{} is not `{prefix}` and 8 or 17 letters and digits",
            quoted(value.text)
        );
        report.add(code, value.span, message);
    }
}
