//! Whether what is kept in memory is still what the rows say.

use buckler_metadata::{
    AccessKeyStatus, BucketChange, Freshness, NewAccessKey, SeedChange, Store, Upserted,
};

use crate::{
    backends::on_every_database,
    fixtures::{bucket, main_account, now, object, other_account},
};

on_every_database!(
    a_change_of_an_identity_makes_a_new_version,
    a_change_of_a_bucket_makes_a_new_version,
    what_changes_nothing_makes_no_new_version,
);

async fn freshness(store: &Store) -> Freshness {
    store.freshness().await.unwrap()
}

fn root_key(sealed_secret: u8) -> NewAccessKey {
    NewAccessKey {
        access_key_id: "AKIAROOT".to_owned(),
        sealed_secret: vec![sealed_secret],
        status: AccessKeyStatus::Active,
        account_id: main_account().id,
        user_id: None,
    }
}

async fn a_change_of_an_identity_makes_a_new_version(store: Store) {
    store.upsert_account(main_account(), now()).await.unwrap();
    let mut before = freshness(&store).await;
    for sealed_secret in [7, 8] {
        let change = SeedChange::AccessKey(root_key(sealed_secret));
        store.apply_seed(vec![change], now()).await.unwrap();
        let after = freshness(&store).await;
        assert!(after.identities > before.identities, "{sealed_secret}");
        assert_eq!(after.buckets, before.buckets, "{sealed_secret}");
        before = after;
    }
    store.upsert_account(other_account(), now()).await.unwrap();
    // A bucket's row names its owner's canonical id.
    let after = freshness(&store).await;
    assert!(after.identities > before.identities && after.buckets > before.buckets);
}

async fn a_change_of_a_bucket_makes_a_new_version(store: Store) {
    let made = bucket(&store).await;
    let before = freshness(&store).await;
    let put = store.put_bucket_policy(made.id, "{}".to_owned());
    assert_eq!(put.await.unwrap(), BucketChange::Changed);
    let with_policy = freshness(&store).await;
    assert!(with_policy.buckets > before.buckets);
    store.delete_bucket(made.id, now()).await.unwrap();
    let without = freshness(&store).await;
    assert!(without.buckets > with_policy.buckets);
    assert_eq!(without.identities, before.identities);
}

async fn what_changes_nothing_makes_no_new_version(store: Store) {
    let made = bucket(&store).await;
    let before = freshness(&store).await;
    store.put_object(object(made.id, "a", "1")).await.unwrap();
    let again = store.upsert_account(main_account(), now()).await.unwrap();
    assert_eq!(again, Upserted::Unchanged);
    // Undone with its transaction: the second change refers to an account that is not there.
    let mut lost = root_key(7);
    lost.access_key_id = "AKIALOST".to_owned();
    lost.account_id = other_account().id;
    let changes = vec![
        SeedChange::AccessKey(root_key(7)),
        SeedChange::AccessKey(lost),
    ];
    store.apply_seed(changes, now()).await.unwrap_err();
    assert_eq!(freshness(&store).await, before);
}
