//! What holds for every request that claims Signature Version 2.

use http::HeaderValue;
use proptest::prelude::*;

use crate::signer::{Client, KEY_ID, NOW, at};
use crate::v2_rules::{read_at, verify};

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
