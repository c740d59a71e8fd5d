//! `regorus` on rules that say the same.

use crate::cpu_time::CpuTime;
use crate::policies::{
    BUCKET, Condition, KEY, Outcome, SOURCE_IP, Scenario, USER_AGENT, USER_NAME,
};
use criterion::BenchmarkGroup;
use regorus::{Engine, Value};
use std::{fmt::Write, hint::black_box};

/// One rule per statement. Patterns are regular expressions, which the engine keeps compiled.
fn module(scenario: &Scenario) -> String {
    let mut text = "package s3\nimport rego.v1\n\
         default allow := false\ndefault denied := false\ndefault granted := false\n\
         allow if { granted; not denied }\n"
        .to_owned();
    for statement in &scenario.statements {
        let head = if statement.denies {
            "denied"
        } else {
            "granted"
        };
        let condition = match &statement.condition {
            None => String::new(),
            Some(condition) => format!("; {}", expression(condition)),
        };
        writeln!(
            text,
            "{head} if {{ input.action in {{\"GetObject\", \"GetObjectVersion\"}}; input.bucket == \"{BUCKET}\"; \
             {}{condition} }}",
            like("input.key", &statement.key_pattern)
        )
        .unwrap();
    }
    text
}

fn expression(condition: &Condition) -> String {
    match condition {
        Condition::SourceIp(ranges) => {
            format!("some range in {ranges:?}; net.cidr_contains(range, input.source_ip)")
        }
        Condition::UserAgentLike(pattern) => like("input.user_agent", pattern),
        Condition::UserNameIs(name) => format!("input.username == \"{name}\""),
    }
}

fn like(value: &str, pattern: &str) -> String {
    let pattern = pattern.replace('.', "[.]").replace('*', ".*");
    format!("regex.match(`^{pattern}$`, {value})")
}

pub(crate) fn decide(group: &mut BenchmarkGroup<'_, CpuTime>, scenario: &Scenario) {
    let mut engine = Engine::new();
    engine
        .add_policy("s3.rego".to_owned(), module(scenario))
        .unwrap();
    let input = format!(
        r#"{{"action":"GetObject","bucket":"{BUCKET}","key":"{KEY}","source_ip":"{SOURCE_IP}",
            "user_agent":"{USER_AGENT}","username":"{USER_NAME}"}}"#
    );
    let input = Value::from_json_str(&input).unwrap();
    let mut decide = || {
        // A new request is a new input.
        engine.set_input(black_box(&input).clone());
        engine.eval_rule("data.s3.allow".to_owned()).unwrap()
    };
    let is_allow = decide() == Value::from(true);
    assert_eq!(is_allow, scenario.outcome == Outcome::Allow);
    group.bench_function("regorus", |bench| bench.iter(&mut decide));
}
