//! The operators' names.

use crate::analyse::{
    IssueCode,
    report::{Report, quoted},
    view::{Entry, StatementView},
};
use crate::{Operator, Test};

pub(super) fn check(report: &mut Report, statement: &StatementView<'_>) {
    for operator in &statement.operators {
        if Operator::parse(operator.name.text).is_none() {
            refuse(report, operator.name);
        }
        if operator.is_empty {
            let message = format!("{} has no condition keys", quoted(operator.name.text));
            report.add(IssueCode::EmptyObjectCondition, operator.span, message);
        }
    }
    if let Some(span) = statement.condition_span
        && statement.operators.is_empty()
    {
        let message = "the condition is empty and always holds";
        report.add(IssueCode::EmptyObjectCondition, span, message);
    }
}

fn refuse(report: &mut Report, name: Entry<'_>) {
    let shown = quoted(name.text);
    let (set, bare) = match name.text.split_once(':') {
        Some((set, bare)) => (Some(set), bare),
        None => (None, name.text),
    };
    let (code, message) = if bare == "Null" && set.is_some() {
        let message = format!("write `Null` for {shown}: it looks at no values");
        (IssueCode::NullWithQualifier, message)
    } else if bare == "NullIfExists" {
        let message = format!("write `Null` for {shown}: it asks whether the key exists");
        (IssueCode::NullWithIfExists, message)
    } else {
        let message = match spelled(set, bare) {
            Some(meant) => format!("there is no operator {shown}; write `{meant}`"),
            None => format!("there is no operator {shown}"),
        };
        (IssueCode::InvalidConditionOperator, message)
    };
    report.refuse(code, name.span, message);
}

/// The operator that differs only in letter case.
fn spelled(set: Option<&str>, bare: &str) -> Option<String> {
    const IF_EXISTS: &str = "IfExists";
    let cut = bare.len().checked_sub(IF_EXISTS.len());
    let (bare, suffix) = match cut.and_then(|at| bare.split_at_checked(at)) {
        Some((bare, suffix)) if suffix.eq_ignore_ascii_case(IF_EXISTS) => (bare, IF_EXISTS),
        _ => (bare, ""),
    };
    let mut tests = Test::ALL.iter().map(|test| test.name());
    let test = tests.find(|name| name.eq_ignore_ascii_case(bare))?;
    let set = match set {
        None => "",
        Some(set) => ["ForAllValues:", "ForAnyValue:"]
            .into_iter()
            .find(|known| known.trim_end_matches(':').eq_ignore_ascii_case(set))?,
    };
    let whole = format!("{set}{test}{suffix}");
    Operator::parse(&whole).map(|_| whole)
}
