//! What the machine allows: a server that does nothing but the I/O of an object store, and the rates of what it is made of.
//!
//! ```text
//! bare serve memory|files|sqlite FOLDER     PUT, GET, HEAD and DELETE of paths; prints where it listens
//! bare limits FOLDER SECONDS                one JSON document of rates
//! ```
//!
//! No authentication, no checksums, no listings, no answers that S3 would give.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a bench stops where it fails"
)]

mod files;
mod limits;
mod memory;
mod rows;
mod serve;

use std::{env, path::PathBuf};

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["serve", kind, folder] => serve::run(kind, &PathBuf::from(folder)),
        ["limits", folder, seconds] => {
            limits::run(&PathBuf::from(folder), seconds.parse().expect("seconds"));
        }
        _ => panic!("usage: bare serve memory|files|sqlite FOLDER | bare limits FOLDER SECONDS"),
    }
}
