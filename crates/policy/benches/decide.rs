//! How long one decision takes: the last statement allows, none before it matches.
//!
//! Half of the statements carry conditions (IP ranges, `StringLike`, `StringEquals`), all have wildcards.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a bench stops where it fails"
)]

use buckler_policy::{
    AccountId, Action, BucketSecurity, Caller, CallerAccount, CallerKind, CanonicalId,
    CompiledPolicy, ConditionKey, Context, ObjectOwnership, Permission, PublicAccessBlock, Values,
    authorize, parse_bucket_policy,
};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use std::{hint::black_box, net::IpAddr};

const USER_ARN: &str = "arn:aws:iam::111111111111:user/alice";

/// What a server knows of a request, typed.
struct Request {
    source_ip: IpAddr,
}

impl Context for Request {
    fn value(&self, key: &ConditionKey) -> Values<'_> {
        match key {
            ConditionKey::SourceIp => self.source_ip.into(),
            ConditionKey::UserAgent => "aws-cli/2.17 md/Botocore#1.35".into(),
            ConditionKey::PrincipalArn => USER_ARN.into(),
            ConditionKey::Username => "alice".into(),
            ConditionKey::SecureTransport => true.into(),
            _ => Values::Absent,
        }
    }
}

/// A policy of so many statements in which only the last allows.
fn policy(statements: usize) -> String {
    let statement = |index: usize| {
        let last = index + 1 == statements;
        let condition = match index % 6 {
            _ if last => String::new(),
            0 => format!(
                r#","Condition":{{"IpAddress":{{"aws:SourceIp":["198.51.{index}.0/24","203.0.113.0/24"]}}}}"#
            ),
            2 => r#","Condition":{"StringLike":{"aws:UserAgent":"*curl*"}}"#.to_owned(),
            4 => r#","Condition":{"StringEquals":{"aws:username":"bob"}}"#.to_owned(),
            _ => String::new(),
        };
        let resource = match (last, condition.is_empty()) {
            (true, _) => "data/*/2026/*.parquet".to_owned(),
            (false, true) => format!("team-{index}/*/reports/*.csv"),
            // These reach the condition, which does not hold.
            (false, false) => "data/*".to_owned(),
        };
        format!(
            r#"{{"Sid":"S{index}","Effect":"Allow","Principal":"*","Action":["s3:GetObject","s3:GetObjectVersion*"],"Resource":"arn:aws:s3:::examplebucket/{resource}"{condition}}}"#
        )
    };
    let statements: Vec<_> = (0..statements).map(statement).collect();
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{}]}}"#,
        statements.join(",")
    )
}

fn decide(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decide");
    for statements in [1, 20, 80, 110] {
        let text = policy(statements);
        let document = parse_bucket_policy(text.as_bytes(), "examplebucket").unwrap();
        let policy = CompiledPolicy::compile(&document);
        let bucket = BucketSecurity {
            name: "examplebucket",
            owner: AccountId::parse("111111111111").unwrap(),
            policy: Some(&policy),
            public_access_block: PublicAccessBlock::default(),
            object_ownership: ObjectOwnership::BucketOwnerEnforced,
            acl: &[],
        };
        let caller = Caller::new(CallerKind::User {
            account: CallerAccount {
                id: AccountId::parse("111111111111").unwrap(),
                canonical_id: CanonicalId::parse(&"1f".repeat(32)).unwrap(),
            },
            arn: USER_ARN,
            unique_id: "AIDAALICE000000000000",
        });
        let request = Request {
            source_ip: "192.0.2.7".parse().unwrap(),
        };
        let read = [Permission::on_object(
            Action::GetObject,
            "examplebucket",
            "data/eu-central-1/2026/part-0001.parquet",
        )];
        assert!(authorize(&caller, Some(&bucket), &read, &request).is_allow());
        let id = BenchmarkId::new("statements", format!("{statements} ({} bytes)", text.len()));
        group.bench_function(id, |bench| {
            bench.iter(|| authorize(black_box(&caller), Some(&bucket), &read, &request));
        });
    }
    group.finish();
}

fn compile(criterion: &mut Criterion) {
    let text = policy(80);
    criterion.bench_function("parse and compile 80 statements", |bench| {
        bench.iter(|| {
            let document =
                parse_bucket_policy(black_box(text.as_bytes()), "examplebucket").unwrap();
            CompiledPolicy::compile(&document)
        });
    });
}

criterion_group!(benches, decide, compile);
criterion_main!(benches);
