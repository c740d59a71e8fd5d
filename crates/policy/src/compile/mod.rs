//! The fast form of a policy: everything that can be known before a request is.

mod actions;
mod conditions;
mod index;
mod keys;
mod policy;
mod principals;
mod public;
mod resources;
mod statement;
mod subject;

pub(crate) use actions::{ActionSet, Asked};
pub(crate) use keys::read_by as keys_read_by;
pub use policy::CompiledPolicy;
pub(crate) use policy::Verdict;
pub(crate) use principals::MatchKinds;
pub(crate) use public::is_public_statement;
pub use statement::StatementRef;
pub(crate) use statement::{CompiledStatement, StatementTrace};
pub(crate) use subject::{S3Subject, Subject};
