//! Texts with `*`, `?` and `${…}`, split once and matched without going back.

mod fold;
mod matcher;
mod tokens;

pub(crate) use fold::FoldedText;
pub(crate) use matcher::Pattern;
pub(crate) use tokens::{Token, Variable, Variables, Wildcards, tokens};
