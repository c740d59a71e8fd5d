//! The conditions of a policy: equal ones stand once, and are asked at most once per question.

use super::index::{Row, RowsBuilder};
use crate::{
    Condition, ConditionKey, Document, Values, condition::CompiledCondition, context::View,
};
use std::{
    cell::{Cell, OnceCell},
    collections::HashMap,
};

/// Most keys whose values are kept during a question; a policy that asks for more asks the request again.
const KEPT_KEYS_MAX: usize = 8;

/// Most conditions whose answers are kept during a question: a bit each.
const KEPT_ANSWERS_MAX: usize = 128;

/// All conditions of a policy.
#[derive(Clone, Debug)]
pub(super) struct Conditions {
    all: Box<[Entry]>,
}

#[derive(Clone, Debug)]
struct Entry {
    condition: CompiledCondition,
    /// Where the key's values are kept, if another condition asks for them too.
    kept_key: Option<u8>,
    /// Every statement that has this condition.
    needed_by: Row,
}

/// A condition, by its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct ConditionId(u32);

impl Conditions {
    /// All conditions, and of each statement those that it has, in its order.
    pub(super) fn new(
        document: &Document,
        rows: &mut RowsBuilder,
    ) -> (Self, Vec<Box<[ConditionId]>>) {
        let mut known: HashMap<(_, &ConditionKey, &[String]), usize> = HashMap::new();
        let mut found: Vec<(&Condition, _)> = Vec::new();
        let mut of_statements = Vec::with_capacity(document.statements().len());
        for (index, statement) in document.statements().iter().enumerate() {
            let conditions = statement.conditions.iter().flatten();
            let ids = conditions.map(|condition| {
                let name = (
                    condition.operator,
                    &condition.key,
                    condition.values.as_slice(),
                );
                let at = *known.entry(name).or_insert_with(|| {
                    found.push((condition, rows.empty()));
                    found.len() - 1
                });
                if let Some((_, needed_by)) = found.get_mut(at) {
                    needed_by.set(index);
                }
                // INVARIANT: documents are bounded in size, so that no place reaches 2^32.
                ConditionId(u32::try_from(at).unwrap_or(u32::MAX))
            });
            of_statements.push(ids.collect());
        }
        let kept = kept_keys(&found);
        let version = document.version();
        let all = found.into_iter().map(|(condition, needed_by)| Entry {
            condition: CompiledCondition::new(condition, version),
            kept_key: kept.get(&condition.key).copied(),
            needed_by: rows.row(needed_by),
        });
        let all = all.collect();
        (Self { all }, of_statements)
    }

    pub(super) fn get(&self, id: ConditionId) -> Option<&CompiledCondition> {
        Some(&self.all.get(id.0 as usize)?.condition)
    }

    /// Every statement that has the condition.
    pub(super) fn needed_by(&self, id: ConditionId) -> Row {
        let entry = self.all.get(id.0 as usize);
        entry.map_or(Row::NONE, |entry| entry.needed_by)
    }
}

/// A place for the values of each key that several conditions ask for.
fn kept_keys<'d, T>(conditions: &[(&'d Condition, T)]) -> HashMap<&'d ConditionKey, u8> {
    let mut uses: HashMap<&ConditionKey, usize> = HashMap::new();
    for (condition, _) in conditions {
        *uses.entry(&condition.key).or_default() += 1;
    }
    let mut often: Vec<_> = uses.into_iter().filter(|(_, count)| *count > 1).collect();
    often.sort_by(|left, right| right.1.cmp(&left.1).then(left.0.cmp(right.0)));
    let places = (0_u8..).take(KEPT_KEYS_MAX);
    often.into_iter().map(|(key, _)| key).zip(places).collect()
}

/// What is known of conditions during one question.
pub(super) struct Answers<'a> {
    conditions: &'a Conditions,
    view: &'a View<'a>,
    values: [OnceCell<Values<'a>>; KEPT_KEYS_MAX],
    known: Cell<u128>,
    held: Cell<u128>,
}

impl<'a> Answers<'a> {
    pub(super) fn new(conditions: &'a Conditions, view: &'a View<'a>) -> Self {
        Self {
            conditions,
            view,
            // PERF: a constant array would be copied; this only marks its places as empty.
            values: std::array::from_fn(|_| OnceCell::new()),
            known: Cell::new(0),
            held: Cell::new(0),
        }
    }

    /// Whether a condition holds.
    pub(super) fn holds(&self, id: ConditionId) -> bool {
        let bit = if (id.0 as usize) < KEPT_ANSWERS_MAX {
            1_u128 << id.0
        } else {
            0
        };
        if self.known.get() & bit != 0 {
            return self.held.get() & bit != 0;
        }
        let holds = self.ask(id);
        self.known.set(self.known.get() | bit);
        if holds {
            self.held.set(self.held.get() | bit);
        }
        holds
    }

    fn ask(&self, id: ConditionId) -> bool {
        // INVARIANT: ids are places in this list. A condition that is not there could not hold.
        let Some(entry) = self.conditions.all.get(id.0 as usize) else {
            return false;
        };
        entry.condition.holds_for(self.values(entry), self.view)
    }

    fn values(&self, entry: &Entry) -> Values<'a> {
        let key = entry.condition.key();
        let kept = entry
            .kept_key
            .and_then(|at| self.values.get(usize::from(at)));
        match kept {
            Some(kept) => *kept.get_or_init(|| self.view.value(key)),
            None => self.view.value(key),
        }
    }
}
