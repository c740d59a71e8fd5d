//! Resources: what a statement works on.

use super::subject::Subject;
use crate::{
    ResourceElement, Version,
    condition::ArnPattern,
    context::{ContextMap, View},
    pattern::{Pattern, Variables, Wildcards, tokens},
};

/// `Resource` or `NotResource` of one statement.
#[derive(Clone, Debug)]
pub(crate) struct CompiledResources {
    any: bool,
    /// The patterns of S3's buckets and objects come first.
    patterns: Box<[ResourcePattern]>,
    s3_count: usize,
    negated: bool,
}

/// One entry of `Resource`.
#[derive(Clone, Debug)]
enum ResourcePattern {
    /// What follows `arn:aws:s3:::`, written so.
    S3(Pattern),
    Arn(ArnPattern),
}

/// How the ARNs of buckets and objects begin.
const S3_ARN: &str = "arn:aws:s3:::";

impl ResourcePattern {
    /// `None` for a text that is no ARN.
    fn parse(text: &str, variables: Variables) -> Option<Self> {
        match text.strip_prefix(S3_ARN) {
            Some(relative) => {
                let tokens = tokens(relative, variables, Wildcards::Meant);
                Some(Self::S3(Pattern::new(&tokens)))
            }
            None => ArnPattern::parse_open(text, variables).map(Self::Arn),
        }
    }

    fn names_s3(&self, view: &View<'_>) -> bool {
        match self {
            Self::S3(_) => true,
            Self::Arn(pattern) => pattern.names_s3(view),
        }
    }

    /// The pattern of what follows the fifth colon.
    fn relative(&self) -> &Pattern {
        match self {
            Self::S3(pattern) => pattern,
            Self::Arn(pattern) => pattern.resource(),
        }
    }

    fn matches(&self, arn: &str, view: &View<'_>) -> bool {
        match self {
            Self::S3(pattern) => arn
                .strip_prefix(S3_ARN)
                .is_some_and(|relative| pattern.matches(relative, view)),
            Self::Arn(pattern) => pattern.matches(arn, view),
        }
    }
}

impl CompiledResources {
    pub(crate) fn new(element: &ResourceElement, version: Version) -> Self {
        let variables = Variables::from(version);
        let no_context = ContextMap::new();
        let view = View::of(&no_context, None, true);
        let (mut patterns, others): (Vec<_>, Vec<_>) = element
            .patterns()
            .iter()
            .filter_map(|text| ResourcePattern::parse(text, variables))
            .partition(|pattern| pattern.names_s3(&view));
        let s3_count = patterns.len();
        patterns.extend(others);
        Self {
            any: element.patterns().iter().any(|text| text == "*"),
            patterns: patterns.into(),
            s3_count,
            negated: element.is_negated(),
        }
    }

    pub(crate) fn matches(&self, subject: Subject<'_>, view: &View<'_>) -> bool {
        let listed = self.any
            || match subject {
                Subject::S3(subject) => self.s3_patterns().any(|pattern| {
                    let rest = subject.strip_prefix(pattern.prefix());
                    rest.is_some_and(|rest| pattern.rest().matches(rest, view))
                }),
                Subject::Arn(arn) => self.patterns.iter().any(|one| one.matches(arn, view)),
            };
        listed != self.negated
    }

    /// The same about a resource that is known to begin as one of the patterns does.
    pub(super) fn matches_behind_prefix(&self, subject: Subject<'_>, view: &View<'_>) -> bool {
        match (subject, &*self.patterns) {
            // PERF: most statements have one resource, and then it is that one's beginning.
            (Subject::S3(subject), [pattern]) if !self.any && !self.negated => {
                let pattern = pattern.relative();
                let rest = subject.behind(pattern.prefix().len());
                rest.is_some_and(|rest| pattern.rest().matches(rest, view))
            }
            _ => self.matches(subject, view),
        }
    }

    /// Whether this is `"Resource": "*"`, perhaps among others.
    pub(super) fn is_everything(&self) -> bool {
        self.any && !self.negated
    }

    /// The patterns for buckets and objects, if one of them has to match.
    pub(super) fn listed_s3(&self) -> Option<impl Iterator<Item = &Pattern>> {
        (!self.any && !self.negated).then(|| self.s3_patterns())
    }

    fn s3_patterns(&self) -> impl Iterator<Item = &Pattern> {
        let patterns = self.patterns.iter().take(self.s3_count);
        patterns.map(ResourcePattern::relative)
    }
}
