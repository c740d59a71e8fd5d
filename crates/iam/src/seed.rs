//! The seed: accounts, users and buckets declared in a TOML file, applied at start and safe to
//! apply again. Reading it checks everything that can be checked without a store, so that a
//! mistake is one sentence and nothing has been created.

mod check;
mod file;

use buckler_policy::{AccountId, CanonicalId};
use buckler_s3::BucketName;
use thiserror::Error;

use crate::{AccessKeyId, Path, SecretAccessKey, UserName};

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
    /// Its users.
    pub users: Vec<SeedUser>,
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

/// One user.
#[derive(Debug, Clone)]
pub struct SeedUser {
    /// Its name.
    pub name: UserName,
    /// Its path, `/` by default.
    pub path: Path,
    /// Its access key, if it has one.
    pub key: Option<SeedKey>,
    /// ARNs of AWS-managed policies, each known to
    /// [`managed_policy_document`](crate::managed_policy_document).
    pub managed_policies: Vec<String>,
    /// Inline policies, each a valid identity policy.
    pub inline_policies: Vec<SeedInlinePolicy>,
}

/// One role.
#[derive(Debug, Clone)]
pub struct SeedRole {
    /// Its name: of the same form as a user's.
    pub name: UserName,
    /// Its path, `/` by default.
    pub path: Path,
    /// Who may assume it, a valid trust policy; whether those it names exist is not known here.
    pub trust: String,
    /// How long a session may last: 3,600 (by default) to 43,200 seconds.
    pub max_session_seconds: i64,
    /// The ARN of an AWS-managed policy that bounds its permissions.
    pub boundary_arn: Option<String>,
    /// ARNs of AWS-managed policies.
    pub managed_policies: Vec<String>,
    /// Inline policies, each a valid identity policy.
    pub inline_policies: Vec<SeedInlinePolicy>,
}

/// A policy embedded in a user or a role.
#[derive(Debug, Clone)]
pub struct SeedInlinePolicy {
    /// Its name, unique in its holder.
    pub name: String,
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
        assert_eq!(main.users[0].inline_policies[0].name, "deny");
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
