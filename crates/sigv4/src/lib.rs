//! AWS Signature Version 4 verification: header, presigned, chunked, trailer. Pure.
