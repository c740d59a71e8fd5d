//! AWS Signature Version 4 verification: header, presigned, chunked, trailer, browser form; Version 4A
//! (ECDSA); and Version 2, where it is wanted. Pure.
//!
//! This room knows how a request says who signed it, how the signature is checked, and how a body in
//! `aws-chunked` framing is decoded; it speaks AWS's words, message for message. It must never know accounts,
//! where keys come from, the clock (`now` is an argument), HTTP statuses or operations.
//!
//! The way of a request: [`read`] judges all that can be judged without a key, the caller looks the key up
//! by [`Presentation::access_key_id`], [`Presentation::verify`] judges the signature, and a streaming body goes
//! through a [`ChunkedDecoder`].
//!
//! ```
//! use buckler_sigv4::{Endpoint, Presented, Request, SecretKey, SignatureV2, VerifyingKey, read};
//! use http::{HeaderMap, HeaderValue};
//! use time::macros::datetime;
//!
//! let mut headers = HeaderMap::new();
//! headers.insert("host", HeaderValue::from_static("examplebucket.s3.amazonaws.com"));
//! let query = "X-Amz-Algorithm=AWS4-HMAC-SHA256\
//!     &X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request\
//!     &X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host\
//!     &X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
//! let request = Request { method: "GET", raw_path: "/test.txt", raw_query: query, headers: &headers };
//! let endpoint = Endpoint { region: "us-east-1", service: "s3", signature_v2: SignatureV2::Refused };
//!
//! let Presented::Signed(presentation) = read(&request, &endpoint, datetime!(2013-05-24 12:00 UTC))? else {
//!     panic!("the request is signed");
//! };
//! let secret = SecretKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned());
//! let key = VerifyingKey::derive(&secret, presentation.version());
//! presentation.verify(&request, &key)?;
//! # Ok::<(), buckler_sigv4::AuthError>(())
//! ```

mod anonymous;
mod authorization_header;
mod canonical;
mod chunked;
mod credential;
mod digits;
mod error;
mod mismatch;
mod payload;
mod percent;
mod post_form;
mod presentation;
mod presigned;
mod query;
mod read;
mod request;
mod scope;
mod signed_headers;
mod signing_key;
mod string_to_sign;
mod time_window;
mod timestamp;
mod v2;
mod v4a;
mod verify;
mod version;

pub use chunked::{ChunkError, ChunkMode, ChunkSigner, ChunkedDecoder, Trailers};
pub use error::{AuthError, CredentialFault, SecurityToken};
pub use mismatch::SignatureMismatch;
pub use payload::Payload;
pub use post_form::{FormSignature, read_form};
pub use presentation::{Method, Presentation, Presented};
pub use read::read;
pub use request::{Endpoint, Request};
pub use scope::CredentialScope;
pub use signing_key::{SecretKey, SigningKey};
pub use v2::SignatureV2;
pub use v4a::ScopeV4A;
pub use verify::VerifiedRequest;
pub use version::{VerifyingKey, Version};
