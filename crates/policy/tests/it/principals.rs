//! Principals from the form sent to the form stored and back. Source: facts: authorization.md 1.5, 3.3.

use crate::world::{account, canonical_id};
use buckler_policy::{
    Action, Arn, BucketSecurity, Caller, CallerKind, CompiledPolicy, ContextMap, Document,
    ObjectOwnership, Permission, PolicyError, Principal, PublicAccessBlock, authorize,
    parse_bucket_policy,
};

const ALICE: &str = "arn:aws:iam::111111111111:user/alice";
const ALICE_ID: &str = "AIDAALICE000000000000";

fn policy(principal: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{principal},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}}]}}"#
    )
}

fn resolve(principal: &Principal) -> Option<Principal> {
    match principal {
        Principal::User(arn) if arn.as_str() == ALICE => {
            Some(Principal::UniqueId(ALICE_ID.to_owned()))
        }
        Principal::CanonicalUser(id) if *id == canonical_id("222222222222") => {
            Some(Principal::Account(account("222222222222").id))
        }
        Principal::Account(id) => Some(Principal::Account(*id)),
        _ => None,
    }
}

fn stored(principal: &str) -> Result<Document, PolicyError> {
    parse_bucket_policy(policy(principal).as_bytes(), "b")?.bind(&resolve)
}

#[test]
fn a_user_is_stored_as_its_unique_id_and_shown_as_its_arn_while_it_exists() {
    let stored = stored(&format!(r#"{{"AWS":["{ALICE}","111111111111"]}}"#)).unwrap();
    let text = stored.to_normalized_json();
    assert!(text.contains(&format!(
        r#"{{"AWS":["{ALICE_ID}","arn:aws:iam::111111111111:root"]}}"#
    )));
    assert_eq!(Document::from_stored(&text).as_ref(), Ok(&stored));

    let shown = stored
        .clone()
        .unbind(&|id| (id == ALICE_ID).then(|| Arn::parse(ALICE).unwrap()));
    assert!(shown.to_normalized_json().contains(ALICE));
    assert_eq!(stored.clone().unbind(&|_| None), stored);
}

#[test]
fn a_unique_id_cannot_be_put() {
    assert_eq!(
        stored(&format!(r#"{{"AWS":"{ALICE_ID}"}}"#)),
        Err(PolicyError::InvalidPrincipal)
    );
}

#[test]
fn a_canonical_user_becomes_its_account_among_the_others() {
    let id = canonical_id("222222222222");
    let stored = stored(&format!(
        r#"{{"CanonicalUser":"{id}","AWS":"111111111111"}}"#
    ))
    .unwrap();
    assert!(stored.to_normalized_json().contains(
        r#""Principal":{"AWS":["arn:aws:iam::222222222222:root","arn:aws:iam::111111111111:root"]}"#
    ));
}

#[test]
fn principals_lists_what_must_be_looked_up() {
    let text = policy(&format!(
        r#"{{"AWS":["*","{ALICE}"],"Service":"logging.s3.amazonaws.com"}}"#
    ));
    let document = parse_bucket_policy(text.as_bytes(), "b").unwrap();
    let listed: Vec<_> = document.principals().map(ToString::to_string).collect();
    assert_eq!(listed, [ALICE]);
}

#[test]
fn a_recreated_user_of_the_same_name_is_someone_else() {
    let policy = CompiledPolicy::compile(&stored(&format!(r#"{{"AWS":"{ALICE}"}}"#)).unwrap());
    let bucket = BucketSecurity {
        name: "b",
        owner: account("111111111111").id,
        policy: Some(&policy),
        public_access_block: PublicAccessBlock::default(),
        object_ownership: ObjectOwnership::default(),
        acl: &[],
    };
    let decide = |unique_id| {
        let caller = Caller::new(CallerKind::User {
            account: account("111111111111"),
            arn: ALICE,
            unique_id,
        });
        let read = Permission::on_object(Action::GetObject, "b", "k");
        authorize(&caller, Some(&bucket), &[read], &ContextMap::new()).is_allow()
    };
    assert!(decide(ALICE_ID));
    assert!(!decide("AIDAANOTHER0000000000"));
}
