//! The command line. Every flag is also an environment variable and a member of `buckler.toml`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::account::AccountArguments;
use crate::policy::PolicyArguments;

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
    Serve(Box<ServeArguments>),
    /// Examines whether rows and bytes fit together; exit code 1 if they do not.
    Doctor(DoctorArguments),
    /// Copies everything, consistently, into a new folder; the server may go on.
    Backup(BackupArguments),
    /// Puts a backup where a server will look for its data.
    Restore(RestoreArguments),
    /// Moves everything to another database, to another place for the bytes, or both; reads go on meanwhile.
    Migrate(Box<MigrateArguments>),
    /// Makes, lists and changes accounts.
    Account(AccountArguments),
    /// Looks at policies: what is wrong in one, and what several of them decide.
    Policy(PolicyArguments),
}

impl Cli {
    pub(crate) fn into_command(self) -> Command {
        self.command
            .unwrap_or_else(|| Command::Serve(Box::new(self.serve)))
    }
}

/// Where the rows are that a command works on: as for `serve`.
#[derive(Debug, Args)]
pub(crate) struct StoreArguments {
    /// Configuration file; `buckler.toml` in the working directory if it is there.
    #[arg(long, env = "BUCKLER_CONFIG", value_name = "FILE", global = true)]
    pub(crate) config: Option<PathBuf>,
    /// Folder of the data; `./buckler-data` by default.
    #[arg(long, env = "BUCKLER_DATA", value_name = "FOLDER", global = true)]
    pub(crate) data: Option<PathBuf>,
    /// Where the rows are: `sqlite://PATH` (inside the data folder by default) or `postgres://…`.
    #[arg(
        long,
        env = "BUCKLER_DATABASE",
        value_name = "URL",
        hide_env_values = true,
        global = true
    )]
    pub(crate) database: Option<String>,
    #[arg(long, hide = true, env = "BUCKLER_MASTER_KEY", hide_env_values = true)]
    pub(crate) master_key: Option<String>,
}

/// Where the data is: what every command about stored data can be told.
#[derive(Debug, Args)]
pub(crate) struct StorageArguments {
    /// Configuration file; `buckler.toml` in the working directory if it is there.
    #[arg(long, env = "BUCKLER_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
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
    /// Where the bytes are: `file://PATH` (inside the data folder by default), `s3://BUCKET/PREFIX`,
    /// `gs://BUCKET/PREFIX` or `az://CONTAINER/PREFIX`; how to reach them is said by `BUCKLER_BLOBS_…` variables.
    #[arg(long, env = "BUCKLER_BLOBS", value_name = "URL")]
    pub(crate) blobs: Option<String>,
}

/// What `doctor` can be told. On SQLite no server may be running; on Postgres it may.
#[derive(Debug, Args)]
pub(crate) struct DoctorArguments {
    #[command(flatten)]
    pub(crate) storage: StorageArguments,
    /// Reads all bytes and compares them with their checksums.
    #[arg(long)]
    pub(crate) deep: bool,
    /// Removes what no row names: blobs, and what writers left behind. Never what a row names.
    #[arg(long)]
    pub(crate) repair: bool,
    /// Seconds that a blob without a row is given to get one, if a server is running.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub(crate) grace: u64,
    /// How to report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// What `backup` can be told.
#[derive(Debug, Args)]
pub(crate) struct BackupArguments {
    /// A folder that is not there yet, or empty.
    #[arg(value_name = "DEST")]
    pub(crate) destination: PathBuf,
    #[command(flatten)]
    pub(crate) storage: StorageArguments,
    /// Copies bytes also where a second name for the same file would do (on the same file system).
    #[arg(long)]
    pub(crate) copy: bool,
    /// On Postgres, the command that saves the rows, such as `pg_dump …`. While it runs, no bytes are removed.
    #[arg(last = true, value_name = "COMMAND")]
    pub(crate) command: Vec<String>,
}

/// What `restore` can be told. No server may be running on the data.
#[derive(Debug, Args)]
pub(crate) struct RestoreArguments {
    /// The folder of the backup.
    #[arg(value_name = "SRC")]
    pub(crate) source: PathBuf,
    #[command(flatten)]
    pub(crate) storage: StorageArguments,
    /// Copies bytes also where a second name for the same file would do (on the same file system).
    #[arg(long)]
    pub(crate) copy: bool,
}

/// What `migrate` can be told. `--data`, `--database` and `--blobs` name what is moved.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").required(true).multiple(true)
    .args(["to_database", "to_blobs", "abort", "cut_over"]))]
pub(crate) struct MigrateArguments {
    #[command(flatten)]
    pub(crate) storage: StorageArguments,
    /// Where the rows go: `sqlite://PATH` or `postgres://…`, a database with nothing in it.
    #[arg(
        long,
        value_name = "URL",
        env = "BUCKLER_TO_DATABASE",
        hide_env_values = true
    )]
    pub(crate) to_database: Option<String>,
    /// Where the bytes go.
    #[arg(long, value_name = "URL")]
    pub(crate) to_blobs: Option<String>,
    /// Reads all bytes once more where they have arrived.
    #[arg(long, requires = "to_blobs")]
    pub(crate) deep: bool,
    /// Copies damaged bytes as they are, and goes on where bytes are missing.
    #[arg(long, requires = "to_blobs")]
    pub(crate) keep_damage: bool,
    /// Blobs that are copied at once.
    #[arg(long, value_name = "NUMBER", default_value_t = 8, requires = "to_blobs",
        value_parser = clap::value_parser!(u8).range(1..=64))]
    pub(crate) parallel: u8,
    /// Gives a migration up: the store takes changes again.
    #[arg(long, conflicts_with_all = ["to_database", "to_blobs", "cut_over"])]
    pub(crate) abort: bool,
    /// With `--abort`, also after its end, if no server was ever started on its target.
    #[arg(long, requires = "abort")]
    pub(crate) target_was_never_used: bool,
    /// After bytes alone have moved, with all servers stopped: from now on the store is the one with the new bytes.
    #[arg(long, conflicts_with_all = ["to_database", "to_blobs"])]
    pub(crate) cut_over: bool,
}

/// How a command reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Lines for people.
    Text,
    /// One JSON document.
    Json,
}

/// What `serve` can be told. A flag beats its variable, which beats the configuration file.
#[derive(Debug, Args)]
pub(crate) struct ServeArguments {
    #[command(flatten)]
    pub(crate) storage: StorageArguments,
    /// Address to listen on; 127.0.0.1:9000 by default, port 0 for any free one.
    #[arg(long, env = "BUCKLER_LISTEN", value_name = "ADDRESS")]
    pub(crate) listen: Option<String>,
    /// Address and port on which `GET /metrics` answers, in the form of Prometheus; none by default. For the operator's
    /// own network: nobody is asked who they are.
    #[arg(long, env = "BUCKLER_METRICS", value_name = "ADDRESS")]
    pub(crate) metrics: Option<String>,
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
    /// How fast stored bytes are verified in the background, in bytes per second; 8388608 by default, 0 for not at all.
    #[arg(long, env = "BUCKLER_SCRUB_BYTES_PER_SECOND", value_name = "BYTES")]
    pub(crate) scrub_bytes_per_second: Option<u64>,
    /// Takes requests signed with Signature Version 2 (old clients), too: it signs no body and few headers.
    #[arg(long, env = "BUCKLER_SIGNATURE_V2", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub(crate) signature_v2: Option<bool>,
    /// Lets OpenID Connect providers be reached over `http`, too: for tests and closed networks.
    #[arg(long, env = "BUCKLER_OIDC_OVER_HTTP", value_name = "BOOL")]
    pub(crate) oidc_over_http: Option<bool>,
    /// Certificate authorities that are trusted beside the machine's when keys of identity providers are fetched, in PEM form.
    #[arg(long, env = "BUCKLER_CA_FILE", value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,
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
