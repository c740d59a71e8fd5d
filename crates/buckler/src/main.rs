//! `buckler`: the command line, configuration, start-up and shutdown.

mod cli;
mod config;
mod error;
mod serve;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let command = match cli::Cli::try_parse() {
        Ok(cli) => cli.into_command(),
        Err(error) => return usage(&error),
    };
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

/// Help and version as `clap` prints them; a mistake as one sentence.
fn usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        // A closed stdout is no mistake of the caller's.
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    let text = error.render().to_string();
    let first = text.split("\n\n").next().unwrap_or_default();
    let sentence = first
        .trim_start_matches("error: ")
        .split_whitespace()
        .collect::<Vec<_>>();
    let failure = error::Failure::configuration(sentence.join(" "));
    failure.print();
    failure.exit_code()
}
