//! ACLs: names, who counts as public, and what is refused before it is set. Source: facts: authorization.md 5.5 to 5.7.

use buckler_policy::{
    AccountId, Acl, AclPermission, Action, BucketSecurity, Caller, CallerAccount, CallerKind,
    CanonicalId, ContextMap, Grant, Grantee, ObjectOwnership, ObjectSecurity, Permission,
    PublicAccessBlock, Resource, authorize, authorize_new_acl,
};

const OWNER: &str = "111122223333";

fn id(digit: &str) -> CanonicalId {
    CanonicalId::parse(&digit.repeat(64)).unwrap()
}

fn bucket(public_access_block: PublicAccessBlock) -> BucketSecurity<'static> {
    BucketSecurity {
        name: "photos",
        owner: AccountId::parse(OWNER).unwrap(),
        policy: None,
        public_access_block,
        object_ownership: ObjectOwnership::ObjectWriter,
        acl: &[],
    }
}

#[test]
fn names_are_read_back() {
    for name in ["READ", "WRITE", "READ_ACP", "WRITE_ACP", "FULL_CONTROL"] {
        assert_eq!(AclPermission::from_name(name).unwrap().name(), name);
    }
    assert_eq!(AclPermission::from_name("read"), None);
    for group in [
        Grantee::AllUsers,
        Grantee::AuthenticatedUsers,
        Grantee::LogDelivery,
    ] {
        let uri = group.group_uri().unwrap();
        assert_eq!(Grantee::from_group_uri(uri), Some(group));
        assert_eq!(Grantee::from_group_uri(&uri.to_uppercase()), None);
    }
    assert_eq!(Grantee::CanonicalUser(id("a")).group_uri(), None);
}

/// No account can have the id of anonymous writers, but they own and can be granted things.
#[test]
fn the_anonymous_id_is_no_accounts() {
    let text = CanonicalId::ANONYMOUS.to_string();
    assert_eq!(text, "65a011a29cdf8ec533ec3d1ccaae921c");
    assert!(CanonicalId::parse(&text).is_err());
    assert_eq!(CanonicalId::parse_owner(&text), Ok(CanonicalId::ANONYMOUS));
    let accounts = id("a").to_string();
    assert_eq!(CanonicalId::parse_owner(&accounts), Ok(id("a")));
    assert!(CanonicalId::parse_owner(&text[1..]).is_err());
}

#[test]
fn an_acl_of_the_owners_own_is_none() {
    let own = Grant::of_owner(id("a"));
    let others = Grant::of_owner(id("b"));
    for (grants, is_private, grants_others) in [
        (vec![own], true, false),
        (vec![], false, false),
        (vec![own, own], false, false),
        (vec![others], false, true),
        (vec![own, others], false, true),
    ] {
        let acl = Acl::new(id("a"), grants.clone());
        assert_eq!(acl == Acl::OwnersAlone, is_private, "{grants:?}");
        assert_eq!(acl.grants(&own), grants, "{grants:?}");
        assert_eq!(acl.grants_others(id("a")), grants_others, "{grants:?}");
    }
}

#[test]
fn block_public_acls_refuses_public_acls_in_awss_words() {
    let root = Caller::new(CallerKind::Root {
        account: CallerAccount {
            id: AccountId::parse(OWNER).unwrap(),
            canonical_id: id("a"),
        },
    });
    let key = Resource::Object {
        bucket: "photos",
        key: "cat.jpg",
    };
    let ask = |block, is_public| {
        let flags = PublicAccessBlock {
            block_public_acls: block,
            ..PublicAccessBlock::NONE
        };
        authorize_new_acl(&bucket(flags), Action::PutObjectAcl, key, is_public)
    };
    assert_eq!(ask(false, true), Ok(()));
    assert_eq!(ask(true, false), Ok(()));
    assert_eq!(
        ask(true, true).unwrap_err().message(&root),
        "User: arn:aws:iam::111122223333:root is not authorized to perform: s3:PutObjectAcl on resource: \
         \"arn:aws:s3:::photos/cat.jpg\" because public access control lists (ACLs) are blocked by the BlockPublicAcls \
         block public access setting"
    );
}

/// Everybody without a signature is the same owner, until public grants are ignored.
#[test]
fn what_nobody_signed_is_open_to_nobody_in_particular() {
    let own = [Grant::of_owner(CanonicalId::ANONYMOUS)];
    let account = |digit: &str, number: &str| {
        Caller::new(CallerKind::Root {
            account: CallerAccount {
                id: AccountId::parse(number).unwrap(),
                canonical_id: id(digit),
            },
        })
    };
    let ask = |caller: &Caller<'_>, ignore_public_acls| {
        let flags = PublicAccessBlock {
            ignore_public_acls,
            ..PublicAccessBlock::NONE
        };
        let permission = Permission {
            object: Some(ObjectSecurity {
                owner: None,
                acl: &own,
            }),
            ..Permission::on_object(Action::GetObject, "photos", "k")
        };
        authorize(
            caller,
            Some(&bucket(flags)),
            &[permission],
            &ContextMap::new(),
        )
        .is_allow()
    };
    assert!(ask(&Caller::anonymous(), false));
    assert!(!ask(&Caller::anonymous(), true));
    assert!(!ask(&account("a", OWNER), false), "the bucket's owner");
    assert!(!ask(&account("b", "444455556666"), false));
}
