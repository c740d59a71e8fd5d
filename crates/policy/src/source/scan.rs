//! JSON with the place of each value. The text has been found to be JSON, and not too deep, before it comes here.

use super::Span;
use crate::json::{self, Json};

/// A value and where it stands.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) span: Span,
    pub(crate) value: Value,
}

/// A JSON value. A number is kept as the text that policies see.
#[derive(Debug)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Node>),
    Object(Vec<Member>),
}

/// A member of an object; names may repeat.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) name_span: Span,
    pub(crate) node: Node,
}

impl Member {
    /// Name and value.
    pub(crate) fn span(&self) -> Span {
        Span {
            start: self.name_span.start,
            end: self.node.span.end,
        }
    }
}

impl Node {
    /// The members of an object.
    pub(crate) fn members(&self) -> Option<&[Member]> {
        match &self.value {
            Value::Object(members) => Some(members),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::List(_) => {
                None
            }
        }
    }

    /// The text of a string.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::List(_) | Value::Object(_) => {
                None
            }
        }
    }

    /// The items of a list, or the one value that stands in place of a list of one.
    pub(crate) fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Object(_) => {
                std::slice::from_ref(self)
            }
        }
    }
}

/// Reads the whole text; `None` if it is not JSON after all.
pub(crate) fn scan(text: &str) -> Option<Node> {
    Scanner { text, at: 0 }.value()
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl Scanner<'_> {
    fn value(&mut self) -> Option<Node> {
        self.skip_space();
        let start = self.at;
        let value = match self.peek()? {
            b'{' => Value::Object(self.object()?),
            b'[' => Value::List(self.list()?),
            b'"' => Value::Text(self.string()?),
            _ => self.word()?,
        };
        Some(Node {
            span: Span {
                start,
                end: self.at,
            },
            value,
        })
    }

    fn object(&mut self) -> Option<Vec<Member>> {
        let mut members = Vec::new();
        self.at += 1;
        while !self.take(b'}') {
            self.take(b',');
            self.skip_space();
            let start = self.at;
            let name = self.string()?;
            let name_span = Span {
                start,
                end: self.at,
            };
            if !self.take(b':') {
                return None;
            }
            let node = self.value()?;
            members.push(Member {
                name,
                name_span,
                node,
            });
        }
        Some(members)
    }

    fn list(&mut self) -> Option<Vec<Node>> {
        let mut items = Vec::new();
        self.at += 1;
        while !self.take(b']') {
            self.take(b',');
            items.push(self.value()?);
        }
        Some(items)
    }

    /// A string with its quotes; the escapes are left to `serde_json`.
    fn string(&mut self) -> Option<String> {
        let start = self.at;
        let mut bytes = self.text.as_bytes().get(start..)?.iter().enumerate();
        if bytes.next()? != (0, &b'"') {
            return None;
        }
        loop {
            match bytes.next()? {
                (_, b'\\') => drop(bytes.next()?),
                (at, b'"') => {
                    self.at = start + at + 1;
                    return serde_json::from_str(self.text.get(start..self.at)?).ok();
                }
                _ => {}
            }
        }
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self) -> Option<Value> {
        let rest = self.text.get(self.at..)?;
        let ends = |letter: char| matches!(letter, ',' | ']' | '}' | ' ' | '\t' | '\r' | '\n');
        let word = rest.get(..rest.find(ends).unwrap_or(rest.len()))?;
        self.at += word.len();
        match json::parse(word.as_bytes()).ok()? {
            Json::Null => Some(Value::Null),
            Json::Bool(value) => Some(Value::Bool(value)),
            Json::Number(text) => Some(Value::Number(text)),
            Json::String(_) | Json::Array(_) | Json::Object(_) => None,
        }
    }

    /// Whether the next letter is this one, which is then behind.
    fn take(&mut self, letter: u8) -> bool {
        self.skip_space();
        let found = self.peek() == Some(letter);
        self.at += usize::from(found);
        found
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Path;

    #[test]
    fn values_stand_where_they_are_written() {
        let text = " {\"a\\n\" : [1.50, true , \"x\\\"]\"],\"b\":{} }";
        let root = scan(text).unwrap();
        let members = root.members().unwrap();
        assert_eq!(members[0].name, "a\n");
        let items = members[0].node.items();
        let written: Vec<_> = items
            .iter()
            .map(|item| text.get(item.span.start..item.span.end).unwrap())
            .collect();
        assert_eq!(written, ["1.50", "true", "\"x\\\"]\""]);
        assert_eq!(items[2].text(), Some("x\"]"));
        assert!(matches!(&items[0].value, Value::Number(text) if text == "1.5"));
        assert_eq!(Path::of(&root, items[2].span).to_string(), "[\"a\\n\"][2]");
        assert_eq!(Path::of(&root, members[1].name_span).to_string(), "b");
        assert_eq!(Path::of(&root, root.span).to_string(), "");
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_json_is_read_as_the_parser_reads_it(text in "[\\[\\]{}\":, \\\\na1.e\\-u0-9]{0,40}") {
            if let Ok(json) = json::parse(text.as_bytes()) {
                proptest::prop_assert_eq!(plain(&scan(&text).unwrap()), json);
            }
        }
    }

    fn plain(node: &Node) -> Json {
        match &node.value {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Bool(*value),
            Value::Number(text) => Json::Number(text.clone()),
            Value::Text(text) => Json::String(text.clone()),
            Value::List(items) => Json::Array(items.iter().map(plain).collect()),
            Value::Object(members) => Json::Object(
                members
                    .iter()
                    .map(|member| (member.name.clone(), plain(&member.node)))
                    .collect(),
            ),
        }
    }
}
