//! A vector of `decision-vectors.json` as the values that the crate takes.

use buckler_policy::{
    AccountId, AclPermission, Action, BucketSecurity, Caller, CallerAccount, CallerKind,
    CanonicalId, CompiledPolicy, ConditionKey, ContextMap, Document, Grant, Grantee, NamedPolicy,
    ObjectOwnership, ObjectSecurity, Permission, Principal, PublicAccessBlock, Resource,
    parse_bucket_policy, parse_identity_policy,
};
use serde_json::Value;
use std::sync::Arc;

/// The canonical ids of the file's accounts.
pub(crate) fn canonical_id(account: &str) -> CanonicalId {
    let pair = match account {
        "111111111111" => "1f",
        "222222222222" => "2e",
        "333333333333" => "3d",
        other => panic!("no canonical id for account {other}"),
    };
    CanonicalId::parse(&pair.repeat(32)).unwrap()
}

pub(crate) fn account(id: &str) -> CallerAccount {
    CallerAccount {
        id: AccountId::parse(id).unwrap(),
        canonical_id: canonical_id(id),
    }
}

/// Owns what the borrowed values of the crate point to.
pub(crate) struct World<'v> {
    pub(crate) vector: &'v Value,
    pub(crate) bucket_document: Option<Document>,
    bucket_policy: Option<CompiledPolicy>,
    identity: Vec<NamedPolicy>,
    boundary: Option<NamedPolicy>,
    session: Option<Vec<NamedPolicy>>,
    bucket_acl: Vec<Grant>,
    object_acl: Vec<Grant>,
    pub(crate) context: ContextMap,
}

impl<'v> World<'v> {
    pub(crate) fn new(vector: &'v Value) -> Self {
        let policies = &vector["policies"];
        let bucket_document = bucket_document(vector, &policies["bucket"]);
        let named = |policy: &Value, name: &str| {
            let document = parse_identity_policy(policy.to_string().as_bytes()).unwrap();
            NamedPolicy {
                name: name.into(),
                policy: Arc::new(CompiledPolicy::compile(&document)),
            }
        };
        let some = |policy: &'v Value| Some(policy).filter(|policy| !policy.is_null());
        Self {
            vector,
            bucket_policy: bucket_document.as_ref().map(CompiledPolicy::compile),
            bucket_document,
            identity: items(&policies["identity"])
                .iter()
                .map(|policy| named(policy, "inline"))
                .collect(),
            boundary: some(&policies["boundary"]).map(|policy| named(policy, "boundary")),
            session: some(&policies["session"]).map(|policy| vec![named(policy, "session")]),
            bucket_acl: grants(&vector["bucket"]["acl"]),
            object_acl: grants(&vector["object"]["acl"]),
            context: context(&vector["request"]["context"]),
        }
    }

    pub(crate) fn caller(&self) -> Caller<'_> {
        let caller = &self.vector["caller"];
        let text = |name: &str| caller[name].as_str().unwrap_or_default();
        let kind = match text("type") {
            "anonymous" => CallerKind::Anonymous,
            "service" => CallerKind::Service {
                name: text("service"),
            },
            "root" => CallerKind::Root {
                account: account(text("account")),
            },
            "iam_user" => CallerKind::User {
                account: account(text("account")),
                arn: text("arn"),
                unique_id: text("userid"),
            },
            "assumed_role" => CallerKind::AssumedRole {
                account: account(text("account")),
                session_arn: text("arn"),
                role_arn: text("role_arn"),
                role_id: text("userid").split(':').next().unwrap(),
                provider: None,
            },
            "federated_user" => CallerKind::FederatedUser {
                account: account(text("account")),
                arn: text("arn"),
                issuer_arn: text("issuer_arn"),
                issuer_id: "",
            },
            other => panic!("no caller type {other}"),
        };
        Caller {
            kind,
            identity: &self.identity,
            boundary: self.boundary.as_ref(),
            session: self.session.as_deref(),
        }
    }

    pub(crate) fn bucket(&self) -> Option<BucketSecurity<'_>> {
        let bucket = &self.vector["bucket"];
        if bucket["exists"] == false {
            return None;
        }
        let of_account = flags(&self.vector["account_public_access_block"]);
        Some(BucketSecurity {
            name: bucket["name"].as_str().unwrap(),
            owner: AccountId::parse(bucket["owner"].as_str().unwrap()).unwrap(),
            policy: self.bucket_policy.as_ref(),
            public_access_block: flags(&bucket["public_access_block"]).or(of_account),
            object_ownership: match bucket["object_ownership"].as_str().unwrap() {
                "BucketOwnerEnforced" => ObjectOwnership::BucketOwnerEnforced,
                "BucketOwnerPreferred" => ObjectOwnership::BucketOwnerPreferred,
                "ObjectWriter" => ObjectOwnership::ObjectWriter,
                other => panic!("no ownership {other}"),
            },
            acl: &self.bucket_acl,
        })
    }

    pub(crate) fn permissions(&self) -> Vec<Permission<'_>> {
        let checks = items(&self.vector["request"]["checks"]);
        checks.iter().map(|check| self.permission(check)).collect()
    }

    fn permission(&self, check: &'v Value) -> Permission<'_> {
        let action = Action::from_name(check["action"].as_str().unwrap()).unwrap();
        let arn = check["resource"].as_str().unwrap();
        let resource = match arn.strip_prefix("arn:aws:s3:::") {
            None => Resource::Any,
            Some(relative) => match relative.split_once('/') {
                Some((bucket, key)) => Resource::Object { bucket, key },
                None => Resource::Bucket(relative),
            },
        };
        let object = &self.vector["object"];
        let owner = object["owner"].as_str();
        Permission {
            action,
            resource,
            object: owner.map(|owner| ObjectSecurity {
                owner: Some(AccountId::parse(owner).unwrap()),
                acl: &self.object_acl,
            }),
            hides_existing_object_tags: false,
        }
    }

    pub(crate) fn new_policy(&self) -> Option<Document> {
        bucket_document(self.vector, &self.vector["request"]["new_policy"])
    }

    /// The key of the first check, if the vector says that it does not exist.
    pub(crate) fn missing_key(&self) -> Option<&str> {
        let arn = self.vector["request"]["checks"][0]["resource"]
            .as_str()
            .unwrap();
        let key = arn.split_once('/').map(|(_, key)| key);
        key.filter(|_| self.vector["object"]["exists"] == false)
    }
}

/// A bucket policy with canonical ids resolved, as a server stores it.
fn bucket_document(vector: &Value, policy: &Value) -> Option<Document> {
    if policy.is_null() {
        return None;
    }
    let bucket = vector["bucket"]["name"].as_str().unwrap();
    let resolve = |principal: &Principal| match principal {
        Principal::CanonicalUser(id) => ["111111111111", "222222222222", "333333333333"]
            .into_iter()
            .find(|account| canonical_id(account) == *id)
            .map(|account| Principal::Account(AccountId::parse(account).unwrap())),
        other => Some(other.clone()),
    };
    let document = parse_bucket_policy(policy.to_string().as_bytes(), bucket)
        .and_then(|document| document.bind(&resolve))
        .unwrap_or_else(|error| panic!("{}: {error}", vector["name"]));
    Some(document)
}

fn items(list: &Value) -> &[Value] {
    list.as_array().map_or(&[], Vec::as_slice)
}

fn flags(flags: &Value) -> PublicAccessBlock {
    PublicAccessBlock {
        block_public_acls: flags["BlockPublicAcls"] == true,
        ignore_public_acls: flags["IgnorePublicAcls"] == true,
        block_public_policy: flags["BlockPublicPolicy"] == true,
        restrict_public_buckets: flags["RestrictPublicBuckets"] == true,
    }
}

fn grants(list: &Value) -> Vec<Grant> {
    let grant = |grant: &Value| Grant {
        grantee: match grant["grantee"].as_str().unwrap() {
            "AllUsers" => Grantee::AllUsers,
            "AuthenticatedUsers" => Grantee::AuthenticatedUsers,
            "LogDelivery" => Grantee::LogDelivery,
            id => Grantee::CanonicalUser(CanonicalId::parse(id).unwrap()),
        },
        permission: match grant["permission"].as_str().unwrap() {
            "READ" => AclPermission::Read,
            "WRITE" => AclPermission::Write,
            "READ_ACP" => AclPermission::ReadAcp,
            "WRITE_ACP" => AclPermission::WriteAcp,
            "FULL_CONTROL" => AclPermission::FullControl,
            other => panic!("no permission {other}"),
        },
    };
    items(list).iter().map(grant).collect()
}

fn context(values: &Value) -> ContextMap {
    let mut context = ContextMap::new();
    for (name, value) in values.as_object().unwrap() {
        let key = ConditionKey::parse(name);
        match value.as_array() {
            Some(list) => {
                let list = list.iter().map(|item| item.as_str().unwrap().to_owned());
                context.insert_many(key, list.collect());
            }
            None => context.insert(key, value.as_str().unwrap()),
        }
    }
    context
}
