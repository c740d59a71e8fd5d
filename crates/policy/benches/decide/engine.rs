//! This engine.

use crate::cpu_time::CpuTime;
use crate::policies::{
    ACCOUNT, BUCKET, KEY, Outcome, SOURCE_IP, Scenario, USER_AGENT, USER_ARN, USER_NAME,
};
use buckler_policy::{
    AccountId, Action, BucketSecurity, Caller, CallerAccount, CallerKind, CanonicalId,
    CompiledPolicy, ConditionKey, Context, ObjectOwnership, Permission, PublicAccessBlock, Values,
    authorize, parse_bucket_policy,
};
use criterion::{BenchmarkGroup, Criterion};
use std::{hint::black_box, net::IpAddr};

/// What a server knows of a request, typed.
struct Request {
    source_ip: IpAddr,
}

impl Context for Request {
    fn value(&self, key: &ConditionKey) -> Values<'_> {
        match key {
            ConditionKey::SourceIp => self.source_ip.into(),
            ConditionKey::UserAgent => USER_AGENT.into(),
            ConditionKey::PrincipalArn => USER_ARN.into(),
            ConditionKey::Username => USER_NAME.into(),
            ConditionKey::SecureTransport => true.into(),
            _ => Values::Absent,
        }
    }
}

pub(crate) fn decide(group: &mut BenchmarkGroup<'_, CpuTime>, scenario: &Scenario) {
    let text = scenario.bucket_policy();
    let document = parse_bucket_policy(text.as_bytes(), BUCKET).unwrap();
    let policy = CompiledPolicy::compile(&document);
    let bucket = BucketSecurity {
        name: BUCKET,
        owner: AccountId::parse(ACCOUNT).unwrap(),
        policy: Some(&policy),
        public_access_block: PublicAccessBlock::default(),
        object_ownership: ObjectOwnership::BucketOwnerEnforced,
        acl: &[],
    };
    let caller = Caller::new(CallerKind::User {
        account: CallerAccount {
            id: AccountId::parse(ACCOUNT).unwrap(),
            canonical_id: CanonicalId::parse(&"1f".repeat(32)).unwrap(),
        },
        arn: USER_ARN,
        unique_id: "AIDAALICE000000000000",
    });
    let request = Request {
        source_ip: SOURCE_IP.parse().unwrap(),
    };
    let read = [Permission::on_object(Action::GetObject, BUCKET, KEY)];
    let is_allow = authorize(&caller, Some(&bucket), &read, &request).is_allow();
    assert_eq!(is_allow, scenario.outcome == Outcome::Allow);
    group.bench_function("buckler", |bench| {
        bench.iter(|| {
            authorize(
                black_box(&caller),
                Some(&bucket),
                black_box(&read),
                &request,
            )
        });
    });
}

pub(crate) fn compile(criterion: &mut Criterion<CpuTime>) {
    for scenario in Scenario::all() {
        if scenario.outcome != Outcome::Allow {
            continue;
        }
        let text = scenario.bucket_policy();
        let parse = || parse_bucket_policy(black_box(text.as_bytes()), BUCKET).unwrap();
        let mut group = criterion.benchmark_group(format!("compile/{scenario}"));
        group.bench_function("parse, validate, compile", |bench| {
            bench.iter(|| CompiledPolicy::compile(&parse()));
        });
        let document = parse();
        group.bench_function("compile", |bench| {
            bench.iter(|| CompiledPolicy::compile(black_box(&document)));
        });
        group.finish();
    }
}
