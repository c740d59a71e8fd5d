//! The checked parameters of a call.

use super::{Operation, Parameters, QueryError, validation};

/// The parameters of a call, or of one structure in it: within the bounds of AWS's model, all required ones there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Input(pub(super) Vec<(&'static str, Value)>);

/// The value of a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text.
    Text(String),
    /// A number.
    Integer(i64),
    /// `true` or `false`.
    Boolean(bool),
    /// A list.
    List(Vec<Value>),
    /// A structure.
    Structure(Input),
}

/// Reads the typed input of an operation from checked parameters.
pub trait FromInput: Sized {
    /// Reads the input.
    ///
    /// # Errors
    /// What AWS checks beyond its model.
    fn from_input(input: &Input) -> Result<Self, QueryError>;
}

impl FromInput for () {
    fn from_input(_: &Input) -> Result<Self, QueryError> {
        Ok(())
    }
}

impl Input {
    /// Reads the parameters of an operation. What it does not have is ignored, as AWS does.
    ///
    /// # Errors
    /// `ValidationError`, naming everything that is out of bounds.
    pub fn read(operation: Operation, parameters: &Parameters) -> Result<Self, QueryError> {
        validation::read(operation, parameters)
    }

    /// A parameter.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let mut members = self.0.iter();
        members
            .find(|(other, _)| *other == name)
            .map(|(_, value)| value)
    }

    /// A parameter's text, if it is there.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text of a parameter that has to be there.
    ///
    /// # Errors
    /// `ValidationError` if it is not: the operation wants more than AWS's model says.
    pub fn required(&self, name: &str) -> Result<&str, QueryError> {
        self.text(name)
            .ok_or_else(|| QueryError::validation(validation::absent(name)))
    }

    /// A parameter's number, if it is there.
    pub fn integer(&self, name: &str) -> Option<i64> {
        match self.get(name)? {
            Value::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// Whether a parameter is there and `true`.
    pub fn is_true(&self, name: &str) -> bool {
        matches!(self.get(name), Some(Value::Boolean(true)))
    }

    /// The members of a list; none if it is not there.
    pub fn list(&self, name: &str) -> &[Value] {
        match self.get(name) {
            Some(Value::List(members)) => members,
            _ => &[],
        }
    }

    /// The members of a list of texts.
    pub fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        self.list(name).iter().filter_map(|value| match value {
            Value::Text(text) => Some(text.as_str()),
            _ => None,
        })
    }

    /// The members of a list of structures.
    pub fn structures(&self, name: &str) -> impl Iterator<Item = &Input> {
        self.list(name).iter().filter_map(|value| match value {
            Value::Structure(structure) => Some(structure),
            _ => None,
        })
    }
}
