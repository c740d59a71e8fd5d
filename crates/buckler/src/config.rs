//! From flags, variables and file to one checked configuration. Nothing is created here.

mod blobs;

use std::net::{SocketAddr, ToSocketAddrs as _};
use std::path::{Path, PathBuf};

use buckler_blobs::BlobLocation;
use buckler_iam::{AccessKeyId, MasterKeys, ProviderTransport, SecretAccessKey, Seed, SeedKey};
use buckler_metadata::DatabaseLocation;
use buckler_s3::{BucketName, ObjectOwnership};
use buckler_server::{CaCertificates, ServerConfig, TrustedProxies};
use serde::Deserialize;
use zeroize::Zeroizing;

use self::blobs::BlobsMember;

use crate::cli::{FirstAccount, ServeArguments, StorageArguments, StoreArguments};
use crate::error::Failure;

const CONFIG_FILE: &str = "buckler.toml";
const DATA_FOLDER: &str = "buckler-data";
pub(crate) const DATABASE_FILE: &str = "metadata.sqlite";
const LISTEN: &str = "127.0.0.1:9000";
const REGION: &str = "us-east-1";
const LOG: &str = "warn";
/// 8 MiB/s: a full pass over a terabyte in a day and a half, and a tenth of what a slow disk reads.
const SCRUB_BYTES_PER_SECOND: u64 = 8 << 20;
/// Longest secret key, in bytes.
const SECRET_BYTES_MAX: usize = 1024;

/// Everything `serve` needs to know, checked.
#[derive(Debug)]
pub(crate) struct Configuration {
    pub(crate) listen: SocketAddr,
    /// Where the metrics are told, if anywhere.
    pub(crate) metrics: Option<SocketAddr>,
    pub(crate) storage: Storage,
    pub(crate) seed: Seed,
    /// Root keys of the first account from the environment.
    pub(crate) root: Option<SeedKey>,
    /// Buckets of the first account from the environment.
    pub(crate) buckets: Vec<BucketName>,
    pub(crate) master_keys: Option<MasterKeys>,
    pub(crate) server: ServerConfig,
    pub(crate) log: String,
}

/// Where rows and bytes are kept.
#[derive(Debug)]
pub(crate) enum Storage {
    /// In a folder of its own that goes away with the process.
    Ephemeral,
    /// On disk, or on a database server.
    Durable {
        /// The data folder.
        data: PathBuf,
        /// The rows; SQLite in the data folder if absent.
        database: DatabaseLocation,
        /// The bytes; a folder in the data folder if absent.
        blobs: BlobLocation,
    },
}

/// The members of `buckler.toml`: the long flags, with `_` for `-`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    listen: Option<String>,
    metrics: Option<String>,
    data: Option<PathBuf>,
    database: Option<String>,
    blobs: Option<BlobsMember>,
    accounts: Option<PathBuf>,
    region: Option<String>,
    domain: Option<OneOrSeveral>,
    trusted_proxies: Option<OneOrSeveral>,
    ephemeral: Option<bool>,
    new_bucket_public_access_block: Option<bool>,
    new_bucket_ownership: Option<String>,
    scrub_bytes_per_second: Option<u64>,
    signature_v2: Option<bool>,
    oidc_over_http: Option<bool>,
    #[serde(rename = "ca_file")]
    ca_certificates: Option<PathBuf>,
    log: Option<String>,
    buckets: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrSeveral {
    One(String),
    Several(Vec<String>),
}

impl OneOrSeveral {
    fn into_vec(self) -> Vec<String> {
        match self {
            Self::One(text) => vec![text],
            Self::Several(texts) => texts,
        }
    }
}

impl Configuration {
    /// Reads the file and checks everything.
    ///
    /// # Errors
    ///
    /// [`Failure::Configuration`] with one sentence.
    pub(crate) fn from_arguments(mut arguments: ServeArguments) -> Result<Self, Failure> {
        let file = read_file(arguments.storage.config.as_deref())?;
        let ephemeral = arguments.ephemeral.or(file.ephemeral).unwrap_or(false);
        let listen = arguments
            .listen
            .or(file.listen)
            .unwrap_or_else(|| LISTEN.to_owned());
        let metrics = arguments.metrics.or(file.metrics);
        let domains = several(arguments.domain, file.domain);
        let proxies = several(arguments.trusted_proxies, file.trusted_proxies);
        let ownership = arguments.new_bucket_ownership.or(file.new_bucket_ownership);
        let server = ServerConfig {
            region: region(arguments.region.or(file.region))?,
            domains: domains
                .into_iter()
                .map(|name| domain(&name))
                .collect::<Result<_, _>>()?,
            new_bucket_public_access_block: arguments
                .new_bucket_public_access_block
                .or(file.new_bucket_public_access_block)
                .unwrap_or(true),
            new_bucket_ownership: ownership_of(ownership.as_deref())?,
            scrub_bytes_per_second: match arguments
                .scrub_bytes_per_second
                .or(file.scrub_bytes_per_second)
            {
                _ if ephemeral => 0,
                given => given.unwrap_or(SCRUB_BYTES_PER_SECOND),
            },
            trusted_proxies: trusted_proxies(&proxies)?,
            accepts_signature_v2: arguments
                .signature_v2
                .or(file.signature_v2)
                .unwrap_or(false),
            provider_transport: match arguments.oidc_over_http.or(file.oidc_over_http) {
                Some(true) => ProviderTransport::HttpToo,
                Some(false) | None => ProviderTransport::Https,
            },
            ca_certificates: ca_certificates(
                arguments.ca_file.or(file.ca_certificates).as_deref(),
            )?,
        };
        let buckets = if arguments.first.buckets.is_empty() {
            file.buckets.unwrap_or_default()
        } else {
            arguments.first.buckets.clone()
        };
        Ok(Self {
            listen: address(&listen)?,
            metrics: metrics.map(|text| address(&text)).transpose()?,
            storage: storage(
                ephemeral,
                arguments.storage.data.or(file.data),
                arguments.storage.database.or(file.database),
                arguments.storage.blobs,
                file.blobs,
            )?,
            seed: seed(arguments.accounts.or(file.accounts).as_deref())?,
            buckets: buckets
                .iter()
                .map(|name| bucket(name))
                .collect::<Result<_, _>>()?,
            master_keys: master_keys(arguments.first.master_key.take())?,
            root: root_key(arguments.first)?,
            server,
            log: arguments.log.or(file.log).unwrap_or_else(|| LOG.to_owned()),
        })
    }
}

/// Where the data is, for commands that need nothing else.
#[derive(Debug)]
pub(crate) struct StorageConfiguration {
    pub(crate) storage: Storage,
}

impl StorageConfiguration {
    /// Reads the file and checks everything.
    ///
    /// # Errors
    ///
    /// [`Failure::Configuration`] with one sentence.
    pub(crate) fn from_arguments(arguments: StorageArguments) -> Result<Self, Failure> {
        let file = read_file(arguments.config.as_deref())?;
        let storage = storage(
            false,
            arguments.data.or(file.data),
            arguments.database.or(file.database),
            arguments.blobs,
            file.blobs,
        )?;
        Ok(Self { storage })
    }
}

/// Where the rows are that a command works on, and the key of their secrets.
#[derive(Debug)]
pub(crate) struct StoreConfiguration {
    /// The data folder.
    pub(crate) data: PathBuf,
    pub(crate) database: DatabaseLocation,
    pub(crate) master_keys: Option<MasterKeys>,
}

impl StoreConfiguration {
    /// Reads the file and checks everything.
    ///
    /// # Errors
    ///
    /// [`Failure::Configuration`] with one sentence.
    pub(crate) fn from_arguments(arguments: StoreArguments) -> Result<Self, Failure> {
        let file = read_file(arguments.config.as_deref())?;
        let data = arguments
            .data
            .or(file.data)
            .unwrap_or_else(|| PathBuf::from(DATA_FOLDER));
        Ok(Self {
            database: database(arguments.database.or(file.database), &data)?,
            master_keys: master_keys(arguments.master_key)?,
            data,
        })
    }

    /// Whether the rows are on a database server, which many programs may use at a time.
    pub(crate) fn is_remote(&self) -> bool {
        self.database.is_remote()
    }
}

/// An address to listen on: `127.0.0.1:9000`, `[::1]:9000`, `localhost:9000`, or `:9000` for all
/// interfaces.
fn address(text: &str) -> Result<SocketAddr, Failure> {
    let whole = match text.strip_prefix(':') {
        Some(port) => format!("0.0.0.0:{port}"),
        None => text.to_owned(),
    };
    let resolved = whole
        .to_socket_addrs()
        .ok()
        .and_then(|mut addresses| addresses.next());
    resolved.ok_or_else(|| invalid("listen", text, "an address and port like 127.0.0.1:9000"))
}

/// The rows in a data folder; the one in the working directory if none is named.
pub(crate) fn database_in(data: Option<&Path>) -> DatabaseLocation {
    let data = data.unwrap_or(Path::new(DATA_FOLDER));
    DatabaseLocation::sqlite(data.join(DATABASE_FILE))
}

fn read_file(named: Option<&Path>) -> Result<File, Failure> {
    let path = named.unwrap_or(Path::new(CONFIG_FILE));
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(File::default());
        }
        Err(error) => return Err(unreadable("configuration file", path, &error)),
    };
    toml::from_str(&text).map_err(|error| {
        let reason = error.message();
        Failure::configuration(format!(
            "the configuration file `{}` is wrong: {reason}",
            path.display()
        ))
    })
}

fn storage(
    ephemeral: bool,
    data: Option<PathBuf>,
    database: Option<String>,
    blobs: Option<String>,
    blobs_of_file: Option<BlobsMember>,
) -> Result<Storage, Failure> {
    if ephemeral {
        // A data folder may come from the environment, as in the container image; it is not used.
        if database.is_some() || blobs.is_some() || blobs_of_file.is_some() {
            return Err(Failure::configuration(
                "`--ephemeral` keeps nothing, so it goes without `--database` and `--blobs`",
            ));
        }
        return Ok(Storage::Ephemeral);
    }
    let data = data.unwrap_or_else(|| PathBuf::from(DATA_FOLDER));
    let database = self::database(database, &data)?;
    let blobs = blobs::location(blobs, blobs_of_file, &data)?;
    Ok(Storage::Durable {
        data,
        database,
        blobs,
    })
}

/// Where `migrate` moves rows and bytes to, as far as it does.
#[derive(Debug)]
pub(crate) struct Destination {
    pub(crate) database: Option<DatabaseLocation>,
    pub(crate) blobs: Option<BlobLocation>,
}

impl Destination {
    /// Checks both.
    ///
    /// # Errors
    ///
    /// [`Failure::Configuration`] with one sentence.
    pub(crate) fn parse(database: Option<&str>, blobs: Option<&str>) -> Result<Self, Failure> {
        let database = database.map(DatabaseLocation::parse).transpose();
        let blobs = blobs.map(blobs::target);
        Ok(Self {
            database: database.map_err(Failure::configuration)?,
            blobs: blobs.transpose()?,
        })
    }
}

fn database(url: Option<String>, data: &Path) -> Result<DatabaseLocation, Failure> {
    match url {
        Some(url) => DatabaseLocation::parse(&url).map_err(Failure::configuration),
        None => Ok(database_in(Some(data))),
    }
}

fn seed(path: Option<&Path>) -> Result<Seed, Failure> {
    let Some(path) = path else {
        return Ok(Seed::default());
    };
    let text =
        std::fs::read_to_string(path).map_err(|error| unreadable("accounts file", path, &error))?;
    Seed::parse(&text).map_err(|error| {
        Failure::configuration(format!("accounts file `{}`: {error}", path.display()))
    })
}

fn root_key(first: FirstAccount) -> Result<Option<SeedKey>, Failure> {
    let own = (first.root_access_key, first.root_secret_key);
    let minio = (first.minio_root_user, first.minio_root_password);
    let names = if own == (None, None) {
        ("MINIO_ROOT_USER", "MINIO_ROOT_PASSWORD")
    } else {
        ("BUCKLER_ROOT_ACCESS_KEY", "BUCKLER_ROOT_SECRET_KEY")
    };
    let (id, secret) = match if own == (None, None) { minio } else { own } {
        (None, None) => return Ok(None),
        (Some(id), Some(secret)) => (id, secret),
        _ => {
            return Err(Failure::configuration(format!(
                "{} and {} come together",
                names.0, names.1
            )));
        }
    };
    let id = AccessKeyId::parse(&id)
        .map_err(|error| Failure::configuration(format!("{}: {error}", names.0)))?;
    if secret.is_empty() || secret.len() > SECRET_BYTES_MAX {
        return Err(Failure::configuration(format!(
            "{} has 1 to {SECRET_BYTES_MAX} bytes",
            names.1
        )));
    }
    Ok(Some(SeedKey {
        id,
        secret: SecretAccessKey::new(secret),
    }))
}

fn master_keys(text: Option<String>) -> Result<Option<MasterKeys>, Failure> {
    text.map(Zeroizing::new)
        .map(|text| MasterKeys::parse(&text))
        .transpose()
        .map_err(|error| Failure::configuration(format!("BUCKLER_MASTER_KEY: {error}")))
}

fn region(name: Option<String>) -> Result<String, Failure> {
    let name = name.unwrap_or_else(|| REGION.to_owned());
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if (1..=63).contains(&name.len()) && name.bytes().all(allowed) {
        Ok(name)
    } else {
        Err(invalid("region", &name, "a name like us-east-1"))
    }
}

fn domain(name: &str) -> Result<String, Failure> {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    if name.len() <= 253 && name.split('.').all(label) {
        Ok(name)
    } else {
        Err(invalid("domain", &name, "a host name like s3.example.com"))
    }
}

fn trusted_proxies(ranges: &[String]) -> Result<TrustedProxies, Failure> {
    let expected = "addresses and ranges like 10.0.0.0/8";
    let ranges = ranges.iter().map(String::as_str);
    TrustedProxies::parse(ranges.clone()).map_err(|_| {
        let given = ranges.collect::<Vec<_>>().join(",");
        invalid("trusted-proxies", &given, expected)
    })
}

fn ca_certificates(path: Option<&Path>) -> Result<CaCertificates, Failure> {
    let Some(path) = path else {
        return Ok(CaCertificates::default());
    };
    let pem = std::fs::read(path).map_err(|error| unreadable("CA file", path, &error))?;
    CaCertificates::parse(&pem).map_err(|error| {
        Failure::configuration(format!("the CA file `{}`: {error}", path.display()))
    })
}

/// What the command line says, or else the file.
fn several(arguments: Vec<String>, file: Option<OneOrSeveral>) -> Vec<String> {
    if arguments.is_empty() {
        file.map(OneOrSeveral::into_vec).unwrap_or_default()
    } else {
        arguments
    }
}

fn bucket(name: &str) -> Result<BucketName, Failure> {
    BucketName::parse(name).map_err(|_| invalid("buckets", name, "bucket names"))
}

fn ownership_of(name: Option<&str>) -> Result<ObjectOwnership, Failure> {
    let Some(name) = name else {
        return Ok(ObjectOwnership::BucketOwnerEnforced);
    };
    ObjectOwnership::from_name(name).ok_or_else(|| {
        invalid(
            "new-bucket-ownership",
            name,
            "BucketOwnerEnforced, BucketOwnerPreferred or ObjectWriter",
        )
    })
}

fn invalid(option: &str, value: &str, expected: &str) -> Failure {
    Failure::configuration(format!("`--{option}` is `{value}` but takes {expected}"))
}

fn unreadable(what: &str, path: &Path, error: &std::io::Error) -> Failure {
    Failure::configuration(format!(
        "the {what} `{}` cannot be read: {error}",
        path.display()
    ))
}
