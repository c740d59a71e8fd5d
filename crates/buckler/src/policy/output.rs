//! Writing answers.

use std::io::Write as _;

/// Writes to standard output. A reader that has closed it has read enough.
pub(super) fn print(text: &str) {
    let mut stdout = std::io::stdout().lock();
    let _ = stdout.write_all(text.as_bytes());
    let _ = stdout.flush();
}

/// Writes one line to standard error.
pub(super) fn note(line: &str) {
    let mut stderr = std::io::stderr().lock();
    let _ = writeln!(stderr, "{line}");
}

/// A JSON value on lines of its own.
pub(super) fn pretty(value: &serde_json::Value) -> String {
    format!("{value:#}\n")
}
