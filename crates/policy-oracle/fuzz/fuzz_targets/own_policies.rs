//! Any identity, session or trust policy: no panic, and a trust policy survives its own normal form.

#![no_main]

use buckler_policy::{
    CompiledPolicy, Document, parse_identity_policy, parse_session_policy, parse_trust_policy,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    for document in [parse_identity_policy(body), parse_session_policy(body)].into_iter().flatten() {
        assert!(!CompiledPolicy::compile(&document).is_public());
        let normal = document.to_normalized_json();
        let again = parse_identity_policy(normal.as_bytes()).expect("the normal form is accepted");
        assert_eq!(again.to_normalized_json(), normal);
    }
    if let Ok(document) = parse_trust_policy(body) {
        assert!(document.is_trust_policy());
        let normal = document.to_normalized_json();
        let again = Document::from_stored_trust_policy(&normal).expect("the normal form is accepted");
        assert_eq!(again.to_normalized_json(), normal);
        let _ = CompiledPolicy::compile(&again);
    }
});
