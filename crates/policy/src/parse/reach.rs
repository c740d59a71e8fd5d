//! Which actions and which resources a statement of a bucket policy reaches, and whether they fit.
//!
//! Source: facts: authorization.md 3.5 to 3.7.

use super::PolicyError;
use crate::{
    Action, ActionElement, ResourceElement, Scope, arn,
    compile::ActionSet,
    pattern::{Token, Variables, Wildcards, tokens},
};
use std::collections::HashMap;

/// The action entries that were met in a document; statements mostly repeat a few.
#[derive(Default)]
pub(super) struct KnownActions(HashMap<String, ActionSet>);

/// One action entry: what it matches of the actions a bucket policy can grant.
pub(crate) struct ActionEntry {
    pub(crate) actions: ActionSet,
    pub(crate) is_wildcard: bool,
}

/// Tests 14 to 16: each action is known, each resource can name the bucket, each action fits a resource.
///
/// Statements with `NotAction` or `NotResource` are exempt from the last.
pub(super) fn check(
    action: &ActionElement,
    resource: &ResourceElement,
    bucket: &str,
    known: &mut KnownActions,
) -> Result<Vec<ActionEntry>, PolicyError> {
    let entries = actions(action, known)?;
    let reach = Reach::of(resource, bucket)?;
    if !action.is_negated() && !resource.is_negated() {
        reach.covers_each(&entries)?;
    }
    Ok(entries)
}

/// The entries of `Action` or `NotAction`; each must match something (test 14).
fn actions(
    element: &ActionElement,
    known: &mut KnownActions,
) -> Result<Vec<ActionEntry>, PolicyError> {
    let entries = element.patterns().iter().map(|text| known.entry(text));
    let entries: Vec<_> = entries.collect();
    let good = !entries.is_empty() && entries.iter().all(|entry| !entry.actions.is_empty());
    good.then_some(entries).ok_or(PolicyError::InvalidAction)
}

impl KnownActions {
    fn entry(&mut self, text: &str) -> ActionEntry {
        let actions = self.0.get(text).copied().unwrap_or_else(|| {
            let usable = ActionSet::usable_in_bucket_policies();
            let actions = ActionSet::matching(text).intersection(usable);
            self.0.insert(text.to_owned(), actions);
            actions
        });
        ActionEntry {
            actions,
            is_wildcard: text.contains(['*', '?']),
        }
    }
}

/// What the resources of a statement reach of one bucket.
#[derive(Clone, Copy, Default)]
pub(crate) struct Reach {
    pub(crate) bucket: bool,
    pub(crate) object: bool,
}

impl Reach {
    /// The reach of all entries together; each must be able to name the bucket or something in it (test 15).
    fn of(element: &ResourceElement, bucket: &str) -> Result<Self, PolicyError> {
        let mut whole = Self::default();
        for text in element.patterns() {
            let one = Self::of_one(text, bucket).ok_or(PolicyError::InvalidResource)?;
            whole.bucket |= one.bucket;
            whole.object |= one.object;
        }
        if whole.bucket || whole.object {
            Ok(whole)
        } else {
            Err(PolicyError::InvalidResource)
        }
    }

    /// The reach of one entry; `None` if it cannot name the bucket or anything in it.
    pub(crate) fn of_one(text: &str, bucket: &str) -> Option<Self> {
        // PERF: most resources name the bucket itself; walking all ways through a pattern takes 50 times as long.
        match text
            .strip_prefix("arn:aws:s3:::")
            .and_then(|relative| relative.strip_prefix(bucket))
        {
            Some("") => {
                return Some(Self {
                    bucket: true,
                    object: false,
                });
            }
            Some(rest) if rest.starts_with('/') => {
                return Some(Self {
                    bucket: false,
                    object: true,
                });
            }
            Some(_) | None => {}
        }
        let [first, partition, service, region, account, relative] = arn::split(text)?;
        let names_s3 = first == "arn"
            && after(partition, "aws").is_some_and(|rest| rest.may_end())
            && service == "s3"
            && region.bytes().all(|byte| byte == b'*')
            && account.bytes().all(|byte| byte == b'*');
        if !names_s3 {
            return None;
        }
        let at_bucket = after(relative, bucket)?;
        let reach = Self {
            bucket: at_bucket.may_end(),
            object: at_bucket.may_go_on('/'),
        };
        (reach.bucket || reach.object).then_some(reach)
    }

    /// Each entry must match an action that works on what the resources reach (test 16).
    fn covers_each(self, entries: &[ActionEntry]) -> Result<(), PolicyError> {
        let covered = |action: Action| match action.scope() {
            Scope::Bucket => self.bucket,
            Scope::Object => self.object,
            Scope::Account
            | Scope::AccessPoint
            | Scope::ObjectLambdaAccessPoint
            | Scope::MultiRegionAccessPoint
            | Scope::MultiRegionAccessPointRequest
            | Scope::AccessGrant
            | Scope::AccessGrantsInstance
            | Scope::AccessGrantsLocation
            | Scope::Job
            | Scope::StorageLensConfiguration
            | Scope::StorageLensGroup => false,
        };
        if entries
            .iter()
            .all(|entry| entry.actions.iter().any(covered))
        {
            Ok(())
        } else {
            Err(PolicyError::ActionDoesNotApply)
        }
    }
}

/// A pattern, letter by letter.
#[derive(Clone, Copy, PartialEq)]
enum Step {
    Letter(char),
    One,
    Run,
}

/// Where in a pattern one can be after some text: all possibilities at once.
struct Positions {
    pattern: Vec<Step>,
    at: Vec<usize>,
}

/// The positions in `pattern` after all of `text`, or `None` if it cannot begin so. A variable may be anything.
fn after(pattern: &str, text: &str) -> Option<Positions> {
    let mut steps = Vec::with_capacity(pattern.len());
    for token in tokens(pattern, Variables::Replaced, Wildcards::Meant) {
        match token {
            Token::Text(text) => steps.extend(text.chars().map(Step::Letter)),
            Token::One => steps.push(Step::One),
            Token::Run | Token::Variable(_) => steps.push(Step::Run),
        }
    }
    let mut positions = Positions {
        pattern: steps,
        at: vec![0],
    };
    positions.pass_runs();
    for letter in text.chars() {
        positions.step(letter);
    }
    (!positions.at.is_empty()).then_some(positions)
}

impl Positions {
    /// Whether the pattern may be at its end here.
    fn may_end(&self) -> bool {
        self.at.contains(&self.pattern.len())
    }

    /// Whether the text may go on with this letter.
    fn may_go_on(mut self, letter: char) -> bool {
        self.step(letter);
        !self.at.is_empty()
    }

    /// One letter on.
    fn step(&mut self, letter: char) {
        let pattern = &self.pattern;
        let next = |at: usize| match pattern.get(at)? {
            Step::Letter(expected) => (*expected == letter).then_some(at + 1),
            Step::One => Some(at + 1),
            Step::Run => Some(at),
        };
        self.at = self.at.iter().filter_map(|&at| next(at)).collect();
        self.pass_runs();
    }

    /// A run may be empty: every position before one is also a position behind it.
    fn pass_runs(&mut self) {
        let mut index = 0;
        while let Some(&at) = self.at.get(index) {
            if self.pattern.get(at) == Some(&Step::Run) && !self.at.contains(&(at + 1)) {
                self.at.push(at + 1);
            }
            index += 1;
        }
        self.at.sort_unstable();
        self.at.dedup();
    }
}
