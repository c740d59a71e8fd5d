//! `buckler`: the command line, configuration, start-up and shutdown.

mod cli;
mod config;
mod error;
mod serve;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let command = cli::Cli::parse().into_command();
    let outcome = match command {
        cli::Command::Serve(arguments) => serve::run(arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            error.print();
            error.exit_code()
        }
    }
}
