//! The command line of `buckler policy`.

use std::path::PathBuf;

use buckler_policy::{AccountId, ObjectOwnership, PolicyKind};
use clap::{Args, Subcommand, ValueEnum};

/// Looks at policies: what is wrong in one, and what several of them decide.
#[derive(Debug, Args)]
pub(crate) struct PolicyArguments {
    #[command(subcommand)]
    pub(crate) command: PolicyCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// Prints what is wrong, dangerous or useless in a policy, one line per finding.
    ///
    /// Exit code 0 if there is no ERROR, 1 if there is one, 2 if the question makes no sense.
    Check(CheckArguments),
    /// Prints what policies decide about one request, and why.
    ///
    /// Exit code 0 if the request is allowed, 1 if it is not, 2 if the question makes no sense.
    Explain(Box<ExplainArguments>),
}

/// How answers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people: lines.
    Text,
    /// For programs: one JSON value.
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// The policy; `-` for standard input.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// What the policy is for: bucket, identity, session, trust or boundary.
    #[arg(long, value_name = "KIND", default_value = "bucket", value_parser = kind)]
    pub(crate) kind: PolicyKind,
    /// The bucket that a bucket policy is for; without it, the first that the policy names.
    #[arg(long, value_name = "NAME")]
    pub(crate) bucket: Option<String>,
    /// The account that owns the bucket.
    #[arg(long, value_name = "ACCOUNT", value_parser = account)]
    pub(crate) bucket_owner: Option<AccountId>,
    /// Who is about to store the bucket policy: says if it would keep them from changing it again.
    #[arg(long, value_name = "ARN", requires = "bucket_owner")]
    pub(crate) principal: Option<String>,
    /// Exit code 1 for any finding.
    #[arg(long)]
    pub(crate) strict: bool,
    /// How findings are written.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    /// Who asks: `anonymous`, an account id (its root user), the ARN of a user, role, role session or federated user,
    /// or a service's name.
    #[arg(long, value_name = "ARN")]
    pub(crate) principal: String,
    /// What is asked for: s3:GetObject.
    #[arg(long, value_name = "ACTION")]
    pub(crate) action: String,
    /// On what: the ARN of a bucket, an object or a role, or `*`.
    #[arg(long, value_name = "ARN")]
    pub(crate) resource: String,
    /// A condition key of the request; several values of one key as several `--context`. Keys that are not given are
    /// absent, but for those that follow from the principal and the owner.
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) context: Vec<String>,
    /// The bucket policy.
    #[arg(long, value_name = "FILE")]
    pub(crate) bucket_policy: Option<PathBuf>,
    /// A policy of the principal; may be given several times.
    #[arg(long, value_name = "FILE")]
    pub(crate) identity_policy: Vec<PathBuf>,
    /// The principal's permissions boundary.
    #[arg(long, value_name = "FILE")]
    pub(crate) boundary: Option<PathBuf>,
    /// A session policy; may be given several times.
    #[arg(long, value_name = "FILE")]
    pub(crate) session_policy: Vec<PathBuf>,
    /// The trust policy of the role that the resource names.
    #[arg(long, value_name = "FILE")]
    pub(crate) trust_policy: Option<PathBuf>,
    /// The account that owns the bucket; the principal's own by default.
    #[arg(long, value_name = "ACCOUNT", value_parser = account)]
    pub(crate) bucket_owner: Option<AccountId>,
    /// Flags of Block Public Access that are on: `all`, or names like RestrictPublicBuckets, with commas.
    #[arg(long, value_name = "FLAGS", value_delimiter = ',')]
    pub(crate) block_public_access: Vec<String>,
    /// Object Ownership of the bucket; BucketOwnerEnforced by default.
    #[arg(long, value_name = "OWNERSHIP", value_parser = ownership)]
    pub(crate) object_ownership: Option<ObjectOwnership>,
    /// The account that owns the object, where ACLs are enabled.
    #[arg(long, value_name = "ACCOUNT", value_parser = account)]
    pub(crate) object_owner: Option<AccountId>,
    /// Reads bucket, policies and settings from the rows of this folder in place of files. A server may be using it.
    #[arg(long, value_name = "FOLDER", conflicts_with_all = FILES)]
    pub(crate) data: Option<PathBuf>,
    /// Reads them from this database: `sqlite://PATH` or `postgres://…`; the password may stand in PGPASSWORD.
    #[arg(long, value_name = "URL", conflicts_with_all = FILES, conflicts_with = "data")]
    pub(crate) database: Option<String>,
    /// How the answer is written.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

/// What a store knows, so that it cannot also be given. A session policy is in no row.
const FILES: [&str; 8] = [
    "bucket_policy",
    "identity_policy",
    "boundary",
    "trust_policy",
    "bucket_owner",
    "block_public_access",
    "object_ownership",
    "object_owner",
];

fn kind(name: &str) -> Result<PolicyKind, String> {
    PolicyKind::from_name(name)
        .ok_or_else(|| "takes bucket, identity, session, trust or boundary".to_owned())
}

fn account(text: &str) -> Result<AccountId, String> {
    AccountId::parse(text).map_err(|_| "takes an account id of 12 digits".to_owned())
}

fn ownership(name: &str) -> Result<ObjectOwnership, String> {
    ObjectOwnership::from_name(name)
        .ok_or_else(|| "takes BucketOwnerEnforced, BucketOwnerPreferred or ObjectWriter".to_owned())
}
