//! Why the program stops: one sentence, and the exit code that tells the two kinds apart.

use std::fmt::Display;
use std::process::ExitCode;

/// A failure that ends the program.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// What the operator asked for cannot be. Nothing has been created. Exit code 2.
    #[error("{0}")]
    Configuration(String),
    /// Something around the program failed. Exit code 1.
    #[error("{0}")]
    Runtime(String),
}

impl Failure {
    pub(crate) fn configuration(sentence: impl Display) -> Self {
        Self::Configuration(sentence.to_string())
    }

    pub(crate) fn runtime(sentence: impl Display) -> Self {
        Self::Runtime(sentence.to_string())
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Configuration(_) => ExitCode::from(2),
            Self::Runtime(_) => ExitCode::FAILURE,
        }
    }

    #[expect(clippy::print_stderr, reason = "the sentence the operator reads")]
    pub(crate) fn print(&self) {
        eprintln!("buckler: {self}");
    }
}
