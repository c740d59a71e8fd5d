//! How the verdicts of the kinds of policies combine: all cases, and the table of them.

use crate::both::{Request, callers, reason};
use buckler_policy::{CallerKind, Document, parse_identity_policy};
use std::fmt::Write;

/// What an identity policy, a boundary or a session policy can be.
const OWN: [&str; 4] = ["absent", "silent", "allow", "deny"];
/// What a bucket policy can be: whom it allows, or that it denies.
const BUCKET: [&str; 6] = ["silent", "account", "role", "itself", "everyone", "deny"];

fn own(says: &str) -> Option<Document> {
    let (effect, action) = match says {
        "absent" => return None,
        "silent" => ("Allow", "s3:ListBucket"),
        "allow" => ("Allow", "s3:GetObject"),
        _ => ("Deny", "s3:GetObject"),
    };
    let text =
        format!(r#"{{"Statement":{{"Effect":"{effect}","Action":"{action}","Resource":"*"}}}}"#);
    Some(parse_identity_policy(text.as_bytes()).unwrap())
}

/// `None` if the caller cannot be named so.
fn bucket(says: &str, caller: &CallerKind<'_>) -> Option<Document> {
    let (effect, principal) = match says {
        "silent" => ("Allow", r#"{"AWS":"333333333333"}"#.to_owned()),
        "everyone" => ("Allow", "\"*\"".to_owned()),
        "deny" => ("Deny", "\"*\"".to_owned()),
        named => ("Allow", format!(r#"{{"AWS":"{}"}}"#, name(named, caller)?)),
    };
    let text = format!(
        r#"{{"Statement":{{"Effect":"{effect}","Principal":{principal},"Action":"s3:GetObject","Resource":"arn:aws:s3:::examplebucket/*"}}}}"#
    );
    Some(Document::from_stored(&text).unwrap())
}

fn name(kind: &str, caller: &CallerKind<'_>) -> Option<String> {
    let (account, role, itself) = match caller {
        CallerKind::Anonymous | CallerKind::Service { .. } | CallerKind::Federated { .. } => {
            return None;
        }
        CallerKind::Root { account } => (account, None, None),
        CallerKind::User { account, arn, .. } => (account, None, Some(arn)),
        CallerKind::AssumedRole {
            account,
            session_arn,
            role_arn,
            ..
        } => (account, Some(role_arn), Some(session_arn)),
        CallerKind::FederatedUser {
            account,
            arn,
            issuer_arn,
            ..
        } => (account, Some(issuer_arn), Some(arn)),
    };
    match kind {
        "account" => Some(account.id.to_string()),
        "role" => role.map(ToString::to_string),
        _ => itself.map(ToString::to_string),
    }
}

fn request(caller: CallerKind<'static>, says: [&str; 4]) -> Option<Request> {
    let [identity, boundary, session, bucket_says] = says;
    let mut request = Request::new(caller);
    request.identity = own(identity).into_iter().collect();
    request.boundary = own(boundary);
    request.session = own(session).map(|one| vec![one]);
    request.bucket = Some(bucket(bucket_says, &caller)?);
    Some(request)
}

#[test]
fn all_combinations_agree_with_the_oracle() {
    let mut count = 0;
    for (_, caller) in callers() {
        for identity in OWN {
            for boundary in OWN {
                for session in OWN {
                    for bucket in BUCKET {
                        let says = [identity, boundary, session, bucket];
                        let Some(request) = request(caller, says) else {
                            continue;
                        };
                        assert_eq!(request.engine(), request.oracle(), "{caller:?} {says:?}");
                        count += 1;
                    }
                }
            }
        }
    }
    // 64 cases of the own policies; so many ways to name root, user, session, federated user, anonymous, service and
    // holder of a token.
    let own_account = 4 + 5 + 6 + 6;
    let other_account = 4 + 5 + 6 + 6;
    assert_eq!(count, 64 * (own_account + other_account + 3 + 3 + 3));
}

/// The table of all cases without an explicit Deny, as `tests/vectors/combination.txt` shows it.
///
/// An explicit Deny anywhere refuses: `all_combinations_agree_with_the_oracle` has those cases.
#[test]
fn the_table_of_combinations_is_as_written() {
    let mut table = String::new();
    for (name, caller) in callers() {
        let columns: Vec<_> = BUCKET
            .into_iter()
            .filter(|says| *says != "deny" && bucket(says, &caller).is_some())
            .collect();
        write!(table, "{name}\n  identity boundary session ").unwrap();
        for column in &columns {
            write!(table, " {column:<12}").unwrap();
        }
        table = table.trim_end().to_owned() + "\n";
        for identity in ["silent", "allow"] {
            for boundary in ["absent", "silent", "allow"] {
                for session in ["absent", "silent", "allow"] {
                    write!(table, "  {identity:<8} {boundary:<8} {session:<8}").unwrap();
                    for column in &columns {
                        let says = [identity, boundary, session, column];
                        let answer = request(caller, says).unwrap().engine();
                        write!(table, " {:<12}", short(reason(&answer))).unwrap();
                    }
                    table = table.trim_end().to_owned() + "\n";
                }
            }
        }
        table.push('\n');
    }
    assert_eq!(table, include_str!("../vectors/combination.txt"), "{table}");
}

/// Which policy decided; a refusal has a dash.
fn short(answer: &str) -> String {
    answer
        .replace("implicit_deny:no ", "- ")
        .replace("implicit_deny:", "- ")
        .replace("-based policy", "")
        .replace(" policy", "")
        .replace("permissions ", "")
        .replace("account ", "")
}
