//! The one pipeline from bytes to answer, and the operations of Amazon S3.
