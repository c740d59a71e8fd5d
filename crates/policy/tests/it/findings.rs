//! The policies of `tests/vectors/findings.json`, with every finding and its place.

use crate::world::account;
use buckler_policy::{
    AccountId, Analysis, AnalysisOptions, Caller, CallerKind, ConditionKey, ContextMap,
    FindingType, IssueCode, PolicyKind, analyse,
};
use serde_json::Value;
use std::collections::BTreeSet;

/// One case: a policy as lines, and its findings as `LINE:COLUMN-LINE:COLUMN TYPE CODE PATH`.
struct Case {
    name: String,
    analysis: Analysis,
    expected: Vec<String>,
}

fn cases() -> Vec<Case> {
    let file: Value =
        serde_json::from_str(include_str!("../../../../tests/vectors/findings.json")).unwrap();
    file["cases"].as_array().unwrap().iter().map(case).collect()
}

fn case(case: &Value) -> Case {
    let lines = |member: &str| -> Vec<String> {
        let lines = case[member].as_array().unwrap().iter();
        lines
            .map(|line| line.as_str().unwrap().to_owned())
            .collect()
    };
    let owner = case["bucket_owner"].as_str();
    let options = AnalysisOptions {
        bucket: case["bucket"].as_str(),
        bucket_owner: owner.map(|id| AccountId::parse(id).unwrap()),
        ..AnalysisOptions::default()
    };
    let kind = PolicyKind::from_name(case["kind"].as_str().unwrap()).unwrap();
    Case {
        name: case["name"].as_str().unwrap().to_owned(),
        analysis: analyse(lines("policy").join("\n").as_bytes(), kind, &options),
        expected: lines("findings"),
    }
}

fn lines(analysis: &Analysis) -> Vec<String> {
    let findings = analysis.findings.iter();
    findings
        .map(|finding| {
            let (start, end) = (finding.location.start, finding.location.end);
            format!(
                "{}:{}-{}:{} {} {} {}",
                start.line,
                start.column,
                end.line,
                end.column,
                finding.finding_type,
                finding.code,
                finding.location.path
            )
            .trim_end()
            .to_owned()
        })
        .collect()
}

#[test]
fn every_policy_has_its_findings() {
    let mut faults = Vec::new();
    for case in cases() {
        let found = lines(&case.analysis);
        if found != case.expected {
            let refusal = case.analysis.refusal;
            faults.push(format!(
                "{}:\n  wanted {:#?}\n  found {found:#?}\n  refusal {refusal:?}",
                case.name, case.expected
            ));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What IAM Access Analyzer calls an error although AWS stores the policy, and we do, too.
const ERRORS_OF_ACCEPTED: [IssueCode; 30] = [
    IssueCode::UnsupportedSid,
    IssueCode::InvalidServicePrincipalFormat,
    IssueCode::InvalidAction,
    IssueCode::UnsupportedActionInPolicy,
    IssueCode::InvalidPartition,
    IssueCode::MissingArnField,
    IssueCode::InvalidArnServiceCase,
    IssueCode::InvalidArnResource,
    IssueCode::ArnRegionNotAllowed,
    IssueCode::ArnAccountNotAllowed,
    IssueCode::VariableUnsupportedInVersion,
    IssueCode::VariableUnsupportedInElement,
    IssueCode::InvalidVariableForOperator,
    IssueCode::MissingBraceInVariable,
    IssueCode::MissingQuoteInVariable,
    IssueCode::UnsupportedSpaceInVariable,
    IssueCode::EmptyVariable,
    IssueCode::InvalidConditionKeyFormat,
    IssueCode::InvalidGlobalConditionKey,
    IssueCode::UnsupportedGlobalConditionKey,
    IssueCode::InvalidServiceConditionKey,
    IssueCode::MissingTagKeyInCondition,
    IssueCode::UnsupportedActionForConditionKey,
    IssueCode::DuplicateKeysWithDifferentCase,
    IssueCode::InvalidConditionDataType,
    IssueCode::InvalidConditionMultipleBoolean,
    IssueCode::InvalidVpcFormat,
    IssueCode::InvalidVpceFormat,
    IssueCode::MissingQualifier,
    IssueCode::MismatchedActionForPrincipal,
];

/// A refused policy has an error, and one that our rules placed; an accepted one has none but those of the list.
pub(crate) fn check_errors(analysis: &Analysis) {
    let errors: Vec<_> = analysis
        .findings
        .iter()
        .filter(|finding| finding.finding_type == FindingType::Error)
        .map(|finding| finding.code)
        .collect();
    if analysis.refusal.is_some() {
        assert!(!errors.is_empty(), "{:?}", analysis.refusal);
        assert!(!errors.contains(&IssueCode::PolicyRefused), "{analysis:?}");
    } else {
        let unlisted = |code: &&IssueCode| !ERRORS_OF_ACCEPTED.contains(code);
        let found = errors.iter().find(unlisted);
        assert_eq!(found, None, "{analysis:?}");
    }
}

#[test]
fn errors_are_what_is_refused_or_listed() {
    for case in cases() {
        check_errors(&case.analysis);
    }
}

#[test]
fn every_code_has_a_case() {
    let mut missing: BTreeSet<_> = IssueCode::ALL.iter().copied().collect();
    // The answer for a refusal that no rule explains, of which there must be none.
    missing.remove(&IssueCode::PolicyRefused);
    for case in cases() {
        for finding in &case.analysis.findings {
            missing.remove(&finding.code);
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn names_are_unique_and_codes_explain_themselves() {
    let names: BTreeSet<_> = IssueCode::ALL.iter().map(|code| code.name()).collect();
    assert_eq!(names.len(), IssueCode::ALL.len());
    assert!(IssueCode::MissingVersion.is_of_aws() && !IssueCode::PublicAccess.is_of_aws());
    for code in IssueCode::ALL {
        assert!(code.learn_more().ends_with('.'), "{code}");
    }
}

/// The bodies that `PutBucketPolicy` is tested with: what the parser refuses has its place here.
#[test]
fn every_malformed_policy_has_a_placed_error() {
    let file: Value = serde_json::from_str(include_str!(
        "../../../../tests/vectors/malformed-policies.json"
    ))
    .unwrap();
    for case in file["cases"].as_array().unwrap() {
        let options = AnalysisOptions {
            bucket: Some("examplebucket"),
            ..AnalysisOptions::default()
        };
        let body = case["body"].as_str().unwrap();
        check_errors(&analyse(body.as_bytes(), PolicyKind::Bucket, &options));
    }
}

#[test]
fn the_analysis_tells_keys_and_publicness() {
    let text = br#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject",
        "Resource":"arn:aws:s3:::b/${aws:username}","Condition":{"Bool":{"aws:SecureTransport":"true"}}}}"#;
    let analysis = analyse(text, PolicyKind::Bucket, &AnalysisOptions::default());
    assert_eq!(analysis.is_public, Some(true));
    let keys: Vec<_> = analysis
        .condition_keys
        .iter()
        .map(ConditionKey::name)
        .collect();
    assert_eq!(keys, ["aws:SecureTransport", "aws:username"]);
}

#[test]
fn the_caller_hears_that_it_locks_itself_out() {
    let text = br#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"s3:PutBucketPolicy",
        "Resource":"arn:aws:s3:::b","Condition":{"ArnNotEquals":{"aws:PrincipalArn":"arn:aws:iam::111111111111:user/bob"}}}}"#;
    let account = account("111111111111");
    let is_locked_out = |caller: &Caller<'_>, arn: &str| {
        let context = ContextMap::new().with("aws:PrincipalArn", arn);
        let options = AnalysisOptions {
            bucket: Some("b"),
            bucket_owner: Some(account.id),
            caller: Some((caller, &context)),
        };
        let findings = analyse(text, PolicyKind::Bucket, &options).findings;
        findings
            .iter()
            .any(|one| one.code == IssueCode::BucketPolicyLockout)
    };
    let user = |arn| {
        Caller::new(CallerKind::User {
            account,
            arn,
            unique_id: "AIDA00000000000000000",
        })
    };
    let (alice, bob) = (
        "arn:aws:iam::111111111111:user/alice",
        "arn:aws:iam::111111111111:user/bob",
    );
    assert!(is_locked_out(&user(alice), alice));
    assert!(!is_locked_out(&user(bob), bob));
    let root = Caller::new(CallerKind::Root { account });
    assert!(!is_locked_out(&root, "arn:aws:iam::111111111111:root"));
}
