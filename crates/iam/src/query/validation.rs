//! From parameters to an [`Input`], or to AWS's list of what is wrong with them.
//!
//! AWS names everything that is out of bounds, in the order of its model: `2 validation errors detected: …; …`.
//! Source: facts: authorization.md 7.3.

use super::table::{Bounds, Member, Shape, Table};
use super::{Input, Operation, Parameters, QueryError, Value, pattern, table};

/// Most faults that are named.
const FAULTS_MAX: usize = 20;

/// What AWS says of a parameter that has to be there and is not.
pub(super) fn absent(name: &str) -> String {
    listed(&[fault(&Shown::Null, &camel(name), "Member must not be null")])
}

pub(super) fn read(operation: Operation, parameters: &Parameters) -> Result<Input, QueryError> {
    let table = table::of(operation.service());
    let Some(Shape::Structure { members }) =
        operation.input().and_then(|input| table.shapes.get(input))
    else {
        return Ok(Input::default());
    };
    let mut reader = Reader {
        table,
        parameters,
        faults: Vec::new(),
    };
    let input = reader.structure(members, "", "");
    if reader.faults.is_empty() {
        return Ok(input);
    }
    Err(QueryError::validation(listed(&reader.faults)))
}

struct Reader<'a> {
    table: &'static Table,
    parameters: &'a Parameters,
    faults: Vec<String>,
}

impl Reader<'_> {
    /// `prefix` is the beginning of the members' parameters, `place` that of their names in messages.
    fn structure(&mut self, members: &'static [Member], prefix: &str, place: &str) -> Input {
        let mut read = Vec::new();
        for member in members {
            let name = format!("{prefix}{}", member.name);
            let place = format!("{place}{}", camel(&member.name));
            let Some(shape) = self.table.shapes.get(&member.shape) else {
                continue;
            };
            match self.value(shape, &name, &place) {
                Some(value) => read.push((member.name.as_str(), value)),
                None if member.required && !self.is_named(&place) => {
                    self.fault(&Shown::Null, &place, "Member must not be null");
                }
                None => {}
            }
        }
        Input(read)
    }

    /// `None` if the parameter is not there, or is wrong and was named.
    fn value(&mut self, shape: &'static Shape, name: &str, place: &str) -> Option<Value> {
        match shape {
            Shape::Structure { members } => {
                let prefix = format!("{name}.");
                let is_there = self.parameters.has_prefix(&prefix);
                is_there.then(|| {
                    Value::Structure(self.structure(members, &prefix, &format!("{place}.")))
                })
            }
            Shape::List { member, bounds } => self.list(member, *bounds, name, place),
            Shape::String {
                bounds,
                pattern,
                one_of,
            } => {
                let text = self.parameters.get(name)?;
                self.text(text, place, *bounds, pattern.as_deref(), one_of.as_deref());
                Some(Value::Text(text.to_owned()))
            }
            Shape::Integer { bounds } => {
                let text = self.parameters.get(name)?;
                self.integer(text, place, *bounds).map(Value::Integer)
            }
            Shape::Boolean => match self.parameters.get(name)? {
                text if text.eq_ignore_ascii_case("true") => Some(Value::Boolean(true)),
                text if text.eq_ignore_ascii_case("false") => Some(Value::Boolean(false)),
                text => {
                    let wanted = "Member must satisfy enum value set: [true, false]";
                    self.fault(&Shown::Text(text), place, wanted);
                    None
                }
            },
        }
    }

    /// Members are counted from 1 without a gap. `Name=` alone is the empty list.
    fn list(&mut self, member: &str, bounds: Bounds, name: &str, place: &str) -> Option<Value> {
        let shape = self.table.shapes.get(member)?;
        let mut members = Vec::new();
        for number in 1_usize.. {
            let name = format!("{name}.member.{number}");
            let is_there = self.parameters.get(&name).is_some()
                || self.parameters.has_prefix(&format!("{name}."));
            if !is_there {
                break;
            }
            let place = format!("{place}.{number}.member");
            members.extend(self.value(shape, &name, &place));
        }
        if members.is_empty() && self.parameters.get(name).is_none() {
            return None;
        }
        let length = i64::try_from(members.len()).unwrap_or(i64::MAX);
        self.bounds(
            "Member must have length",
            length,
            bounds,
            &Shown::Nothing,
            place,
        );
        Some(Value::List(members))
    }

    fn text(
        &mut self,
        text: &str,
        place: &str,
        bounds: Bounds,
        pattern: Option<&str>,
        one_of: Option<&[String]>,
    ) {
        let shown = Shown::Text(text);
        if let Some(one_of) = one_of
            && !one_of.iter().any(|one| one == text)
        {
            let set = one_of.join(", ");
            self.fault(
                &shown,
                place,
                &format!("Member must satisfy enum value set: [{set}]"),
            );
            return;
        }
        if let Some(pattern) = pattern
            && !text.is_empty()
            && !pattern::matches(pattern, text)
        {
            self.fault(
                &shown,
                place,
                &format!("Member must satisfy regular expression pattern: {pattern}"),
            );
        }
        let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
        self.bounds("Member must have length", length, bounds, &shown, place);
    }

    fn integer(&mut self, text: &str, place: &str, bounds: Bounds) -> Option<i64> {
        let Ok(number) = text.parse::<i32>().map(i64::from) else {
            let wanted = "Member must be an integer";
            self.fault(&Shown::Text(text), place, wanted);
            return None;
        };
        self.bounds(
            "Member must have value",
            number,
            bounds,
            &Shown::Text(text),
            place,
        );
        Some(number)
    }

    fn bounds(&mut self, what: &str, value: i64, bounds: Bounds, shown: &Shown<'_>, place: &str) {
        if let Some(max) = bounds.max.filter(|max| value > *max) {
            self.fault(shown, place, &format!("{what} less than or equal to {max}"));
        }
        if let Some(min) = bounds.min.filter(|min| value < *min) {
            self.fault(
                shown,
                place,
                &format!("{what} greater than or equal to {min}"),
            );
        }
    }

    fn fault(&mut self, shown: &Shown<'_>, place: &str, constraint: &str) {
        if self.faults.len() < FAULTS_MAX {
            self.faults.push(fault(shown, place, constraint));
        }
    }

    /// Whether a fault of this place is there already: a number that is none is not also absent.
    fn is_named(&self, place: &str) -> bool {
        let at = format!(" at '{place}' ");
        self.faults.iter().any(|fault| fault.contains(&at))
    }
}

/// How a fault shows the value.
enum Shown<'a> {
    Text(&'a str),
    /// It is not there.
    Null,
    /// A list is not shown.
    Nothing,
}

fn fault(shown: &Shown<'_>, place: &str, constraint: &str) -> String {
    let value = match shown {
        Shown::Text(text) => format!(" '{text}'"),
        Shown::Null => " null".to_owned(),
        Shown::Nothing => String::new(),
    };
    format!("Value{value} at '{place}' failed to satisfy constraint: {constraint}")
}

fn listed(faults: &[String]) -> String {
    let count = faults.len();
    let errors = if count == 1 { "error" } else { "errors" };
    format!(
        "{count} validation {errors} detected: {}",
        faults.join("; ")
    )
}

/// The name of a member in messages: `userName`, but `openIDConnectProviderArn` as it is.
fn camel(name: &str) -> String {
    let mut characters = name.chars();
    match characters.next() {
        Some(first) => first.to_ascii_lowercase().to_string() + characters.as_str(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Service;

    fn read_form(service: Service, action: &str, form: &str) -> Result<Input, String> {
        let operation = Operation::find(service, action).unwrap();
        let parameters = Parameters::parse(form).unwrap();
        Input::read(operation, &parameters).map_err(|error| error.message)
    }

    #[track_caller]
    fn check(service: Service, action: &str, form: &str, message: &str) {
        assert_eq!(read_form(service, action, form).unwrap_err(), message);
    }

    #[test]
    fn parameters_within_bounds_are_read() {
        let form = "UserName=alice&Path=%2Fa%2F&Tags.member.1.Key=team&Tags.member.1.Value=blue&Tags.member.2.Key=x&Tags.member.2.Value=&Other=1";
        let input = read_form(Service::Iam, "CreateUser", form).unwrap();
        assert_eq!(input.text("UserName"), Some("alice"));
        let keys: Vec<_> = input
            .structures("Tags")
            .map(|tag| tag.text("Key"))
            .collect();
        assert_eq!(keys, [Some("team"), Some("x")]);
        assert_eq!(input.text("Other"), None);
        let input = read_form(Service::Iam, "ListUsers", "MaxItems=7").unwrap();
        assert_eq!(input.integer("MaxItems"), Some(7));
    }

    #[test]
    fn faults_have_awss_words() {
        check(
            Service::Iam,
            "CreateUser",
            "",
            "1 validation error detected: Value null at 'userName' failed to satisfy constraint: Member must not be null",
        );
        check(
            Service::Iam,
            "CreateUser",
            "UserName=a/b",
            r"1 validation error detected: Value 'a/b' at 'userName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]+",
        );
        check(
            Service::Iam,
            "ListUsers",
            "MaxItems=0",
            "1 validation error detected: Value '0' at 'maxItems' failed to satisfy constraint: Member must have value greater than or equal to 1",
        );
        check(
            Service::Iam,
            "UpdateAccessKey",
            "AccessKeyId=AKIAIOSFODNN7EXAMPLE&Status=Off",
            "1 validation error detected: Value 'Off' at 'status' failed to satisfy constraint: Member must satisfy enum value set: [Active, Inactive, Expired]",
        );
        // A recording: facts: authorization.md 7.3.
        check(
            Service::Sts,
            "AssumeRole",
            "RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fr&RoleSessionName=Session1%3A2",
            r"1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*",
        );
    }

    #[test]
    fn every_fault_is_named() {
        check(
            Service::Iam,
            "TagUser",
            "UserName=&Tags.member.1.Key=k",
            "2 validation errors detected: Value '' at 'userName' failed to satisfy constraint: Member must have length greater than or equal to 1; Value null at 'tags.1.member.value' failed to satisfy constraint: Member must not be null",
        );
    }
}
