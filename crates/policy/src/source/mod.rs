//! Where things stand in the text of a policy: for findings, never for decisions.
//!
//! The ordinary parse knows nothing of positions and pays nothing for them. A text is read here a second time, and only
//! after [`json`](crate::json) has found it to be JSON.

mod path;
mod position;
mod scan;
mod statements;

pub use path::{Path, PathPart};
pub use position::Position;
pub(crate) use position::{Lines, Span};
pub(crate) use scan::{Member, Node, Value, scan};
pub use statements::{StatementSpan, statement_spans};
