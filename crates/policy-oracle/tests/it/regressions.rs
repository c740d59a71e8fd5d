//! What the fuzzer found: the files of `fuzz/regressions`.

use crate::lines::request;
use buckler_policy::{CompiledPolicy, parse_bucket_policy};
use buckler_policy_oracle::is_public;
use std::{fs, path::Path};

fn files(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/regressions");
    let entries = fs::read_dir(folder.join(target)).unwrap();
    let file = |entry: fs::DirEntry| {
        let name = entry.file_name().into_string().unwrap();
        (name, fs::read(entry.path()).unwrap())
    };
    let files: Vec<_> = entries.map(|entry| file(entry.unwrap())).collect();
    assert!(!files.is_empty());
    files
}

#[test]
fn decisions_that_differed() {
    for (name, input) in files("decide") {
        let request = request(std::str::from_utf8(&input).unwrap());
        assert_eq!(request.engine(), request.oracle(), "{name}");
    }
}

#[test]
fn bucket_policies_that_differed() {
    for (name, body) in files("bucket_policy") {
        if let Ok(document) = parse_bucket_policy(&body, "examplebucket") {
            let compiled = CompiledPolicy::compile(&document);
            assert_eq!(compiled.is_public(), is_public(&document), "{name}");
        }
    }
}
