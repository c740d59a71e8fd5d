//! Principals, as stored policies name them.

use proptest::{prelude::*, sample::select};
use serde_json::{Value, json};

/// The value of `Principal` or `NotPrincipal`.
pub(crate) fn principals() -> impl Strategy<Value = Value> {
    let aws = select(vec![
        "*",
        "111111111111",
        "222222222222",
        "arn:aws:iam::111111111111:root",
        "arn:aws:iam::222222222222:root",
        "arn:aws:iam::111111111111:user/alice",
        "arn:aws:iam::111111111111:user/ALICE",
        "AIDAALICE000000000000",
        "arn:aws:iam::111111111111:role/team/app",
        "arn:aws:iam::111111111111:role/app",
        "AROAAPP00000000000000",
        "arn:aws:sts::111111111111:assumed-role/app/s1",
        "arn:aws:sts::111111111111:assumed-role/app/s2",
        "arn:aws:sts::111111111111:federated-user/temp",
        "arn:aws:iam::111111111111:user/feduser",
        "AIDAFEDUSER0000000000",
        "arn:aws:iam::222222222222:user/eve",
        "AIDAEVE00000000000000",
        "arn:aws:sts::222222222222:assumed-role/xrole/sess",
        "arn:aws:iam::222222222222:role/xrole",
        "arn:aws:sts::222222222222:federated-user/far",
        "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1",
    ]);
    let aws = prop::collection::vec(aws, 1..5);
    let service = select(vec!["logging.s3.amazonaws.com", "ec2.amazonaws.com"]);
    let federated = select(vec![
        "graph.facebook.com",
        "arn:aws:iam::111111111111:saml-provider/x",
    ]);
    let canonical = select(vec!["1f", "2e", "3d"]).prop_map(|pair| pair.repeat(32));
    prop_oneof![
        1 => Just(json!("*")),
        7 => aws.clone().prop_map(|list| json!({"AWS": list})),
        1 => service.clone().prop_map(|name| json!({"Service": name})),
        1 => federated.clone().prop_map(|name| json!({"Federated": name})),
        1 => canonical.clone().prop_map(|id| json!({"CanonicalUser": id})),
        1 => (aws, service, federated, canonical).prop_map(|(aws, service, federated, canonical)| {
            json!({"AWS": aws, "Service": service, "Federated": federated, "CanonicalUser": canonical})
        }),
    ]
}
