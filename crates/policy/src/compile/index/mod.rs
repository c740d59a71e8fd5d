//! Which statements of a policy can apply at all, found without looking at them.
//!
//! A row has one bit per statement. For a question there is a row of the statements that are about its action, rows of
//! those whose resources can begin as its resource does, and rows of those that name its caller. Only the statements
//! in all three are asked, and a condition that fails takes with it every other statement that has it.

mod callers;
mod prefixes;
mod rows;

pub(super) use callers::{CallerIndex, CallerRows, CallerWord};
pub(super) use prefixes::{Place, PrefixIndex};
pub(super) use rows::{Bits, Row, Rows, RowsBuilder};
