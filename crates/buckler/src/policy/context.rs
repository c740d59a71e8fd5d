//! `--context KEY=VALUE`.

use std::collections::BTreeMap;

use buckler_policy::{ConditionKey, ContextMap};

use crate::error::Failure;

/// Adds what was given to what follows from the question; what was given wins.
pub(super) fn add(context: &mut ContextMap, given: &[String]) -> Result<(), Failure> {
    let mut keys: BTreeMap<ConditionKey, Vec<String>> = BTreeMap::new();
    for pair in given {
        let Some((key, value)) = pair.split_once('=').filter(|(key, _)| key.contains(':')) else {
            return Err(Failure::configuration(format!(
                "`--context` is `{pair}` but takes KEY=VALUE, like aws:SourceIp=203.0.113.7"
            )));
        };
        let values = keys.entry(ConditionKey::parse(key)).or_default();
        values.push(value.to_owned());
    }
    for (key, values) in keys {
        match values.as_slice() {
            [one] if !key.is_multivalued() => context.insert(key, one),
            _ => context.insert_many(key, values),
        }
    }
    Ok(())
}
