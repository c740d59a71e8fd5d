//! Signatures in the fields of a browser's form (`POST` on a bucket).

use crate::credential::{Algorithm, Credential};
use crate::error::SecurityToken;
use crate::presentation::{Covered, DeclaredPayload};
use crate::{
    AuthError, Endpoint, Method, Presentation, Presented, SignatureV2, Version, timestamp,
};

/// The fields of a form that say who signed it, as sent; `None` where there is no such field.
#[derive(Debug, Clone, Copy, Default)]
pub struct FormSignature<'a> {
    /// `policy`: base64, and as it stands the string to sign.
    pub policy: Option<&'a str>,
    /// `x-amz-algorithm`.
    pub algorithm: Option<&'a str>,
    /// `x-amz-credential`.
    pub credential: Option<&'a str>,
    /// `x-amz-date`.
    pub date: Option<&'a str>,
    /// `x-amz-signature`.
    pub signature: Option<&'a str>,
    /// `x-amz-security-token`.
    pub security_token: Option<&'a str>,
    /// `AWSAccessKeyId`, which only Signature Version 2 has.
    pub aws_access_key_id: Option<&'a str>,
    /// `signature`, which only Signature Version 2 has.
    pub signature_v2: Option<&'a str>,
}

impl FormSignature<'_> {
    fn claims_a_sender(&self) -> bool {
        [self.algorithm, self.credential, self.date, self.signature]
            .iter()
            .any(Option::is_some)
            || self.is_of_v2()
    }

    fn is_of_v2(&self) -> bool {
        self.signature.is_none()
            && (self.aws_access_key_id.is_some() || self.signature_v2.is_some())
    }
}

/// Reads what a form presents to prove its sender, and judges all of it but the signature.
///
/// A form without a policy is anonymous, and so is one whose policy nobody claims to have signed. There is no rule about
/// its age: only the policy's own expiration counts, which is the caller's to judge, as all of the policy is.
///
/// # Errors
/// The first thing found wrong, with AWS's message. Source: facts: s3-behaviour.md 22.
pub fn read_form(
    form: &FormSignature<'_>,
    endpoint: &Endpoint<'_>,
) -> Result<Presented, AuthError> {
    let (Some(policy), true) = (form.policy, form.claims_a_sender()) else {
        return Ok(Presented::Anonymous { payload: None });
    };
    if form.is_of_v2() {
        return read_v2(form, policy, endpoint).map(Presented::Signed);
    }
    let algorithm = required("X-Amz-Algorithm", form.algorithm)?;
    let credential = required("X-Amz-Credential", form.credential)?;
    let date = required("X-Amz-Date", form.date)?;
    let signature = required("X-Amz-Signature", form.signature)?;
    if algorithm != "AWS4-HMAC-SHA256" {
        let value = algorithm.to_owned();
        return Err(AuthError::FormAlgorithm { value });
    }
    let Some(signed_at) = timestamp::parse_basic(date) else {
        let value = date.to_owned();
        return Err(AuthError::FormDate { value });
    };
    let parsed = Credential::parse(credential, Algorithm::Hmac)
        .map_err(|fault| fault.of_form(credential.to_owned()))?;
    parsed.judge(endpoint, signed_at, Method::Form)?;
    Ok(Presented::Signed(Presentation {
        method: Method::Form,
        access_key_id: parsed.access_key_id().to_owned(),
        version: parsed.version(),
        signed_at: Some(signed_at),
        covered: Covered::Policy(policy.to_owned()),
        signature: signature.to_owned(),
        payload: DeclaredPayload::unsigned(),
        security_token: token(form),
        expires_seconds: None,
    }))
}

/// A form of Version 2: key, policy and signature are all of it.
fn read_v2(
    form: &FormSignature<'_>,
    policy: &str,
    endpoint: &Endpoint<'_>,
) -> Result<Presentation, AuthError> {
    if endpoint.signature_v2 == SignatureV2::Refused {
        return Err(AuthError::SignatureVersion2);
    }
    let access_key_id = required("AWSAccessKeyId", form.aws_access_key_id)?;
    let signature = required("Signature", form.signature_v2)?;
    Ok(Presentation {
        method: Method::Form,
        version: Version::V2,
        access_key_id: access_key_id.to_owned(),
        signed_at: None,
        covered: Covered::Policy(policy.to_owned()),
        signature: signature.to_owned(),
        payload: DeclaredPayload::unsigned(),
        security_token: token(form),
        expires_seconds: None,
    })
}

fn token(form: &FormSignature<'_>) -> Option<SecurityToken> {
    let token = form.security_token?;
    Some(SecurityToken::new(token.to_owned()))
}

fn required<'a>(name: &'static str, value: Option<&'a str>) -> Result<&'a str, AuthError> {
    value.ok_or(AuthError::FormFieldMissing { name })
}
