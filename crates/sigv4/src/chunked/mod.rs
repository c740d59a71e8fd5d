//! Bodies in `aws-chunked` framing, decoded as they arrive.

mod decoder;
mod error;
mod header;
mod line;
mod signer;
mod trailer;

pub use decoder::{ChunkMode, ChunkedDecoder};
pub use error::ChunkError;
pub use signer::ChunkSigner;
pub use trailer::Trailers;
