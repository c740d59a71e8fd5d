//! Texts with `*`, `?` and `${…}`, split once and matched without going back.

mod fold;
mod matcher;
mod search;
mod short;
mod text_set;
mod tokens;

pub(crate) use fold::FoldedText;
pub(crate) use matcher::{Pattern, Rest};
pub(crate) use short::strip_prefix;
pub(crate) use text_set::{TextMap, TextSet};
pub(crate) use tokens::{Token, Variable, Variables, Wildcards, tokens};
