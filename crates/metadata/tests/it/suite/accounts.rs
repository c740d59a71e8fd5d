//! What the operator does with accounts, and the identity providers of accounts.

use buckler_metadata::{
    AccessKeyStatus, AccountStatus, NewAccessKey, NewAccount, OIDC_CLIENT_IDS_MAX,
    OidcProviderChange, OidcProviderRefusal, OidcProviderRow, SeedChange, Store, StoreError,
};

use crate::{
    backends::on_every_database,
    fixtures::{main_account, now, other_account, tags},
};

on_every_database!(
    an_account_is_made_once_with_its_root_key,
    nobody_of_a_disabled_account_has_credentials,
    a_new_root_key_makes_the_old_ones_inactive,
    a_declared_key_keeps_what_the_operator_made_of_it,
    providers_are_found_by_account_and_name,
    providers_change_within_their_limits,
);

fn root_key(id: &str) -> NewAccessKey {
    NewAccessKey {
        access_key_id: id.to_owned(),
        sealed_secret: vec![7],
        status: AccessKeyStatus::Active,
        account_id: main_account().id,
        user_id: None,
    }
}

async fn created(store: &Store) {
    let new = NewAccount {
        account: main_account(),
        root_key: root_key("first"),
    };
    store.create_account(new, now()).await.unwrap();
}

async fn an_account_is_made_once_with_its_root_key(store: Store) {
    created(&store).await;
    let again = NewAccount {
        account: main_account(),
        root_key: root_key("second"),
    };
    let refused = store.create_account(again, now()).await;
    assert_eq!(refused, Err(StoreError::Duplicate));
    let [overview] = &store.account_overviews().await.unwrap()[..] else {
        panic!("one account")
    };
    assert_eq!(overview.account, main_account());
    assert_eq!(overview.status, AccountStatus::Enabled);
    let active = ("first".to_owned(), AccessKeyStatus::Active);
    assert_eq!(overview.root_keys, [active]);
    assert_eq!((overview.users, overview.buckets), (0, 0));
}

async fn nobody_of_a_disabled_account_has_credentials(store: Store) {
    created(&store).await;
    let id = main_account().id;
    let is_let_in = async || {
        let credential = store.credential("first").await.unwrap().is_some();
        let account = store.enabled_account(&id).await.unwrap().is_some();
        assert_eq!(credential, account);
        account
    };
    assert!(is_let_in().await);
    let disabled = store.set_account_status(id, AccountStatus::Disabled).await;
    assert_eq!(disabled, Ok(true));
    assert!(!is_let_in().await);
    assert_eq!(store.account(&id).await.unwrap(), Some(main_account()));
    let enabled = store.set_account_status(id, AccountStatus::Enabled).await;
    assert_eq!(enabled, Ok(true));
    assert!(is_let_in().await);
    let unknown = other_account().id;
    let refused = store.set_account_status(unknown, AccountStatus::Disabled);
    assert_eq!(refused.await, Ok(false));
}

async fn a_new_root_key_makes_the_old_ones_inactive(store: Store) {
    created(&store).await;
    for id in ["second", "third"] {
        store.replace_root_key(root_key(id), now()).await.unwrap();
    }
    let keys = store.account_overviews().await.unwrap().remove(0).root_keys;
    let expected = [
        ("second".to_owned(), AccessKeyStatus::Inactive),
        ("third".to_owned(), AccessKeyStatus::Active),
    ];
    assert_eq!(keys, expected);
    let mut stranger = root_key("stranger");
    stranger.account_id = other_account().id;
    let refused = store.replace_root_key(stranger, now()).await;
    assert_eq!(refused, Err(StoreError::MissingParent));
}

async fn a_declared_key_keeps_what_the_operator_made_of_it(store: Store) {
    created(&store).await;
    let id = main_account().id;
    let inactive = store.set_root_keys_status(id, AccessKeyStatus::Inactive);
    assert_eq!(inactive.await, Ok(1));
    let declared = vec![SeedChange::AccessKey(root_key("first"))];
    store.apply_seed(declared, now()).await.unwrap();
    let credential = store.credential("first").await.unwrap().unwrap();
    assert_eq!(credential.status, AccessKeyStatus::Inactive);
    assert_eq!(store.sealed_secret("first").await.unwrap(), Some(vec![7]));
}

fn provider() -> OidcProviderRow {
    OidcProviderRow {
        account_id: main_account().id,
        name: "idp.example.com/realm".to_owned(),
        issuer: "https://idp.example.com/realm".to_owned(),
        client_ids: vec!["one".to_owned()],
        thumbprints: Vec::new(),
        tags: tags(&[("team", "blue")]),
        created_at: now(),
    }
}

async fn providers_are_found_by_account_and_name(store: Store) {
    created(&store).await;
    store.upsert_account(other_account(), now()).await.unwrap();
    let made = store.create_oidc_provider(provider()).await.unwrap();
    assert_eq!(made, Ok(()));
    let again = store.create_oidc_provider(provider()).await.unwrap();
    assert_eq!(again, Err(OidcProviderRefusal::AlreadyExists));
    let (own, other) = (main_account().id, other_account().id);
    let name = provider().name;
    let found = async |account| store.oidc_provider(account, &name).await.unwrap();
    assert_eq!(found(&own).await, Some(provider()));
    assert_eq!(found(&other).await, None);
    assert_eq!(store.oidc_providers(&own).await.unwrap(), [provider()]);
    store.delete_oidc_provider(own, name.clone()).await.unwrap();
    assert_eq!(found(&own).await, None);
}

async fn providers_change_within_their_limits(store: Store) {
    created(&store).await;
    store
        .create_oidc_provider(provider())
        .await
        .unwrap()
        .unwrap();
    let change = async |change| {
        let (account, name) = (main_account().id, provider().name);
        let outcome = store.update_oidc_provider(account, name, change).await;
        outcome.unwrap()
    };
    let add = |id: &str| OidcProviderChange::AddClientId(id.to_owned());
    assert_eq!(change(add("one")).await, Ok(()));
    for number in 1..OIDC_CLIENT_IDS_MAX {
        assert_eq!(change(add(&number.to_string())).await, Ok(()));
    }
    let refused = change(add("more")).await;
    assert_eq!(refused, Err(OidcProviderRefusal::TooManyClientIds));
    let remove = OidcProviderChange::RemoveClientId("one".to_owned());
    assert_eq!(change(remove).await, Ok(()));
    let set = OidcProviderChange::Tag(tags(&[("team", "red"), ("n", "1")]));
    assert_eq!(change(set).await, Ok(()));
    let untag = OidcProviderChange::Untag(vec!["n".to_owned()]);
    assert_eq!(change(untag).await, Ok(()));
    let (account, name) = (main_account().id, provider().name);
    let found = store.oidc_provider(&account, &name).await;
    let found = found.unwrap().unwrap();
    assert_eq!(found.client_ids.len(), OIDC_CLIENT_IDS_MAX - 1);
    assert_eq!(found.tags, tags(&[("team", "red")]));
    let missing = store.update_oidc_provider(main_account().id, "no".to_owned(), add("one"));
    let missing = missing.await.unwrap();
    assert_eq!(missing, Err(OidcProviderRefusal::NoSuchProvider));
}
