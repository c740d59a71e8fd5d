//! Conditions that no request meets, and conditions that every request meets.

use super::{overlap::text_glob, types::Family};
use crate::analyse::{
    IssueCode,
    analysis::Subject,
    cover::ArnGlob,
    report::{Report, quoted},
    view::{ConditionView, StatementView},
};
use crate::{
    Number, Operator, SetOperator, Test, ValueType,
    condition::{ArnPattern, is_base64, parse_bool, parse_date, parse_range},
};

pub(super) fn check(report: &mut Report, subject: &Subject<'_>, statement: &StatementView<'_>) {
    let known: Vec<_> = statement
        .conditions
        .iter()
        .filter_map(|condition| Some((condition, condition.operator?)))
        .collect();
    for (condition, operator) in &known {
        check_alone(report, subject, condition, *operator);
    }
    for (index, second) in known.iter().enumerate() {
        for first in known.iter().take(index) {
            if !report.spend(1) {
                return;
            }
            if first.0.key == second.0.key && contradict(report, subject, *first, *second) {
                let message = format!(
                    "no request meets this and {} on the same key: the statement never applies",
                    quoted(first.0.operator_text.text)
                );
                report.add(
                    IssueCode::StatementNeverApplies,
                    second.0.key_text.span,
                    message,
                );
            }
        }
    }
}

fn check_alone(
    report: &mut Report,
    subject: &Subject<'_>,
    condition: &ConditionView<'_>,
    operator: Operator,
) {
    let readable = |text: &&str| is_readable(subject, Family::of(operator.test), text);
    let mut texts = condition.values.iter().map(|value| value.text);
    let has_no_value = !texts.any(|text| readable(&text));
    if has_no_value && (wants_value(operator) || operator.test == Test::Null) {
        let message = "no request value equals one of these: the statement never applies";
        report.add(IssueCode::StatementNeverApplies, condition.span, message);
    } else if has_no_value && operator.test.is_negated() && condition.values.is_empty() {
        let message = "no request value equals one of none: the test always holds";
        report.add(IssueCode::ConditionAlwaysHolds, condition.span, message);
    }
    for value in &condition.values {
        let holds = match operator.test {
            Test::StringLike => (value.text == "*").then_some("every value"),
            Test::IpAddress => parse_range(value.text)
                .filter(|range| range.prefix_len() == 0)
                .map(|range| {
                    if range.addr().is_ipv4() {
                        "every IPv4 address"
                    } else {
                        "every IPv6 address"
                    }
                }),
            _ => None,
        };
        if let Some(holds) = holds {
            let message = format!("{} matches {holds} and narrows nothing", quoted(value.text));
            report.add(IssueCode::ConditionAlwaysHolds, value.span, message);
        }
    }
}

/// Whether the engine can match something with a value. Others are left out when a policy is compiled.
fn is_readable(subject: &Subject<'_>, family: Family, text: &str) -> bool {
    match family {
        Family::Text => true,
        Family::Numeric => Number::parse(text).is_some(),
        Family::Date => parse_date(text).is_some(),
        Family::Bool | Family::Null => parse_bool(text).is_some(),
        Family::Binary => is_base64(text),
        Family::Ip => parse_range(text).is_some(),
        Family::Arn => ArnPattern::parse(text, subject.variables()).is_some(),
    }
}

/// Whether the test fails on a request without the key, or with no value that matches.
fn wants_value(operator: Operator) -> bool {
    operator.test != Test::Null
        && !operator.test.is_negated()
        && !operator.if_exists
        && operator.set != Some(SetOperator::ForAllValues)
}

type Known<'a, 'n> = (&'a ConditionView<'n>, Operator);

fn contradict(
    report: &mut Report,
    subject: &Subject<'_>,
    first: Known<'_, '_>,
    second: Known<'_, '_>,
) -> bool {
    if existence(first, second) || existence(second, first) {
        return true;
    }
    // Of several values one can meet the one test and another the other.
    let is_single = first.0.key.value_type() != ValueType::TextList;
    if !is_single || first.1.set.is_some() || second.1.set.is_some() {
        return false;
    }
    match (wants_value(first.1), wants_value(second.1)) {
        (true, true) => disjoint(subject, first, second),
        (true, false) if second.1.test.is_negated() => excluded(report, subject, first, second),
        (false, true) if first.1.test.is_negated() => excluded(report, subject, second, first),
        _ => false,
    }
}

/// Whether one test wants the key to be absent and the other wants a value.
fn existence(absent: Known<'_, '_>, present: Known<'_, '_>) -> bool {
    let only = |condition: &ConditionView<'_>, expected| {
        let mut values = condition.values.iter();
        !condition.values.is_empty() && values.all(|value| parse_bool(value.text) == Some(expected))
    };
    absent.1.test == Test::Null
        && only(absent.0, true)
        && (wants_value(present.1) || present.1.test == Test::Null && only(present.0, false))
}

/// Whether no value meets both of two positive tests.
fn disjoint(subject: &Subject<'_>, first: Known<'_, '_>, second: Known<'_, '_>) -> bool {
    let (left, right) = (Family::of(first.1.test), Family::of(second.1.test));
    if left != right {
        return false;
    }
    let pairs = || {
        let values = first.0.values.iter();
        values.flat_map(|one| second.0.values.iter().map(move |two| (one.text, two.text)))
    };
    match left {
        Family::Text => pairs()
            .all(|(one, two)| texts_differ(subject, (first.1.test, one), (second.1.test, two))),
        Family::Bool => pairs().all(|(one, two)| parse_bool(one) != parse_bool(two)),
        Family::Ip => pairs().all(|(one, two)| match (parse_range(one), parse_range(two)) {
            (Some(one), Some(two)) => !one.contains(&two) && !two.contains(&one),
            _ => true,
        }),
        Family::Numeric => pairs().all(|(one, two)| {
            let one = Number::parse(one).map(|value| (Bound::of(first.1.test), value));
            let two = Number::parse(two).map(|value| (Bound::of(second.1.test), value));
            bounds_differ(one, two)
        }),
        Family::Date => pairs().all(|(one, two)| {
            let one = parse_date(one).map(|value| (Bound::of(first.1.test), value));
            let two = parse_date(two).map(|value| (Bound::of(second.1.test), value));
            bounds_differ(one, two)
        }),
        Family::Binary | Family::Arn | Family::Null => false,
    }
}

/// Whether no text matches both; of two patterns this is not known.
fn texts_differ(subject: &Subject<'_>, one: (Test, &str), two: (Test, &str)) -> bool {
    let is_open = |(test, text): (Test, &str)| {
        let has_wildcard = test == Test::StringLike && text.contains(['*', '?']);
        has_wildcard || subject.has_variables && text.contains("${")
    };
    let ignores_case = [one.0, two.0].contains(&Test::StringEqualsIgnoreCase);
    match (is_open(one), is_open(two)) {
        (false, false) if ignores_case => one.1.to_lowercase() != two.1.to_lowercase(),
        (false, false) => one.1 != two.1,
        _ => false,
    }
}

/// What a test asks of an ordered value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bound {
    Equal,
    Below { inclusive: bool },
    Above { inclusive: bool },
}

impl Bound {
    fn of(test: Test) -> Self {
        match test {
            Test::NumericLessThan | Test::DateLessThan => Self::Below { inclusive: false },
            Test::NumericLessThanEquals | Test::DateLessThanEquals => {
                Self::Below { inclusive: true }
            }
            Test::NumericGreaterThan | Test::DateGreaterThan => Self::Above { inclusive: false },
            Test::NumericGreaterThanEquals | Test::DateGreaterThanEquals => {
                Self::Above { inclusive: true }
            }
            _ => Self::Equal,
        }
    }

    fn holds<T: PartialOrd>(self, value: &T, bound: &T) -> bool {
        match self {
            Self::Equal => value == bound,
            Self::Below { inclusive } => value < bound || inclusive && value == bound,
            Self::Above { inclusive } => value > bound || inclusive && value == bound,
        }
    }
}

/// Whether no value is within both; one that cannot be read has nothing within it.
fn bounds_differ<T: PartialOrd>(one: Option<(Bound, T)>, two: Option<(Bound, T)>) -> bool {
    let (Some((one_bound, one)), Some((two_bound, two))) = (one, two) else {
        return true;
    };
    match (one_bound, two_bound) {
        (Bound::Equal, _) => !two_bound.holds(&one, &two),
        (_, Bound::Equal) => !one_bound.holds(&two, &one),
        (Bound::Below { .. }, Bound::Below { .. }) | (Bound::Above { .. }, Bound::Above { .. }) => {
            false
        }
        (Bound::Below { .. }, Bound::Above { .. }) => {
            two > one || two == one && !(one_bound.holds(&one, &one) && two_bound.holds(&two, &two))
        }
        (Bound::Above { .. }, Bound::Below { .. }) => {
            one > two || one == two && !(one_bound.holds(&one, &one) && two_bound.holds(&two, &two))
        }
    }
}

/// Whether a negated test takes out every value that a positive one lets in.
fn excluded(
    report: &mut Report,
    subject: &Subject<'_>,
    positive: Known<'_, '_>,
    negated: Known<'_, '_>,
) -> bool {
    let family = Family::of(positive.1.test);
    if family != Family::of(negated.1.test) || positive.0.values.is_empty() {
        return false;
    }
    let ignores_case = |test: Test| {
        matches!(
            test,
            Test::StringEqualsIgnoreCase | Test::StringNotEqualsIgnoreCase
        )
    };
    // `StringEqualsIgnoreCase` lets in more spellings than `StringNotEquals` takes out.
    if ignores_case(positive.1.test) != ignores_case(negated.1.test) {
        return false;
    }
    positive.0.values.iter().all(|inside| {
        let mut outside = negated.0.values.iter();
        outside.any(|outside| match family {
            Family::Text => {
                let wide = text_glob(subject, negated.1.test, outside.text);
                wide.covers(report, &text_glob(subject, positive.1.test, inside.text))
            }
            Family::Arn => {
                let glob = |text| ArnGlob::new(text, subject.variables());
                glob(outside.text).covers(report, &glob(inside.text))
            }
            Family::Ip => match (parse_range(outside.text), parse_range(inside.text)) {
                (Some(wide), Some(narrow)) => wide.contains(&narrow),
                _ => false,
            },
            Family::Numeric => {
                let same = Number::parse(outside.text) == Number::parse(inside.text);
                positive.1.test == Test::NumericEquals && same
            }
            Family::Date => {
                let same = parse_date(outside.text) == parse_date(inside.text);
                positive.1.test == Test::DateEquals && same
            }
            Family::Bool | Family::Binary | Family::Null => false,
        })
    })
}
