//! The way from the document to one of its elements.

use super::{Node, Span, Value};
use std::fmt;

/// One step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PathPart {
    /// A member of an object.
    Name(String),
    /// An item of a list, counted from zero.
    Index(usize),
}

/// The way from the document to an element: `Statement[0].Action[1]`; empty for the document itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path {
    /// The steps, outermost first.
    pub parts: Vec<PathPart>,
}

impl Path {
    /// The way to the innermost member or item that holds all of `span`.
    pub(crate) fn of(root: &Node, span: Span) -> Self {
        let mut parts = Vec::new();
        let mut node = root;
        while node.span != span {
            let Some((part, inner)) = step(node, span) else {
                break;
            };
            parts.push(part);
            match inner {
                Some(inner) => node = inner,
                None => break,
            }
        }
        Self { parts }
    }
}

/// The child that holds the span; a member's name has nothing below it.
fn step(node: &Node, span: Span) -> Option<(PathPart, Option<&Node>)> {
    match &node.value {
        Value::List(items) => {
            let index = items.partition_point(|item| item.span.end < span.end);
            let item = items.get(index).filter(|item| item.span.contains(span))?;
            Some((PathPart::Index(index), Some(item)))
        }
        Value::Object(members) => {
            let index = members.partition_point(|member| member.node.span.end < span.end);
            let member = members.get(index)?;
            let inner = Some(&member.node).filter(|node| node.span.contains(span));
            let part = PathPart::Name(member.name.clone());
            (inner.is_some() || member.span().contains(span)).then_some((part, inner))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => None,
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, part) in self.parts.iter().enumerate() {
            match part {
                PathPart::Index(index) => write!(f, "[{index}]")?,
                PathPart::Name(name) if !is_plain(name) => {
                    write!(f, "[{}]", serde_json::Value::from(name.as_str()))?;
                }
                PathPart::Name(name) if position == 0 => f.write_str(name)?,
                PathPart::Name(name) => write!(f, ".{name}")?,
            }
        }
        Ok(())
    }
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
