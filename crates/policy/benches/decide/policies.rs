//! The policies and the request, in a form that every engine's can be written from.

use std::fmt;

pub(crate) const BUCKET: &str = "examplebucket";
pub(crate) const KEY: &str = "data/eu-central-1/2026/part-0001.parquet";
pub(crate) const SOURCE_IP: &str = "192.0.2.7";
pub(crate) const USER_AGENT: &str = "aws-cli/2.17 md/Botocore#1.35";
pub(crate) const USER_NAME: &str = "alice";
pub(crate) const ACCOUNT: &str = "111111111111";
pub(crate) const USER_ARN: &str = "arn:aws:iam::111111111111:user/alice";

/// Largest bucket policy, in bytes.
const FULL_BYTES: usize = 20_480;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Allow,
    Deny,
    /// Nothing applies.
    None,
}

#[derive(Clone)]
pub(crate) struct Scenario {
    pub(crate) statements: Vec<Statement>,
    pub(crate) has_conditions: bool,
    pub(crate) outcome: Outcome,
    pub(crate) is_full: bool,
}

#[derive(Clone)]
pub(crate) struct Statement {
    pub(crate) denies: bool,
    /// What follows the bucket.
    pub(crate) key_pattern: String,
    pub(crate) condition: Option<Condition>,
}

#[derive(Clone)]
pub(crate) enum Condition {
    SourceIp(Vec<String>),
    UserAgentLike(&'static str),
    UserNameIs(&'static str),
}

impl Scenario {
    pub(crate) fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for has_conditions in [false, true] {
            let full = Self::full(has_conditions);
            for count in [1, 3, 20, 80, full] {
                for outcome in [Outcome::Allow, Outcome::Deny, Outcome::None] {
                    let is_full = count == full;
                    all.push(Self::new(count, has_conditions, outcome, is_full));
                }
            }
        }
        all
    }

    fn new(count: usize, has_conditions: bool, outcome: Outcome, is_full: bool) -> Self {
        let mut statements: Vec<_> = (0..count)
            .map(|index| bystander(index, has_conditions))
            .collect();
        let last = statements.last_mut().unwrap();
        if outcome != Outcome::None {
            last.key_pattern = String::from("data/*/2026/*.parquet");
            last.condition = None;
        }
        last.denies = outcome == Outcome::Deny;
        Self {
            statements,
            has_conditions,
            outcome,
            is_full,
        }
    }

    /// How many statements fit into a document.
    fn full(has_conditions: bool) -> usize {
        let fits = |count: &usize| {
            let scenario = Self::new(*count, has_conditions, Outcome::Deny, true);
            scenario.bucket_policy().len() <= FULL_BYTES
        };
        (1..=FULL_BYTES).take_while(fits).last().unwrap()
    }

    /// The document, in its normal form.
    pub(crate) fn bucket_policy(&self) -> String {
        let statements: Vec<_> = self.statements.iter().enumerate().map(json).collect();
        let statements = statements.join(",");
        format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#)
    }
}

/// A statement that does not apply: because of its resource, or because of its condition.
fn bystander(index: usize, has_conditions: bool) -> Statement {
    let condition = match index % 6 {
        _ if !has_conditions => None,
        0 => Some(Condition::SourceIp(vec![
            format!("198.51.{index}.0/24"),
            "203.0.113.0/24".to_owned(),
        ])),
        2 => Some(Condition::UserAgentLike("*curl*")),
        4 => Some(Condition::UserNameIs("bob")),
        _ => None,
    };
    let key_pattern = if condition.is_some() {
        "data/*".to_owned()
    } else {
        format!("team-{index}/*/reports/*.csv")
    };
    Statement {
        denies: false,
        key_pattern,
        condition,
    }
}

fn json((index, statement): (usize, &Statement)) -> String {
    let effect = if statement.denies { "Deny" } else { "Allow" };
    let key = &statement.key_pattern;
    let condition = match &statement.condition {
        None => String::new(),
        Some(condition) => format!(r#","Condition":{}"#, condition.json()),
    };
    format!(
        r#"{{"Sid":"S{index}","Effect":"{effect}","Principal":"*","Action":["s3:GetObject","s3:GetObjectVersion*"],"Resource":"arn:aws:s3:::{BUCKET}/{key}"{condition}}}"#
    )
}

impl Condition {
    fn json(&self) -> String {
        match self {
            Self::SourceIp(ranges) => {
                format!(r#"{{"IpAddress":{{"aws:SourceIp":{ranges:?}}}}}"#)
            }
            Self::UserAgentLike(pattern) => {
                format!(r#"{{"StringLike":{{"aws:UserAgent":"{pattern}"}}}}"#)
            }
            Self::UserNameIs(name) => {
                format!(r#"{{"StringEquals":{{"aws:username":"{name}"}}}}"#)
            }
        }
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.statements.len();
        let size = if self.is_full { " (20 KB)" } else { "" };
        let with = if self.has_conditions {
            "with"
        } else {
            "without"
        };
        let outcome = match self.outcome {
            Outcome::Allow => "allow",
            Outcome::Deny => "deny",
            Outcome::None => "none",
        };
        write!(f, "{count} statements{size} {with} conditions, {outcome}")
    }
}
