//! One operator on one key, with its values read in advance.

use super::{
    arn::ArnTest,
    binary::Binary,
    boolean::parse_bool,
    date::parse_date,
    ip::{Ranges, parse_range},
    order::Order,
    text::TextTest,
};
use crate::{
    Condition, ConditionKey, Number, SetOperator, Test, Value, Values, Version, context::View,
    pattern::Variables,
};
use time::OffsetDateTime;

/// A condition, ready to be asked.
#[derive(Clone, Debug)]
pub(crate) struct CompiledCondition {
    key: ConditionKey,
    set: Option<SetOperator>,
    if_exists: bool,
    negated: bool,
    values: PolicyValues,
}

/// What is compared with. A policy value that cannot be read as its operator's type matches nothing, and is left out.
#[derive(Clone, Debug)]
enum PolicyValues {
    Text(TextTest),
    Number(Order, Box<[Number]>),
    Date(Order, Box<[OffsetDateTime]>),
    Bool(Box<[bool]>),
    Binary(Box<[Binary]>),
    Ip(Ranges),
    Arn(ArnTest),
    /// Whether the key must be absent.
    Null(Box<[bool]>),
}

impl CompiledCondition {
    pub(crate) fn new(condition: &Condition, version: Version) -> Self {
        let operator = condition.operator;
        Self {
            key: condition.key.clone(),
            set: operator.set,
            if_exists: operator.if_exists,
            negated: operator.test.is_negated(),
            values: policy_values(operator.test, &condition.values, version),
        }
    }

    /// Whether the condition holds. Source: facts: authorization.md 4.1, 4.2.
    pub(crate) fn holds(&self, view: &View<'_>) -> bool {
        self.holds_for(view.value(&self.key), view)
    }

    /// What the condition asks about.
    pub(crate) fn key(&self) -> &ConditionKey {
        &self.key
    }

    /// Whether the condition holds for these values of its key.
    pub(crate) fn holds_for(&self, values: Values<'_>, view: &View<'_>) -> bool {
        if let PolicyValues::Null(expected) = &self.values {
            return expected.contains(&is_absent(values));
        }
        match values {
            _ if is_absent(values) => self.holds_when_absent(),
            Values::One(value) => self.passes(value, view),
            Values::Many(list) => {
                let mut passes = (0..)
                    .map_while(|index| list.nth(index))
                    .map(|value| self.passes(value, view));
                match self.set {
                    Some(SetOperator::ForAllValues) => passes.all(|passed| passed),
                    Some(SetOperator::ForAnyValue) => passes.any(|passed| passed),
                    // AWS leaves this open: some value for a positive test, every value for a negated one.
                    None if self.negated => passes.all(|passed| passed),
                    None => passes.any(|passed| passed),
                }
            }
            Values::Absent => self.holds_when_absent(),
        }
    }

    fn holds_when_absent(&self) -> bool {
        match self.set {
            _ if self.if_exists => true,
            Some(SetOperator::ForAllValues) => true,
            Some(SetOperator::ForAnyValue) => false,
            None => self.negated,
        }
    }

    /// The test of one value of the request: some policy value matches, or none does when negated.
    fn passes(&self, value: Value<'_>, view: &View<'_>) -> bool {
        self.matches(value, view) != self.negated
    }

    fn matches(&self, value: Value<'_>, view: &View<'_>) -> bool {
        match &self.values {
            PolicyValues::Text(test) => value.with_text(|text| test.matches(text, view)),
            PolicyValues::Number(order, numbers) => value
                .as_number()
                .is_some_and(|value| numbers.iter().any(|one| order.holds(&value, one))),
            PolicyValues::Date(order, dates) => value
                .as_date()
                .is_some_and(|value| dates.iter().any(|one| order.holds(&value, one))),
            PolicyValues::Bool(expected) => value
                .as_bool()
                .is_some_and(|value| expected.contains(&value)),
            PolicyValues::Binary(expected) => {
                value.with_text(|text| expected.iter().any(|one| one.matches(text)))
            }
            PolicyValues::Ip(ranges) => value
                .as_ip()
                .is_some_and(|address| ranges.contains(address)),
            PolicyValues::Arn(test) => value.with_text(|text| test.matches(text, view)),
            PolicyValues::Null(_) => false,
        }
    }
}

fn is_absent(values: Values<'_>) -> bool {
    match values {
        Values::Absent => true,
        Values::One(_) => false,
        Values::Many(list) => list.nth(0).is_none(),
    }
}

fn policy_values(test: Test, values: &[String], version: Version) -> PolicyValues {
    let variables = Variables::from(version);
    match test {
        Test::StringEquals | Test::StringNotEquals => {
            PolicyValues::Text(TextTest::equals(values, variables))
        }
        Test::StringEqualsIgnoreCase | Test::StringNotEqualsIgnoreCase => {
            PolicyValues::Text(TextTest::equals_ignoring_case(values, variables))
        }
        Test::StringLike | Test::StringNotLike => {
            PolicyValues::Text(TextTest::like(values, variables))
        }
        Test::NumericEquals | Test::NumericNotEquals => numbers(Order::Equal, values),
        Test::NumericLessThan => numbers(Order::Less, values),
        Test::NumericLessThanEquals => numbers(Order::LessOrEqual, values),
        Test::NumericGreaterThan => numbers(Order::Greater, values),
        Test::NumericGreaterThanEquals => numbers(Order::GreaterOrEqual, values),
        Test::DateEquals | Test::DateNotEquals => dates(Order::Equal, values),
        Test::DateLessThan => dates(Order::Less, values),
        Test::DateLessThanEquals => dates(Order::LessOrEqual, values),
        Test::DateGreaterThan => dates(Order::Greater, values),
        Test::DateGreaterThanEquals => dates(Order::GreaterOrEqual, values),
        Test::Bool => PolicyValues::Bool(read(values, parse_bool)),
        Test::Null => PolicyValues::Null(read(values, parse_bool)),
        Test::BinaryEquals => PolicyValues::Binary(read(values, Binary::parse)),
        Test::IpAddress | Test::NotIpAddress => {
            PolicyValues::Ip(Ranges::new(&read(values, parse_range)))
        }
        Test::ArnEquals | Test::ArnLike | Test::ArnNotEquals | Test::ArnNotLike => {
            PolicyValues::Arn(ArnTest::new(values, variables))
        }
    }
}

fn numbers(order: Order, values: &[String]) -> PolicyValues {
    PolicyValues::Number(order, read(values, Number::parse))
}

fn dates(order: Order, values: &[String]) -> PolicyValues {
    PolicyValues::Date(order, read(values, parse_date))
}

fn read<T>(values: &[String], parse: impl Fn(&str) -> Option<T>) -> Box<[T]> {
    values.iter().filter_map(|value| parse(value)).collect()
}
