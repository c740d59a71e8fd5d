//! One element of a document that was read.

use crate::S3Error;

/// An element: its local name, its `xsi:type`, its text or its children.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    name: Box<str>,
    schema_type: Option<Box<str>>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    pub(super) fn new(name: &str, schema_type: Option<&str>) -> Self {
        Self {
            name: name.into(),
            schema_type: schema_type.map(Into::into),
            text: String::new(),
            children: Vec::new(),
        }
    }

    pub(super) fn push_child(&mut self, child: Self) {
        self.children.push(child);
    }

    pub(super) fn push_text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Whether it has text or children, not both; white space between children is none.
    pub(super) fn is_tidy(&self) -> bool {
        self.children.is_empty() || self.text.trim_matches([' ', '\t', '\r', '\n']).is_empty()
    }

    /// The local name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `xsi:type`.
    pub fn schema_type(&self) -> Option<&str> {
        self.schema_type.as_deref()
    }

    /// The children, in order.
    pub fn children(&self) -> &[Self] {
        &self.children
    }

    /// The text of an element that has no children, as it stands.
    ///
    /// # Errors
    /// `MalformedXML` when there are children.
    pub fn text(&self) -> Result<&str, S3Error> {
        if self.children.is_empty() {
            Ok(&self.text)
        } else {
            Err(S3Error::malformed_xml())
        }
    }

    /// Refuses children of other names, and text where children are expected.
    ///
    /// # Errors
    /// `MalformedXML`.
    pub fn allow(&self, names: &[&str]) -> Result<(), S3Error> {
        let known = self
            .children
            .iter()
            .all(|child| names.contains(&child.name()));
        let blank =
            !self.children.is_empty() || self.text.trim_matches([' ', '\t', '\r', '\n']).is_empty();
        if known && blank {
            Ok(())
        } else {
            Err(S3Error::malformed_xml())
        }
    }

    /// The one child of that name, if there is one.
    ///
    /// # Errors
    /// `MalformedXML` when there are several.
    pub fn optional(&self, name: &str) -> Result<Option<&Self>, S3Error> {
        let mut found = self.children.iter().filter(|child| child.name() == name);
        let first = found.next();
        if found.next().is_some() {
            Err(S3Error::malformed_xml())
        } else {
            Ok(first)
        }
    }

    /// The one child of that name.
    ///
    /// # Errors
    /// `MalformedXML` when there is none or several.
    pub fn required(&self, name: &str) -> Result<&Self, S3Error> {
        self.optional(name)?.ok_or(S3Error::malformed_xml())
    }

    /// The text of the one child of that name, if there is one.
    ///
    /// # Errors
    /// `MalformedXML` when there are several, or it has children.
    pub fn optional_text(&self, name: &str) -> Result<Option<&str>, S3Error> {
        self.optional(name)?.map(Self::text).transpose()
    }

    /// The text of the one child of that name.
    ///
    /// # Errors
    /// `MalformedXML` when there is none or several, or it has children.
    pub fn required_text(&self, name: &str) -> Result<&str, S3Error> {
        self.required(name)?.text()
    }
}
