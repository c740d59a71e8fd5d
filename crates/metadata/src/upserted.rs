//! What became of a row that was to be as given.

/// What writing a row that may have been there changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Upserted {
    /// It was not there.
    Created,
    /// It was there and differed.
    Changed,
    /// It was there, just so; nothing was written.
    Unchanged,
}
