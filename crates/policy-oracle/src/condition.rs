//! Conditions, value by value. Source: facts: authorization.md 4.

use crate::{
    Context,
    glob::{matches, matches_arn},
};
use buckler_policy::{Condition, SetOperator, Test, Version};
use std::{cmp::Ordering, net::IpAddr};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

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
            let lowered: Context = context
                .iter()
                .map(|(key, values)| {
                    let values = values.iter().map(|value| lower(value));
                    (key.clone(), values.collect())
                })
                .collect();
            matches(&lower(policy), &lower(value), version, false, &lowered)
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

/// Letter by letter: a sigma at the end of a word is a sigma.
fn lower(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

fn numbers(value: &str, policy: &str, wanted: fn(Ordering) -> bool) -> bool {
    let pair = number(value).zip(number(policy));
    pair.is_some_and(|(value, policy)| wanted(value.cmp(&policy)))
}

/// A decimal in units of 10⁻¹⁸, which is as fine as the engine is, too.
fn number(text: &str) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fraction = fraction.trim_end_matches('0');
    let is_number = digits.contains(|letter: char| letter.is_ascii_digit())
        && !digits.contains(['+', '-'])
        && fraction.len() <= 18;
    let scaled = format!("0{whole}{fraction:0<18}").parse::<i128>();
    scaled
        .ok()
        .filter(|_| is_number)
        .map(|scaled| if negative { -scaled } else { scaled })
}

fn dates(value: &str, policy: &str, wanted: fn(Ordering) -> bool) -> bool {
    let pair = date(value).zip(date(policy));
    pair.is_some_and(|(value, policy)| wanted(value.cmp(&policy)))
}

/// The W3C forms by filling in what a shorter one leaves out, or seconds since 1970; four digits are a year.
fn date(text: &str) -> Option<OffsetDateTime> {
    let text = &text.to_uppercase();
    let is_year = text.len() == 4 && text.chars().all(|letter| letter.is_ascii_digit());
    if let Ok(seconds) = text.parse()
        && !is_year
    {
        return OffsetDateTime::from_unix_timestamp(seconds).ok();
    }
    let (day, clock) = match text.split_once('T') {
        Some((day, clock)) => (day.to_owned(), clock.to_owned()),
        None => (text.to_owned(), "00:00:00Z".to_owned()),
    };
    let day = match day.len() {
        4 => day + "-01-01",
        7 => day + "-01",
        _ => day,
    };
    let zone = clock.find(['Z', '+', '-']).unwrap_or(clock.len());
    let (clock, zone) = clock.split_at_checked(zone)?;
    let clock = match clock.len() {
        5 => format!("{clock}:00"),
        _ => clock.to_owned(),
    };
    // A fraction or a leap second is RFC 3339's, which wants an offset.
    if zone.is_empty() && (clock.len() != 8 || clock.ends_with("60")) {
        return None;
    }
    let zone = if zone.is_empty() { "Z" } else { zone };
    OffsetDateTime::parse(&format!("{day}T{clock}{zone}"), &Rfc3339).ok()
}

/// Compares the leading bits.
fn in_range(value: &str, policy: &str) -> bool {
    let value = value.parse::<IpAddr>().map(|value| value.to_canonical());
    match (value, range(policy)) {
        (Ok(IpAddr::V4(value)), Some((IpAddr::V4(range), bits))) => {
            (value.to_bits() ^ range.to_bits()).leading_zeros() >= bits
        }
        (Ok(IpAddr::V6(value)), Some((IpAddr::V6(range), bits))) => {
            (value.to_bits() ^ range.to_bits()).leading_zeros() >= bits
        }
        _ => false,
    }
}

/// An address and how many of its leading bits count; IPv4 in the notation of IPv6 is IPv4.
pub(crate) fn range(text: &str) -> Option<(IpAddr, u32)> {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits)),
        None => (text, None),
    };
    let address = address.parse::<IpAddr>().ok()?;
    let all = if address.is_ipv4() { 32 } else { 128 };
    let bits = match bits {
        Some(bits) if bits.chars().all(|digit| digit.is_ascii_digit()) => bits.parse().ok()?,
        Some(_) => return None,
        None => all,
    };
    if bits > all {
        return None;
    }
    match address.to_canonical() {
        four @ IpAddr::V4(_) if address.is_ipv6() && bits >= 96 => Some((four, bits - 96)),
        _ => Some((address, bits)),
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
