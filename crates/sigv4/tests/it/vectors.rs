//! Every folder of `tests/vectors` is a signed request with its stages; a failure names the stage.

use std::fs;
use std::path::{Path, PathBuf};

use buckler_sigv4::{
    AuthError, Endpoint, Presentation, Presented, Request, SecretKey, SignatureV2, VerifyingKey,
    read,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use sha2::{Digest as _, Sha256};

use crate::signer::at;

#[test]
fn aws_signing_suite_verifies_in_stages() {
    check_all("aws-suite", 58);
}

#[test]
fn aws_signing_suite_of_version_4a_verifies_in_stages() {
    check_all("aws-suite-v4a", 58);
}

#[test]
fn s3_documentation_examples_verify_in_stages() {
    check_all("s3-examples", 5);
}

#[test]
fn botocore_requests_verify_in_stages() {
    check_all("botocore", 52);
}

#[test]
fn documented_examples_of_version_2_verify_in_stages() {
    check_all("v2-examples", 9);
}

#[test]
fn botocore_requests_of_version_2_verify_in_stages() {
    check_all("v2-botocore", 52);
}

#[track_caller]
fn check_all(suite: &str, count: usize) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/vectors")
        .join(suite);
    let mut cases: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    cases.sort();
    assert_eq!(cases.len(), count, "cases in {suite}");
    for case in cases {
        check(&case);
    }
}

fn check(case: &Path) {
    let file = |name: &str| fs::read(case.join(name)).unwrap();
    let name = case.file_name().unwrap().to_string_lossy();
    let about = String::from_utf8(file("case.txt")).unwrap();
    let find = |key: &str| {
        about
            .lines()
            .find_map(|line| line.strip_prefix(key)?.strip_prefix(": "))
    };
    let about = |key: &str| find(key).unwrap();
    let sent = file("request.txt");
    let sent = Sent::parse(&sent);
    let request = sent.request();
    let endpoint = Endpoint {
        region: about("region"),
        service: about("service"),
        signature_v2: match find("version") {
            Some("2") => SignatureV2::Accepted {
                host_bucket: find("host-bucket"),
            },
            _ => SignatureV2::Refused,
        },
    };
    let present = || -> Presentation {
        match read(&request, &endpoint, at(about("now"))) {
            Ok(Presented::Signed(presentation)) => {
                presentation.with_body_hash(Sha256::digest(&sent.body).into())
            }
            other => panic!("{name}: read gives {other:?}"),
        }
    };

    let wrong = VerifyingKey::derive(&SecretKey::new("wrong".to_owned()), present().version());
    let Err(AuthError::SignatureDoesNotMatch(stages)) = present().verify(&request, &wrong) else {
        panic!("{name}: a wrong key verifies");
    };
    assert_eq!(
        String::from_utf8_lossy(stages.canonical_request()),
        String::from_utf8_lossy(&fs::read(case.join("canonical-request.txt")).unwrap_or_default()),
        "{name}: canonical request"
    );
    assert_eq!(
        stages.string_to_sign(),
        file("string-to-sign.txt"),
        "{name}: string to sign"
    );
    assert_eq!(
        stages.signature_provided().as_bytes(),
        file("signature.txt"),
        "{name}: signature"
    );

    let secret = SecretKey::new(about("secret").to_owned());
    let key = VerifyingKey::derive(&secret, present().version());
    if let Err(error) = present().verify(&request, &key) {
        panic!("{name}: {error:?}");
    }
}

/// A request as it was sent, in parts.
struct Sent {
    method: String,
    raw_path: String,
    raw_query: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Sent {
    fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
        let mut lines = head.lines();
        let first = lines.next().unwrap().strip_suffix(" HTTP/1.1").unwrap();
        let (method, target) = first.split_once(' ').unwrap();
        let (raw_path, raw_query) = target.split_once('?').unwrap_or((target, ""));
        let mut headers = HeaderMap::new();
        for line in lines {
            let (name, value) = line.split_once(':').unwrap();
            headers.append(
                HeaderName::from_bytes(name.as_bytes()).unwrap(),
                HeaderValue::from_bytes(value.as_bytes()).unwrap(),
            );
        }
        Self {
            method: method.to_owned(),
            raw_path: raw_path.to_owned(),
            raw_query: raw_query.to_owned(),
            headers,
            body: body.as_bytes().to_vec(),
        }
    }

    fn request(&self) -> Request<'_> {
        Request {
            method: &self.method,
            raw_path: &self.raw_path,
            raw_query: &self.raw_query,
            headers: &self.headers,
        }
    }
}
