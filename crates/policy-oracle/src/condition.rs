//! Conditions, value by value. Source: facts: authorization.md 4.

use crate::{
    Context,
    glob::{matches, matches_arn},
};
use buckler_policy::{Condition, SetOperator, Test, Version};
use std::{cmp::Ordering, net::IpAddr};
use time::{OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description};

/// Whether one operator on one key holds.
pub(crate) fn holds(condition: &Condition, version: Version, context: &Context) -> bool {
    let none = Vec::new();
    let values = context
        .get(&condition.key_text.to_lowercase())
        .unwrap_or(&none);
    let operator = condition.operator;
    if operator.test == Test::Null {
        let is_absent = values.is_empty().to_string();
        let mut wanted = condition.values.iter();
        return wanted.any(|wanted| wanted.eq_ignore_ascii_case(&is_absent));
    }
    if values.is_empty() {
        return operator.if_exists
            || match operator.set {
                Some(SetOperator::ForAllValues) => true,
                Some(SetOperator::ForAnyValue) => false,
                None => operator.test.is_negated(),
            };
    }
    let negated = operator.test.is_negated();
    let passes = |value: &String| {
        let some = condition
            .values
            .iter()
            .any(|policy| compare(operator.test, value, policy, version, context));
        some != negated
    };
    let all = match operator.set {
        Some(SetOperator::ForAllValues) => true,
        Some(SetOperator::ForAnyValue) => false,
        None => negated,
    };
    if all {
        values.iter().all(passes)
    } else {
        values.iter().any(passes)
    }
}

/// The positive test of one request value against one policy value.
fn compare(test: Test, value: &str, policy: &str, version: Version, context: &Context) -> bool {
    match test {
        Test::StringEquals | Test::StringNotEquals => {
            matches(policy, value, version, false, context)
        }
        Test::StringEqualsIgnoreCase | Test::StringNotEqualsIgnoreCase => {
            let lower: Context = context
                .iter()
                .map(|(key, values)| {
                    let values = values.iter().map(|value| value.to_lowercase());
                    (key.clone(), values.collect())
                })
                .collect();
            matches(
                &policy.to_lowercase(),
                &value.to_lowercase(),
                version,
                false,
                &lower,
            )
        }
        Test::StringLike | Test::StringNotLike => matches(policy, value, version, true, context),
        Test::NumericEquals | Test::NumericNotEquals => numbers(value, policy, Ordering::is_eq),
        Test::NumericLessThan => numbers(value, policy, Ordering::is_lt),
        Test::NumericLessThanEquals => numbers(value, policy, Ordering::is_le),
        Test::NumericGreaterThan => numbers(value, policy, Ordering::is_gt),
        Test::NumericGreaterThanEquals => numbers(value, policy, Ordering::is_ge),
        Test::DateEquals | Test::DateNotEquals => dates(value, policy, Ordering::is_eq),
        Test::DateLessThan => dates(value, policy, Ordering::is_lt),
        Test::DateLessThanEquals => dates(value, policy, Ordering::is_le),
        Test::DateGreaterThan => dates(value, policy, Ordering::is_gt),
        Test::DateGreaterThanEquals => dates(value, policy, Ordering::is_ge),
        Test::Bool => {
            let is_bool = |text: &str| ["true", "false"].contains(&text.to_lowercase().as_str());
            is_bool(policy) && value.eq_ignore_ascii_case(policy)
        }
        Test::BinaryEquals => {
            base64(value).is_some_and(|bytes| base64(policy).as_ref() == Some(&bytes))
        }
        Test::IpAddress | Test::NotIpAddress => in_range(value, policy),
        Test::ArnEquals | Test::ArnLike | Test::ArnNotEquals | Test::ArnNotLike => {
            matches_arn(policy, value, version, context)
        }
        Test::Null => false,
    }
}

fn numbers(value: &str, policy: &str, wanted: fn(Ordering) -> bool) -> bool {
    let read = |text: &str| {
        let is_plain = text.chars().all(|letter| "0123456789+-.".contains(letter));
        text.parse::<f64>().ok().filter(|_| is_plain)
    };
    let order = read(value)
        .zip(read(policy))
        .and_then(|(value, policy)| value.partial_cmp(&policy));
    order.is_some_and(wanted)
}

fn dates(value: &str, policy: &str, wanted: fn(Ordering) -> bool) -> bool {
    let pair = date(value).zip(date(policy));
    pair.is_some_and(|(value, policy)| wanted(value.cmp(&policy)))
}

fn date(text: &str) -> Option<OffsetDateTime> {
    let day = format_description!("[year]-[month]-[day]");
    if let Ok(date) = OffsetDateTime::parse(text, &Rfc3339) {
        return Some(date);
    }
    if let Ok(day) = time::Date::parse(text, &day) {
        return Some(day.midnight().assume_utc());
    }
    OffsetDateTime::from_unix_timestamp(text.parse().ok()?).ok()
}

/// Compares the leading bits.
fn in_range(value: &str, policy: &str) -> bool {
    let (range, bits) = match policy.split_once('/') {
        Some((range, bits)) => (range, bits.parse::<u32>().ok()),
        None => (policy, Some(128)),
    };
    let both = value
        .parse::<IpAddr>()
        .ok()
        .zip(range.parse::<IpAddr>().ok());
    match (both, bits) {
        (Some((IpAddr::V4(value), IpAddr::V4(range))), Some(bits)) if bits <= 32 || bits == 128 => {
            let (value, range) = (value.to_bits(), range.to_bits());
            (value ^ range).leading_zeros() >= bits.min(32)
        }
        (Some((IpAddr::V6(value), IpAddr::V6(range))), Some(bits)) => {
            (value.to_bits() ^ range.to_bits()).leading_zeros() >= bits
        }
        _ => false,
    }
}

fn base64(text: &str) -> Option<Vec<u8>> {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let padding = text
        .chars()
        .rev()
        .take_while(|letter| *letter == '=')
        .count();
    let mut bits = Vec::new();
    for letter in text.chars().take(text.len() - padding.min(2)) {
        let value = ALPHABET.find(letter)?;
        bits.extend((0..6).rev().map(|bit| value >> bit & 1));
    }
    let bytes = bits.chunks_exact(8);
    if bytes.remainder().contains(&1) {
        return None;
    }
    let byte = |bits: &[usize]| {
        bits.iter()
            .fold(0_u8, |byte, bit| byte << 1 | u8::from(*bit == 1))
    };
    Some(bytes.map(byte).collect())
}
