//! A whole policy in its fast form.

use super::{
    MatchKinds,
    actions::{ActionTable, Asked, CompiledActions},
    conditions::{Answers, Conditions},
    index::{CallerIndex, CallerRows, CallerWord, Place, PrefixIndex, Row, Rows, RowsBuilder},
    keys, public,
    statement::{CompiledStatement, StatementRef, StatementTrace},
    subject::Subject,
};
use crate::{Caller, ConditionKey, Document, Effect, context::View};
use std::{cell::OnceCell, collections::BTreeSet};

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
    conditions: Conditions,
    keys: BTreeSet<ConditionKey>,
    is_public: bool,
    rows: Rows,
    every: Row,
    denies: Row,
    actions: ActionTable,
    prefixes: PrefixIndex,
    callers: CallerIndex,
}

/// What one policy says about one question.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Verdict<'p> {
    /// The first Deny that applies; nothing after it was looked at.
    pub(crate) deny: Option<&'p StatementRef>,
    /// The first Allow that applies.
    pub(crate) allow: Option<&'p StatementRef>,
    /// The first Allow that names everyone, or the caller itself. No Allow after it was looked at.
    pub(crate) direct: Option<&'p StatementRef>,
    /// The first Allow before that which names the caller's role, or the user who made its session.
    pub(crate) limited: Option<&'p StatementRef>,
}

impl CompiledPolicy {
    /// Puts a policy into its fast form.
    pub fn compile(document: &Document) -> Self {
        let version = document.version();
        let written = document.statements();
        let mut rows = RowsBuilder::new(written.len());
        let (conditions, mut of_statements) = Conditions::new(document, &mut rows);
        let actions = CompiledActions::of_all(written.iter().map(|one| &one.action));
        let table = ActionTable::new(&actions, &mut rows);
        let statements: Box<[_]> = written
            .iter()
            .zip(actions)
            .zip(of_statements.drain(..))
            .enumerate()
            .map(|(index, ((statement, actions), conditions))| {
                CompiledStatement::new(index, statement, version, actions, conditions)
            })
            .collect();
        let (mut every, mut denies) = (rows.empty(), rows.empty());
        for (index, statement) in statements.iter().enumerate() {
            every.set(index);
            if statement.effect == Effect::Deny {
                denies.set(index);
            }
        }
        let resources = statements.iter().map(|one| one.resources.as_ref());
        let principals = written.iter().map(|one| one.principal.as_ref());
        Self {
            every: rows.row(every),
            denies: rows.row(denies),
            actions: table,
            prefixes: PrefixIndex::new(resources, &mut rows),
            callers: CallerIndex::new(principals, &mut rows),
            rows: rows.finish(),
            conditions,
            keys: keys::read_by(document),
            is_public: public::is_public(document),
            statements,
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

    /// What each element of a statement of this policy says.
    pub(crate) fn trace(
        &self,
        statement: &CompiledStatement,
        caller: &Caller<'_>,
        asked: Asked<'_>,
        subject: Subject<'_>,
        view: &View<'_>,
    ) -> StatementTrace {
        statement.trace(caller, asked, subject, view, &self.conditions)
    }

    /// The keys that a decision may ask for, in conditions or as policy variables.
    pub fn keys(&self) -> impl Iterator<Item = &ConditionKey> {
        self.keys.iter()
    }

    /// Asks the statements that can apply, until one denies.
    pub(crate) fn ask<'p>(
        &'p self,
        caller: &Caller<'_>,
        asked: Asked<'_>,
        subject: Subject<'_>,
        view: &View<'_>,
        verdict: &mut Verdict<'p>,
    ) {
        let (action, asked) = match asked {
            Asked::S3(action) => (self.actions.row(action), None),
            named @ Asked::Named(_) => (self.every, Some(named)),
        };
        let place = match subject {
            Subject::S3(subject) => self.prefixes.find(subject),
            Subject::Arn(_) => Place {
                sure: Row::NONE,
                unsure: self.every,
                exact: Row::NONE,
            },
        };
        Search {
            policy: self,
            caller,
            asked,
            subject,
            view,
            action,
            place: &place,
            callers: OnceCell::new(),
            answers: &Answers::new(&self.conditions, view),
        }
        .ask_all(verdict);
    }
}

/// One question on its way through a policy.
struct Search<'a, 'p> {
    policy: &'p CompiledPolicy,
    caller: &'a Caller<'a>,
    /// The action, if the rows do not know it.
    asked: Option<Asked<'a>>,
    subject: Subject<'a>,
    view: &'a View<'a>,
    action: Row,
    place: &'a Place,
    /// Found when a statement that may apply does not name everyone.
    callers: OnceCell<CallerRows>,
    answers: &'a Answers<'a>,
}

impl<'p: 'a, 'a> Search<'a, 'p> {
    fn ask_all(&self, verdict: &mut Verdict<'p>) {
        for word in 0..self.policy.rows.words() {
            self.ask(word, verdict);
            if verdict.deny.is_some() {
                break;
            }
        }
    }

    /// Asks the statements of one word: those that deny, then those that allow as long as it matters.
    fn ask(&self, word: usize, verdict: &mut Verdict<'p>) {
        let bits = |row| self.policy.rows.word(row, word);
        let about = bits(self.action) & self.place.any(&self.policy.rows, word);
        if about == 0 {
            return;
        }
        let sure = self.place.sure(&self.policy.rows, word);
        let CallerWord {
            direct,
            limited,
            other,
            asked,
        } = self.caller_word(about, word);
        let about = about & (direct | limited | other | asked);
        let denies = bits(self.policy.denies);

        let mut open = about & denies;
        if let Some((statement, _)) = self.next(&mut open, word, sure, asked) {
            verdict.deny = Some(&statement.reference);
            return;
        }
        if verdict.direct.is_some() {
            return;
        }
        let mut open = about & !denies;
        while let Some((statement, bit)) = self.next(&mut open, word, sure, asked) {
            let kinds = || statement.kinds(self.caller);
            debug_assert_eq!(direct & bit != 0, kinds().intersects(MatchKinds::DIRECT));
            debug_assert!(
                direct & bit != 0
                    || (limited & bit != 0) == kinds().intersects(MatchKinds::LIMITED)
            );
            let reference = Some(&statement.reference);
            verdict.allow = verdict.allow.or(reference);
            if limited & bit != 0 {
                verdict.limited = verdict.limited.or(reference);
            }
            if direct & bit != 0 {
                verdict.direct = reference;
                return;
            }
            // Another Allow matters only if it names the caller more closely.
            open &= direct
                | if verdict.limited.is_none() {
                    limited
                } else {
                    0
                };
        }
    }

    /// Which statements of one word name the caller, as far as those of `about` go.
    #[inline]
    fn caller_word(&self, about: u64, word: usize) -> CallerWord {
        let policy = self.policy;
        let everyone = policy.callers.everyone(&policy.rows, word);
        // PERF: so it is in most policies, and always where statements have no principals.
        if about & !everyone == 0 {
            return CallerWord::everyone(everyone);
        }
        let callers = self
            .callers
            .get_or_init(|| policy.callers.rows(self.caller));
        callers.word(&policy.rows, word)
    }

    /// The next statement of `open` that applies, and its bit. What was asked, and what cannot apply either, is taken out.
    fn next(
        &self,
        open: &mut u64,
        word: usize,
        sure: u64,
        asked: u64,
    ) -> Option<(&'p CompiledStatement, u64)> {
        while *open != 0 {
            let at = open.trailing_zeros();
            let bit = 1 << at;
            *open &= !bit;
            let statement = self.policy.statements.get(word * 64 + at as usize)?;
            if self.elements_match(statement, sure & bit != 0, asked & bit != 0)
                && self.conditions_hold(statement, open, word)
            {
                return Some((statement, bit));
            }
        }
        None
    }

    /// The elements that the rows leave open.
    fn elements_match(
        &self,
        statement: &CompiledStatement,
        is_sure: bool,
        is_asked_for_caller: bool,
    ) -> bool {
        (is_sure || statement.is_about_found(self.subject, self.view))
            && self
                .asked
                .is_none_or(|asked| statement.actions.matches(asked))
            && !(is_asked_for_caller && statement.kinds(self.caller).is_empty())
    }

    fn conditions_hold(&self, statement: &CompiledStatement, open: &mut u64, word: usize) -> bool {
        for id in &statement.conditions {
            if !self.answers.holds(*id) {
                let needed_by = self.policy.conditions.needed_by(*id);
                *open &= !self.policy.rows.word(needed_by, word);
                return false;
            }
        }
        true
    }
}
