//! What holds for every request that claims Signature Version 2.

use std::collections::BTreeMap;

use buckler_sigv4::{AuthError, SecretKey, VerifyingKey, Version};
use http::{HeaderName, HeaderValue};
use proptest::prelude::*;

use crate::signer::{Client, KEY_ID, NOW, at};
use crate::v2_rules::{key, read_at, sign, verify};

proptest! {
    #[test]
    fn arbitrary_credentials_never_panic_nor_verify(credentials in prop::collection::vec(any::<u8>(), 0..100), date in "\\PC{0,40}") {
        let mut client = Client::new().with("x-amz-date", NOW);
        let mut value = b"AWS ".to_vec();
        value.extend(credentials);
        if let (Ok(value), Ok(date)) = (HeaderValue::from_bytes(&value), HeaderValue::from_bytes(date.as_bytes())) {
            client.headers.insert("authorization", value);
            client.headers.insert("date", date);
            prop_assert!(verify(&client).is_err());
        }
    }

    #[test]
    fn arbitrary_queries_and_paths_never_panic_nor_verify(path in "\\PC{0,60}", query in "\\PC{0,60}", expires in "[0-9+-]{0,30}") {
        let mut client = Client::new().query(&format!(
            "AWSAccessKeyId={KEY_ID}&Expires={expires}&Signature=AAAAAAAAAAAAAAAAAAAAAAAAAAA%3D&{query}"
        ));
        client.path = path;
        drop(read_at(&client, at(NOW)));
        let query = client.query.replacen(&format!("Expires={expires}"), "Expires=2000000000", 1);
        prop_assert!(verify(&client.query(&query)).is_err());
    }
}

proptest! {
    // One pair in a thousand would tell.
    #![proptest_config(ProptestConfig::with_cases(8_000))]

    #[test]
    fn who_holds_a_signature_cannot_change_what_it_means(one in requests(), other in requests()) {
        let (one_text, other_text) = (string_to_sign(&one), string_to_sign(&other));
        if one_text == other_text && is_accepted(&one, &one_text) && is_accepted(&other, &other_text) {
            prop_assert_eq!(meaning(&one), meaning(&other));
        }
    }
}

/// Requests of few words, so that two of them often have one string to sign.
fn requests() -> impl Strategy<Value = Client> {
    let parameter = prop::sample::select(vec![
        "x-amz-a=1",
        "x-amz-a=2",
        "X-Amz-A=1%0Ax-amz-b:2",
        "x-amz-a=1%2C2",
        "x-amz-a%3A1%0Ax-amz-b=2",
        "x-amz-b=2",
        "acl",
        "acl=1",
        "versionId=1",
        "partNumber=1",
        "partNumber=1%26versionId%3D1",
        "versionId=1%26acl",
        "uploadId=1&acl",
        "partNumber=",
        "prefix=1",
    ]);
    let header = prop::sample::select(vec![
        ("x-amz-a", "1"),
        ("x-amz-a", "2"),
        ("x-amz-a", "1,2"),
        ("x-amz-b", "2"),
    ]);
    let parameters = prop::collection::vec(parameter, 0..4);
    let headers = prop::collection::vec(header, 0..3);
    (parameters, headers).prop_map(|(parameters, headers)| {
        let query = parameters.join("&");
        let query = format!("AWSAccessKeyId={KEY_ID}&Expires=2000000000&{query}");
        let client = Client::new().query(&query);
        let with = |client: Client, (name, value): (&str, &str)| client.with(name, value);
        headers.into_iter().fold(client, with)
    })
}

fn signed(client: &Client, signature: &str) -> Client {
    let signature = signature.replace('+', "%2B").replace('=', "%3D");
    let query = format!("{}&Signature={signature}", client.query);
    client.clone().query(&query)
}

fn string_to_sign(client: &Client) -> String {
    let client = signed(client, "none");
    let other = VerifyingKey::derive(&SecretKey::new("other".to_owned()), &Version::V2);
    let presentation = read_at(&client, at(NOW)).unwrap();
    let Err(AuthError::SignatureDoesNotMatch(mismatch)) =
        presentation.verify(&client.request(), &other)
    else {
        panic!("not refused");
    };
    String::from_utf8(mismatch.string_to_sign().to_vec()).unwrap()
}

fn is_accepted(client: &Client, string_to_sign: &str) -> bool {
    let client = signed(client, &sign(string_to_sign));
    let presentation = read_at(&client, at(NOW)).unwrap();
    presentation.verify(&client.request(), &key()).is_ok()
}

/// What the operations see: the first of each parameter that is signed, and headers where there is no such parameter.
fn meaning(client: &Client) -> BTreeMap<String, String> {
    let mut meaning = BTreeMap::new();
    for parameter in client.query.split('&') {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let decode = |text: &str| {
            text.replace("%0A", "\n")
                .replace("%2C", ",")
                .replace("%3A", ":")
                .replace("%3D", "=")
                .replace("%26", "&")
        };
        let (name, value) = (decode(name), decode(value));
        let amz = name.to_ascii_lowercase();
        let is_header = amz.starts_with("x-amz-") && HeaderName::from_bytes(amz.as_bytes()).is_ok();
        if is_header {
            meaning.entry(amz).or_insert(value);
        } else if matches!(name.as_str(), "versionId" | "partNumber" | "uploadId") {
            meaning.entry(name).or_insert(value);
        } else if name == "acl" {
            meaning.entry(name).or_insert(String::new());
        }
    }
    for name in client.headers.keys() {
        if name.as_str().starts_with("x-amz-") {
            let values = client.headers.get_all(name).iter();
            let values: Vec<_> = values.map(|value| value.to_str().unwrap()).collect();
            let entry = meaning.entry(name.as_str().to_owned());
            entry.or_insert_with(|| values.join(","));
        }
    }
    meaning
}
