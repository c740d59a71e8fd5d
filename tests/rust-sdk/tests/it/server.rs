//! The binary as a process, and clients of its callers.

use std::env;
use std::ffi::OsString;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use tempfile::TempDir;

pub(crate) const OWNER: &str = "111111111111";
pub(crate) const STRANGER: &str = "222222222222";

const SEED: &str = r#"
[[account]]
id = "111111111111"
root = { access_key = "AKIAOWNERROOT0000000", secret_key = "owner-root-secret" }
  [[account.user]]
  name = "bob"
  access_key = "AKIAOWNERBOB00000000"
  secret_key = "owner-bob-secret"

[[account]]
id = "222222222222"
root = { access_key = "AKIASTRANGERROOT0000", secret_key = "stranger-root-secret" }
"#;

/// Who calls.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Caller {
    /// The root user of the account that owns the buckets.
    OwnerRoot,
    /// A user of that account without any policy.
    OwnerBob,
    /// The root user of another account.
    StrangerRoot,
}

impl Caller {
    pub(crate) fn credentials(self) -> Credentials {
        let (id, secret) = match self {
            Self::OwnerRoot => ("AKIAOWNERROOT0000000", "owner-root-secret"),
            Self::OwnerBob => ("AKIAOWNERBOB00000000", "owner-bob-secret"),
            Self::StrangerRoot => ("AKIASTRANGERROOT0000", "stranger-root-secret"),
        };
        Credentials::new(id, secret, None, None, "test")
    }
}

/// A running server; killed when dropped.
#[derive(Debug)]
pub(crate) struct Server {
    process: Child,
    pub(crate) endpoint: String,
    _folder: TempDir,
}

impl Server {
    /// Starts the binary and waits for its line.
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let seed = folder.path().join("seed.toml");
        std::fs::write(&seed, SEED).unwrap();
        let mut process = Command::new(binary())
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder.path().join("data"))
            .arg("--accounts")
            .arg(&seed)
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let mut before = Vec::new();
        let endpoint = loop {
            let line = lines
                .next()
                .unwrap_or_else(|| panic!("the server ended: {before:?}"))
                .unwrap();
            match line.strip_prefix("listening on ") {
                Some(endpoint) => break endpoint.to_owned(),
                None => before.push(line),
            }
        };
        // Someone has to read on, or the server would block on a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            process,
            endpoint,
            _folder: folder,
        }
    }

    /// A client as its users have it, but for a single attempt and path-style addresses.
    pub(crate) fn client(&self, caller: Caller) -> Client {
        self.client_with(caller.credentials())
    }

    /// The same with any credentials.
    pub(crate) fn client_with(&self, credentials: Credentials) -> Client {
        let config = aws_sdk_s3::Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .endpoint_url(&self.endpoint)
            .region(Region::new("us-east-1"))
            .credentials_provider(credentials)
            .force_path_style(true)
            .retry_config(aws_sdk_s3::config::retry::RetryConfig::disabled())
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .build();
        Client::from_conf(config)
    }

    /// A client of IAM.
    pub(crate) fn iam(&self, credentials: Credentials) -> aws_sdk_iam::Client {
        let config = aws_sdk_iam::Config::builder()
            .behavior_version(aws_sdk_iam::config::BehaviorVersion::v2026_01_12())
            .endpoint_url(&self.endpoint)
            .region(Region::new("us-east-1"))
            .credentials_provider(credentials)
            .retry_config(aws_sdk_iam::config::retry::RetryConfig::disabled())
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .build();
        aws_sdk_iam::Client::from_conf(config)
    }

    /// A client of STS.
    pub(crate) fn sts(&self, credentials: Credentials) -> aws_sdk_sts::Client {
        let config = aws_sdk_sts::Config::builder()
            .behavior_version(aws_sdk_sts::config::BehaviorVersion::v2026_01_12())
            .endpoint_url(&self.endpoint)
            .region(Region::new("us-east-1"))
            .credentials_provider(credentials)
            .retry_config(aws_sdk_sts::config::retry::RetryConfig::disabled())
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .build();
        aws_sdk_sts::Client::from_conf(config)
    }

    /// Makes a bucket of the owner that a policy may open.
    pub(crate) async fn open_bucket(&self, name: &str) {
        let owner = self.client(Caller::OwnerRoot);
        owner.create_bucket().bucket(name).send().await.unwrap();
        owner
            .delete_public_access_block()
            .bucket(name)
            .send()
            .await
            .unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself, and then there is nothing to do.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// `BUCKLER_BIN`, or what cargo builds.
fn binary() -> PathBuf {
    if let Some(path) = env::var_os("BUCKLER_BIN") {
        return path.into();
    }
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let built = Command::new(cargo)
        .args(["build", "--quiet", "-p", "buckler", "--message-format=json"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(built.status.success(), "cargo build -p buckler");
    String::from_utf8(built.stdout)
        .unwrap()
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .find_map(|message| Some(PathBuf::from(message.get("executable")?.as_str()?)))
        .unwrap()
}
