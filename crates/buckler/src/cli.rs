//! The command line. Every flag is also an environment variable and a member of `buckler.toml`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// S3-compatible object storage whose authorization is exact.
#[derive(Debug, Parser)]
#[command(version, about, args_conflicts_with_subcommands = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: ServeArguments,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serves S3 (what `buckler` alone does).
    Serve(ServeArguments),
}

impl Cli {
    pub(crate) fn into_command(self) -> Command {
        self.command.unwrap_or(Command::Serve(self.serve))
    }
}

/// What `serve` can be told. A flag beats its variable, which beats the configuration file.
#[derive(Debug, Args)]
pub(crate) struct ServeArguments {
    /// Configuration file; `buckler.toml` in the working directory if it is there.
    #[arg(long, env = "BUCKLER_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Address to listen on; 127.0.0.1:9000 by default, port 0 for any free one.
    #[arg(long, env = "BUCKLER_LISTEN", value_name = "ADDRESS")]
    pub(crate) listen: Option<String>,
    /// Folder of the data; `./buckler-data` by default.
    #[arg(long, env = "BUCKLER_DATA", value_name = "FOLDER")]
    pub(crate) data: Option<PathBuf>,
    /// Where the rows are: `sqlite://PATH` (inside the data folder by default) or `postgres://…`.
    #[arg(
        long,
        env = "BUCKLER_DATABASE",
        value_name = "URL",
        hide_env_values = true
    )]
    pub(crate) database: Option<String>,
    /// Where the bytes are: `file://PATH` (inside the data folder by default).
    #[arg(long, env = "BUCKLER_BLOBS", value_name = "URL")]
    pub(crate) blobs: Option<String>,
    /// Seed file of accounts, users and buckets, applied at every start.
    #[arg(long, env = "BUCKLER_ACCOUNTS", value_name = "FILE")]
    pub(crate) accounts: Option<PathBuf>,
    /// Region that requests must be signed for; us-east-1 by default.
    #[arg(long, env = "BUCKLER_REGION", value_name = "REGION")]
    pub(crate) region: Option<String>,
    /// Domain under which buckets are host names (`bucket.DOMAIN`); may be given several times.
    #[arg(
        long,
        env = "BUCKLER_DOMAIN",
        value_name = "DOMAIN",
        value_delimiter = ','
    )]
    pub(crate) domain: Vec<String>,
    /// Reverse proxies in front of the server, as addresses and ranges; only their `X-Forwarded-For`
    /// and `X-Forwarded-Proto` are believed. May be given several times.
    #[arg(
        long,
        env = "BUCKLER_TRUSTED_PROXIES",
        value_name = "CIDR",
        value_delimiter = ','
    )]
    pub(crate) trusted_proxies: Vec<String>,
    /// Keeps nothing: a server for tests, with fixed credentials.
    #[arg(long, env = "BUCKLER_EPHEMERAL", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub(crate) ephemeral: Option<bool>,
    /// Block Public Access of new buckets: `true` (as on AWS, the default) or `false`.
    #[arg(
        long,
        env = "BUCKLER_NEW_BUCKET_PUBLIC_ACCESS_BLOCK",
        value_name = "BOOL"
    )]
    pub(crate) new_bucket_public_access_block: Option<bool>,
    /// Object Ownership of new buckets: `BucketOwnerEnforced` (as on AWS, the default),
    /// `BucketOwnerPreferred` or `ObjectWriter`.
    #[arg(long, env = "BUCKLER_NEW_BUCKET_OWNERSHIP", value_name = "OWNERSHIP")]
    pub(crate) new_bucket_ownership: Option<String>,
    /// What is logged, in `tracing`'s filter language; `warn` by default, `info` adds a line per
    /// request with its decision.
    #[arg(long, env = "BUCKLER_LOG", value_name = "FILTER")]
    pub(crate) log: Option<String>,
    #[command(flatten)]
    pub(crate) first: FirstAccount,
}

/// The first account's root keys and buckets: environment only, because a secret on a command
/// line is read by everyone on the machine.
#[derive(Debug, Args)]
pub(crate) struct FirstAccount {
    #[arg(
        long,
        hide = true,
        env = "BUCKLER_ROOT_ACCESS_KEY",
        hide_env_values = true
    )]
    pub(crate) root_access_key: Option<String>,
    #[arg(
        long,
        hide = true,
        env = "BUCKLER_ROOT_SECRET_KEY",
        hide_env_values = true
    )]
    pub(crate) root_secret_key: Option<String>,
    #[arg(long, hide = true, env = "MINIO_ROOT_USER", hide_env_values = true)]
    pub(crate) minio_root_user: Option<String>,
    #[arg(long, hide = true, env = "MINIO_ROOT_PASSWORD", hide_env_values = true)]
    pub(crate) minio_root_password: Option<String>,
    #[arg(long, hide = true, env = "BUCKLER_MASTER_KEY", hide_env_values = true)]
    pub(crate) master_key: Option<String>,
    /// Buckets of the first account that are made at start if they are not there.
    #[arg(
        long,
        env = "BUCKLER_BUCKETS",
        value_name = "NAMES",
        value_delimiter = ','
    )]
    pub(crate) buckets: Vec<String>,
}
