//! Users, groups, roles and managed policies: the rules that IAM has about them.

use buckler_metadata::{
    AccessKeyStatus, EntityKind, GroupRow, HeldPolicy, IamError, IamLimit, IamRefusal,
    IdentityKind, IdentityName, KeyHolder, LastUse, ManagedPolicyRow, Membership, NameList,
    NewAccessKey, NewPolicyVersion, PolicyUsage, PolicyVersionName, Reference, Renaming,
    RoleChange, RoleRow, SessionHolder, Store, TagChange, Tagged, TrustPolicy, UserRow,
};
use buckler_s3::TagSet;
use time::Duration;

use crate::{
    backends::on_every_database,
    fixtures::{main_account, now, other_account, tags},
};

on_every_database!(
    names_are_unique_whatever_the_letter_case,
    a_renamed_user_keeps_its_id,
    what_is_held_keeps_a_user_from_being_deleted,
    members_keep_a_group_from_being_deleted,
    a_user_is_in_ten_groups_at_most,
    inline_policies_have_a_limit_together,
    ten_policies_are_attached_at_most,
    a_policy_in_use_is_not_deleted,
    a_policy_has_five_versions_with_numbers_of_their_own,
    policies_of_another_account_cannot_be_attached,
    a_credential_holds_what_its_user_and_groups_hold,
    a_role_is_found_by_its_sessions_until_it_is_deleted,
    tags_ignore_letter_case_and_have_a_limit,
    a_user_has_two_access_keys,
    last_uses_only_move_forward,
    an_alias_is_one_accounts,
    pages_follow_names_below_a_path,
);

fn user(name: &str) -> UserRow {
    UserRow {
        unique_id: format!("AIDA{name}"),
        account_id: main_account().id,
        path: "/".to_owned(),
        name: name.to_owned(),
        boundary_arn: None,
        tags: TagSet::default(),
        created_at: now(),
    }
}

fn group(name: &str) -> GroupRow {
    GroupRow {
        unique_id: format!("AGPA{name}"),
        account_id: main_account().id,
        path: "/".to_owned(),
        name: name.to_owned(),
        created_at: now(),
    }
}

fn role(name: &str) -> RoleRow {
    RoleRow {
        unique_id: format!("AROA{name}"),
        account_id: main_account().id,
        path: "/service/".to_owned(),
        name: name.to_owned(),
        description: None,
        trust: TrustPolicy {
            document: "{ }".to_owned(),
            bound: "{}".to_owned(),
        },
        max_session_seconds: 3600,
        boundary_arn: None,
        tags: tags(&[("team", "blue")]),
        created_at: now(),
    }
}

fn policy(name: &str) -> ManagedPolicyRow {
    ManagedPolicyRow {
        unique_id: format!("ANPA{name}"),
        account_id: main_account().id,
        path: "/".to_owned(),
        name: name.to_owned(),
        description: None,
        default_version: 1,
        attachment_count: 0,
        boundary_count: 0,
        tags: TagSet::default(),
        created_at: now(),
        updated_at: now(),
    }
}

fn named(kind: IdentityKind, name: &str) -> IdentityName {
    IdentityName {
        account: main_account().id,
        kind,
        name: name.to_owned(),
    }
}

fn membership(user: &str, group: &str) -> Membership {
    Membership {
        account: main_account().id,
        user: user.to_owned(),
        group: group.to_owned(),
    }
}

async fn with_alice(store: &Store) {
    store.upsert_account(main_account(), now()).await.unwrap();
    store.create_user(user("alice")).await.unwrap();
}

#[track_caller]
fn refused<T: std::fmt::Debug>(outcome: Result<T, IamError>) -> IamRefusal {
    match outcome {
        Err(IamError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

fn no_such(kind: EntityKind, name: &str) -> IamRefusal {
    IamRefusal::NoSuchEntity {
        kind,
        name: name.to_owned(),
    }
}

fn exceeded(limit: IamLimit, max: u64, name: &str) -> IamRefusal {
    IamRefusal::LimitExceeded {
        limit,
        max,
        name: name.to_owned(),
    }
}

async fn names_are_unique_whatever_the_letter_case(store: Store) {
    with_alice(&store).await;
    let mut loud = user("ALICE");
    loud.unique_id = "AIDAOTHER".to_owned();
    let again = refused(store.create_user(loud).await);
    assert!(matches!(
        again,
        IamRefusal::AlreadyExists {
            kind: EntityKind::User,
            ..
        }
    ));
    store.create_group(group("Admins")).await.unwrap();
    refused(store.create_group(group("admins")).await);
    store.create_role(role("Reader")).await.unwrap();
    refused(store.create_role(role("reader")).await);
    let (first, second) = (policy("Read"), policy("read"));
    store
        .create_managed_policy(first, "{}".to_owned())
        .await
        .unwrap();
    refused(store.create_managed_policy(second, "{}".to_owned()).await);
    // A group may be called like a user.
    store.create_group(group("alice")).await.unwrap();
}

async fn a_renamed_user_keeps_its_id(store: Store) {
    with_alice(&store).await;
    store.create_user(user("bob")).await.unwrap();
    let account = main_account().id;
    let to = |name: &str| Renaming {
        name: Some(name.to_owned()),
        path: Some("/new/".to_owned()),
    };
    refused(
        store
            .rename_user(account, "alice".to_owned(), to("BOB"))
            .await,
    );
    store
        .rename_user(account, "alice".to_owned(), to("Alice"))
        .await
        .unwrap();
    let renamed = store
        .user_by_name(&account, "alice")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(renamed.unique_id, "AIDAalice");
    assert_eq!(renamed.arn(), "arn:aws:iam::111122223333:user/new/Alice");
}

async fn what_is_held_keeps_a_user_from_being_deleted(store: Store) {
    with_alice(&store).await;
    store.create_group(group("admins")).await.unwrap();
    let account = main_account().id;
    let alice = || named(IdentityKind::User, "alice");
    let delete = async || refused(store.delete_user(account, "alice".to_owned()).await);
    let holder = KeyHolder {
        account,
        user: Some(("alice".to_owned(), "AIDAalice".to_owned())),
    };
    store
        .create_access_key(holder.clone(), key("AKIA1"), now())
        .await
        .unwrap();
    assert_eq!(
        delete().await,
        IamRefusal::Referenced(Reference::AccessKeys)
    );
    store
        .put_identity_policy(alice(), "p".to_owned(), "{}".to_owned())
        .await
        .unwrap();
    assert_eq!(
        delete().await,
        IamRefusal::Referenced(Reference::InlinePolicies)
    );
    let arn = || "arn:aws:iam::aws:policy/X".to_owned();
    store.attach_to_identity(alice(), arn()).await.unwrap();
    assert_eq!(
        delete().await,
        IamRefusal::Referenced(Reference::AttachedPolicies)
    );
    let member = membership("alice", "admins");
    store.add_user_to_group(member.clone()).await.unwrap();
    assert_eq!(delete().await, IamRefusal::Referenced(Reference::Members));

    store.remove_user_from_group(member).await.unwrap();
    store.detach_from_identity(alice(), arn()).await.unwrap();
    assert_eq!(
        refused(store.detach_from_identity(alice(), arn()).await),
        no_such(EntityKind::Policy, "arn:aws:iam::aws:policy/X")
    );
    store
        .delete_identity_policy(alice(), "p".to_owned())
        .await
        .unwrap();
    assert_eq!(
        refused(store.delete_identity_policy(alice(), "p".to_owned()).await),
        no_such(EntityKind::UserPolicy, "p")
    );
    store
        .delete_access_key(holder, "AKIA1".to_owned())
        .await
        .unwrap();
    store
        .delete_user(account, "alice".to_owned())
        .await
        .unwrap();
    assert_eq!(delete().await, no_such(EntityKind::User, "alice"));
}

fn key(id: &str) -> NewAccessKey {
    NewAccessKey {
        access_key_id: id.to_owned(),
        sealed_secret: vec![1],
        status: AccessKeyStatus::Active,
        account_id: main_account().id,
        user_id: Some("AIDAalice".to_owned()),
    }
}

async fn members_keep_a_group_from_being_deleted(store: Store) {
    with_alice(&store).await;
    store.create_group(group("admins")).await.unwrap();
    let member = membership("Alice", "ADMINS");
    store.add_user_to_group(member.clone()).await.unwrap();
    store.add_user_to_group(member.clone()).await.unwrap();
    let account = main_account().id;
    let delete = async || store.delete_group(account, "admins".to_owned()).await;
    assert_eq!(
        refused(delete().await),
        IamRefusal::Referenced(Reference::Members)
    );
    assert_eq!(
        store.users_of_group("AGPAadmins").await.unwrap(),
        [user("alice")]
    );
    assert_eq!(
        store.groups_of_user("AIDAalice").await.unwrap(),
        [group("admins")]
    );
    store.remove_user_from_group(member.clone()).await.unwrap();
    store.remove_user_from_group(member).await.unwrap();
    delete().await.unwrap();
    assert_eq!(
        refused(store.add_user_to_group(membership("alice", "admins")).await),
        no_such(EntityKind::Group, "admins")
    );
}

async fn a_user_is_in_ten_groups_at_most(store: Store) {
    with_alice(&store).await;
    for number in 0..=10 {
        let name = format!("group{number}");
        store.create_group(group(&name)).await.unwrap();
        let added = store.add_user_to_group(membership("alice", &name)).await;
        if number < 10 {
            added.unwrap();
        } else {
            let limit = exceeded(IamLimit::GroupsPerUser, 10, "alice");
            assert_eq!(refused(added), limit);
        }
    }
}

async fn inline_policies_have_a_limit_together(store: Store) {
    with_alice(&store).await;
    let alice = || named(IdentityKind::User, "alice");
    let put = async |name: &str, length: usize| {
        let document = format!("{}{}", "x".repeat(length), " ".repeat(5000));
        store
            .put_identity_policy(alice(), name.to_owned(), document)
            .await
    };
    put("a", 1000).await.unwrap();
    put("b", 1048).await.unwrap();
    let limit = exceeded(IamLimit::UserPolicyCharacters, 2048, "alice");
    assert_eq!(refused(put("c", 1).await), limit);
    // A policy that is replaced does not count.
    put("b", 1047).await.unwrap();
    put("c", 1).await.unwrap();
    let stored = store.inline_policies("AIDAalice").await.unwrap();
    let names: Vec<_> = stored.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["a", "b", "c"]);
}

async fn ten_policies_are_attached_at_most(store: Store) {
    with_alice(&store).await;
    let alice = || named(IdentityKind::User, "alice");
    let attach = async |number: usize| {
        let arn = format!("arn:aws:iam::aws:policy/P{number:02}");
        store.attach_to_identity(alice(), arn).await
    };
    for number in 0..10 {
        attach(number).await.unwrap();
    }
    attach(3).await.unwrap();
    let limit = exceeded(IamLimit::PoliciesPerUser, 10, "alice");
    assert_eq!(refused(attach(10).await), limit);
    assert_eq!(
        store.attached_policies("AIDAalice").await.unwrap().len(),
        10
    );
}

async fn a_policy_in_use_is_not_deleted(store: Store) {
    with_alice(&store).await;
    let read = policy("read");
    let (account, arn) = (main_account().id, read.arn());
    store
        .create_managed_policy(read, "{}".to_owned())
        .await
        .unwrap();
    let alice = || named(IdentityKind::User, "alice");
    store
        .attach_to_identity(alice(), arn.clone())
        .await
        .unwrap();
    store
        .set_boundary(alice(), Some(arn.clone()))
        .await
        .unwrap();
    let found = store.managed_policy(&arn).await.unwrap().unwrap();
    assert_eq!((found.attachment_count, found.boundary_count), (1, 1));
    let usages: Vec<_> = store.policy_entities(&account, &arn).await.unwrap();
    let usages: Vec<_> = usages.iter().map(|one| (&*one.name, one.usage)).collect();
    assert_eq!(
        usages,
        [
            ("alice", PolicyUsage::PermissionsPolicy),
            ("alice", PolicyUsage::PermissionsBoundary)
        ]
    );
    let delete = async || store.delete_managed_policy(account, arn.clone()).await;
    let attached = IamRefusal::Referenced(Reference::Attachments);
    assert_eq!(refused(delete().await), attached);
    store
        .detach_from_identity(alice(), arn.clone())
        .await
        .unwrap();
    assert_eq!(refused(delete().await), attached);
    store.set_boundary(alice(), None).await.unwrap();
    delete().await.unwrap();
    assert_eq!(store.managed_policy(&arn).await.unwrap(), None);
}

async fn a_policy_has_five_versions_with_numbers_of_their_own(store: Store) {
    with_alice(&store).await;
    let read = policy("read");
    let (account, arn) = (main_account().id, read.arn());
    store
        .create_managed_policy(read, "one".to_owned())
        .await
        .unwrap();
    let create = async |document: &str, is_default| {
        let version = NewPolicyVersion {
            account,
            arn: arn.clone(),
            document: document.to_owned(),
            is_default,
            created_at: now(),
        };
        store.create_policy_version(version).await
    };
    let version = |version| PolicyVersionName {
        account,
        arn: arn.clone(),
        version,
    };
    assert_eq!(create("two", true).await.unwrap(), 2);
    for number in 3..=5 {
        assert_eq!(create("more", false).await.unwrap(), number);
    }
    assert_eq!(
        refused(create("six", false).await),
        exceeded(IamLimit::VersionsPerPolicy, 5, "read")
    );
    assert_eq!(
        refused(store.delete_policy_version(version(2)).await),
        IamRefusal::Referenced(Reference::DefaultVersion)
    );
    store.delete_policy_version(version(5)).await.unwrap();
    assert_eq!(create("six", false).await.unwrap(), 6);
    store
        .set_default_policy_version(version(1), now())
        .await
        .unwrap();
    refused(store.set_default_policy_version(version(5), now()).await);
    let versions = store.policy_versions(&arn).await.unwrap();
    let known: Vec<_> = versions
        .iter()
        .map(|one| (one.version, one.is_default))
        .collect();
    assert_eq!(
        known,
        [(6, false), (4, false), (3, false), (2, false), (1, true)]
    );
    let delete = async || store.delete_managed_policy(account, arn.clone()).await;
    assert_eq!(
        refused(delete().await),
        IamRefusal::Referenced(Reference::Versions)
    );
    for number in [2, 3, 4, 6] {
        store.delete_policy_version(version(number)).await.unwrap();
    }
    delete().await.unwrap();
}

async fn policies_of_another_account_cannot_be_attached(store: Store) {
    with_alice(&store).await;
    store.upsert_account(other_account(), now()).await.unwrap();
    let foreign = ManagedPolicyRow {
        account_id: other_account().id,
        ..policy("read")
    };
    let arn = foreign.arn();
    store
        .create_managed_policy(foreign, "{}".to_owned())
        .await
        .unwrap();
    let alice = || named(IdentityKind::User, "alice");
    let refusal = no_such(EntityKind::Attachment, &arn);
    let attached = store.attach_to_identity(alice(), arn.clone()).await;
    assert_eq!(refused(attached), refusal);
    let bounded = store.set_boundary(alice(), Some(arn.clone())).await;
    assert_eq!(refused(bounded), refusal);
    let mut bob = user("bob");
    bob.boundary_arn = Some(arn.clone());
    assert_eq!(refused(store.create_user(bob).await), refusal);
    let deleted = store.delete_managed_policy(main_account().id, arn.clone());
    assert_eq!(refused(deleted.await), no_such(EntityKind::Policy, &arn));
}

async fn a_credential_holds_what_its_user_and_groups_hold(store: Store) {
    with_alice(&store).await;
    store.create_group(group("admins")).await.unwrap();
    store
        .add_user_to_group(membership("alice", "admins"))
        .await
        .unwrap();
    store.upsert_access_key(key("AKIA1"), now()).await.unwrap();
    let (read, bound) = (policy("read"), policy("bound"));
    let (read_arn, bound_arn) = (read.arn(), bound.arn());
    for (row, document) in [(read, "read 1"), (bound, "bound 1")] {
        store
            .create_managed_policy(row, document.to_owned())
            .await
            .unwrap();
    }
    let (alice, admins) = (
        named(IdentityKind::User, "alice"),
        named(IdentityKind::Group, "admins"),
    );
    for (identity, name) in [(&alice, "own"), (&admins, "group")] {
        store
            .put_identity_policy(identity.clone(), name.to_owned(), format!("{name} 1"))
            .await
            .unwrap();
    }
    store
        .attach_to_identity(admins, read_arn.clone())
        .await
        .unwrap();
    store
        .attach_to_identity(alice.clone(), "arn:aws:iam::aws:policy/X".to_owned())
        .await
        .unwrap();
    store
        .set_boundary(alice.clone(), Some(bound_arn.clone()))
        .await
        .unwrap();
    let version = NewPolicyVersion {
        account: main_account().id,
        arn: read_arn.clone(),
        document: "read 2".to_owned(),
        is_default: true,
        created_at: now(),
    };
    store.create_policy_version(version).await.unwrap();

    let held = store.credential("AKIA1").await.unwrap().unwrap().policies;
    let session = store.session_identity("AIDAalice").await.unwrap().unwrap();
    assert_eq!(session.policies, held);
    let inline: Vec<_> = held.inline.iter().map(|(_, text)| &**text).collect();
    assert_eq!(inline, ["group 1", "own 1"]);
    let held_policy = |arn: &str, document: Option<&str>| HeldPolicy {
        arn: arn.to_owned(),
        document: document.map(str::to_owned),
    };
    assert_eq!(
        held.managed,
        [
            held_policy(&read_arn, Some("read 2")),
            held_policy("arn:aws:iam::aws:policy/X", None)
        ]
    );
    assert_eq!(
        held.boundary,
        Some(held_policy(&bound_arn, Some("bound 1")))
    );
}

async fn a_role_is_found_by_its_sessions_until_it_is_deleted(store: Store) {
    store.upsert_account(main_account(), now()).await.unwrap();
    let reader = role("reader");
    store.create_role(reader.clone()).await.unwrap();
    let arn = reader.arn();
    assert_eq!(arn, "arn:aws:iam::111122223333:role/service/reader");
    assert_eq!(store.role_by_arn(&arn).await.unwrap(), Some(reader.clone()));
    let without_path = "arn:aws:iam::111122223333:role/reader";
    assert_eq!(store.role_by_arn(without_path).await.unwrap(), None);
    let found = async || store.session_identity("AROAreader").await.unwrap();
    let session = found().await.unwrap();
    assert_eq!(session.account, main_account());
    assert_eq!(session.holder, SessionHolder::Role(reader));
    let account = main_account().id;
    let trust = TrustPolicy {
        document: "new".to_owned(),
        bound: "bound".to_owned(),
    };
    let change = RoleChange::Trust(trust.clone());
    store
        .update_role(account, "reader".to_owned(), change)
        .await
        .unwrap();
    let settings = RoleChange::Settings {
        description: Some("d".to_owned()),
        max_session_seconds: Some(7200),
    };
    store
        .update_role(account, "reader".to_owned(), settings)
        .await
        .unwrap();
    let now = store
        .role_by_unique_id("AROAreader")
        .await
        .unwrap()
        .unwrap();
    assert_eq!((now.trust, now.max_session_seconds), (trust, 7200));
    assert_eq!(now.description.as_deref(), Some("d"));
    store
        .delete_role(account, "reader".to_owned())
        .await
        .unwrap();
    assert_eq!(found().await, None);
}

async fn tags_ignore_letter_case_and_have_a_limit(store: Store) {
    store.upsert_account(main_account(), now()).await.unwrap();
    store.create_role(role("reader")).await.unwrap();
    let change = async |to| {
        let tagged = Tagged::Identity(named(IdentityKind::Role, "reader"));
        store.change_tags(tagged, to).await
    };
    let found = async || {
        let role = store.role_by_unique_id("AROAreader").await.unwrap();
        role.unwrap().tags
    };
    let put = TagChange::Put(tags(&[("TEAM", "red"), ("x", "")]));
    change(put).await.unwrap();
    assert_eq!(found().await, tags(&[("TEAM", "red"), ("x", "")]));
    let many: Vec<_> = (0..49).map(|number| (format!("k{number}"), "v")).collect();
    let many: Vec<_> = many.iter().map(|(key, value)| (&**key, *value)).collect();
    let limit = exceeded(IamLimit::TagsPerEntity, 50, "");
    assert_eq!(refused(change(TagChange::Put(tags(&many))).await), limit);
    let remove = TagChange::Remove(vec!["Team".to_owned(), "absent".to_owned()]);
    change(remove).await.unwrap();
    assert_eq!(found().await, tags(&[("x", "")]));
}

async fn a_user_has_two_access_keys(store: Store) {
    with_alice(&store).await;
    let holder = KeyHolder {
        account: main_account().id,
        user: Some(("alice".to_owned(), "AIDAalice".to_owned())),
    };
    let create = async |id: &str| {
        store
            .create_access_key(holder.clone(), key(id), now())
            .await
    };
    create("AKIA1").await.unwrap();
    create("AKIA2").await.unwrap();
    let limit = exceeded(IamLimit::AccessKeysPerUser, 2, "alice");
    assert_eq!(refused(create("AKIA3").await), limit);
    let set = async |id: &str, status| {
        store
            .set_access_key_status(holder.clone(), id.to_owned(), status)
            .await
    };
    set("AKIA1", AccessKeyStatus::Inactive).await.unwrap();
    let credential = store.credential("AKIA1").await.unwrap().unwrap();
    assert_eq!(credential.status, AccessKeyStatus::Inactive);
    let missing = refused(set("AKIA9", AccessKeyStatus::Active).await);
    assert_eq!(missing, no_such(EntityKind::AccessKey, "AKIA9"));
    let root = KeyHolder {
        account: main_account().id,
        user: None,
    };
    assert_eq!(store.access_keys(&root).await.unwrap(), []);
    let keys = store.access_keys(&holder).await.unwrap();
    assert_eq!(keys.len(), 2);
}

async fn last_uses_only_move_forward(store: Store) {
    with_alice(&store).await;
    store.upsert_access_key(key("AKIA1"), now()).await.unwrap();
    let at = |minutes| LastUse {
        at: now() + Duration::minutes(minutes),
        service: format!("s{minutes}"),
        region: "us-east-1".to_owned(),
    };
    let note = async |minutes| {
        let uses = vec![("AKIA1".to_owned(), at(minutes))];
        store.note_access_key_uses(uses).await.unwrap();
    };
    let found = async || store.access_key_use("AKIA1").await.unwrap().unwrap();
    assert_eq!(found().await.last, None);
    note(5).await;
    note(3).await;
    assert_eq!(found().await.last, Some(at(5)));
    assert_eq!(found().await.user_name.as_deref(), Some("alice"));
    assert_eq!(store.access_key_use("AKIA9").await.unwrap(), None);
}

async fn an_alias_is_one_accounts(store: Store) {
    for account in [main_account(), other_account()] {
        store.upsert_account(account, now()).await.unwrap();
    }
    let (main, other) = (main_account().id, other_account().id);
    let set = async |account, alias: &str| store.set_account_alias(account, alias.to_owned()).await;
    set(main, "photos").await.unwrap();
    refused(set(other, "photos").await);
    set(main, "pictures").await.unwrap();
    set(other, "photos").await.unwrap();
    let alias = store.account_alias(&main).await.unwrap();
    assert_eq!(alias.as_deref(), Some("pictures"));
    let delete = async |alias: &str| store.delete_account_alias(main, alias.to_owned()).await;
    let missing = refused(delete("photos").await);
    assert_eq!(missing, no_such(EntityKind::AccountAlias, "photos"));
    delete("pictures").await.unwrap();
    assert_eq!(store.account_alias(&main).await.unwrap(), None);
    assert_eq!(store.account_counts(&main).await.unwrap().users, 0);
}

async fn pages_follow_names_below_a_path(store: Store) {
    store.upsert_account(main_account(), now()).await.unwrap();
    for (name, path) in [("a", "/x/"), ("b", "/"), ("C", "/x/y/"), ("d", "/x/")] {
        let mut row = user(name);
        row.path = path.to_owned();
        store.create_user(row).await.unwrap();
    }
    let list = async |after: &str, limit| {
        let list = NameList {
            account: main_account().id,
            path_prefix: "/x/".to_owned(),
            after: after.to_owned(),
            limit,
        };
        let users = store.list_users(&list).await.unwrap();
        users.into_iter().map(|user| user.name).collect::<Vec<_>>()
    };
    assert_eq!(list("", 2).await, ["a", "C"]);
    assert_eq!(list("c", 2).await, ["d"]);
}
