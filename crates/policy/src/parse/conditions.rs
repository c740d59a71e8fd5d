//! Conditions: their JSON types, their operators, and whether they fit the actions.
//!
//! Source: facts: authorization.md 3.10.

use super::{
    PolicyError,
    elements::{Members, scalars},
    reach::ActionEntry,
};
use crate::{Condition, ConditionKey, Operator, Test, compile::ActionSet, condition, json::Json};

/// One operator with its keys, as it stands in the JSON.
pub(super) type WrittenConditions = Vec<(String, Vec<(String, Vec<String>)>)>;

/// Reads the JSON types only: an object of objects of values.
pub(super) fn written(json: Json) -> Result<WrittenConditions, PolicyError> {
    Members::of(json)?
        .into_iter()
        .map(|(operator, keys)| {
            let keys = Members::of(keys)?
                .into_iter()
                .map(|(key, values)| Ok((key, scalars(values)?)))
                .collect::<Result<_, PolicyError>>()?;
            Ok((operator, keys))
        })
        .collect()
}

/// Reads the operators (test 17).
pub(super) fn read(written: WrittenConditions) -> Result<Vec<Condition>, PolicyError> {
    let mut conditions = Vec::new();
    for (name, keys) in written {
        let Some(operator) = Operator::parse(&name) else {
            return Err(PolicyError::InvalidConditionType(name));
        };
        conditions.extend(keys.into_iter().map(|(key_text, values)| Condition {
            operator,
            key: ConditionKey::parse(&key_text),
            key_text,
            values,
        }));
    }
    Ok(conditions)
}

/// Tests 18 to 20.
pub(super) fn check(
    conditions: &[Condition],
    actions: &[ActionEntry],
    not_action: bool,
) -> Result<(), PolicyError> {
    let refuse_if = |found: bool, error| if found { Err(error) } else { Ok(()) };
    refuse_if(
        conditions.iter().any(|one| !is_known(&one.key)),
        PolicyError::InvalidConditionKey,
    )?;
    refuse_if(
        conditions.iter().any(has_bad_address),
        PolicyError::InvalidIpAddress,
    )?;
    let fits = |condition: &Condition| {
        if not_action {
            fits_the_rest(&condition.key, actions)
        } else {
            actions
                .iter()
                .all(|entry| fits_entry(&condition.key, entry))
        }
    };
    refuse_if(
        !conditions.iter().all(fits),
        PolicyError::ConditionsDoNotApply,
    )
}

/// An `s3:` key must be one S3 knows; a key without a service is none at all.
fn is_known(key: &ConditionKey) -> bool {
    match key {
        ConditionKey::Other(name) => name.contains(':') && !key.is_s3(),
        _ => true,
    }
}

fn has_bad_address(condition: &Condition) -> bool {
    match condition.operator.test {
        Test::IpAddress | Test::NotIpAddress => {
            let mut values = condition.values.iter();
            values.any(|value| condition::parse_range(value).is_none())
        }
        _ => false,
    }
}

/// A named action must have the key; of a pattern's actions one is enough.
pub(crate) fn fits_entry(key: &ConditionKey, entry: &ActionEntry) -> bool {
    let mut actions = entry.actions.iter();
    if entry.is_wildcard {
        actions.any(|action| action.supports(key))
    } else {
        actions.all(|action| action.supports(key))
    }
}

/// `NotAction` is taken as a pattern for all other actions.
pub(crate) fn fits_the_rest(key: &ConditionKey, actions: &[ActionEntry]) -> bool {
    ActionSet::usable_in_bucket_policies()
        .iter()
        .filter(|action| !actions.iter().any(|entry| entry.actions.contains(*action)))
        .any(|action| action.supports(key))
}
