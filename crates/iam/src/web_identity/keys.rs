//! The keys of a provider: a JSON Web Key Set.

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::Value;

/// Most keys that are kept of a set.
const KEYS_MAX: usize = 64;

/// The keys with which a provider signs.
#[derive(Debug, Clone, Default)]
pub struct ProviderKeys(Vec<ProviderKey>);

/// One public key.
#[derive(Debug, Clone)]
pub(super) struct ProviderKey {
    id: Option<String>,
    /// What it may verify: what it names itself, or all that its kind can.
    pub(super) algorithms: Vec<Algorithm>,
    pub(super) key: DecodingKey,
}

impl ProviderKeys {
    /// Reads a key set; keys of kinds that sign no tokens are left out. `None` if it is none.
    pub fn parse(json: &[u8]) -> Option<Self> {
        let set: Value = serde_json::from_slice(json).ok()?;
        let keys = set.get("keys")?.as_array()?;
        let usable = keys.iter().filter_map(ProviderKey::read).take(KEYS_MAX);
        Some(Self(usable.collect()))
    }

    /// Whether a token that names this key can be judged.
    pub fn has(&self, key_id: Option<&str>) -> bool {
        self.matching(key_id).next().is_some()
    }

    /// The keys that a token may be signed with: the one it names, or any if it names none.
    pub(super) fn matching(&self, key_id: Option<&str>) -> impl Iterator<Item = &ProviderKey> {
        self.0
            .iter()
            .filter(move |key| key_id.is_none() || key.id.as_deref() == key_id)
    }
}

impl ProviderKey {
    fn read(value: &Value) -> Option<Self> {
        let jwk: Jwk = serde_json::from_value(value.clone()).ok()?;
        if !matches!(
            jwk.common.public_key_use,
            None | Some(PublicKeyUse::Signature)
        ) {
            return None;
        }
        let family: &[Algorithm] = match &jwk.algorithm {
            AlgorithmParameters::RSA(_) => &[Algorithm::RS256, Algorithm::RS384, Algorithm::RS512],
            AlgorithmParameters::EllipticCurve(curve) => match curve.curve {
                EllipticCurve::P256 => &[Algorithm::ES256],
                EllipticCurve::P384 => &[Algorithm::ES384],
                _ => return None,
            },
            // A shared secret would let everyone who can read it sign.
            _ => return None,
        };
        let named = value.get("alg").and_then(Value::as_str);
        let algorithms: Vec<_> = family
            .iter()
            .copied()
            .filter(|algorithm| named.is_none_or(|named| format!("{algorithm:?}") == named))
            .collect();
        if algorithms.is_empty() {
            return None;
        }
        Some(Self {
            id: jwk.common.key_id.clone(),
            algorithms,
            key: DecodingKey::from_jwk(&jwk).ok()?,
        })
    }
}
