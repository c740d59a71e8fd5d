//! The fast form of a policy: everything that can be known before a request is.

mod actions;
mod keys;
mod policy;
mod principals;
mod public;
mod resources;
mod statement;

pub(crate) use actions::{ActionSet, Asked};
pub(crate) use keys::read_by as keys_read_by;
pub use policy::CompiledPolicy;
pub(crate) use policy::Verdict;
pub(crate) use principals::MatchKinds;
pub(crate) use public::is_public_statement;
pub(crate) use resources::Subject;
pub use statement::StatementRef;
pub(crate) use statement::{CompiledStatement, StatementTrace};
