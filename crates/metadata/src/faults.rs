//! A seam at which tests interfere with commits.

use std::{fmt, sync::Arc};

use crate::StoreError;

/// A moment of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CommitStep {
    /// All statements have run, nothing is committed.
    Commit,
    /// The commit is durable, nobody has been told.
    Answer,
}

/// Asked at every step; what it returns as an error is what the writers are told.
pub trait CommitFaults: fmt::Debug + Send + Sync + 'static {
    /// Lets the step happen, or names the error that happens instead. An error at [`CommitStep::Commit`] undoes the
    /// write; one at [`CommitStep::Answer`] comes too late for that.
    ///
    /// # Errors
    /// The error that the writers get.
    fn before(&self, step: CommitStep) -> Result<(), StoreError>;
}

impl<F: CommitFaults + ?Sized> CommitFaults for Arc<F> {
    fn before(&self, step: CommitStep) -> Result<(), StoreError> {
        (**self).before(step)
    }
}

/// No step fails on purpose.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoCommitFaults;

impl CommitFaults for NoCommitFaults {
    fn before(&self, _: CommitStep) -> Result<(), StoreError> {
        Ok(())
    }
}
