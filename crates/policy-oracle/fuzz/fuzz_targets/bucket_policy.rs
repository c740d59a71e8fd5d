//! Any body of PutBucketPolicy: no panic, and what is accepted survives its own normal form.

#![no_main]

use buckler_policy::{BUCKET_POLICY_BYTES_MAX, CompiledPolicy, Document, Principal, parse_bucket_policy};
use buckler_policy_oracle::is_public;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let Ok(document) = parse_bucket_policy(body, "examplebucket") else {
        return;
    };
    let normal = document.to_normalized_json();
    assert!(normal.len() <= BUCKET_POLICY_BYTES_MAX);
    let again = parse_bucket_policy(normal.as_bytes(), "examplebucket").expect("the normal form is accepted");
    assert_eq!(again.to_normalized_json(), normal);
    assert_eq!(Document::from_stored(&normal).as_ref(), Ok(&again));
    assert_eq!(CompiledPolicy::compile(&document).is_public(), is_public(&document));

    // As it is stored: every name bound to something else of a legal form.
    let bind = |principal: &Principal| match principal {
        Principal::User(_) | Principal::Role(_) => Some(Principal::UniqueId("AIDAALICE000000000000".to_owned())),
        other => Some(other.clone()),
    };
    let stored = document.bind(&bind).expect("every name has a form").to_normalized_json();
    let read = Document::from_stored(&stored).expect("what is stored is a policy");
    assert_eq!(read.to_normalized_json(), stored);
});
