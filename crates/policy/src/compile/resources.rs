//! Resources: what a statement works on.

use crate::{
    ResourceElement, Version,
    condition::ArnPattern,
    context::{ContextMap, View},
    pattern::Variables,
};

/// The resource that is asked about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject<'a> {
    /// What follows `arn:aws:s3:::`: a bucket, `bucket/key`, or `*` for no resource in particular.
    S3(&'a str),
    /// Any ARN, or `*`.
    Arn(&'a str),
}

/// `Resource` or `NotResource` of one statement.
#[derive(Clone, Debug)]
pub(crate) struct CompiledResources {
    any: bool,
    /// The patterns of S3's buckets and objects come first.
    patterns: Box<[ArnPattern]>,
    s3_count: usize,
    negated: bool,
}

impl CompiledResources {
    pub(crate) fn new(element: &ResourceElement, version: Version) -> Self {
        let variables = match version {
            Version::V2012 => Variables::Replaced,
            Version::V2008 => Variables::Plain,
        };
        let no_context = ContextMap::new();
        let view = View::of(&no_context, None, true);
        let (mut patterns, others): (Vec<_>, Vec<_>) = element
            .patterns()
            .iter()
            .filter_map(|text| ArnPattern::parse_open(text, variables))
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
                Subject::S3(relative) => self
                    .patterns
                    .iter()
                    .take(self.s3_count)
                    .any(|pattern| pattern.resource().matches(relative, view)),
                Subject::Arn(arn) => self.patterns.iter().any(|one| one.matches(arn, view)),
            };
        listed != self.negated
    }
}
