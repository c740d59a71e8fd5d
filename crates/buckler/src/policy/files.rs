//! Policies in files.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use buckler_policy::{
    CompiledPolicy, Document, NamedPolicy, PolicyError, parse_bucket_policy, parse_identity_policy,
    parse_session_policy, parse_trust_policy,
};

use crate::error::Failure;

/// Longest file that is read, in bytes; no policy comes near it.
const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// Reads a file, or standard input for `-`.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let result = if path == Path::new("-") {
        read_bounded(std::io::stdin().lock())
    } else {
        File::open(path).and_then(read_bounded)
    };
    let bytes = result.map_err(|error| {
        Failure::configuration(format!("`{}` cannot be read: {error}", path.display()))
    })?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        let path = path.display();
        return Err(Failure::configuration(format!(
            "`{path}` is longer than {FILE_BYTES_MAX} bytes, and no policy is"
        )));
    }
    Ok(bytes)
}

fn read_bounded(source: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The policy of this bucket.
pub(super) fn bucket_policy(path: &Path, bucket: &str) -> Result<CompiledPolicy, Failure> {
    compiled(path, |text| parse_bucket_policy(text, bucket))
}

/// An identity policy or a boundary, called by its path.
pub(super) fn identity_policy(path: &Path) -> Result<NamedPolicy, Failure> {
    compiled(path, parse_identity_policy).map(|policy| named(path, policy))
}

/// A session policy, called by its path.
pub(super) fn session_policy(path: &Path) -> Result<NamedPolicy, Failure> {
    compiled(path, parse_session_policy).map(|policy| named(path, policy))
}

/// A role's trust policy.
pub(super) fn trust_policy(path: &Path) -> Result<CompiledPolicy, Failure> {
    compiled(path, parse_trust_policy)
}

fn compiled(
    path: &Path,
    parse: impl FnOnce(&[u8]) -> Result<Document, PolicyError>,
) -> Result<CompiledPolicy, Failure> {
    let document = parse(&read(path)?).map_err(|error| {
        let path = path.display();
        Failure::configuration(format!(
            "`{path}` is not accepted: {error} (`buckler policy check` shows where)"
        ))
    })?;
    Ok(CompiledPolicy::compile(&document))
}

fn named(path: &Path, policy: CompiledPolicy) -> NamedPolicy {
    NamedPolicy {
        name: path.display().to_string().into(),
        policy: Arc::new(policy),
    }
}
