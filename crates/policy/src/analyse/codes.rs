//! The kinds of findings: AWS's name where IAM Access Analyzer has one, the same manner of name where it has none.

use std::fmt;

/// How much a finding weighs. Source: IAM Access Analyzer API Reference, "ValidatePolicyFinding".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingType {
    /// A part of the policy does not work, or AWS refuses the policy for it.
    Error,
    /// The policy lets in more than is wise.
    SecurityWarning,
    /// The policy probably does not say what was meant.
    Warning,
    /// The policy can be written better; access stays the same.
    Suggestion,
}

impl FindingType {
    /// AWS's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "ERROR",
            Self::SecurityWarning => "SECURITY_WARNING",
            Self::Warning => "WARNING",
            Self::Suggestion => "SUGGESTION",
        }
    }
}

impl fmt::Display for FindingType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Whose name a code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// The name of the check in the IAM User Guide, "IAM policy validation check reference".
    Aws,
    /// AWS has no check for it.
    Own,
}

macro_rules! issue_codes {
    ($($variant:ident = $name:literal, $origin:ident, $kind:ident, $learn_more:literal;)*) => {
        /// What a finding is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum IssueCode {
            $(
                #[doc = concat!("`", $name, "`: ", $learn_more)]
                $variant,
            )*
        }

        impl IssueCode {
            /// Every code there is.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code as it is printed: `MISSING_VERSION`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// How much it weighs in a policy that is accepted; in one that is refused for it, it is an error.
            pub const fn finding_type(self) -> FindingType {
                match self { $(Self::$variant => FindingType::$kind,)* }
            }

            /// What stands behind it, and what to do, in a sentence or two.
            pub const fn learn_more(self) -> &'static str {
                match self { $(Self::$variant => $learn_more,)* }
            }

            const fn origin(self) -> Origin {
                match self { $(Self::$variant => Origin::$origin,)* }
            }
        }
    };
}

issue_codes! {
    // The document.
    JsonSyntaxError = "JSON_SYNTAX_ERROR", Aws, Error,
        "The text is not JSON, so nothing in it was read.";
    DuplicateMember = "DUPLICATE_MEMBER", Own, Error,
        "An object names a member twice. The policy grammar does not allow it, and readers disagree on which of the two counts.";
    DataTypeMismatch = "DATA_TYPE_MISMATCH", Aws, Error,
        "The policy grammar wants another JSON type here.";
    InvalidPolicyElement = "INVALID_POLICY_ELEMENT", Aws, Error,
        "The policy grammar has no such member. Names are case-sensitive.";
    MissingVersion = "MISSING_VERSION", Aws, Warning,
        "Without a Version the policy is of 2008-10-17, in which `${…}` is plain text. Write 2012-10-17.";
    InvalidVersion = "INVALID_VERSION", Aws, Error,
        "There are two versions of the policy language: 2012-10-17 and 2008-10-17.";
    MissingStatement = "MISSING_STATEMENT", Aws, Error,
        "A policy has at least one statement.";
    MissingEffect = "MISSING_EFFECT", Aws, Error,
        "A statement says Allow or Deny.";
    InvalidEffect = "INVALID_EFFECT", Aws, Error,
        "Effect is Allow or Deny, in this spelling.";
    UnsupportedElementCombination = "UNSUPPORTED_ELEMENT_COMBINATION", Aws, Error,
        "An element and its Not… form exclude each other.";
    EmptySidValue = "EMPTY_SID_VALUE", Aws, Suggestion,
        "An empty Sid names nothing. Leave it out, or name the statement: decisions are logged with the name.";
    UnsupportedSid = "UNSUPPORTED_SID", Aws, Error,
        "IAM takes only letters and digits in a Sid; S3 is not so strict.";
    UniqueSidsRequired = "UNIQUE_SIDS_REQUIRED", Aws, Error,
        "IAM refuses equal Sids in one policy.";
    UniqueSidsRecommended = "UNIQUE_SIDS_RECOMMENDED", Aws, Warning,
        "S3 takes equal Sids, but a decision that names one then names several statements.";
    PolicySizeExceedsResourcePolicyQuota = "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA", Aws, Warning,
        "A bucket policy has at most 20480 bytes in its normal form: no white space, lists of one as the bare value.";
    PolicySizeExceedsIdentityPolicyQuota = "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA", Aws, Warning,
        "A managed policy has at most 6144 characters, all inline policies of a user 2048, of a group 5120, of a role 10240; white space does not count.";
    PolicySizeExceedsRoleTrustPolicyQuota = "POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA", Aws, Warning,
        "A trust policy has at most 2048 characters without white space; AWS raises it to 4096 on request.";
    PolicySizeExceedsSessionPolicyQuota = "POLICY_SIZE_EXCEEDS_SESSION_POLICY_QUOTA", Own, Warning,
        "A session policy has at most 2048 characters.";
    PolicySizeNearQuota = "POLICY_SIZE_NEAR_QUOTA", Own, Suggestion,
        "More than nine tenths of the size that is allowed are used. Wildcards, or one statement for several, make room.";
    PolicyRefused = "POLICY_REFUSED", Own, Error,
        "AWS refuses the policy.";

    // Principals.
    MissingPrincipal = "MISSING_PRINCIPAL", Aws, Error,
        "A policy that is attached to a resource says whom each statement is about.";
    UnsupportedPrincipal = "UNSUPPORTED_PRINCIPAL", Aws, Error,
        "A policy that is attached to an identity is about that identity and names no principal.";
    InvalidPrincipalFormat = "INVALID_PRINCIPAL_FORMAT", Aws, Error,
        "A principal is \"*\", or an object like {\"AWS\": \"arn:aws:iam::111122223333:user/name\"}. Groups are no principals.";
    InvalidPrincipalKey = "INVALID_PRINCIPAL_KEY", Aws, Error,
        "Principals are of type AWS, CanonicalUser, Federated or Service.";
    InvalidUserReference = "INVALID_USER_REFERENCE", Aws, Warning,
        "A unique id stands for a user that was deleted. S3 shows such ids and does not take them back; name a user that exists.";
    InvalidRoleReference = "INVALID_ROLE_REFERENCE", Aws, Warning,
        "A unique id stands for a role that was deleted. S3 shows such ids and does not take them back; name a role that exists.";
    InvalidServicePrincipalFormat = "INVALID_SERVICE_PRINCIPAL_FORMAT", Aws, Error,
        "A service principal is a name like logging.s3.amazonaws.com.";
    UnsupportedWildcardInPrincipal = "UNSUPPORTED_WILDCARD_IN_PRINCIPAL", Aws, Error,
        "A principal is \"*\" or a whole name. To match names by pattern, allow \"*\" under a condition on aws:PrincipalArn.";
    EmptyArrayPrincipal = "EMPTY_ARRAY_PRINCIPAL", Aws, Suggestion,
        "A statement that names no one does nothing.";
    EmptyObjectPrincipal = "EMPTY_OBJECT_PRINCIPAL", Aws, Suggestion,
        "A statement that names no one does nothing.";
    AllowWithNotPrincipal = "ALLOW_WITH_NOT_PRINCIPAL", Aws, SecurityWarning,
        "It would let in everyone who is not listed, the anonymous included. S3 refuses it.";
    DenyWithNotPrincipal = "DENY_WITH_NOT_PRINCIPAL", Own, Warning,
        "For a user the list must also hold the account's root ARN, for a session the role and the root ARN, or they are denied. A Deny for \"*\" under ArnNotEquals on aws:PrincipalArn says the same safely.";
    RedundantPrincipal = "REDUNDANT_PRINCIPAL", Own, Suggestion,
        "Another principal of the statement covers this one. An account id and its root ARN are the same.";
    PublicAccess = "PUBLIC_ACCESS", Own, SecurityWarning,
        "Block Public Access calls the policy public: the statement is open to everyone, and no condition pins aws:SourceIp, aws:PrincipalOrgID or a like key to fixed values.";
    RestrictAccessToServicePrincipal = "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", Aws, SecurityWarning,
        "A service acts for all of its customers. Pin aws:SourceArn or aws:SourceAccount to yours.";
    OwnerAccountDelegates = "OWNER_ACCOUNT_DELEGATES", Own, Suggestion,
        "The owner's root user needs no Allow, and for the account's users and roles one to the account changes nothing: they still need an identity policy. Name the user or the role.";

    // Actions.
    MissingAction = "MISSING_ACTION", Aws, Error,
        "A statement has an Action or a NotAction.";
    InvalidAction = "INVALID_ACTION", Aws, Error,
        "The service has no such action, so the entry matches nothing.";
    InvalidServiceInAction = "INVALID_SERVICE_IN_ACTION", Aws, Error,
        "An action is \"*\" or a service, one colon and a name: s3:GetObject.";
    UnsupportedActionInPolicy = "UNSUPPORTED_ACTION_IN_POLICY", Aws, Error,
        "This kind of policy cannot grant the action: it belongs to another service, or works on no resource that the policy is attached to.";
    WildcardInServiceName = "WILDCARD_IN_SERVICE_NAME", Aws, Suggestion,
        "A wildcard in the service's name reaches services that were not meant.";
    EmptyArrayAction = "EMPTY_ARRAY_ACTION", Aws, Suggestion,
        "A statement without actions does nothing.";
    RedundantAction = "REDUNDANT_ACTION", Aws, Suggestion,
        "Other actions of the statement cover this one.";
    MiscasedName = "MISCASED_NAME", Own, Suggestion,
        "Actions and condition keys compare without regard to case; AWS's spelling is easier to search for.";
    AllowWithNotAction = "ALLOW_WITH_NOT_ACTION", Own, SecurityWarning,
        "It allows every action that is not listed, those of other services and those to come included.";
    PassRoleWithStarInResource = "PASS_ROLE_WITH_STAR_IN_RESOURCE", Aws, SecurityWarning,
        "Who may pass any role gets what the strongest of them may. Name the roles, or add the condition iam:PassedToService.";
    PassRoleWithStarInActionAndResource = "PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE", Aws, SecurityWarning,
        "The wildcard covers iam:PassRole: who may pass any role gets what the strongest of them may. Name actions and roles.";
    PassRoleWithNotResource = "PASS_ROLE_WITH_NOT_RESOURCE", Aws, SecurityWarning,
        "Every role that is not listed may be passed. Name the roles that may.";
    PassRoleWithStarInActionAndNotResource = "PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE", Aws, SecurityWarning,
        "The wildcard covers iam:PassRole, and every role that is not listed may be passed. Name actions and roles.";
    PassRoleWithNotActionAndNotResource = "PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE", Aws, SecurityWarning,
        "NotAction leaves iam:PassRole in, and every role that is not listed may be passed. Name actions and roles.";
    PassRoleWithStarInResourceAndNotAction = "PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION", Aws, SecurityWarning,
        "NotAction leaves iam:PassRole in, for every role. Name actions and roles.";

    // Resources.
    MissingResource = "MISSING_RESOURCE", Aws, Error,
        "A statement has a Resource or a NotResource.";
    RoleTrustPolicySyntaxErrorResource = "ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE", Aws, Error,
        "A trust policy is about the role it is attached to and names no resource.";
    InvalidArnPrefix = "INVALID_ARN_PREFIX", Aws, Error,
        "A resource is \"*\", or an ARN that begins with arn:.";
    MissingArnField = "MISSING_ARN_FIELD", Aws, Error,
        "An ARN has six parts: arn:partition:service:region:account:resource. Region and account of S3 are empty, so three colons stand before the bucket.";
    InvalidPartition = "INVALID_PARTITION", Aws, Error,
        "The partition is aws; here are no others.";
    InvalidArnServiceCase = "INVALID_ARN_SERVICE_CASE", Aws, Error,
        "The service of an ARN is in lower case.";
    ArnRegionNotAllowed = "ARN_REGION_NOT_ALLOWED", Aws, Error,
        "ARNs of buckets and objects have no region.";
    ArnAccountNotAllowed = "ARN_ACCOUNT_NOT_ALLOWED", Aws, Error,
        "ARNs of buckets and objects have no account: names of buckets are unique across accounts.";
    InvalidArnResource = "INVALID_ARN_RESOURCE", Aws, Error,
        "What follows the fifth colon names nothing that exists.";
    UnsupportedResourceArnInPolicy = "UNSUPPORTED_RESOURCE_ARN_IN_POLICY", Aws, Error,
        "Each resource of a bucket policy is the bucket, arn:aws:s3:::bucket, or in it, arn:aws:s3:::bucket/….";
    EmptyArrayResource = "EMPTY_ARRAY_RESOURCE", Aws, Suggestion,
        "A statement without resources does nothing.";
    RedundantResource = "REDUNDANT_RESOURCE", Aws, Suggestion,
        "Another resource of the statement covers this one.";
    WildcardInBucketName = "WILDCARD_IN_BUCKET_NAME", Own, Suggestion,
        "A bucket policy governs its own bucket only. Write the name, so that it reads as it works.";
    WildcardInArnField = "WILDCARD_IN_ARN_FIELD", Own, Suggestion,
        "A wildcard before the resource part of an ARN gains nothing for S3, and reaches other services elsewhere.";
    AllowWithNotResource = "ALLOW_WITH_NOT_RESOURCE", Own, SecurityWarning,
        "It allows the actions on every resource that is not listed, those to come included.";
    ActionWithoutResource = "ACTION_WITHOUT_RESOURCE", Own, Warning,
        "Bucket actions need arn:aws:s3:::bucket, object actions arn:aws:s3:::bucket/…; without a resource of its kind the action never applies.";
    ResourceWithoutAction = "RESOURCE_WITHOUT_ACTION", Own, Warning,
        "Bucket actions work on arn:aws:s3:::bucket, object actions on arn:aws:s3:::bucket/…; no action of the statement works on this resource.";

    // Policy variables.
    VariableUnsupportedInVersion = "VARIABLE_UNSUPPORTED_IN_VERSION", Aws, Error,
        "Before version 2012-10-17 `${…}` is plain text and matches only itself.";
    VariableUnsupportedInElement = "VARIABLE_UNSUPPORTED_IN_ELEMENT", Aws, Error,
        "Variables work in Resource, NotResource and Condition, and nowhere else.";
    InvalidVariableForOperator = "INVALID_VARIABLE_FOR_OPERATOR", Aws, Error,
        "Variables work under String and Arn operators. Under others the text is not of the operator's type and matches nothing.";
    MissingBraceInVariable = "MISSING_BRACE_IN_VARIABLE", Aws, Error,
        "A variable that is not closed is plain text.";
    MissingQuoteInVariable = "MISSING_QUOTE_IN_VARIABLE", Aws, Error,
        "A default value stands in single quotes: ${aws:PrincipalTag/team, 'none'}.";
    UnsupportedSpaceInVariable = "UNSUPPORTED_SPACE_IN_VARIABLE", Aws, Error,
        "A space stands only between the comma and the default value of a variable.";
    EmptyVariable = "EMPTY_VARIABLE", Aws, Error,
        "An empty variable has no value, so the entry matches nothing.";
    UnknownVariable = "UNKNOWN_VARIABLE", Own, Warning,
        "No request has this key, so the variable has no value, and what it stands in matches nothing.";
    MultivaluedVariable = "MULTIVALUED_VARIABLE", Own, Warning,
        "A key with many values cannot stand in for one text; the variable has no value.";

    // Conditions.
    InvalidConditionOperator = "INVALID_CONDITION_OPERATOR", Aws, Error,
        "There is no such operator. Names are case-sensitive.";
    NullWithIfExists = "NULL_WITH_IF_EXISTS", Aws, Error,
        "Null asks whether a key exists; with IfExists it would ask nothing.";
    NullWithQualifier = "NULL_WITH_QUALIFIER", Aws, Suggestion,
        "Null asks whether a key exists and looks at no values.";
    EmptyObjectCondition = "EMPTY_OBJECT_CONDITION", Aws, Suggestion,
        "An empty condition always holds.";
    EmptyArrayCondition = "EMPTY_ARRAY_CONDITION", Aws, Suggestion,
        "No request value equals one of no values: a positive test never holds, a negated one always.";
    EmptyArrayConditionForallvalues = "EMPTY_ARRAY_CONDITION_FORALLVALUES", Aws, Suggestion,
        "ForAllValues over no values holds only when the request has no such key; Null says that better.";
    EmptyArrayConditionForanyvalue = "EMPTY_ARRAY_CONDITION_FORANYVALUE", Aws, Suggestion,
        "ForAnyValue over no values never holds.";
    EmptyArrayConditionIfexists = "EMPTY_ARRAY_CONDITION_IFEXISTS", Aws, Suggestion,
        "IfExists over no values holds only when the request has no such key; Null says that better.";
    InvalidConditionKeyFormat = "INVALID_CONDITION_KEY_FORMAT", Aws, Error,
        "A condition key is a service, a colon and a name: aws:SourceIp.";
    InvalidGlobalConditionKey = "INVALID_GLOBAL_CONDITION_KEY", Aws, Error,
        "There is no such key, so no request has it.";
    UnsupportedGlobalConditionKey = "UNSUPPORTED_GLOBAL_CONDITION_KEY", Aws, Error,
        "The key aws:ARN does not exist; aws:PrincipalArn is the caller, aws:SourceArn the resource a service acts for.";
    InvalidServiceConditionKey = "INVALID_SERVICE_CONDITION_KEY", Aws, Error,
        "The service has no such key, so no request has it.";
    MissingTagKeyInCondition = "MISSING_TAG_KEY_IN_CONDITION", Aws, Error,
        "A tag is asked for by its key: aws:PrincipalTag/team.";
    UnsupportedActionForConditionKey = "UNSUPPORTED_ACTION_FOR_CONDITION_KEY", Aws, Error,
        "Requests for these actions never have the key. Move them to a statement without it.";
    ConditionKeyNeverSet = "CONDITION_KEY_NEVER_SET", Own, Warning,
        "S3 takes the key for these actions, and their requests never have it.";
    DuplicateKeysWithDifferentCase = "DUPLICATE_KEYS_WITH_DIFFERENT_CASE", Aws, Error,
        "Condition keys compare without regard to case: both are the same key, and both tests must hold.";
    InvalidConditionDataType = "INVALID_CONDITION_DATA_TYPE", Aws, Error,
        "The values of one key are all strings, all numbers or all booleans.";
    InvalidConditionMultipleBoolean = "INVALID_CONDITION_MULTIPLE_BOOLEAN", Aws, Error,
        "A test for true and false at once asks only whether the key exists.";
    TypeMismatch = "TYPE_MISMATCH", Aws, Warning,
        "The operator is not made for values of this key. It compares them as another type, or never matches.";
    TypeMismatchBoolean = "TYPE_MISMATCH_BOOLEAN", Aws, Warning,
        "Bool and Null compare with true and false; any other value matches nothing.";
    TypeMismatchDate = "TYPE_MISMATCH_DATE", Aws, Warning,
        "Date operators take ISO 8601, like 2026-01-31T12:00:00Z, or seconds since 1970; any other value matches nothing.";
    TypeMismatchIpRange = "TYPE_MISMATCH_IP_RANGE", Aws, Warning,
        "IpAddress and NotIpAddress take addresses and ranges like 203.0.113.0/24 and 2001:db8::/32.";
    TypeMismatchNumber = "TYPE_MISMATCH_NUMBER", Aws, Warning,
        "Numeric operators take integers and decimals; any other value matches nothing.";
    TypeMismatchString = "TYPE_MISMATCH_STRING", Aws, Warning,
        "BinaryEquals compares with base64; any other value matches nothing.";
    TypeMismatchArn = "TYPE_MISMATCH_ARN", Own, Warning,
        "Arn operators compare part by part and take texts of six parts; any other value matches nothing.";
    InvalidDateValue = "INVALID_DATE_VALUE", Aws, Warning,
        "The date may not be read as it was meant; write YYYY-MM-DD, or a date with time and offset.";
    InvalidVpcFormat = "INVALID_VPC_FORMAT", Aws, Error,
        "The id of a VPC is vpc- and 8 or 17 letters and digits.";
    InvalidVpceFormat = "INVALID_VPCE_FORMAT", Aws, Error,
        "The id of a VPC endpoint is vpce- and 8 or 17 letters and digits.";
    ImproveIpRange = "IMPROVE_IP_RANGE", Aws, Suggestion,
        "Bits behind the prefix of a range are ignored.";
    WildcardWithoutLikeOperator = "WILDCARD_WITHOUT_LIKE_OPERATOR", Aws, Warning,
        "Only StringLike, StringNotLike and the Arn operators know wildcards; here * and ? are plain letters.";
    MissingQualifier = "MISSING_QUALIFIER", Aws, Error,
        "AWS leaves open what an operator without ForAllValues or ForAnyValue says about a key with many values.";
    ForallvaluesWithSingleValuedKey = "FORALLVALUES_WITH_SINGLE_VALUED_KEY", Aws, SecurityWarning,
        "ForAllValues also holds when the request has no such key, and a key with one value does not need it.";
    ForanyvalueWithSingleValuedKey = "FORANYVALUE_WITH_SINGLE_VALUED_KEY", Own, Suggestion,
        "The key has one value, of which ForAnyValue says the same as the bare operator.";
    ForallvaluesWithoutNullCheck = "FORALLVALUES_WITHOUT_NULL_CHECK", Own, SecurityWarning,
        "ForAllValues also holds when the request has no such key. Add {\"Null\": {\"key\": \"false\"}} to an Allow.";
    RedundantConditionValueNum = "REDUNDANT_CONDITION_VALUE_NUM", Aws, Suggestion,
        "Of several bounds only the widest counts.";
    RedundantConditionValue = "REDUNDANT_CONDITION_VALUE", Own, Suggestion,
        "Another value of the key covers this one.";

    // Statements as wholes.
    StatementNeverApplies = "STATEMENT_NEVER_APPLIES", Own, Warning,
        "No request can meet all that the statement asks for.";
    ConditionAlwaysHolds = "CONDITION_ALWAYS_HOLDS", Own, Warning,
        "The test holds for every request and narrows nothing.";
    RedundantStatement = "REDUNDANT_STATEMENT", Aws, Suggestion,
        "Another statement of the policy already says all that this one does.";
    AllowOverruledByDeny = "ALLOW_OVERRULED_BY_DENY", Own, Warning,
        "A Deny of the same policy covers all that the statement allows, and a Deny always wins.";
    BucketPolicyLockout = "BUCKET_POLICY_LOCKOUT", Own, SecurityWarning,
        "Once the policy is stored, only the root user of the owner's account can change or delete it. AWS stores it all the same.";

    // Trust policies.
    RoleTrustPolicySyntaxErrorNotprincipal = "ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL", Aws, Error,
        "A trust policy names who may assume the role.";
    MismatchedActionForPrincipal = "MISMATCHED_ACTION_FOR_PRINCIPAL", Aws, Error,
        "SAML providers go with sts:AssumeRoleWithSAML, OIDC providers with sts:AssumeRoleWithWebIdentity, all others with sts:AssumeRole.";
    MissingConditionKeyForOidcPrincipal = "MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL", Aws, SecurityWarning,
        "Without a condition on the provider's own keys, like …:aud or …:sub, everyone with an account there can assume the role.";
    RedundantPrincipalInRoleTrustPolicy = "REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY", Aws, Suggestion,
        "The role covers its sessions.";
}

impl IssueCode {
    /// Whether IAM Access Analyzer has a check of this name.
    pub fn is_of_aws(self) -> bool {
        self.origin() == Origin::Aws
    }
}

impl fmt::Display for IssueCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
