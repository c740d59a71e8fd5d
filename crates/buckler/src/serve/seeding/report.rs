//! What a seed has changed, for the log.

use buckler_metadata::Upserted;

/// Counts what was made and changed, and says of each what it is.
#[derive(Debug, Default)]
pub(super) struct Report {
    created: usize,
    changed: usize,
}

impl Report {
    /// Takes down what became of one thing; `name` is without secrets.
    pub(super) fn note(&mut self, outcome: Upserted, name: &str) {
        match outcome {
            Upserted::Created => {
                self.created += 1;
                tracing::info!("the accounts file made {name}");
            }
            Upserted::Changed => {
                self.changed += 1;
                tracing::info!("the accounts file changed {name}");
            }
            Upserted::Unchanged => {}
        }
    }

    /// The last line: how much there was to do.
    pub(super) fn summarize(&self) {
        tracing::info!(
            created = self.created,
            changed = self.changed,
            "accounts applied"
        );
    }
}
