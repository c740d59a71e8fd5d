//! The operations of IAM and STS, by name.

use super::service::Service;
use super::table::{self, Row};

/// An operation that AWS has, whether or not it is in here.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    service: Service,
    name: &'static str,
    row: &'static Row,
}

impl Operation {
    /// The operation of this name; letter case counts.
    pub fn find(service: Service, name: &str) -> Option<Self> {
        let (name, row) = table::of(service).operations.get_key_value(name)?;
        Some(Self { service, name, row })
    }

    /// Every operation of a service, in no order.
    pub fn all(service: Service) -> impl Iterator<Item = Self> {
        let operations = table::of(service).operations.iter();
        operations.map(move |(name, row)| Self { service, name, row })
    }

    /// Its service.
    pub fn service(&self) -> Service {
        self.service
    }

    /// Its name: `CreateUser`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The action that permits it: `iam:CreateUser`.
    pub fn action(&self) -> String {
        format!("{}:{}", self.service.name(), self.name)
    }

    /// Whether an answer has a result element.
    pub fn has_result(&self) -> bool {
        self.row.result
    }

    /// Whether AWS takes it without a signature: the token it carries is the proof.
    pub fn is_unsigned(&self) -> bool {
        self.row.unsigned
    }

    /// The name of the shape of its parameters.
    pub(super) fn input(&self) -> Option<&'static str> {
        self.row.input.as_deref()
    }
}
