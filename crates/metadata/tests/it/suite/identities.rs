//! Accounts, users, keys and their policies.

use buckler_metadata::{
    AccessKeyStatus, HeldPolicies, IdentityKind, IdentityName, NewAccessKey, Resealed, SeedChange,
    SessionHolder, Store, StoreError, Upserted, UserRow,
};

use buckler_s3::TagSet;

use crate::{
    backends::on_every_database,
    fixtures::{main_account, new_bucket, now, other_account},
};

on_every_database!(
    accounts_are_found_by_both_ids,
    canonical_id_belongs_to_one_account,
    user_names_ignore_letter_case,
    users_are_found_by_arn_and_unique_id,
    credential_of_root_has_no_user,
    credential_of_user_carries_its_policies,
    access_key_belongs_to_one_identity,
    identity_of_a_session_is_the_user_as_it_is_now,
    sealed_secrets_come_in_pages_and_are_sealed_anew,
    seed_is_idempotent,
    seed_keeps_the_boundary_of_a_user,
    seed_changes_all_or_nothing,
);

fn alice() -> UserRow {
    UserRow {
        unique_id: "AIDAEXAMPLEALICE".to_owned(),
        account_id: main_account().id,
        path: "/division/".to_owned(),
        name: "alice".to_owned(),
        boundary_arn: None,
        tags: TagSet::default(),
        created_at: now(),
    }
}

fn access_key(id: &str, user_id: Option<&str>) -> NewAccessKey {
    NewAccessKey {
        access_key_id: id.to_owned(),
        sealed_secret: vec![0, 255, 7],
        status: AccessKeyStatus::Active,
        account_id: main_account().id,
        user_id: user_id.map(str::to_owned),
    }
}

fn alices_name() -> IdentityName {
    IdentityName {
        account: main_account().id,
        kind: IdentityKind::User,
        name: "alice".to_owned(),
    }
}

async fn put_inline(store: &Store, name: &str) {
    let document = format!("{{\"Id\":\"{name}\"}}");
    let put = store.put_identity_policy(alices_name(), name.to_owned(), document);
    put.await.unwrap();
}

async fn attach(store: &Store, arn: &str) {
    let attached = store.attach_to_identity(alices_name(), arn.to_owned());
    attached.await.unwrap();
}

const POLICY_A: &str = "arn:aws:iam::aws:policy/A";
const POLICY_B: &str = "arn:aws:iam::aws:policy/B";

fn arns(held: &HeldPolicies) -> Vec<&str> {
    held.managed.iter().map(|policy| &*policy.arn).collect()
}

async fn accounts_are_found_by_both_ids(store: Store) {
    assert_eq!(store.accounts().await.unwrap(), []);
    for account in [other_account(), main_account()] {
        let made = store.upsert_account(account, now()).await.unwrap();
        assert_eq!(made, Upserted::Created);
    }
    let all = store.accounts().await.unwrap();
    assert_eq!(all, [main_account(), other_account()]);
    let canonical_id = other_account().canonical_id;
    let found = store.account_by_canonical_id(&canonical_id).await;
    assert_eq!(found.unwrap(), Some(other_account()));
    let again = store.upsert_account(main_account(), now()).await.unwrap();
    assert_eq!(again, Upserted::Unchanged);
    let mut renamed = main_account();
    renamed.name = "new".to_owned();
    let changed = store.upsert_account(renamed.clone(), now()).await.unwrap();
    assert_eq!(changed, Upserted::Changed);
    assert_eq!(store.account(&renamed.id).await.unwrap(), Some(renamed));
}

async fn canonical_id_belongs_to_one_account(store: Store) {
    store.upsert_account(main_account(), now()).await.unwrap();
    let mut thief = other_account();
    thief.canonical_id = main_account().canonical_id;
    let refused = store.upsert_account(thief, now()).await;
    assert_eq!(refused, Err(StoreError::Duplicate));
}

async fn user_names_ignore_letter_case(store: Store) {
    let orphan = store.upsert_user(alice()).await;
    assert_eq!(orphan, Err(StoreError::MissingParent));
    store.upsert_account(main_account(), now()).await.unwrap();
    store.upsert_user(alice()).await.unwrap();
    let mut loud = alice();
    loud.name = "ALICE".to_owned();
    loud.unique_id = "AIDAOTHER".to_owned();
    let again = store.upsert_user(loud).await.unwrap();
    assert_eq!(again, Upserted::Unchanged);
    let found = store.user_by_name(&main_account().id, "Alice").await;
    assert_eq!(found.unwrap(), Some(alice()));
}

async fn users_are_found_by_arn_and_unique_id(store: Store) {
    store.upsert_account(main_account(), now()).await.unwrap();
    store.upsert_user(alice()).await.unwrap();
    let arn = "arn:aws:iam::111122223333:user/division/alice";
    assert_eq!(alice().arn(), arn);
    assert_eq!(store.user_by_arn(arn).await.unwrap(), Some(alice()));
    let found = store.user_by_unique_id("AIDAEXAMPLEALICE").await;
    assert_eq!(found.unwrap(), Some(alice()));
    for other in [
        "arn:aws:iam::111122223333:user/alice",
        "arn:aws:iam::444455556666:user/division/alice",
        "arn:aws:iam::111122223333:role/division/alice",
        "alice",
    ] {
        assert_eq!(store.user_by_arn(other).await.unwrap(), None, "{other}");
    }
}

async fn credential_of_root_has_no_user(store: Store) {
    store.upsert_account(main_account(), now()).await.unwrap();
    let key = access_key("root", None);
    store.upsert_access_key(key, now()).await.unwrap();
    assert_eq!(store.credential("nobody").await.unwrap(), None);
    let found = store.credential("root").await.unwrap().unwrap();
    assert_eq!(found.access_key_id, "root");
    assert_eq!(found.sealed_secret, [0, 255, 7]);
    assert_eq!(found.account, main_account());
    assert_eq!(found.user, None);
    assert!(found.policies == HeldPolicies::default());
}

async fn credential_of_user_carries_its_policies(store: Store) {
    store.upsert_account(main_account(), now()).await.unwrap();
    store.upsert_user(alice()).await.unwrap();
    let mut key = access_key("AKIAALICE", Some("AIDAEXAMPLEALICE"));
    key.status = AccessKeyStatus::Inactive;
    store.upsert_access_key(key, now()).await.unwrap();
    for name in ["two", "one"] {
        put_inline(&store, name).await;
    }
    for arn in [POLICY_B, POLICY_A] {
        attach(&store, arn).await;
    }
    let found = store.credential("AKIAALICE").await.unwrap().unwrap();
    assert_eq!(found.status, AccessKeyStatus::Inactive);
    assert_eq!(found.user, Some(alice()));
    let names: Vec<_> = found.policies.inline.iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["one", "two"]);
    assert_eq!(arns(&found.policies), [POLICY_A, POLICY_B]);
    assert!(!format!("{found:?}").contains("255"));
}

async fn identity_of_a_session_is_the_user_as_it_is_now(store: Store) {
    store.upsert_account(main_account(), now()).await.unwrap();
    let identity = async || store.session_identity("AIDAEXAMPLEALICE").await.unwrap();
    assert_eq!(identity().await, None);
    store.upsert_user(alice()).await.unwrap();
    let found = identity().await.unwrap();
    assert_eq!(found.account, main_account());
    assert_eq!(found.holder, SessionHolder::User(alice()));
    assert!(found.policies == HeldPolicies::default());
    put_inline(&store, "one").await;
    attach(&store, POLICY_A).await;
    let found = identity().await.unwrap();
    assert_eq!(found.policies.inline.len(), 1);
    assert_eq!(arns(&found.policies), [POLICY_A]);
}

async fn access_key_belongs_to_one_identity(store: Store) {
    store.upsert_account(main_account(), now()).await.unwrap();
    store.upsert_user(alice()).await.unwrap();
    let key = access_key("AKIA", None);
    store.upsert_access_key(key.clone(), now()).await.unwrap();
    let again = store.upsert_access_key(key.clone(), now()).await.unwrap();
    assert_eq!(again, Upserted::Unchanged);
    let alices = access_key("AKIA", Some("AIDAEXAMPLEALICE"));
    let refused = store.upsert_access_key(alices, now()).await;
    assert_eq!(refused, Err(StoreError::Duplicate));
    let stranger = access_key("AKIA2", Some("AIDANOBODY"));
    let refused = store.upsert_access_key(stranger, now()).await;
    assert_eq!(refused, Err(StoreError::MissingParent));
}

async fn sealed_secrets_come_in_pages_and_are_sealed_anew(store: Store) {
    store.upsert_account(main_account(), now()).await.unwrap();
    for id in ["b", "a", "B", "c"] {
        let key = access_key(id, None);
        store.upsert_access_key(key, now()).await.unwrap();
    }
    let ids = async |after| {
        let page = store.sealed_secrets(after, 3).await.unwrap();
        page.into_iter().map(|secret| secret.access_key_id)
    };
    assert!(ids("").await.eq(["B", "a", "b"]));
    assert!(ids("b").await.eq(["c"]));
    assert_eq!(ids("c").await.count(), 0);
    let page = store.sealed_secrets("a", 3).await.unwrap();
    let resealed = page.into_iter().map(|from| Resealed {
        sealed: vec![1],
        from,
    });
    let resealed: Vec<_> = resealed.collect();
    assert_eq!(store.reseal(resealed.clone()).await, Ok(2));
    // What was changed meanwhile is left alone.
    assert_eq!(store.reseal(resealed).await, Ok(0));
    assert_eq!(store.sealed_secret("b").await, Ok(Some(vec![1])));
    assert_eq!(store.sealed_secret("a").await, Ok(Some(vec![0, 255, 7])));
}

fn seed() -> Vec<SeedChange> {
    let bucket = new_bucket("photos", &main_account());
    let name = bucket.name.clone();
    vec![
        SeedChange::Account(main_account()),
        SeedChange::AccessKey(access_key("root", None)),
        SeedChange::User(alice()),
        SeedChange::UserAccessKey {
            user_name: "alice".to_owned(),
            key: access_key("AKIAALICE", None),
        },
        SeedChange::Bucket(bucket),
        SeedChange::BucketPolicy {
            bucket: name.clone(),
            policy: "{}".to_owned(),
        },
        SeedChange::PublicAccessBlock {
            bucket: name,
            block: None,
        },
    ]
}

async fn seed_is_idempotent(store: Store) {
    let first = store.apply_seed(seed(), now()).await.unwrap();
    assert!(!first.contains(&Upserted::Unchanged), "{first:?}");
    let again = store.apply_seed(seed(), now()).await.unwrap();
    assert_eq!(again, [Upserted::Unchanged; 7]);
    let credential = store.credential("AKIAALICE").await.unwrap().unwrap();
    assert_eq!(credential.user, Some(alice()));
}

/// A boundary that an operator has put since is not the seed's.
async fn seed_keeps_the_boundary_of_a_user(store: Store) {
    store.apply_seed(seed(), now()).await.unwrap();
    let bound = store.set_boundary(alices_name(), Some(POLICY_A.to_owned()));
    bound.await.unwrap();
    let again = store.apply_seed(seed(), now()).await.unwrap();
    assert_eq!(again, [Upserted::Unchanged; 7]);
    let found = store.user_by_name(&main_account().id, "alice").await;
    let boundary = found.unwrap().and_then(|user| user.boundary_arn);
    assert_eq!(boundary.as_deref(), Some(POLICY_A));
}

async fn seed_changes_all_or_nothing(store: Store) {
    store.upsert_account(other_account(), now()).await.unwrap();
    let taken = new_bucket("photos", &other_account());
    store.create_bucket(taken).await.unwrap();
    let refused = store.apply_seed(seed(), now()).await;
    assert_eq!(refused, Err(StoreError::Duplicate));
    assert_eq!(store.account(&main_account().id).await.unwrap(), None);
}
