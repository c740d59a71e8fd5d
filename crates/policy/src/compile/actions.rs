//! Actions: a bit for each of S3, patterns for the rest.

use super::index::{Bits, Row, RowsBuilder};
use crate::{
    Action, ActionElement,
    context::{ContextMap, View},
    pattern::{Pattern, Variables, Wildcards, tokens},
};
use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

const WORDS: usize = Action::ALL.len().div_ceil(64);

/// A set of S3 actions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct ActionSet([u64; WORDS]);

impl ActionSet {
    /// The actions that an entry of `Action` matches: `*`, `s3:GetObject`, `S3:get*`.
    pub(crate) fn matching(text: &str) -> Self {
        if !text.contains(['*', '?']) {
            return Action::from_name(text).into_iter().collect();
        }
        match ActionPattern::new(text) {
            Some(ActionPattern::Any) => Action::ALL.into_iter().collect(),
            Some(ActionPattern::Service { service, name }) if &*service == "s3" => {
                let no_context = ContextMap::new();
                let view = View::of(&no_context, None, true);
                let named = |action: &Action| name.matches(action.lower_name(), &view);
                Action::ALL.into_iter().filter(named).collect()
            }
            Some(ActionPattern::Service { .. }) | None => Self::default(),
        }
    }

    /// The actions that a bucket policy can grant.
    pub(crate) fn usable_in_bucket_policies() -> Self {
        static USABLE: LazyLock<ActionSet> = LazyLock::new(|| {
            let usable = |action: &Action| action.is_usable_in_bucket_policy();
            Action::ALL.into_iter().filter(usable).collect()
        });
        *USABLE
    }

    pub(crate) fn contains(&self, action: Action) -> bool {
        let (word, bit) = place(action);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    pub(crate) fn intersection(self, other: Self) -> Self {
        Self(std::array::from_fn(|index| {
            let word = |set: &Self| set.0.get(index).copied().unwrap_or_default();
            word(&self) & word(&other)
        }))
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = Action> {
        Action::ALL
            .into_iter()
            .filter(move |action| self.contains(*action))
    }

    fn union(&mut self, other: Self) {
        for (word, more) in self.0.iter_mut().zip(other.0) {
            *word |= more;
        }
    }

    fn complement(self) -> Self {
        Self(self.0.map(|word| !word))
    }
}

fn place(action: Action) -> (usize, u64) {
    let index = action as usize;
    (index / 64, 1 << (index % 64))
}

impl FromIterator<Action> for ActionSet {
    fn from_iter<I: IntoIterator<Item = Action>>(actions: I) -> Self {
        let mut set = Self::default();
        for action in actions {
            let (word, bit) = place(action);
            if let Some(word) = set.0.get_mut(word) {
                *word |= bit;
            }
        }
        set
    }
}

/// The action that is asked about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Asked<'a> {
    S3(Action),
    /// `service:name` of another service, in lower case.
    Named(&'a str),
}

/// `Action` or `NotAction` of one statement.
#[derive(Clone, Debug)]
pub(crate) struct CompiledActions {
    s3: ActionSet,
    patterns: Box<[ActionPattern]>,
    negated: bool,
}

impl CompiledActions {
    fn new(element: &ActionElement) -> Self {
        let negated = element.is_negated();
        let mut s3 = ActionSet::default();
        for text in element.patterns() {
            s3.union(ActionSet::matching(text));
        }
        Self {
            s3: if negated { s3.complement() } else { s3 },
            patterns: element
                .patterns()
                .iter()
                .filter_map(|text| ActionPattern::new(text))
                .collect(),
            negated,
        }
    }

    /// The actions of each statement; equal ones are made once.
    pub(crate) fn of_all<'d>(elements: impl Iterator<Item = &'d ActionElement>) -> Vec<Arc<Self>> {
        let mut known: HashMap<&ActionElement, Arc<Self>> = HashMap::new();
        let shared = |element: &'d ActionElement| {
            let one = known.entry(element);
            Arc::clone(one.or_insert_with(|| Arc::new(Self::new(element))))
        };
        elements.map(shared).collect()
    }

    pub(crate) fn matches(&self, asked: Asked<'_>) -> bool {
        match asked {
            Asked::S3(action) => self.s3.contains(action),
            Asked::Named(name) => self.patterns.iter().any(|one| one.matches(name)) != self.negated,
        }
    }
}

/// The statements that are about each S3 action.
#[derive(Clone, Debug)]
pub(super) struct ActionTable(Box<[Row]>);

impl ActionTable {
    pub(super) fn new(actions: &[Arc<CompiledActions>], rows: &mut RowsBuilder) -> Self {
        // Most statements of a policy share a few sets.
        let mut by_set: HashMap<ActionSet, Bits> = HashMap::new();
        for (index, one) in actions.iter().enumerate() {
            let bits = by_set.entry(one.s3).or_insert_with(|| rows.empty());
            bits.set(index);
        }
        let row = |action: Action| {
            let mut bits = rows.empty();
            for (set, statements) in &by_set {
                if set.contains(action) {
                    bits.add(statements);
                }
            }
            rows.row(bits)
        };
        Self(Action::ALL.into_iter().map(row).collect())
    }

    pub(super) fn row(&self, action: Action) -> Row {
        self.0.get(action as usize).copied().unwrap_or(Row::NONE)
    }
}

/// One entry of `Action`, in lower case.
#[derive(Clone, Debug)]
enum ActionPattern {
    Any,
    Service { service: Box<str>, name: Pattern },
}

impl ActionPattern {
    /// `None` for an entry without a service, which matches nothing.
    fn new(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Self::Any);
        }
        let lower = text.to_ascii_lowercase();
        let (service, name) = lower.split_once(':')?;
        Some(Self::Service {
            service: service.into(),
            name: Pattern::new(&tokens(name, Variables::Plain, Wildcards::Meant)),
        })
    }

    fn matches(&self, lower: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Service { service, name } => {
                let no_context = ContextMap::new();
                let rest = lower
                    .strip_prefix(&**service)
                    .and_then(|rest| rest.strip_prefix(':'));
                rest.is_some_and(|rest| name.matches(rest, &View::of(&no_context, None, true)))
            }
        }
    }
}
