//! What a signature in the header covers, a test each. Source: facts: s3-behaviour.md 3.1 "Rules" and 2.1.

use buckler_sigv4::{AuthError, Method, SecretKey, SecurityToken};

use crate::header_rules::{authorization, with_credential};
use crate::signer::{Client, EMPTY, KEY_ID, NOW, SCOPE};

const NAMES: &str = "host;x-amz-date";

#[test]
fn payload_hash_need_not_be_listed_and_is_still_covered() {
    let canonical =
        format!("GET\n/bucket/key\n\nhost:localhost:9000\nx-amz-date:{NOW}\n\n{NAMES}\n{EMPTY}");
    let client = Client::dated().signed(NAMES, &canonical);
    let verified = client.verify().unwrap();
    assert_eq!(verified.presentation().access_key_id(), KEY_ID);
    assert_eq!(verified.presentation().method(), Method::Header);
    let changed = client
        .without("x-amz-content-sha256")
        .with("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
    assert_eq!(
        changed.verify().unwrap_err().code(),
        "SignatureDoesNotMatch"
    );
}

#[test]
fn names_are_lower_cased_sorted_and_deduplicated() {
    let canonical =
        format!("GET\n/bucket/key\n\nhost:localhost:9000\nx-amz-date:{NOW}\n\n{NAMES}\n{EMPTY}");
    let client = Client::dated().signed("X-Amz-Date;host;HOST;x-amz-date", &canonical);
    assert!(client.verify().is_ok());
}

#[test]
fn absent_listed_header_counts_as_empty() {
    let canonical = format!(
        "GET\n/bucket/key\n\nabsent:\nhost:localhost:9000\nx-amz-date:{NOW}\n\nabsent;{NAMES}\n{EMPTY}"
    );
    let client = Client::dated().signed("absent;host;x-amz-date", &canonical);
    assert!(client.verify().is_ok());
}

#[test]
fn date_header_stands_in_for_amz_date() {
    for date in [NOW, "Fri, 02 Jan 2026 03:04:05 GMT"] {
        let canonical =
            format!("GET\n/bucket/key\n\ndate:{date}\nhost:localhost:9000\n\ndate;host\n{EMPTY}");
        let client = Client::new()
            .with("date", date)
            .with("x-amz-content-sha256", EMPTY)
            .signed("date;host", &canonical);
        assert!(client.verify().is_ok(), "{date}");
    }
}

#[test]
fn amz_date_wins_over_date() {
    let canonical =
        format!("GET\n/bucket/key\n\nhost:localhost:9000\nx-amz-date:{NOW}\n\n{NAMES}\n{EMPTY}");
    let client = Client::dated()
        .with("date", "Fri, 02 Jan 1970 03:04:05 GMT")
        .signed(NAMES, &canonical);
    assert!(client.verify().is_ok());
}

#[test]
fn header_values_that_are_not_utf8_verify_bytewise() {
    let mut client = Client::dated();
    let value = http::HeaderValue::from_bytes(b" a\xff  b ").unwrap();
    client.headers.insert("x-amz-meta-a", value);
    let names = "host;x-amz-date;x-amz-meta-a";
    // The canonical request is not text either: sign its bytes by what the server says it made of them.
    let header = authorization(&format!("{KEY_ID}/{SCOPE}"), names);
    let Err(AuthError::SignatureDoesNotMatch(stages)) =
        client.clone().with("authorization", &header).verify()
    else {
        panic!("a signature of zeros");
    };
    let wanted = b"x-amz-meta-a:a\xff b\n";
    let canonical = stages.canonical_request();
    assert!(canonical.windows(wanted.len()).any(|bytes| bytes == wanted));
    let signature = crate::signer::key().sign(stages.string_to_sign());
    let header = header.replace(&"0".repeat(64), &signature);
    assert!(client.with("authorization", &header).verify().is_ok());
}

#[test]
fn every_spelling_of_a_path_verifies() {
    let canonical = format!(
        "GET\n/b/%7B~%21%2B%28%C3%BC%29%2A%25/..//x\n\nhost:localhost:9000\nx-amz-date:{NOW}\n\n{NAMES}\n{EMPTY}"
    );
    for path in [
        "/b/%7B~%21%2B%28%C3%BC%29%2A%25/..//x",
        "/b/%7b%7E!+(%c3%bc)*%25/..//x",
        "/b/{~!+(\u{fc})*%25/..//x",
        "/b/{~!+(\u{fc})*%/..//x",
    ] {
        let mut client = Client::dated().signed(NAMES, &canonical);
        path.clone_into(&mut client.path);
        assert!(client.verify().is_ok(), "{path}");
    }
}

#[test]
fn mismatch_tells_what_was_signed() {
    let client = with_credential(&format!("{KEY_ID}/{SCOPE}"));
    let extras = client.verify().unwrap_err().extras();
    let names: Vec<_> = extras.iter().map(|(name, _)| *name).collect();
    assert_eq!(
        names,
        [
            "AWSAccessKeyId",
            "StringToSign",
            "SignatureProvided",
            "StringToSignBytes",
            "CanonicalRequest",
            "CanonicalRequestBytes"
        ]
    );
    assert!(extras[3].1.starts_with("41 57 53 34 2d"));
}

#[test]
fn line_feeds_in_signed_header_names_are_left_out() {
    let client = with_credential(&format!("{KEY_ID}/{SCOPE}"));
    let forged = client.without("authorization").with(
        "authorization",
        &authorization(&format!("{KEY_ID}/{SCOPE}"), "host;a b;x-amz-date"),
    );
    let Err(AuthError::SignatureDoesNotMatch(stages)) = forged.verify() else {
        panic!("a signature of zeros");
    };
    let text = String::from_utf8_lossy(stages.canonical_request()).into_owned();
    assert!(text.contains(&format!("\n{NAMES}\n")), "{text}");
}

#[test]
fn secrets_print_a_mark() {
    let secret = SecretKey::new("hush".to_owned());
    let token = SecurityToken::new("hush".to_owned());
    let key = crate::signer::key();
    let shown = format!("{secret:?} {token:?} {key:?}");
    assert_eq!(shown, "SecretKey(***) SecurityToken(***) SigningKey(***)");
}
