//! A whole policy in its fast form.

use super::{
    MatchKinds, Subject,
    actions::Asked,
    keys, public,
    statement::{CompiledStatement, StatementRef},
};
use crate::{Caller, ConditionKey, Document, Effect, context::View};
use std::collections::BTreeSet;

/// A policy that decides without taking memory.
///
/// Compile once, when the policy is written or first read, and share it.
///
/// ```
/// use buckler_policy::{CompiledPolicy, parse_bucket_policy};
///
/// let policy = parse_bucket_policy(
///     br#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}"#,
///     "b",
/// )?;
/// assert!(CompiledPolicy::compile(&policy).is_public());
/// # Ok::<(), buckler_policy::PolicyError>(())
/// ```
#[derive(Clone, Debug)]
pub struct CompiledPolicy {
    statements: Box<[CompiledStatement]>,
    keys: BTreeSet<ConditionKey>,
    is_public: bool,
}

/// What one policy says about one question.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Verdict<'p> {
    /// The first Deny that applies; nothing after it was looked at.
    pub(crate) deny: Option<&'p StatementRef>,
    /// The first Allow that applies.
    pub(crate) allow: Option<&'p StatementRef>,
    /// The first Allow that names everyone, or the caller itself.
    pub(crate) direct: Option<&'p StatementRef>,
    /// The first Allow that names the caller's role, or the user who made its session.
    pub(crate) limited: Option<&'p StatementRef>,
}

impl CompiledPolicy {
    /// Puts a policy into its fast form.
    pub fn compile(document: &Document) -> Self {
        let version = document.version();
        Self {
            statements: document
                .statements()
                .iter()
                .enumerate()
                .map(|(index, statement)| CompiledStatement::new(index, statement, version))
                .collect(),
            keys: keys::read_by(document),
            is_public: public::is_public(document),
        }
    }

    /// Whether Block Public Access calls the policy public; the answer of `GetBucketPolicyStatus`.
    ///
    /// Source: facts: authorization.md 5.7.
    pub fn is_public(&self) -> bool {
        self.is_public
    }

    /// Whether a decision may ask for this key, in a condition or as a policy variable.
    pub fn reads(&self, key: &ConditionKey) -> bool {
        self.keys.contains(key)
    }

    /// Whether a decision may ask for tags of the object as it is stored.
    pub fn reads_existing_object_tags(&self) -> bool {
        self.keys
            .iter()
            .any(|key| matches!(key, ConditionKey::ExistingObjectTag(_)))
    }

    /// The statements in their order, by index and `Sid`.
    pub fn statements(&self) -> impl ExactSizeIterator<Item = &StatementRef> {
        self.statements.iter().map(|one| &one.reference)
    }

    pub(crate) fn compiled_statements(&self) -> &[CompiledStatement] {
        &self.statements
    }

    /// The keys that a decision may ask for, in conditions or as policy variables.
    pub fn keys(&self) -> impl Iterator<Item = &ConditionKey> {
        self.keys.iter()
    }

    /// Asks every statement, until one denies.
    pub(crate) fn verdict(
        &self,
        caller: &Caller<'_>,
        asked: Asked<'_>,
        subject: Subject<'_>,
        view: &View<'_>,
    ) -> Verdict<'_> {
        let mut verdict = Verdict::default();
        for statement in &self.statements {
            let kinds = statement.applies(caller, asked, subject, view);
            if kinds.is_empty() {
                continue;
            }
            match statement.effect {
                Effect::Deny => {
                    verdict.deny = Some(&statement.reference);
                    return verdict;
                }
                Effect::Allow => {
                    let reference = Some(&statement.reference);
                    verdict.allow = verdict.allow.or(reference);
                    if kinds.intersects(MatchKinds::DIRECT) {
                        verdict.direct = verdict.direct.or(reference);
                    }
                    if kinds.intersects(MatchKinds::LIMITED) {
                        verdict.limited = verdict.limited.or(reference);
                    }
                }
            }
        }
        verdict
    }
}
