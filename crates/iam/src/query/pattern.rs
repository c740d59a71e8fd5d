//! The patterns of AWS's service models: Java's, matched over the whole text.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use regex::Regex;

/// Whether the whole of `text` is of `pattern`. A pattern that cannot be read matches nothing; a test reads all.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    if pattern == ACCOUNT_ALIAS {
        return is_account_alias(text);
    }
    compiled(pattern).is_some_and(|regex| regex.is_match(text))
}

/// The one pattern that looks ahead: no two hyphens in a row.
const ACCOUNT_ALIAS: &str = "^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$";

fn is_account_alias(text: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    (3..=63).contains(&text.len())
        && text.bytes().all(|byte| inner(byte) || byte == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
        && !text.contains("--")
}

/// Each pattern is compiled once. There are as many as the tables name.
fn compiled(pattern: &str) -> Option<Arc<Regex>> {
    static CACHE: LazyLock<RwLock<HashMap<String, Arc<Regex>>>> = LazyLock::new(RwLock::default);
    let known = CACHE.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(regex) = known.get(pattern) {
        return Some(Arc::clone(regex));
    }
    drop(known);
    let regex = Arc::new(Regex::new(&translated(pattern)).ok()?);
    let mut cache = CACHE.write().unwrap_or_else(PoisonError::into_inner);
    cache.insert(pattern.to_owned(), Arc::clone(&regex));
    Some(regex)
}

/// Java's `\w` and `\d` are ASCII's, and `\uXXXX` has four digits.
fn translated(pattern: &str) -> String {
    let mut out = String::from(r"\A(?:");
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let mut characters = after.chars();
        match characters.next() {
            Some('w') => out.push_str("[0-9A-Za-z_]"),
            Some('d') => out.push_str("[0-9]"),
            Some('u') => {
                let digits: String = characters.by_ref().take(4).collect();
                for piece in [r"\x{", &digits, "}"] {
                    out.push_str(piece);
                }
            }
            Some(other) => {
                out.push('\\');
                out.push(other);
            }
            None => {}
        }
        rest = characters.as_str();
    }
    out.push_str(rest);
    out.push_str(r")\z");
    out
}

#[cfg(test)]
mod tests {
    use super::super::{
        Service,
        table::{self, Shape},
    };
    use super::*;

    #[test]
    fn every_pattern_of_the_tables_can_be_read() {
        for service in Service::ALL {
            for (name, shape) in &table::of(service).shapes {
                if let Shape::String {
                    pattern: Some(pattern),
                    ..
                } = shape
                {
                    assert!(
                        pattern == ACCOUNT_ALIAS || compiled(pattern).is_some(),
                        "{name}: {pattern}"
                    );
                }
            }
        }
    }

    #[test]
    fn patterns_match_whole_texts_and_ascii_words() {
        assert!(matches(r"[\w+=,.@-]+", "a_b+=,.@-9"));
        assert!(!matches(r"[\w+=,.@-]+", "a/b"));
        assert!(!matches(r"[\w+=,.@-]+", "ä"));
        assert!(matches(r"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)", "/a/"));
        assert!(!matches(r"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)", "/a"));
        assert!(matches(ACCOUNT_ALIAS, "my-company"));
        for alias in ["-ab", "ab-", "a--b", "ab", "A-b"] {
            assert!(!matches(ACCOUNT_ALIAS, alias), "{alias}");
        }
    }
}
