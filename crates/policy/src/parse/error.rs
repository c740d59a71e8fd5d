//! What can be wrong with a policy, in AWS's words.

/// Why a policy is refused. `Display` is AWS's message to the letter.
///
/// For a bucket policy the code is `MalformedPolicy`, for IAM and STS `MalformedPolicyDocument`; both are 400. Bucket
/// policies and trust policies are worded alike, as AWS does: both are resource-based.
/// Source: facts: authorization.md 3.9 (bucket policies), 7.3 (identity and trust policies).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// Empty body, or a first byte other than `{`.
    #[error("Policies must be valid JSON and the first byte must be '{{'")]
    FirstByte,
    /// Not JSON.
    #[error("This policy contains invalid Json")]
    InvalidJson,
    /// The normal form is too long.
    #[error("Normalized policy document exceeds the maximum allowed size of 20480 bytes")]
    TooLarge,
    /// A member that has to be there is not.
    #[error("Missing required field {0}")]
    MissingField(&'static str),
    /// A `Version` nobody knows.
    #[error("The policy must contain a valid version string")]
    InvalidVersion,
    /// A `Statement` without statements.
    #[error("Could not parse the policy: Statement is empty!")]
    EmptyStatement,
    /// A member nobody knows.
    #[error("Unknown field {0}")]
    UnknownField(String),
    /// A value of the wrong JSON type, a repeated member, or two members that exclude each other.
    #[error("Invalid policy syntax.")]
    InvalidSyntax,
    /// A member with nothing in it.
    #[error("Missing required field {0} cannot be empty!")]
    EmptyField(&'static str),
    /// An `Effect` other than `Allow` and `Deny`.
    #[error("Invalid effect: {0}")]
    InvalidEffect(String),
    /// `NotPrincipal` in an `Allow`.
    #[error("Allow with NotPrincipal is not allowed.")]
    AllowWithNotPrincipal,
    /// A principal that is malformed or does not exist.
    #[error("Invalid principal in policy")]
    InvalidPrincipal,
    /// An action S3 does not know, or that no bucket policy can grant.
    #[error("Policy has invalid action")]
    InvalidAction,
    /// A resource that cannot be this bucket or in it.
    #[error("Policy has invalid resource")]
    InvalidResource,
    /// An action that fits none of the statement's resources.
    #[error("Action does not apply to any resource(s) in statement")]
    ActionDoesNotApply,
    /// An operator nobody knows.
    #[error("Invalid Condition type : {0}")]
    InvalidConditionType(String),
    /// An `s3:` condition key that S3 does not know.
    #[error("Policy has an invalid condition key")]
    InvalidConditionKey,
    /// A value of `IpAddress` or `NotIpAddress` that is neither an address nor a range.
    #[error("Invalid IP address in Conditions")]
    InvalidIpAddress,
    /// A condition key that an action of the statement does not have.
    #[error("Conditions do not apply to combination of actions and resources in statement")]
    ConditionsDoNotApply,
    /// IAM: a fault of JSON or structure.
    #[error("Syntax errors in policy.")]
    SyntaxErrors,
    /// IAM: `Version` missing or unknown.
    #[error("Policy document must be version 2012-10-17 or greater.")]
    OldVersion,
    /// IAM: equal Sids.
    #[error("Statement IDs (SID) in a single policy must be unique.")]
    RepeatedSid,
    /// IAM: neither `Action` nor `NotAction`.
    #[error("Policy statement must contain actions.")]
    NoActions,
    /// IAM: neither `Resource` nor `NotResource`.
    #[error("Policy statement must contain resources.")]
    NoResources,
    /// IAM: an action without a service.
    #[error("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")]
    ActionWithoutVendor,
    /// IAM: an action with more than one colon.
    #[error("Actions/Condition can contain only one colon.")]
    ActionWithTwoColons,
    /// IAM: a service with characters that no service has.
    #[error("Vendor {0} is not valid")]
    InvalidVendor(String),
    /// IAM: a principal where the policy's owner is the principal.
    #[error("Policy document should not specify a principal.")]
    PrincipalNotAllowed,
    /// IAM: a resource that is neither an ARN nor `*`.
    #[error("Resource {0} must be in ARN format or \"*\".")]
    ResourceNotArn(String),
    /// IAM: a Sid with other characters than letters and digits.
    #[error(
        "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"
    )]
    SidNotAlphanumeric,
    /// Trust policy: `Resource` or `NotResource`, where the role is the resource.
    #[error("Has prohibited field {0}.")]
    ProhibitedField(&'static str),
    /// Trust policy: an action that is not of the service `sts`.
    #[error("AssumeRole policy may only specify STS AssumeRole actions.")]
    NotAnAssumeRoleAction,
    /// Trust policy: `NotPrincipal`.
    #[error("AssumeRole policy must not contain NotPrincipal field.")]
    NotPrincipalInTrustPolicy,
    /// Trust policy: a principal that is malformed or does not exist.
    #[error("Invalid principal in policy: \"{kind}\":\"{text}\"")]
    InvalidTrustPrincipal {
        /// The member of the principal map: `AWS`.
        kind: String,
        /// The principal as it was written.
        text: String,
    },
    /// Trust policy: equal Sids.
    #[error("The Statement Ids in the policy are not unique")]
    RepeatedTrustSid,
}
