//! `cedar-policy` on policies that say the same.

use crate::cpu_time::CpuTime;
use crate::policies::{
    BUCKET, Condition, KEY, Outcome, SOURCE_IP, Scenario, USER_AGENT, USER_NAME,
};
use cedar_policy::{
    Authorizer, Context, Decision, Entities, EntityUid, PolicySet, Request, RestrictedExpression,
};
use criterion::BenchmarkGroup;
use std::{fmt::Write, hint::black_box, str::FromStr};

/// One Cedar policy per statement: the key is in the context, as Cedar's own examples of resources by path have it.
fn policy_set(scenario: &Scenario) -> PolicySet {
    let mut text = String::new();
    for statement in &scenario.statements {
        let effect = if statement.denies { "forbid" } else { "permit" };
        let condition = match &statement.condition {
            None => String::new(),
            Some(condition) => format!(" && {}", expression(condition)),
        };
        writeln!(
            text,
            "{effect}(principal, action in [Action::\"GetObject\", Action::\"GetObjectVersion\"], \
             resource == Bucket::\"{BUCKET}\") when {{ context.key like \"{}\"{condition} }};",
            statement.key_pattern
        )
        .unwrap();
    }
    PolicySet::from_str(&text).unwrap()
}

fn expression(condition: &Condition) -> String {
    match condition {
        Condition::SourceIp(ranges) => {
            let ranges: Vec<_> = ranges
                .iter()
                .map(|range| format!("context.source_ip.isInRange(ip(\"{range}\"))"))
                .collect();
            format!("({})", ranges.join(" || "))
        }
        Condition::UserAgentLike(pattern) => format!("context.user_agent like \"{pattern}\""),
        Condition::UserNameIs(name) => format!("context.username == \"{name}\""),
    }
}

pub(crate) fn decide(group: &mut BenchmarkGroup<'_, CpuTime>, scenario: &Scenario) {
    let policies = policy_set(scenario);
    let text = |text: &str| RestrictedExpression::new_string(text.to_owned());
    let context = Context::from_pairs([
        ("key".to_owned(), text(KEY)),
        (
            "source_ip".to_owned(),
            RestrictedExpression::new_ip(SOURCE_IP),
        ),
        ("user_agent".to_owned(), text(USER_AGENT)),
        ("username".to_owned(), text(USER_NAME)),
    ])
    .unwrap();
    let uid = |text: &str| EntityUid::from_str(text).unwrap();
    let request = Request::new(
        uid(&format!("User::\"{USER_NAME}\"")),
        uid("Action::\"GetObject\""),
        uid(&format!("Bucket::\"{BUCKET}\"")),
        context,
        None,
    )
    .unwrap();
    let entities = Entities::empty();
    let authorizer = Authorizer::new();
    let answer = authorizer.is_authorized(&request, &policies, &entities);
    let is_allow = answer.decision() == Decision::Allow;
    assert_eq!(is_allow, scenario.outcome == Outcome::Allow);
    assert_eq!(answer.diagnostics().errors().count(), 0);
    group.bench_function("cedar-policy", |bench| {
        bench.iter(|| authorizer.is_authorized(black_box(&request), &policies, &entities));
    });
}
