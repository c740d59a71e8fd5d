//! Each operator alone: every set prefix, with and without `IfExists`, on values of its own kind and of none.

use crate::{
    both::{Request, callers},
    cases::cases,
    generate::{operators, values},
};
use buckler_policy::{Operator, parse_identity_policy};
use proptest::prelude::*;
use serde_json::json;

fn case() -> impl Strategy<Value = (Operator, Vec<&'static str>, Vec<&'static str>)> {
    prop::sample::select(operators()).prop_flat_map(|operator| {
        let pool = values(operator.test);
        let list = |max| prop::collection::vec(prop::sample::select(pool.clone()), 0..max);
        (Just(operator), list(4), list(4))
    })
}

proptest! {
    #![proptest_config(cases(20_000))]

    #[test]
    fn each_operator_agrees_with_the_oracle((operator, policy, request) in case(), old in any::<bool>()) {
        let version = if old { "2008-10-17" } else { "2012-10-17" };
        let document = json!({"Version": version, "Statement": {
            "Effect": "Allow", "Action": "*", "Resource": "*",
            "Condition": {operator.to_string(): {"aws:TheKey": policy}},
        }});
        let mut world = Request::new(callers()[1].1);
        world.identity = vec![parse_identity_policy(document.to_string().as_bytes()).unwrap()];
        world.context.insert("aws:username".to_owned(), vec!["a".to_owned()]);
        world.context.insert("aws:principalaccount".to_owned(), vec!["111111111111".to_owned()]);
        let values = request.iter().map(|value| (*value).to_owned()).collect();
        world.context.insert("aws:thekey".to_owned(), values);
        prop_assert_eq!(world.engine(), world.oracle(), "{} {:?} {:?}", operator, policy, request);
    }
}

#[test]
fn there_are_157_operators() {
    // 26 tests with 3 prefixes, each with and without IfExists, and Null.
    assert_eq!(operators().len(), 26 * 6 + 1);
}
