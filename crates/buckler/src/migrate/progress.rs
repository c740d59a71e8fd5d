//! How far it is: a bar on a terminal, a line now and then elsewhere. On standard error, so that what a program reads
//! from standard output is the outcome alone.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// Between two lines.
const LINE: Duration = Duration::from_secs(10);

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Rows,
    Bytes,
}

/// One part of the work.
#[derive(Debug)]
pub(super) struct Progress {
    name: String,
    total: u64,
    unit: Unit,
    shown: Shown,
}

#[derive(Debug)]
enum Shown {
    Bar(ProgressBar),
    Lines(Instant),
}

impl Progress {
    pub(super) fn new(name: &str, total: u64, unit: Unit) -> Self {
        Self {
            name: name.to_owned(),
            total,
            unit,
            shown: if std::io::stderr().is_terminal() {
                Shown::Bar(bar(name, total, unit))
            } else {
                Shown::Lines(Instant::now())
            },
        }
    }

    /// So much of the total is done.
    pub(super) fn is_at(&mut self, done: u64) {
        match &mut self.shown {
            Shown::Bar(bar) => bar.set_position(done),
            Shown::Lines(last) if last.elapsed() >= LINE => {
                *last = Instant::now();
                let (name, total) = (&self.name, self.total);
                let unit = self.unit.name();
                say(&format!("{name}: {done} of {total} {unit}"));
            }
            Shown::Lines(_) => {}
        }
    }

    /// All of it is done.
    pub(super) fn finish(self, outcome: &str) {
        if let Shown::Bar(bar) = &self.shown {
            bar.finish_and_clear();
        }
        say(&format!("{}: {outcome}", self.name));
    }
}

impl Unit {
    const fn name(self) -> &'static str {
        match self {
            Self::Rows => "rows",
            Self::Bytes => "bytes",
        }
    }
}

fn bar(name: &str, total: u64, unit: Unit) -> ProgressBar {
    let template = match unit {
        Unit::Rows => "{prefix:24} {wide_bar} {human_pos}/{human_len} rows {eta}",
        Unit::Bytes => {
            "{prefix:24} {wide_bar} {binary_bytes}/{binary_total_bytes} {binary_bytes_per_sec} {eta}"
        }
    };
    let bar = ProgressBar::new(total).with_prefix(name.to_owned());
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// A line for whoever watches.
pub(super) fn say(line: &str) {
    // Nobody watches any more; the work is to end all the same.
    _ = writeln!(std::io::stderr().lock(), "{line}");
}
