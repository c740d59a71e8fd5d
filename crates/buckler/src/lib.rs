//! `buckler`: the command line, configuration, start-up and shutdown.

mod account;
mod backup;
mod cli;
mod config;
mod doctor;
mod error;
mod migrate;
mod policy;
mod seams;
mod serve;

use std::process::ExitCode;

use clap::Parser as _;

pub use seams::Seams;

use crate::policy::PolicyCommand;

/// Does what the command line says.
pub fn main(seams: Seams) -> ExitCode {
    let command = match cli::Cli::try_parse() {
        Ok(cli) => cli.into_command(),
        Err(error) => return usage(&error),
    };
    let outcome = match command {
        cli::Command::Serve(arguments) => serve::run(*arguments, seams).map(|()| ExitCode::SUCCESS),
        cli::Command::Account(arguments) => account::run(arguments).map(|()| ExitCode::SUCCESS),
        cli::Command::Doctor(arguments) => doctor::run(arguments),
        cli::Command::Backup(arguments) => backup::backup(arguments),
        cli::Command::Restore(arguments) => backup::restore(arguments),
        cli::Command::Migrate(arguments) => migrate::run(*arguments),
        cli::Command::Policy(arguments) => match arguments.command {
            PolicyCommand::Check(arguments) => policy::check(&arguments),
            PolicyCommand::Explain(arguments) => policy::explain(&arguments),
        },
    };
    match outcome {
        Ok(code) => code,
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
