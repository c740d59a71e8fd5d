//! The text of a policy as S3 keeps it. Source: facts: authorization.md 1.5.

use super::{
    ActionElement, Condition, Document, Principal, PrincipalElement, Principals, ResourceElement,
    Statement,
};

pub(super) fn write(document: &Document) -> String {
    let mut out = Object::new();
    if let Some(version) = document.version {
        out.string("Version", version.name());
    }
    if let Some(id) = &document.id {
        out.string("Id", id);
    }
    let statements: Vec<_> = document.statements.iter().map(statement).collect();
    out.raw("Statement", &format!("[{}]", statements.join(",")));
    out.finish()
}

fn statement(statement: &Statement) -> String {
    let mut out = Object::new();
    if let Some(sid) = &statement.sid {
        out.string("Sid", sid);
    }
    out.string("Effect", statement.effect.name());
    match &statement.principal {
        Some(PrincipalElement::Principal(list)) => out.raw("Principal", &principals(list)),
        Some(PrincipalElement::NotPrincipal(list)) => out.raw("NotPrincipal", &principals(list)),
        None => {}
    }
    match &statement.action {
        ActionElement::Action(list) => out.raw("Action", &one_or_many(list)),
        ActionElement::NotAction(list) => out.raw("NotAction", &one_or_many(list)),
    }
    match &statement.resource {
        Some(ResourceElement::Resource(list)) => out.raw("Resource", &one_or_many(list)),
        Some(ResourceElement::NotResource(list)) => out.raw("NotResource", &one_or_many(list)),
        None => {}
    }
    if let Some(list) = &statement.conditions {
        out.raw("Condition", &conditions(list));
    }
    out.finish()
}

fn principals(principals: &Principals) -> String {
    match principals {
        Principals::Everyone => string("*"),
        Principals::Listed(lists) => {
            let mut out = Object::new();
            for (kind, list) in lists {
                out.raw(kind.name(), &one_kind(list));
            }
            out.finish()
        }
    }
}

fn one_kind(list: &[Principal]) -> String {
    let texts: Vec<_> = list.iter().map(|one| one.text().into_owned()).collect();
    one_or_many(&texts)
}

/// Conditions of one operator stand next to each other, as they were sent.
fn conditions(conditions: &[Condition]) -> String {
    let mut out = Object::new();
    for of_operator in conditions.chunk_by(|left, right| left.operator == right.operator) {
        let mut keys = Object::new();
        for condition in of_operator {
            keys.raw(&condition.key_text, &one_or_many(&condition.values));
        }
        if let Some(first) = of_operator.first() {
            out.raw(&first.operator.to_string(), &keys.finish());
        }
    }
    out.finish()
}

fn one_or_many(values: &[String]) -> String {
    if let [one] = values {
        return string(one);
    }
    let values: Vec<_> = values.iter().map(|value| string(value)).collect();
    format!("[{}]", values.join(","))
}

fn string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A JSON object in the making.
struct Object(String);

impl Object {
    fn new() -> Self {
        Self("{".to_owned())
    }

    fn string(&mut self, name: &str, value: &str) {
        self.raw(name, &string(value));
    }

    fn raw(&mut self, name: &str, json: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        self.0.push_str(&string(name));
        self.0.push(':');
        self.0.push_str(json);
    }

    fn finish(mut self) -> String {
        self.0.push('}');
        self.0
    }
}
