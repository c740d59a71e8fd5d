//! The seed: accounts, their identities and buckets, declared in a TOML file, applied at start and safe to
//! apply again. Reading it checks everything that can be checked without a store, so that a
//! mistake is one sentence and nothing has been created.

mod check;
mod file;

use buckler_policy::{AccountId, CanonicalId};
use buckler_s3::{BucketName, TagSet};
use thiserror::Error;

use crate::{AccessKeyId, GroupName, Path, PolicyName, RoleName, SecretAccessKey, UserName};

/// Everything a seed declares, checked.
#[derive(Debug, Clone, Default)]
pub struct Seed {
    /// Accounts in the order of the file.
    pub accounts: Vec<SeedAccount>,
}

/// One account.
#[derive(Debug, Clone)]
pub struct SeedAccount {
    /// The twelve-digit id.
    pub id: AccountId,
    /// The canonical user id; derived from the account id where the file names none.
    pub canonical_id: CanonicalId,
    /// What people call it.
    pub name: String,
    /// The e-mail address of its root user.
    pub email: String,
    /// Keys of the root user.
    pub root: Option<SeedKey>,
    /// Its managed policies.
    pub policies: Vec<SeedManagedPolicy>,
    /// Its users.
    pub users: Vec<SeedUser>,
    /// Its groups.
    pub groups: Vec<SeedGroup>,
    /// Its roles.
    pub roles: Vec<SeedRole>,
    /// Its buckets.
    pub buckets: Vec<SeedBucket>,
}

/// An access key with its secret.
#[derive(Debug, Clone)]
pub struct SeedKey {
    /// The public half.
    pub id: AccessKeyId,
    /// The secret half.
    pub secret: SecretAccessKey,
}

/// One managed policy of the account's own.
#[derive(Debug, Clone)]
pub struct SeedManagedPolicy {
    /// Its name.
    pub name: PolicyName,
    /// Its path, `/` by default.
    pub path: Path,
    /// What it is for. As on AWS, it is given once and stays.
    pub description: Option<String>,
    /// The document as written, a valid identity policy within AWS's size.
    pub document: String,
    /// Tags that it is to have.
    pub tags: TagSet,
}

/// One user.
#[derive(Debug, Clone)]
pub struct SeedUser {
    /// Its name.
    pub name: UserName,
    /// Its path, `/` by default.
    pub path: Path,
    /// Its access key, if it has one.
    pub key: Option<SeedKey>,
    /// The ARN of the managed policy that bounds its permissions.
    pub boundary_arn: Option<String>,
    /// Tags that it is to have.
    pub tags: TagSet,
    /// What it holds.
    pub holds: SeedHeldPolicies,
}

/// One group.
#[derive(Debug, Clone)]
pub struct SeedGroup {
    /// Its name.
    pub name: GroupName,
    /// Its path, `/` by default.
    pub path: Path,
    /// Users that are to be in it.
    pub members: Vec<UserName>,
    /// What it holds.
    pub holds: SeedHeldPolicies,
}

/// One role.
#[derive(Debug, Clone)]
pub struct SeedRole {
    /// Its name.
    pub name: RoleName,
    /// Its path, `/` by default.
    pub path: Path,
    /// What it is for.
    pub description: Option<String>,
    /// Who may assume it, a valid trust policy; whether those it names exist is not known here.
    pub trust: String,
    /// How long a session may last: 3,600 (by default) to 43,200 seconds.
    pub max_session_seconds: i64,
    /// The ARN of the managed policy that bounds its permissions.
    pub boundary_arn: Option<String>,
    /// Tags that it is to have.
    pub tags: TagSet,
    /// What it holds.
    pub holds: SeedHeldPolicies,
}

/// The policies of a user, group or role.
#[derive(Debug, Clone, Default)]
pub struct SeedHeldPolicies {
    /// ARNs of managed policies: of AWS's, each known to
    /// [`managed_policy_document`](crate::managed_policy_document), and of the account's own.
    pub managed_arns: Vec<String>,
    /// Inline policies, each a valid identity policy.
    pub inline: Vec<SeedInlinePolicy>,
}

/// A policy embedded in a user, a group or a role.
#[derive(Debug, Clone)]
pub struct SeedInlinePolicy {
    /// Its name, unique in its holder.
    pub name: PolicyName,
    /// The document as written.
    pub document: String,
}

/// One bucket.
#[derive(Debug, Clone)]
pub struct SeedBucket {
    /// Its name.
    pub name: BucketName,
    /// Whether versioning is to be enabled.
    pub versioning: bool,
    /// Whether Block Public Access is on (all four flags) or off; the server's default if absent.
    pub public_access_block: Option<bool>,
    /// Its policy, a valid bucket policy for this name.
    pub policy: Option<String>,
}

/// What is wrong with a seed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SeedError {
    /// Not TOML, or not the members that a seed has.
    #[error("the seed cannot be read: {0}")]
    Syntax(String),
    /// A value that its place does not take.
    #[error("{place}: {reason}")]
    Invalid {
        /// Which entry, for example `account 111122223333, user alice`.
        place: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The same id, key or name twice.
    #[error("{kind} `{value}` is declared twice")]
    Duplicate {
        /// What stands twice.
        kind: &'static str,
        /// Its value.
        value: String,
    },
}

impl Seed {
    /// Reads and checks the text of a seed file.
    ///
    /// # Errors
    ///
    /// [`SeedError`], naming the entry.
    pub fn parse(text: &str) -> Result<Self, SeedError> {
        let file = file::read(text)?;
        let accounts = file
            .account
            .into_iter()
            .map(check::account)
            .collect::<Result<Vec<_>, _>>()?;
        check::unique(&accounts)?;
        Ok(Self { accounts })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"
[[account]]
id = "111122223333"
name = "main"
email = "main@example.com"
root = { access_key = "AKIAROOT", secret_key = "rootsecret" }
  [[account.user]]
  name = "alice"
  access_key = "AKIAALICE"
  secret_key = "alicesecret"
  policies = ["arn:aws:iam::aws:policy/AmazonS3FullAccess"]
  inline = { name = "deny", document = '''{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:DeleteObject","Resource":"*"}}''' }
  [[account.bucket]]
  name = "photos"
  public_access_block = false
  policy = '''{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::photos/*"}}'''

[[account]]
id = "222222222222"
"#;

    fn check(text: &str, expected: &str) {
        let error = Seed::parse(text).expect_err("refused");
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn a_whole_seed_is_read() {
        let seed = Seed::parse(WHOLE).unwrap();
        let [main, other] = &seed.accounts[..] else {
            panic!("two accounts")
        };
        assert_eq!(main.users[0].holds.inline[0].name.as_str(), "deny");
        assert_eq!(main.users[0].path.as_str(), "/");
        assert_eq!(main.buckets[0].public_access_block, Some(false));
        assert_eq!(other.name, "222222222222");
        assert!(other.root.is_none());
        assert_ne!(main.canonical_id, other.canonical_id);
    }

    #[test]
    fn an_empty_seed_declares_nothing() {
        assert!(Seed::parse("").unwrap().accounts.is_empty());
    }

    #[test]
    fn a_mistake_names_its_place() {
        check(
            "[[account]]\nid = \"12\"",
            "account 12: an account id has 12 decimal digits",
        );
        check(
            "[[account]]\nid = \"111122223333\"\n[[account.user]]\nname = \"a b\"",
            "account 111122223333: `a b` is no user name: 1 to 64 of letters, digits and `+=,.@_-`",
        );
        check(
            "[[account]]\nid = \"111122223333\"\n[[account.user]]\nname = \"bob\"\naccess_key = \"AKIABOB\"",
            "account 111122223333, user bob: access_key and secret_key come together",
        );
        check(
            "[[account]]\nid = \"111122223333\"\n[[account.user]]\nname = \"bob\"\npolicies = [\"arn:aws:iam::aws:policy/Nope\"]",
            "account 111122223333, user bob: `arn:aws:iam::aws:policy/Nope` is no managed policy of this server",
        );
        check(
            "[[account]]\nid = \"111122223333\"\n[[account.bucket]]\nname = \"photos\"\npolicy = \"{}\"",
            "account 111122223333, bucket photos: policy: Missing required field Statement",
        );
    }

    const POLICY: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}"#;

    #[test]
    fn groups_managed_policies_boundaries_and_tags_are_read() {
        let text = format!(
            r#"
[[account]]
id = "111122223333"
  [[account.policy]]
  name = "readers"
  path = "/teams/"
  description = "reads"
  document = '{POLICY}'
  tags = {{ team = "blue" }}
  [[account.user]]
  name = "alice"
  permissions_boundary = "arn:aws:iam::111122223333:policy/teams/readers"
  tags = {{ desk = "7", team = "blue" }}
  [[account.group]]
  name = "team"
  path = "/blue/"
  members = ["alice"]
  policies = ["arn:aws:iam::111122223333:policy/teams/readers"]
  inline = {{ name = "more", document = '{POLICY}' }}
"#
        );
        let seed = Seed::parse(&text).unwrap();
        let account = &seed.accounts[0];
        assert_eq!(account.policies[0].path.as_str(), "/teams/");
        assert_eq!(account.policies[0].tags.get("team"), Some("blue"));
        let alice = &account.users[0];
        let arn = "arn:aws:iam::111122223333:policy/teams/readers";
        assert_eq!(alice.boundary_arn.as_deref(), Some(arn));
        assert_eq!(alice.tags.len(), 2);
        let group = &account.groups[0];
        assert_eq!(group.members[0].as_str(), "alice");
        assert_eq!(group.holds.managed_arns, [arn]);
        assert_eq!(group.holds.inline[0].name.as_str(), "more");
    }

    #[test]
    fn a_mistake_in_an_identity_names_it() {
        let account = |rest: &str| format!("[[account]]\nid = \"111122223333\"\n{rest}");
        let large = POLICY.replace("\"*\"", &format!("\"arn:aws:s3:::{}\"", "x".repeat(6200)));
        for (rest, expected) in [
            (
                "[[account.policy]]\nname = \"p\"\ndocument = \"{}\"".to_owned(),
                "policy p: Syntax errors in policy.",
            ),
            (
                format!("[[account.policy]]\nname = \"p\"\ndocument = '{large}'"),
                "policy p: a managed policy has at most 6144 characters",
            ),
            (
                "[[account.group]]\nname = \"g/h\"".to_owned(),
                "`g/h` is no group name: 1 to 128 of letters, digits and `+=,.@_-`",
            ),
            (
                "[[account.group]]\nname = \"g\"\nmembers = [\"a b\"]".to_owned(),
                "group g: `a b` is no user name: 1 to 64 of letters, digits and `+=,.@_-`",
            ),
            (
                "[[account.user]]\nname = \"u\"\npermissions_boundary = \"arn:aws:iam::222222222222:policy/p\"".to_owned(),
                "user u: `arn:aws:iam::222222222222:policy/p` is no managed policy of this server",
            ),
            (
                "[[account.user]]\nname = \"u\"\ntags = { Team = \"a\", team = \"b\" }".to_owned(),
                "user u: tag `team` is there twice: letter case does not count",
            ),
            (
                "[[account.user]]\nname = \"u\"\ntags = { \"aws:x\" = \"a\" }".to_owned(),
                "user u: tag `aws:x`: `aws:` is AWS's own",
            ),
        ] {
            check(&account(&rest), &format!("account 111122223333{}{expected}", if expected.starts_with('`') { ": " } else { ", " }));
        }
        check(
            &account("[[account.group]]\nname = \"g\"\n[[account.group]]\nname = \"G\""),
            "group `G` is declared twice",
        );
    }

    #[test]
    fn what_must_be_unique_is_unique() {
        check(
            "[[account]]\nid = \"111122223333\"\n[[account]]\nid = \"111122223333\"",
            "account `111122223333` is declared twice",
        );
        check(
            "[[account]]\nid = \"111122223333\"\n[[account.user]]\nname = \"bob\"\n[[account.user]]\nname = \"BOB\"",
            "user `BOB` is declared twice",
        );
        check(
            "[[account]]\nid = \"111122223333\"\nroot = { access_key = \"AKIA1\", secret_key = \"s\" }\n[[account]]\nid = \"222222222222\"\nroot = { access_key = \"AKIA1\", secret_key = \"s\" }",
            "access key `AKIA1` is declared twice",
        );
    }

    #[test]
    fn an_unknown_member_is_refused_and_no_secret_is_shown() {
        let error = Seed::parse("[[account]]\nid = \"111122223333\"\nroot = { access_key = \"AKIA1\", secret_kye = \"hush\" }")
            .expect_err("refused")
            .to_string();
        assert!(error.contains("secret_kye"), "{error}");
        assert!(!error.contains("hush"), "{error}");
    }
}
