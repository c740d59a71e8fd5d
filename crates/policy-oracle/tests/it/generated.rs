//! Whole policies and requests.

use crate::{
    both::reason,
    cases::cases,
    generate::{bucket_policy, identity_policy, request},
};
use buckler_policy::{CompiledPolicy, ConditionKey, Document};
use buckler_policy_oracle::is_public;
use proptest::prelude::*;
use std::collections::BTreeMap;

proptest! {
    #![proptest_config(cases(10_000))]

    #[test]
    fn whole_requests_agree_with_the_oracle(request in request()) {
        prop_assert_eq!(request.engine(), request.oracle(), "{:#?}", request);
    }
}

proptest! {
    #![proptest_config(cases(2_000))]

    /// Of every statement the reason tells why it applies or not, and every part of that is held.
    #[test]
    fn explanations_agree_with_the_oracle(request in request()) {
        if let Some(traces) = request.engine_traces() {
            prop_assert_eq!(traces, request.oracle_traces(), "{:#?}", request);
        }
    }

    #[test]
    fn public_policies_are_the_oracles(document in bucket_policy()) {
        prop_assert_eq!(CompiledPolicy::compile(&document).is_public(), is_public(&document));
    }

    #[test]
    fn stored_policies_survive_their_normal_form(document in bucket_policy()) {
        let text = document.to_normalized_json();
        let again = Document::from_stored(&text).unwrap();
        prop_assert_eq!(&again.to_normalized_json(), &text);
    }

    /// A server computes only what a policy says that it reads.
    #[test]
    fn what_a_policy_does_not_read_changes_nothing(request in request()) {
        let documents = request.documents().into_iter().map(CompiledPolicy::compile);
        let documents: Vec<_> = documents.collect();
        let mut needed = request.clone();
        needed.context.retain(|name, _| {
            let key = ConditionKey::parse(name);
            documents.iter().any(|policy| policy.reads(&key))
        });
        prop_assert_eq!(needed.engine(), request.engine(), "{:#?}", request);
    }

    #[test]
    fn identity_policies_are_never_public(document in identity_policy()) {
        prop_assert!(!CompiledPolicy::compile(&document).is_public());
    }
}

/// Agreement on requests that all end the same way would prove little.
#[test]
fn generated_requests_end_in_every_way() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let strategy = request();
    let mut answers = BTreeMap::new();
    for _ in 0..8000 {
        let request = strategy.new_tree(&mut runner).unwrap().current();
        let answer = reason(&request.engine()).to_owned();
        *answers.entry(answer).or_insert(0) += 1;
    }
    assert_eq!(answers.len(), 18, "{answers:#?}");
    assert!(answers.values().all(|count| *count > 1), "{answers:#?}");
}
