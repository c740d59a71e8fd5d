//! The AWS-managed policies that concern S3 and IAM, as AWS words them.
//!
//! Source: AWS Managed Policy Reference Guide; `ReadOnlyAccess` is reduced to the services that
//! this server has.

/// The document of the AWS-managed policy with this ARN, or `None` if this server has no such
/// policy.
pub fn managed_policy_document(arn: &str) -> Option<&'static str> {
    let name = arn.strip_prefix("arn:aws:iam::aws:policy/")?;
    DOCUMENTS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, document)| *document)
}

/// A managed policy of AWS's, as IAM shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AwsManagedPolicy {
    /// Its name.
    pub name: &'static str,
    /// Its unique id.
    pub id: &'static str,
    /// The document of its only version here.
    pub document: &'static str,
}

impl AwsManagedPolicy {
    /// All that there are, by name.
    pub fn all() -> impl Iterator<Item = Self> {
        IDS.iter().filter_map(|(name, id)| {
            let (_, document) = DOCUMENTS.iter().find(|(known, _)| known == name)?;
            Some(Self { name, id, document })
        })
    }

    /// The policy of this ARN.
    pub fn of_arn(arn: &str) -> Option<Self> {
        Self::all().find(|policy| policy.arn() == arn)
    }

    /// `arn:aws:iam::aws:policy/NAME`.
    pub fn arn(&self) -> String {
        format!("arn:aws:iam::aws:policy/{}", self.name)
    }

    /// When AWS made it, in seconds since 1970: the day on which managed policies came, 2015-02-06 18:39:46 UTC.
    pub const CREATED_AT_SECONDS: i64 = 1_423_247_986;
}

/// Names and AWS's own unique ids, by name.
const IDS: [(&str, &str); 7] = [
    ("AdministratorAccess", "ANPAIWMBCKSKIEE64ZLYK"),
    ("AmazonS3FullAccess", "ANPAIFIR6V6BVTRAHWINE"),
    ("AmazonS3ReadOnlyAccess", "ANPAIZTJ4DXE7G6AGAE6M"),
    ("IAMFullAccess", "ANPAI7XKCFMBPM3QQRRVQ"),
    ("IAMReadOnlyAccess", "ANPAJKSO7NDY4T57MWDSQ"),
    ("PowerUserAccess", "ANPAJYRXTHIB4FOVS3ZXS"),
    ("ReadOnlyAccess", "ANPAILL3HVNFSB6DCOWYQ"),
];

const DOCUMENTS: [(&str, &str); 7] = [
    (
        "AdministratorAccess",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
    ),
    (
        "PowerUserAccess",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":["iam:*","organizations:*","account:*"],"Resource":"*"},{"Effect":"Allow","Action":["account:GetAccountInformation","account:GetGovCloudAccountInformation","account:GetPrimaryEmail","account:ListRegions","iam:CreateServiceLinkedRole","iam:DeleteServiceLinkedRole","iam:ListRoles","organizations:DescribeEffectivePolicy","organizations:DescribeOrganization"],"Resource":"*"}]}"#,
    ),
    (
        "ReadOnlyAccess",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:Get*","s3:List*","s3:Describe*","iam:Generate*","iam:Get*","iam:List*","iam:Simulate*","sts:GetAccessKeyInfo","sts:GetCallerIdentity","sts:GetSessionToken"],"Resource":"*"}]}"#,
    ),
    (
        "AmazonS3FullAccess",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*","s3-object-lambda:*"],"Resource":"*"}]}"#,
    ),
    (
        "AmazonS3ReadOnlyAccess",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:Get*","s3:List*","s3:Describe*","s3-object-lambda:Get*","s3-object-lambda:List*"],"Resource":"*"}]}"#,
    ),
    (
        "IAMFullAccess",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:*","organizations:DescribeAccount","organizations:DescribeOrganization","organizations:DescribeOrganizationalUnit","organizations:DescribePolicy","organizations:ListChildren","organizations:ListParents","organizations:ListPoliciesForTarget","organizations:ListRoots","organizations:ListPolicies","organizations:ListTargetsForPolicy"],"Resource":"*"}]}"#,
    ),
    (
        "IAMReadOnlyAccess",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:GenerateCredentialReport","iam:GenerateServiceLastAccessedDetails","iam:Get*","iam:List*","iam:SimulateCustomPolicy","iam:SimulatePrincipalPolicy"],"Resource":"*"}]}"#,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_managed_policy_is_a_valid_identity_policy() {
        for (name, document) in DOCUMENTS {
            let parsed = buckler_policy::parse_identity_policy(document.as_bytes());
            assert!(parsed.is_ok(), "{name}: {parsed:?}");
        }
    }

    #[test]
    fn every_document_has_an_id_and_is_found_by_its_arn() {
        let all: Vec<_> = AwsManagedPolicy::all().collect();
        assert_eq!(all.len(), DOCUMENTS.len());
        assert!(all.is_sorted_by_key(|policy| policy.name));
        for policy in all {
            assert_eq!(policy.id.len(), 21, "{}", policy.name);
            assert_eq!(AwsManagedPolicy::of_arn(&policy.arn()), Some(policy));
        }
    }

    #[test]
    fn only_arns_of_aws_are_managed() {
        assert!(managed_policy_document("arn:aws:iam::aws:policy/AmazonS3FullAccess").is_some());
        assert!(
            managed_policy_document("arn:aws:iam::111122223333:policy/AmazonS3FullAccess")
                .is_none()
        );
        assert!(managed_policy_document("AmazonS3FullAccess").is_none());
    }
}
