//! Tidying up that nobody waits for.

use std::sync::{Mutex, PoisonError};

use tokio::{runtime::Handle, task::JoinSet};

/// Requests that undo what was given up. They end with the place; what they had not undone then, a sweep finds.
#[derive(Debug, Default)]
pub(super) struct Chores(Mutex<JoinSet<()>>);

impl Chores {
    /// Does it in the background. The crate's bounds on tries and time bound how many there are.
    pub(super) fn add(&self, chore: impl Future<Output = ()> + Send + 'static) {
        // Without a runtime the process is ending.
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        let mut chores = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while chores.try_join_next().is_some() {}
        chores.spawn_on(chore, &runtime);
    }
}
