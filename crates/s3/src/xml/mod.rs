//! XML in and out: a bounded reader and a writer of AWS's exact form.

mod writer;

pub use writer::{NAMESPACE, Writer};
