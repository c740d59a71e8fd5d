//! A document as analysis reads it: what has the right shape, with its places; what has not is left out and reported.

use super::report::{Report, quoted};
use super::{IssueCode, PolicyKind};
use crate::{
    ConditionKey, Effect, Operator,
    source::{Member, Node, Span, Value},
};

/// A text of the policy and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'n> {
    pub(super) text: &'n str,
    pub(super) span: Span,
}

/// `Action`, `Resource` or its `Not…` form.
#[derive(Debug)]
pub(super) struct Element<'n> {
    pub(super) negated: bool,
    /// Where the member's name stands.
    pub(super) name: Entry<'n>,
    /// Where its value stands.
    pub(super) span: Span,
    pub(super) entries: Vec<Entry<'n>>,
}

/// `Principal` or `NotPrincipal`.
#[derive(Debug)]
pub(super) struct PrincipalView<'n> {
    pub(super) negated: bool,
    pub(super) name: Entry<'n>,
    pub(super) span: Span,
    pub(super) written: WrittenPrincipal<'n>,
}

#[derive(Debug)]
pub(super) enum WrittenPrincipal<'n> {
    /// A bare string.
    Text(Entry<'n>),
    /// Type and texts.
    Map(Vec<(Entry<'n>, Element<'n>)>),
    /// Of another JSON type; reported.
    Wrong,
}

/// One key under one operator.
#[derive(Debug)]
pub(super) struct ConditionView<'n> {
    pub(super) operator_text: Entry<'n>,
    /// `None` if there is no such operator.
    pub(super) operator: Option<Operator>,
    pub(super) key_text: Entry<'n>,
    pub(super) key: ConditionKey,
    /// Where the values stand.
    pub(super) span: Span,
    pub(super) values: Vec<ConditionValue<'n>>,
}

/// An operator and where its keys stand.
#[derive(Clone, Copy, Debug)]
pub(super) struct OperatorView<'n> {
    pub(super) name: Entry<'n>,
    pub(super) span: Span,
    pub(super) is_empty: bool,
}

/// One value of a condition, as its text.
#[derive(Clone, Copy, Debug)]
pub(super) struct ConditionValue<'n> {
    pub(super) text: &'n str,
    pub(super) span: Span,
    pub(super) json_type: JsonType,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JsonType {
    Text,
    Number,
    Bool,
}

/// One statement.
#[derive(Debug)]
pub(super) struct StatementView<'n> {
    /// Its position in the document.
    pub(super) index: usize,
    pub(super) span: Span,
    pub(super) sid: Option<Entry<'n>>,
    /// `None` if missing or wrong.
    pub(super) effect: Option<Effect>,
    pub(super) principal: Option<PrincipalView<'n>>,
    pub(super) action: Option<Element<'n>>,
    pub(super) resource: Option<Element<'n>>,
    /// Where the object of conditions stands, if there is one.
    pub(super) condition_span: Option<Span>,
    pub(super) operators: Vec<OperatorView<'n>>,
    /// All keys of all operators.
    pub(super) conditions: Vec<ConditionView<'n>>,
}

impl StatementView<'_> {
    pub(super) fn is(&self, effect: Effect) -> bool {
        self.effect == Some(effect)
    }

    /// The statement as messages call it.
    pub(super) fn label(&self) -> String {
        match self.sid.filter(|sid| !sid.text.is_empty()) {
            Some(sid) => format!("{} (Statement[{}])", quoted(sid.text), self.index),
            None => format!("Statement[{}]", self.index),
        }
    }
}

/// A member's name as an entry.
pub(super) fn name_of(member: &Member) -> Entry<'_> {
    Entry {
        text: &member.name,
        span: member.name_span,
    }
}

/// Reports a value of the wrong JSON type.
pub(super) fn wrong_type(report: &mut Report, node: &Node, expected: &str) {
    let found = match &node.value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::Text(_) => "a string",
        Value::List(_) => "a list",
        Value::Object(_) => "an object",
    };
    let message = format!("{expected} belongs here, not {found}");
    report.refuse(IssueCode::DataTypeMismatch, node.span, message);
}

/// A string or a list of strings.
pub(super) fn element<'n>(
    report: &mut Report,
    member: &'n Member,
    negated: bool,
) -> Option<Element<'n>> {
    let mut entries = Vec::new();
    let mut good = true;
    for item in member.node.items() {
        if let Some(text) = item.text() {
            entries.push(Entry {
                text,
                span: item.span,
            });
        } else {
            good = false;
            wrong_type(report, item, "a string or a list of strings");
        }
    }
    good.then_some(Element {
        negated,
        name: name_of(member),
        span: member.node.span,
        entries,
    })
}

/// A principal; types and names are judged later.
pub(super) fn principal<'n>(
    report: &mut Report,
    member: &'n Member,
    kind: PolicyKind,
) -> PrincipalView<'n> {
    let node = &member.node;
    let written = match &node.value {
        Value::Text(text) => WrittenPrincipal::Text(Entry {
            text,
            span: node.span,
        }),
        Value::Object(members) => {
            let lists = members
                .iter()
                .filter_map(|one| Some((name_of(one), element(report, one, false)?)))
                .collect::<Vec<_>>();
            if lists.len() == members.len() {
                WrittenPrincipal::Map(lists)
            } else {
                WrittenPrincipal::Wrong
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::List(_) => {
            // Where no principal belongs, its shape is no matter.
            if kind.names_principals() {
                wrong_type(report, node, "\"*\" or an object of principals");
            }
            WrittenPrincipal::Wrong
        }
    };
    PrincipalView {
        negated: member.name.starts_with("Not"),
        name: name_of(member),
        span: node.span,
        written,
    }
}

/// The operators of a condition.
pub(super) fn operators<'n>(report: &mut Report, node: &'n Node) -> Vec<OperatorView<'n>> {
    let Some(operators) = node.members() else {
        wrong_type(report, node, "an object of operators");
        return Vec::new();
    };
    let view = |member: &'n Member| OperatorView {
        name: name_of(member),
        span: member.node.span,
        is_empty: member.node.members().is_some_and(<[Member]>::is_empty),
    };
    operators.iter().map(view).collect()
}

/// All keys of all operators.
pub(super) fn conditions<'n>(report: &mut Report, node: &'n Node) -> Vec<ConditionView<'n>> {
    let mut conditions = Vec::new();
    for operator in node.members().unwrap_or_default() {
        let Some(keys) = operator.node.members() else {
            wrong_type(report, &operator.node, "an object of condition keys");
            continue;
        };
        for key in keys {
            let values = condition_values(report, &key.node);
            conditions.extend(values.map(|values| ConditionView {
                operator_text: name_of(operator),
                operator: Operator::parse(&operator.name),
                key_text: name_of(key),
                key: ConditionKey::parse(&key.name),
                span: key.node.span,
                values,
            }));
        }
    }
    conditions
}

fn condition_values<'n>(report: &mut Report, node: &'n Node) -> Option<Vec<ConditionValue<'n>>> {
    let mut values = Vec::new();
    let mut good = true;
    for item in node.items() {
        let (text, json_type) = match &item.value {
            Value::Text(text) => (text.as_str(), JsonType::Text),
            Value::Number(text) => (text.as_str(), JsonType::Number),
            Value::Bool(true) => ("true", JsonType::Bool),
            Value::Bool(false) => ("false", JsonType::Bool),
            Value::Null | Value::List(_) | Value::Object(_) => {
                good = false;
                wrong_type(report, item, "a string, a number or a boolean");
                continue;
            }
        };
        values.push(ConditionValue {
            text,
            span: item.span,
            json_type,
        });
    }
    good.then_some(values)
}
