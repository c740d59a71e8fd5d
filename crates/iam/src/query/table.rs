//! What each operation takes, as AWS's service models say it.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::Service;

/// Operations and shapes of one service.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Table {
    pub(super) operations: HashMap<String, Row>,
    pub(super) shapes: HashMap<String, Shape>,
}

/// One operation.
#[derive(Debug, Deserialize)]
pub(super) struct Row {
    /// Whether an answer has a result.
    pub(super) result: bool,
    /// Whether AWS takes it without a signature.
    pub(super) unsigned: bool,
    /// The shape of its parameters; `None` if it takes none.
    pub(super) input: Option<String>,
}

/// What a parameter may be.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(super) enum Shape {
    Structure {
        members: Vec<Member>,
    },
    List {
        member: String,
        #[serde(flatten)]
        bounds: Bounds,
    },
    String {
        #[serde(flatten)]
        bounds: Bounds,
        pattern: Option<String>,
        #[serde(rename = "enum")]
        one_of: Option<Vec<String>>,
    },
    Integer {
        #[serde(flatten)]
        bounds: Bounds,
    },
    Boolean,
}

/// The smallest and the greatest: of a length in characters or members, or of a number.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct Bounds {
    pub(super) min: Option<i64>,
    pub(super) max: Option<i64>,
}

/// One member of a structure.
#[derive(Debug, Deserialize)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) shape: String,
    pub(super) required: bool,
}

/// The table of a service, read when the first call comes.
pub(super) fn of(service: Service) -> &'static Table {
    static IAM: LazyLock<Table> = LazyLock::new(|| read(include_str!("../../data/iam.json")));
    static STS: LazyLock<Table> = LazyLock::new(|| read(include_str!("../../data/sts.json")));
    match service {
        Service::Iam => &IAM,
        Service::Sts => &STS,
    }
}

/// A test holds that both can be read.
fn read(text: &str) -> Table {
    serde_json::from_str(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_its_shapes() {
        for service in Service::ALL {
            let table = of(service);
            assert!(!table.operations.is_empty(), "{service:?}");
            let inputs = table
                .operations
                .values()
                .filter_map(|row| row.input.as_ref());
            let members = table.shapes.values().flat_map(|shape| match shape {
                Shape::Structure { members } => members.iter().map(|one| &one.shape).collect(),
                Shape::List { member, .. } => vec![member],
                Shape::String { .. } | Shape::Integer { .. } | Shape::Boolean => Vec::new(),
            });
            for name in inputs.chain(members) {
                assert!(table.shapes.contains_key(name), "{name}");
            }
        }
    }
}
