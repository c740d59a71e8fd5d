//! `buckler policy`: what is wrong in a policy, and what several of them decide.
//!
//! Nothing here serves, writes or listens. What is asked about stands in files, or in the rows of a store, which may be
//! in use by a server meanwhile.

mod arguments;
mod check;
mod context;
mod explain;
mod files;
mod output;
mod principal;
mod question;
mod stored;

pub(crate) use arguments::{PolicyArguments, PolicyCommand};
pub(crate) use check::check;
pub(crate) use explain::explain;
