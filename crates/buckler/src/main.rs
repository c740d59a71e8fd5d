//! The program `buckler`.

use std::process::ExitCode;

fn main() -> ExitCode {
    buckler::main(buckler::Seams::default())
}
