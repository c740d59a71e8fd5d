//! A provider's token: read, verified, and what it says.

use jsonwebtoken::dangerous::insecure_decode;
use jsonwebtoken::{Header, Validation, decode};
use serde_json::{Map, Value};
use thiserror::Error;
use time::OffsetDateTime;

use super::{ProviderKeys, backend};
use crate::SessionTag;

/// How far a provider's clock may be ahead, in seconds.
const SKEW_SECONDS: i64 = 300;
/// Deepest nesting and size are bounded by the parameter: 20,000 characters, and `serde_json`'s 128.
const TAGS_CLAIM: &str = "https://aws.amazon.com/tags";
const SOURCE_IDENTITY_CLAIM: &str = "https://aws.amazon.com/source_identity";

/// What is wrong with a token. Displays AWS's message.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WebIdentityFault {
    /// Not a signed token.
    #[error(
        "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"
    )]
    NotAToken,
    /// A claim that has to be there is not, or is no text.
    #[error("Missing a required claim: {0}")]
    MissingClaim(&'static str),
    /// It is for another client.
    #[error("Incorrect token audience")]
    Audience,
    /// No key of the provider has made its signature.
    #[error(
        "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements"
    )]
    NoKey,
    /// The signature is wrong.
    #[error(
        "The web identity token that was passed could not be validated by AWS. Get a new identity token from the identity provider and then retry the request."
    )]
    Signature,
    /// Its time is over.
    #[error(
        "Token expired: current date/time {now} must be before the expiration date/time {expires_at}"
    )]
    Expired {
        /// Seconds since 1970.
        now: i64,
        /// Seconds since 1970.
        expires_at: i64,
    },
    /// Its time has not come.
    #[error("Token is not yet valid")]
    NotYetValid,
}

/// A token as sent. Nothing in it may be believed.
pub struct UnverifiedToken<'t> {
    text: &'t str,
    header: Header,
    issuer: String,
}

/// What a verified token says.
#[derive(Debug, Clone, PartialEq)]
pub struct Claims {
    /// `sub`.
    pub subject: String,
    /// `aud`, one or several.
    pub audiences: Vec<String>,
    /// `azp`, the client that asked for the token.
    pub authorized_party: Option<String>,
    /// `amr`, how the person signed in.
    pub methods: Vec<String>,
    /// `email`.
    pub email: Option<String>,
    /// Session tags that the provider gives, with those that go on.
    pub tags: Vec<SessionTag>,
    /// Source identity that the provider gives.
    pub source_identity: Option<String>,
}

impl<'t> UnverifiedToken<'t> {
    /// Reads a token.
    ///
    /// # Errors
    ///
    /// [`WebIdentityFault::NotAToken`], [`WebIdentityFault::MissingClaim`] without an issuer.
    pub fn read(text: &'t str) -> Result<Self, WebIdentityFault> {
        let data =
            insecure_decode::<Map<String, Value>>(text).map_err(|_| WebIdentityFault::NotAToken)?;
        let issuer = text_of(&data.claims, "iss").ok_or(WebIdentityFault::MissingClaim("iss"))?;
        Ok(Self {
            text,
            issuer: issuer.to_owned(),
            header: data.header,
        })
    }

    /// Whose token it says it is.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The id of the key that it says it is signed with.
    pub fn key_id(&self) -> Option<&str> {
        self.header.kid.as_deref()
    }

    /// Judges signature, times and audience.
    ///
    /// # Errors
    ///
    /// [`WebIdentityFault`].
    pub fn verify(
        &self,
        keys: &ProviderKeys,
        client_ids: &[String],
        now: OffsetDateTime,
    ) -> Result<Claims, WebIdentityFault> {
        backend::install();
        let claims = self.signed_claims(keys)?;
        judge_times(&claims, now.unix_timestamp())?;
        let claims = Claims::of(&claims)?;
        if !claims.is_for_one_of(client_ids) {
            return Err(WebIdentityFault::Audience);
        }
        Ok(claims)
    }

    fn signed_claims(&self, keys: &ProviderKeys) -> Result<Map<String, Value>, WebIdentityFault> {
        let mut fault = WebIdentityFault::NoKey;
        for key in keys.matching(self.key_id()) {
            if !key.algorithms.contains(&self.header.alg) {
                continue;
            }
            // Times and audience are judged here, by the clock that the caller brings.
            let mut signature_alone = Validation::new(self.header.alg);
            signature_alone.required_spec_claims.clear();
            signature_alone.validate_exp = false;
            signature_alone.validate_aud = false;
            match decode::<Map<String, Value>>(self.text, &key.key, &signature_alone) {
                Ok(data) => return Ok(data.claims),
                Err(_) => fault = WebIdentityFault::Signature,
            }
        }
        Err(fault)
    }
}

impl std::fmt::Debug for UnverifiedToken<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("UnverifiedToken")
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

fn judge_times(claims: &Map<String, Value>, now: i64) -> Result<(), WebIdentityFault> {
    let expires_at = seconds(claims, "exp")?.ok_or(WebIdentityFault::MissingClaim("exp"))?;
    if now >= expires_at {
        return Err(WebIdentityFault::Expired { now, expires_at });
    }
    for name in ["iat", "nbf"] {
        if seconds(claims, name)?.is_some_and(|from| from > now + SKEW_SECONDS) {
            return Err(WebIdentityFault::NotYetValid);
        }
    }
    Ok(())
}

/// A time claim; one of another type than a number is not absent but wrong.
fn seconds(
    claims: &Map<String, Value>,
    name: &'static str,
) -> Result<Option<i64>, WebIdentityFault> {
    match claims.get(name) {
        None => Ok(None),
        Some(value) => {
            let whole = value.as_i64().or_else(|| {
                #[expect(clippy::cast_possible_truncation, reason = "`as` saturates")]
                let whole = value.as_f64().map(|seconds| seconds as i64);
                whole
            });
            whole.map(Some).ok_or(WebIdentityFault::MissingClaim(name))
        }
    }
}

impl Claims {
    fn of(claims: &Map<String, Value>) -> Result<Self, WebIdentityFault> {
        let subject = text_of(claims, "sub").ok_or(WebIdentityFault::MissingClaim("sub"))?;
        let audiences = texts_of(claims, "aud");
        if audiences.is_empty() {
            return Err(WebIdentityFault::MissingClaim("aud"));
        }
        let owned = |name| text_of(claims, name).map(str::to_owned);
        Ok(Self {
            subject: subject.to_owned(),
            audiences,
            authorized_party: owned("azp"),
            methods: texts_of(claims, "amr"),
            email: owned("email"),
            tags: tags_of(claims),
            source_identity: owned(SOURCE_IDENTITY_CLAIM),
        })
    }

    /// The client that the token is for: `azp` where it stands, as AWS has it in `HOST:aud`.
    pub fn audience(&self) -> &str {
        self.authorized_party
            .as_deref()
            .or(self.audiences.first().map(String::as_str))
            .unwrap_or_default()
    }

    fn is_for_one_of(&self, client_ids: &[String]) -> bool {
        let mut named = self.audiences.iter().chain(&self.authorized_party);
        named.any(|audience| client_ids.contains(audience))
    }
}

fn text_of<'c>(claims: &'c Map<String, Value>, name: &str) -> Option<&'c str> {
    claims.get(name)?.as_str().filter(|text| !text.is_empty())
}

/// One text, or a list of them.
fn texts_of(claims: &Map<String, Value>, name: &str) -> Vec<String> {
    match claims.get(name) {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(texts)) => texts
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    }
}

/// `{"principal_tags": {"team": ["blue"]}, "transitive_tag_keys": ["team"]}`.
/// Source: IAM User Guide, "Passing session tags using AssumeRoleWithWebIdentity".
fn tags_of(claims: &Map<String, Value>) -> Vec<SessionTag> {
    let Some(Value::Object(given)) = claims.get(TAGS_CLAIM) else {
        return Vec::new();
    };
    let transitive = texts_of(given, "transitive_tag_keys");
    let Some(Value::Object(tags)) = given.get("principal_tags") else {
        return Vec::new();
    };
    let tag = |key: &String| {
        let value = texts_of(tags, key).into_iter().next()?;
        Some(SessionTag {
            key: key.clone(),
            value,
            is_transitive: transitive.contains(key),
        })
    };
    tags.keys().filter_map(tag).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
    use proptest::prelude::*;
    use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
    use serde_json::json;

    const NOW: i64 = 1_700_000_000;

    /// A provider with one ES256 key.
    struct Provider(EcdsaKeyPair);

    impl Provider {
        fn new() -> Self {
            let random = ring::rand::SystemRandom::new();
            let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
            let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
            Self(EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).unwrap())
        }

        fn keys(&self) -> ProviderKeys {
            let point = self.0.public_key().as_ref();
            let (x, y) = point.split_at(33);
            let set = json!({"keys": [
                {"kty": "oct", "k": "c2VjcmV0", "kid": "shared"},
                {"kty": "unheard-of", "kid": "k"},
                {"kty": "EC", "crv": "P-256", "kid": "k", "alg": "ES256", "use": "sig",
                 "x": BASE64.encode(x.get(1..).unwrap()), "y": BASE64.encode(y)},
            ]});
            ProviderKeys::parse(set.to_string().as_bytes()).unwrap()
        }

        fn sign(&self, header: &Value, claims: &Value) -> String {
            let message = format!(
                "{}.{}",
                BASE64.encode(header.to_string()),
                BASE64.encode(claims.to_string())
            );
            let random = ring::rand::SystemRandom::new();
            let signature = self.0.sign(&random, message.as_bytes()).unwrap();
            format!("{message}.{}", BASE64.encode(signature))
        }

        fn token(&self, claims: &Value) -> String {
            self.sign(&json!({"alg": "ES256", "kid": "k"}), claims)
        }

        fn judge(&self, token: &str) -> Result<Claims, WebIdentityFault> {
            let now = OffsetDateTime::from_unix_timestamp(NOW).unwrap();
            UnverifiedToken::read(token)?.verify(&self.keys(), &["app".to_owned()], now)
        }
    }

    fn claims() -> Value {
        json!({"iss": "https://idp.example", "sub": "alice", "aud": ["app", "other"],
               "iat": NOW - 10, "exp": NOW + 300, "email": "a@example.com", "amr": "pwd"})
    }

    fn with(name: &str, value: Value) -> Value {
        let mut changed = claims();
        changed[name] = value;
        changed
    }

    #[test]
    fn a_good_token_says_who_it_is() {
        let provider = Provider::new();
        let token = provider.token(&claims());
        assert_eq!(
            UnverifiedToken::read(&token).unwrap().issuer(),
            "https://idp.example"
        );
        let found = provider.judge(&token).unwrap();
        assert_eq!((&*found.subject, found.audience()), ("alice", "app"));
        assert_eq!(found.methods, ["pwd"]);
    }

    #[test]
    fn tags_and_source_identity_come_from_awss_claims() {
        let provider = Provider::new();
        let mut given = with(
            TAGS_CLAIM,
            json!({"principal_tags": {"team": ["blue"], "n": []}, "transitive_tag_keys": ["team"]}),
        );
        given[SOURCE_IDENTITY_CLAIM] = json!("alice");
        let found = provider.judge(&provider.token(&given)).unwrap();
        let tag = SessionTag {
            key: "team".to_owned(),
            value: "blue".to_owned(),
            is_transitive: true,
        };
        assert_eq!(found.tags, [tag]);
        assert_eq!(found.source_identity.as_deref(), Some("alice"));
    }

    #[test]
    fn each_fault_has_its_name() {
        use WebIdentityFault as Fault;
        let provider = Provider::new();
        let check = |claims: Value, expected: Fault| {
            assert_eq!(
                provider.judge(&provider.token(&claims)),
                Err(expected),
                "{claims}"
            );
        };
        check(
            with("exp", json!(NOW)),
            Fault::Expired {
                now: NOW,
                expires_at: NOW,
            },
        );
        check(with("exp", json!("tomorrow")), Fault::MissingClaim("exp"));
        check(with("exp", Value::Null), Fault::MissingClaim("exp"));
        check(with("nbf", json!(NOW + 400)), Fault::NotYetValid);
        check(with("aud", json!("other")), Fault::Audience);
        check(with("aud", json!([])), Fault::MissingClaim("aud"));
        check(with("sub", json!(7)), Fault::MissingClaim("sub"));
        check(with("iss", json!("")), Fault::MissingClaim("iss"));
        let now = with("azp", json!("app"));
        assert_eq!(
            provider.judge(&provider.token(&now)).unwrap().audience(),
            "app"
        );
    }

    #[test]
    fn nobody_else_can_sign() {
        use WebIdentityFault as Fault;
        let (provider, other) = (Provider::new(), Provider::new());
        assert_eq!(
            provider.judge(&other.token(&claims())),
            Err(Fault::Signature)
        );
        for header in [
            json!({"alg": "ES256", "kid": "unknown"}),
            // The public key as a shared secret, and a secret of the set itself.
            json!({"alg": "HS256", "kid": "k"}),
            json!({"alg": "HS256", "kid": "shared"}),
            json!({"alg": "RS256", "kid": "k"}),
        ] {
            let token = provider.sign(&header, &claims());
            assert_eq!(provider.judge(&token), Err(Fault::NoKey), "{header}");
        }
        let unsigned = provider.sign(&json!({"alg": "none"}), &claims());
        assert_eq!(provider.judge(&unsigned), Err(Fault::NotAToken));
    }

    /// RFC 7515, appendix A.2: the signature is good, and the claims are not all there.
    #[test]
    fn rsa_signatures_are_verified() {
        let set = br#"{"keys":[{"kty":"RSA","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"}]}"#;
        let token = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
        let keys = ProviderKeys::parse(set).unwrap();
        let at = |seconds| {
            let now = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
            UnverifiedToken::read(token)
                .unwrap()
                .verify(&keys, &[], now)
        };
        assert_eq!(
            at(1_300_819_379),
            Err(WebIdentityFault::MissingClaim("sub"))
        );
        assert!(matches!(
            at(1_300_819_380),
            Err(WebIdentityFault::Expired { .. })
        ));
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in "[A-Za-z0-9_.{}\":,-]{0,300}") {
            if let Ok(token) = UnverifiedToken::read(&text) {
                let now = OffsetDateTime::UNIX_EPOCH;
                prop_assert!(token.verify(&ProviderKeys::default(), &[], now).is_err());
            }
        }

        #[test]
        fn no_bytes_break_the_key_set(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = ProviderKeys::parse(&bytes);
        }
    }
}
