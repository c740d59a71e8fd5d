//! AWS IAM policies: parse, validate, normalise, compile, decide, explain. Pure.
