//! ACLs on the wire. Source: facts: s3-behaviour.md 14, authorization.md 5.6.

use buckler_policy::{AclPermission, CanonicalId, Grant, Grantee};
use buckler_s3::ops::{get_bucket_acl, get_object_acl, put_object_acl};
use buckler_s3::{
    AccessControlPolicy, CannedAcl, RequestedAcl, RequestedGrant, RequestedGrantee, S3Error,
    VersionId,
};
use proptest::prelude::*;
use serde_json::Value;

use crate::answers::show;
use crate::requests::input;

const VECTORS: &str = include_str!("../../../../tests/vectors/acls.json");

fn vectors(kind: &str) -> Vec<Value> {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    vectors[kind].as_array().unwrap().clone()
}

fn show_grants(grants: &[RequestedGrant]) -> String {
    let show = |grant: &RequestedGrant| {
        let grantee = match &grant.grantee {
            RequestedGrantee::Id { text, .. } => format!("id={text}"),
            RequestedGrantee::Group(group) => format!("{group:?}"),
            RequestedGrantee::EmailAddress => "email".to_owned(),
        };
        format!("{} {grantee}", grant.permission.name())
    };
    grants.iter().map(show).collect::<Vec<_>>().join(" ")
}

fn show_error(error: &S3Error) -> String {
    format!("{} {}", error.code.name(), error.message)
}

#[test]
fn documents_are_read_as_the_vectors_say() {
    for case in vectors("documents") {
        let found = match AccessControlPolicy::parse(case["body"].as_str().unwrap().as_bytes()) {
            Ok(policy) => format!("owner={} {}", policy.owner, show_grants(&policy.grants)),
            Err(error) => error.code.name().to_owned(),
        };
        assert_eq!(
            Value::from(found.trim_end()),
            case["answer"],
            "{}",
            case["why"]
        );
    }
}

#[test]
fn headers_are_read_as_the_vectors_say() {
    for case in vectors("headers") {
        let headers = case["headers"].as_object().unwrap();
        let headers: Vec<_> = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
            .collect();
        let read: Result<put_object_acl::Input, _> = input("PUT /bucket/key?acl", &headers);
        let found = match read.map(|input| input.acl) {
            Ok(None) => "none".to_owned(),
            Ok(Some(RequestedAcl::Canned(acl))) => format!("canned {}", acl.name()),
            Ok(Some(RequestedAcl::Grants(grants))) => show_grants(&grants),
            Err(error) => show_error(&error),
        };
        assert_eq!(Value::from(found), case["answer"], "{}", case["why"]);
    }
}

fn id(digit: &str) -> CanonicalId {
    CanonicalId::parse(&digit.repeat(64)).unwrap()
}

fn everything() -> Vec<Grant> {
    [
        (Grantee::CanonicalUser(id("b")), AclPermission::FullControl),
        (
            Grantee::CanonicalUser(CanonicalId::ANONYMOUS),
            AclPermission::ReadAcp,
        ),
        (Grantee::AllUsers, AclPermission::Read),
        (Grantee::AuthenticatedUsers, AclPermission::Write),
        (Grantee::LogDelivery, AclPermission::WriteAcp),
    ]
    .map(|(grantee, permission)| Grant {
        grantee,
        permission,
    })
    .to_vec()
}

#[test]
fn answers() {
    insta::assert_snapshot!(
        "bucket_acl",
        show(get_bucket_acl::Output {
            owner: id("a"),
            grants: everything(),
        })
    );
    insta::assert_snapshot!(
        "object_acl",
        show(get_object_acl::Output {
            owner: id("a"),
            grants: Vec::new(),
            version_id: Some(VersionId::from_bytes([7; 24])),
        })
    );
}

/// What GetBucketAcl answers can be sent back.
#[test]
fn an_answer_is_a_document() {
    let answer = buckler_s3::IntoAnswer::into_answer(get_bucket_acl::Output {
        owner: id("a"),
        grants: everything(),
    });
    let read = AccessControlPolicy::parse(&answer.body).unwrap();
    assert_eq!(read.owner, id("a").as_str());
    let expected = everything().into_iter().map(|grant| RequestedGrant {
        grantee: match grant.grantee {
            Grantee::CanonicalUser(id) => RequestedGrantee::Id {
                text: id.to_string(),
                argument: "CanonicalUser/ID",
            },
            group => RequestedGrantee::Group(group),
        },
        permission: grant.permission,
    });
    assert_eq!(read.grants, expected.collect::<Vec<_>>());
}

#[test]
fn public_is_what_everybody_is_granted() {
    let public = [
        CannedAcl::PublicRead,
        CannedAcl::PublicReadWrite,
        CannedAcl::AuthenticatedRead,
    ];
    for canned in CannedAcl::OF_OBJECTS
        .into_iter()
        .chain(CannedAcl::OF_BUCKETS)
    {
        let grants = canned.grants(id("a"), id("b"));
        let is_public = grants.iter().any(|grant| grant.grantee.is_public());
        assert_eq!(canned.is_public(), is_public, "{canned:?}");
        assert_eq!(canned.is_public(), public.contains(&canned), "{canned:?}");
        assert_eq!(grants[0], Grant::of_owner(id("a")), "{canned:?}");
    }
}

#[test]
fn without_acls_only_the_bucket_owners_own_is_taken() {
    let accepts = |name: &str, value: &str| {
        let read: put_object_acl::Input = input("PUT /b12/key?acl", &[(name, value)]).unwrap();
        read.acl.unwrap().is_accepted_without_acls(&id("a"))
    };
    let (own, other) = (id("a").to_string(), id("b").to_string());
    assert!(accepts("x-amz-acl", "private"));
    assert!(accepts("x-amz-acl", "bucket-owner-full-control"));
    assert!(accepts("x-amz-grant-full-control", &format!("id={own}")));
    assert!(!accepts("x-amz-acl", "bucket-owner-read"));
    assert!(!accepts("x-amz-acl", "public-read"));
    assert!(!accepts("x-amz-grant-read", &format!("id={own}")));
    assert!(!accepts("x-amz-grant-full-control", &format!("id={other}")));
    assert!(!accepts(
        "x-amz-grant-full-control",
        &format!("id={own},id={own}")
    ));
}

proptest! {
    #[test]
    fn any_bytes_are_a_document_or_refused(body: Vec<u8>) {
        if let Err(error) = AccessControlPolicy::parse(&body) {
            prop_assert_eq!(error.code.name(), "MalformedACLError");
        }
    }

    #[test]
    fn any_grant_header_is_read_or_refused(value in "[ -~]{0,80}") {
        let read: Result<put_object_acl::Input, _> =
            input("PUT /bucket/key?acl", &[("x-amz-grant-read", &value)]);
        if let Err(error) = read {
            prop_assert_eq!(error.code.name(), "InvalidArgument");
        }
    }

    /// Any list of grantees comes back, whatever is in quotes.
    #[test]
    fn grantees_in_quotes_are_read_to_the_letter(ids in prop::collection::vec("[ !#-~]{0,20}", 1..9)) {
        let value = ids.iter().map(|id| format!("id=\"{id}\"")).collect::<Vec<_>>().join(", ");
        let read: put_object_acl::Input =
            input("PUT /bucket/key?acl", &[("x-amz-grant-read", &value)]).unwrap();
        let Some(RequestedAcl::Grants(grants)) = read.acl else { panic!("no grants") };
        let found = grants.into_iter().map(|grant| match grant.grantee {
            RequestedGrantee::Id { text, .. } => text,
            other => panic!("{other:?}"),
        });
        prop_assert_eq!(found.collect::<Vec<_>>(), ids);
    }
}
