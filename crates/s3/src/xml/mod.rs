//! XML in and out: a bounded reader and a writer of AWS's exact form.

mod element;
mod reader;
mod writer;

pub use element::Element;
pub use reader::{DEPTH_MAX, ELEMENTS_MAX, XmlError, read};
pub use writer::{NAMESPACE, Writer};

pub(crate) use reader::read_required;
pub(crate) use writer::escape;
