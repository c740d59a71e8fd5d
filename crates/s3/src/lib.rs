//! The Amazon S3 protocol: which operation a request is, its typed input, XML, the error table. Pure.
