//! What holds for every request.

use http::HeaderValue;
use proptest::prelude::*;

use crate::signer::{Client, EMPTY, KEY_ID, NOW, SCOPE};

proptest! {
    #[test]
    fn arbitrary_authorization_never_panics(value in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut client = Client::dated();
        if let Ok(value) = HeaderValue::from_bytes(&value) {
            client.headers.insert("authorization", value);
        }
        drop(client.read());
    }

    #[test]
    fn nearly_good_authorization_never_panics_nor_verifies(
        credential in "[A-Z]{0,4}/?(20260102)?/?(us-east-1)?/?(s3)?/?(aws4_request)?",
        names in "[a-zA-Z;\\-\u{e9} ]{0,30}",
        signature in "[0-9a-f]{0,70}",
        separator in "[, =]{1,3}",
    ) {
        let value = format!("AWS4-HMAC-SHA256 Credential={credential}{separator}SignedHeaders={names}{separator}Signature={signature}");
        let mut client = Client::dated();
        client.headers.insert("authorization", HeaderValue::from_bytes(value.as_bytes()).unwrap());
        prop_assert!(client.verify().is_err());
    }

    #[test]
    fn nearly_good_version_4a_never_panics_nor_verifies(
        credential in "[A-Z]{0,4}/?(20260102)?/?(s3)?/?(aws4_request)?",
        region_set in "[a-z*,-]{0,20}",
        signature in "(30[0-9a-f]{0,150})?",
    ) {
        let value = format!("AWS4-ECDSA-P256-SHA256 Credential={credential}, SignedHeaders=host;x-amz-date;x-amz-region-set, Signature={signature}");
        let client = Client::dated().with("x-amz-region-set", &region_set).with("authorization", &value);
        prop_assert!(crate::signer_v4a::verify(&client).is_err());
    }

    #[test]
    fn arbitrary_query_and_path_never_panic_nor_verify(path in "\\PC{0,60}", query in "\\PC{0,60}", value in "\\PC{0,30}") {
        let mut client = Client::new().query(&format!(
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={KEY_ID}/{SCOPE}&X-Amz-Date={NOW}&X-Amz-Expires=9&X-Amz-SignedHeaders=host;{value}&X-Amz-Signature={value}&{query}"
        ));
        client.path = path;
        prop_assert!(client.verify().is_err());
    }

    #[test]
    fn arbitrary_dates_never_panic(date in "\\PC{0,40}", clock in "[0-9T:Z, A-Za-z+-]{0,32}") {
        for text in [date, clock] {
            let mut client = Client::dated().without("x-amz-date").with(
                "authorization",
                &format!("AWS4-HMAC-SHA256 Credential={KEY_ID}/{SCOPE},SignedHeaders=host,Signature=a"),
            );
            if let Ok(value) = HeaderValue::from_bytes(text.as_bytes()) {
                client.headers.insert("date", value);
            }
            drop(client.read());
        }
    }

    #[test]
    fn any_flipped_bit_of_a_signature_fails(at in 0_usize..64, bit in 0_u8..4) {
        let names = "host;x-amz-date";
        let canonical = format!("GET\n/bucket/key\n\nhost:localhost:9000\nx-amz-date:{NOW}\n\n{names}\n{EMPTY}");
        let client = Client::dated().signed(names, &canonical);
        let mut value = client.headers["authorization"].as_bytes().to_vec();
        let at = value.len() - 64 + at;
        value[at] ^= 1 << bit;
        let mut forged = client;
        forged.headers.insert("authorization", HeaderValue::from_bytes(&value).unwrap());
        prop_assert!(forged.verify().is_err());
    }
}
