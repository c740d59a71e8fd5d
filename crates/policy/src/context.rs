//! What is known of a request when it is decided.

use crate::{Action, ConditionKey, Value, pattern::Variable};
use std::{collections::BTreeMap, fmt};

/// The condition keys of one request.
///
/// Implemented by a server over the request itself, so that a key costs something only when a policy asks for it.
/// A request header may only ever become its own `s3:x-amz-*` key (`aws:Referer` and `aws:UserAgent` aside); what is
/// not known is [`Values::Absent`], which can deny but not allow.
pub trait Context {
    /// The value of a key, absent unless the request has one.
    fn value(&self, key: &ConditionKey) -> Values<'_>;
}

/// The value of a key in one request.
#[derive(Clone, Copy)]
pub enum Values<'a> {
    /// The request has no such key.
    Absent,
    /// The one value of a single-valued key.
    One(Value<'a>),
    /// The values of a multivalued key such as `s3:RequestObjectTagKeys`; an empty list counts as absent.
    Many(&'a dyn ValueList),
}

/// The values of a multivalued key.
pub trait ValueList {
    /// The value at a position, counted from zero; `None` behind the last.
    fn nth(&self, index: usize) -> Option<Value<'_>>;
}

impl<T: AsRef<str>> ValueList for [T] {
    fn nth(&self, index: usize) -> Option<Value<'_>> {
        self.get(index).map(|text| Value::Text(text.as_ref()))
    }
}

impl<T: AsRef<str>> ValueList for Vec<T> {
    fn nth(&self, index: usize) -> Option<Value<'_>> {
        self.as_slice().nth(index)
    }
}

impl<'a> Values<'a> {
    /// One text, or absent.
    pub fn text(text: Option<&'a str>) -> Self {
        text.map_or(Self::Absent, |text| Self::One(Value::Text(text)))
    }
}

impl<'a, V: Into<Value<'a>>> From<V> for Values<'a> {
    fn from(value: V) -> Self {
        Self::One(value.into())
    }
}

impl fmt::Debug for Values<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("Absent"),
            Self::One(value) => f.debug_tuple("One").field(value).finish(),
            Self::Many(list) => f
                .debug_list()
                .entries((0..).map_while(|index| list.nth(index)))
                .finish(),
        }
    }
}

/// A context that is a map from keys to texts: for tests and for the policy simulator.
///
/// ```
/// use buckler_policy::{ConditionKey, Context, ContextMap, Value, Values};
///
/// let context = ContextMap::new().with("AWS:sourceip", "203.0.113.7");
/// assert!(matches!(context.value(&ConditionKey::SourceIp), Values::One(Value::Text("203.0.113.7"))));
/// assert!(matches!(context.value(&ConditionKey::Referer), Values::Absent));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContextMap {
    values: BTreeMap<ConditionKey, Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Entry {
    One(String),
    Many(Vec<String>),
}

impl ContextMap {
    /// A context without keys.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with one more key.
    #[must_use]
    pub fn with(mut self, key: &str, value: &str) -> Self {
        self.insert(ConditionKey::parse(key), value);
        self
    }

    /// Sets a single value.
    pub fn insert(&mut self, key: ConditionKey, value: &str) {
        self.values.insert(key, Entry::One(value.to_owned()));
    }

    /// Sets any number of values; none at all counts as absent.
    pub fn insert_many(&mut self, key: ConditionKey, values: Vec<String>) {
        self.values.insert(key, Entry::Many(values));
    }
}

impl Context for ContextMap {
    fn value(&self, key: &ConditionKey) -> Values<'_> {
        match self.values.get(key) {
            None => Values::Absent,
            Some(Entry::One(text)) => Values::One(Value::Text(text)),
            Some(Entry::Many(values)) => Values::Many(values),
        }
    }
}

/// A context as one check sees it.
pub(crate) struct View<'a> {
    context: &'a dyn Context,
    existing_object_tags: bool,
}

impl<'a> View<'a> {
    /// What the check of this action sees: existing tags only where the action has them.
    ///
    /// Source: facts: authorization.md 3.10, 4.3.
    pub(crate) fn of(context: &'a dyn Context, action: Option<Action>, tags_hidden: bool) -> Self {
        let has_tags = action.is_some_and(Action::sees_existing_object_tags);
        Self {
            context,
            existing_object_tags: has_tags && !tags_hidden,
        }
    }

    pub(crate) fn value(&self, key: &ConditionKey) -> Values<'a> {
        match key {
            ConditionKey::ExistingObjectTag(_) if !self.existing_object_tags => Values::Absent,
            key => self.context.value(key),
        }
    }

    /// Hands over what stands for a variable: the key's single value, else its default, else nothing.
    pub(crate) fn with_variable<R>(
        &self,
        variable: &Variable,
        use_it: impl FnOnce(Option<&str>) -> R,
    ) -> R {
        match self.value(&variable.key) {
            Values::One(value) => value.with_text(|text| use_it(Some(text))),
            Values::Absent | Values::Many(_) => use_it(variable.default.as_deref()),
        }
    }
}
