//! The whole analysis of one policy.

use super::{Finding, FindingType, access, document, overlap, refusal, report::Report};
use crate::{
    AccountId, Caller, CompiledPolicy, ConditionKey, ContextMap, PolicyError,
    compile::keys_read_by, source::Lines,
};
use std::collections::BTreeSet;

/// The kinds of policies, which AWS holds to different rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PolicyKind {
    /// A bucket policy.
    Bucket,
    /// A policy of a user, a group or a role, inline or managed.
    Identity,
    /// A session policy.
    Session,
    /// The trust policy of a role.
    Trust,
    /// A permissions boundary.
    Boundary,
}

impl PolicyKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Bucket,
        Self::Identity,
        Self::Session,
        Self::Trust,
        Self::Boundary,
    ];

    /// The kind in one word, in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bucket => "bucket",
            Self::Identity => "identity",
            Self::Session => "session",
            Self::Trust => "trust",
            Self::Boundary => "boundary",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether statements name principals: in policies that are attached to a resource.
    pub(super) const fn names_principals(self) -> bool {
        match self {
            Self::Bucket | Self::Trust => true,
            Self::Identity | Self::Session | Self::Boundary => false,
        }
    }
}

/// What an analysis can know besides the policy.
#[derive(Clone, Copy, Debug, Default)]
pub struct AnalysisOptions<'a> {
    /// The bucket that a bucket policy is for. Without it, the first bucket that the policy names.
    pub bucket: Option<&'a str>,
    /// The account that owns the bucket.
    pub bucket_owner: Option<AccountId>,
    /// Who is about to store the bucket policy, and the condition keys of its requests: the analysis says if the policy
    /// would keep this caller from ever changing it again. [`bucket_owner`](Self::bucket_owner) must be there, too.
    pub caller: Option<(&'a Caller<'a>, &'a ContextMap)>,
}

/// What is to be said about a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Analysis {
    /// The findings, in the order of the text.
    pub findings: Vec<Finding>,
    /// What AWS refuses the policy with; `None` if it accepts it.
    pub refusal: Option<PolicyError>,
    /// Whether Block Public Access calls the bucket policy public; `None` if it is refused, or of another kind.
    pub is_public: Option<bool>,
    /// The condition keys that decisions may ask for, in conditions and as variables; empty if the policy is refused.
    pub condition_keys: BTreeSet<ConditionKey>,
}

impl Analysis {
    /// Whether some finding is an error.
    pub fn has_errors(&self) -> bool {
        let mut findings = self.findings.iter();
        findings.any(|finding| finding.finding_type == FindingType::Error)
    }
}

/// What every rule knows.
#[derive(Debug)]
pub(super) struct Subject<'a> {
    pub(super) kind: PolicyKind,
    /// The bucket of a bucket policy; made up if neither the options nor the policy name one.
    pub(super) bucket: String,
    pub(super) bucket_owner: Option<AccountId>,
    pub(super) caller: Option<(&'a Caller<'a>, &'a ContextMap)>,
    pub(super) text: &'a str,
    /// Whether `${…}` is a variable.
    pub(super) has_variables: bool,
}

/// Analyses a policy of any kind, accepted or not.
///
/// Takes bounded time and memory whatever the text is. A policy that the parser refuses has at least one finding of type
/// [`FindingType::Error`].
///
/// ```
/// use buckler_policy::{AnalysisOptions, IssueCode, PolicyKind, analyse};
///
/// let text = br#"{"Version": "2012-10-17", "Statement": {
///   "Effect": "Allow", "Principal": "*",
///   "Action": ["s3:GetObject", "s3:getobjekt"], "Resource": "arn:aws:s3:::photos/*"}}"#;
/// let analysis = analyse(text, PolicyKind::Bucket, &AnalysisOptions::default());
/// let found: Vec<_> = analysis.findings.iter().map(|one| (one.code, one.location.start.line)).collect();
/// assert_eq!(found, [(IssueCode::InvalidAction, 3)]);
/// assert_eq!(analysis.refusal.unwrap().to_string(), "Policy has invalid action");
/// ```
pub fn analyse<'a>(text: &'a [u8], kind: PolicyKind, options: &'a AnalysisOptions<'a>) -> Analysis {
    let mut report = Report::default();
    let valid = std::str::from_utf8(text);
    let readable = match &valid {
        Ok(text) => *text,
        Err(error) => text
            .get(..error.valid_up_to())
            .and_then(|start| std::str::from_utf8(start).ok())
            .unwrap_or_default(),
    };
    let lines = Lines::new(readable);
    let root = document::read(&mut report, text, readable, &lines, kind);
    let bucket = options.bucket.map(str::to_owned);
    let bucket = bucket
        .or_else(|| root.as_ref().and_then(document::named_bucket))
        .unwrap_or_else(|| "bucket".to_owned());
    let parsed = refusal::parse(text, kind, &bucket);
    if let Some(root) = &root {
        let subject = Subject {
            kind,
            bucket,
            bucket_owner: options.bucket_owner,
            caller: options.caller,
            text: readable,
            has_variables: document::has_variables(root),
        };
        let statements = document::check(&mut report, &subject, root);
        match &parsed {
            Ok(parsed) => {
                access::check(&mut report, &subject, &statements, parsed);
                overlap::check(&mut report, &statements, parsed);
            }
            Err(error) => {
                refusal::place(&mut report, &subject, &statements, error);
                access::check_good(&mut report, &subject, &statements);
            }
        }
    }
    if let Err(error) = &parsed {
        refusal::make_sure(&mut report, error);
    }
    let accepted = parsed.as_ref().ok();
    let compiled = accepted.map(CompiledPolicy::compile);
    let condition_keys = accepted.map(keys_read_by).unwrap_or_default();
    Analysis {
        findings: report.into_findings(&lines, root.as_ref()),
        refusal: parsed.err(),
        is_public: compiled
            .as_ref()
            .filter(|_| kind == PolicyKind::Bucket)
            .map(CompiledPolicy::is_public),
        condition_keys,
    }
}
