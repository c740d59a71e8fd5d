//! The global condition keys that no request to S3 here has, but that exist.
//!
//! Source: IAM User Guide, "AWS global condition context keys". Those that S3 has are in `data/s3-actions.json`.

use crate::{ConditionKey, ValueType};

const OTHERS: [(&str, ValueType); 20] = [
    ("aws:AssumedRoot", ValueType::Bool),
    ("aws:CalledVia", ValueType::TextList),
    ("aws:CalledViaFirst", ValueType::Text),
    ("aws:CalledViaLast", ValueType::Text),
    ("aws:ChatbotSourceArn", ValueType::Arn),
    ("aws:Ec2InstanceSourcePrivateIPv4", ValueType::IpAddress),
    ("aws:Ec2InstanceSourceVpc", ValueType::Text),
    ("aws:PrincipalOrgPaths", ValueType::TextList),
    ("aws:PrincipalServiceNamesList", ValueType::TextList),
    ("aws:ResourceOrgID", ValueType::Text),
    ("aws:ResourceOrgPaths", ValueType::TextList),
    ("aws:SignInSessionArn", ValueType::Arn),
    ("aws:SourceOrgID", ValueType::Text),
    ("aws:SourceOrgPaths", ValueType::TextList),
    ("aws:SourceOwner", ValueType::Text),
    ("aws:SourceVpcArn", ValueType::Arn),
    ("aws:VpceAccount", ValueType::Text),
    ("aws:VpceOrgID", ValueType::Text),
    ("aws:VpceOrgPaths", ValueType::TextList),
    ("ec2:SourceInstanceARN", ValueType::Arn),
];

/// The name as AWS spells it, and the type of the value; `None` for a key that is not known at all.
pub(super) fn known(key: &ConditionKey) -> Option<(&str, ValueType)> {
    match key {
        ConditionKey::Other(name) => OTHERS
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(name, kind)| (*name, *kind)),
        known => Some((known.family(), known.value_type())),
    }
}

/// Whether a key exists, as far as one can know: those of other services than S3 may.
pub(in crate::analyse) fn is_known_key(key: &ConditionKey) -> bool {
    match key {
        ConditionKey::Other(name) => match name.split_once(':') {
            Some(("aws" | "s3", _)) => known(key).is_some(),
            Some((service, name)) => !service.is_empty() && !name.is_empty(),
            None => false,
        },
        _ => true,
    }
}
