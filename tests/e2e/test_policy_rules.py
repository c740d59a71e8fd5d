"""PutBucketPolicy under each kind of rule: who is allowed, by which policy, and in which words the rest is refused."""

import pytest
from harness.callers import (
    ANONYMOUS,
    OWNER_ADMIN,
    OWNER_DENIED,
    OWNER_ISSUER,
    OWNER_NO_POLICIES,
    OWNER_READER,
    OWNER_ROOT,
    OWNER_USER,
    STRANGER_ADMIN,
    STRANGER_ROOT,
    STRANGER_USER,
)
from harness.expect import DENIED, denial, no_identity_policy, refused
from harness.policies import allow, arn, deny, policy, principal_of
from harness.sessions import federated, granting, own_session

PUT = "s3:PutBucketPolicy"
IN_RESOURCE = "with an explicit deny in a resource-based policy"
IN_SESSION = "with an explicit deny in a session policy"
NO_IDENTITY = f"because no identity-based policy allows the {PUT} action"
NO_SESSION = f"because no session policy allows the {PUT} action"


def put(server, caller, bucket):
    """Puts a policy that grants nobody anything."""
    harmless = policy(deny(principal_of(STRANGER_USER), "s3:GetObject", f"{bucket}/*"))
    return server.client(caller).put_bucket_policy(Bucket=bucket, Policy=harmless)


def succeeds(server, caller, bucket):
    assert put(server, caller, bucket)["ResponseMetadata"]["HTTPStatusCode"] == 204


def denied(server, caller, bucket, reason):
    message = reason if reason == DENIED else denial(caller, PUT, arn(bucket), reason)
    refused(lambda: put(server, caller, bucket), 403, "AccessDenied", message)


def not_allowed(server, caller, bucket):
    refused(
        lambda: put(server, caller, bucket),
        405, "MethodNotAllowed", "The specified method is not allowed against this resource.",
        Method="PUT", ResourceType="BUCKETPOLICY",
    )  # fmt: skip


@pytest.fixture
def govern(bucket, owner_root):
    """Puts the policy under which the next PutBucketPolicy is decided: statements without their resource."""

    def put_policy(*statements):
        whole = [statement(effect, *rest, bucket) for effect, *rest in statements]
        owner_root.put_bucket_policy(Bucket=bucket, Policy=policy(*whole))

    def statement(effect, principal, *rest):
        *conditions, name = rest
        members = {"Condition": conditions[0]} if conditions else {}
        return {"Allow": allow, "Deny": deny}[effect](principal, PUT, name, **members)

    return put_policy


# The owner's account


def test_root_and_whoever_has_the_permission(server, bucket):
    for caller in (OWNER_ROOT, OWNER_ADMIN, OWNER_DENIED):
        succeeds(server, caller, bucket)


@pytest.mark.parametrize("caller", [OWNER_USER, OWNER_READER])
def test_without_permission_403_says_which_policy_is_missing(server, bucket, caller):
    refused(lambda: put(server, caller, bucket), 403, "AccessDenied", no_identity_policy(caller, PUT, arn(bucket)))


@pytest.mark.parametrize("principal", [principal_of(OWNER_USER), "*", {"AWS": "*"}])
def test_a_bucket_policy_that_names_the_user_suffices(server, bucket, govern, principal):
    govern(("Allow", principal))
    succeeds(server, OWNER_USER, bucket)


@pytest.mark.parametrize("principal", [principal_of(OWNER_ROOT), {"AWS": OWNER_ROOT.account}])
def test_a_bucket_policy_that_names_the_account_only_delegates(server, bucket, govern, principal):
    govern(("Allow", principal))
    denied(server, OWNER_USER, bucket, NO_IDENTITY)
    succeeds(server, OWNER_ADMIN, bucket)


@pytest.mark.parametrize("principal", ["*", principal_of(OWNER_ROOT), principal_of(OWNER_ADMIN)])
def test_an_explicit_deny_stops_all_but_root(server, bucket, govern, principal):
    govern(("Deny", principal))
    denied(server, OWNER_ADMIN, bucket, IN_RESOURCE)
    succeeds(server, OWNER_ROOT, bucket)
    succeeds(server, OWNER_ADMIN, bucket)


def test_an_explicit_deny_of_an_identity_policy_beats_the_bucket_policy(server, bucket, govern):
    govern(("Allow", principal_of(OWNER_NO_POLICIES)))
    denied(server, OWNER_NO_POLICIES, bucket, "with an explicit deny in an identity-based policy")


# Other accounts, and nobody


def test_other_accounts_get_405_with_permission_and_403_without(server, bucket, govern):
    for caller in (STRANGER_ROOT, STRANGER_ADMIN, STRANGER_USER, ANONYMOUS):
        denied(server, caller, bucket, DENIED)
    govern(("Allow", "*"))
    for caller in (STRANGER_ROOT, STRANGER_ADMIN, ANONYMOUS):
        not_allowed(server, caller, bucket)
    # Its own account grants it nothing.
    denied(server, STRANGER_USER, bucket, DENIED)
    govern(("Allow", principal_of(STRANGER_ROOT)))
    not_allowed(server, STRANGER_ADMIN, bucket)
    denied(server, ANONYMOUS, bucket, DENIED)
    govern(("Allow", "*"), ("Deny", principal_of(STRANGER_ROOT)))
    for caller in (STRANGER_ROOT, STRANGER_ADMIN):
        denied(server, caller, bucket, DENIED)


# Sessions


def test_a_session_of_ones_own_is_oneself(server, bucket, govern):
    succeeds(server, own_session(server, OWNER_ADMIN), bucket)
    denied(server, own_session(server, OWNER_USER), bucket, NO_IDENTITY)
    govern(("Allow", principal_of(OWNER_USER)))
    succeeds(server, own_session(server, OWNER_USER), bucket)
    govern(("Deny", "*"))
    denied(server, own_session(server, OWNER_ADMIN), bucket, IN_RESOURCE)
    # So is the root user.
    succeeds(server, own_session(server, OWNER_ROOT), bucket)


def test_a_federated_user_has_what_both_policies_allow(server, bucket):
    issuer = OWNER_ISSUER
    succeeds(server, federated(server, issuer, "both", Policy=granting("s3:*", bucket)), bucket)
    denied(server, federated(server, issuer, "other", Policy=granting("s3:ListBucket", bucket)), bucket, NO_SESSION)
    denied(server, federated(server, issuer, "none"), bucket, NO_SESSION)


def test_a_session_policy_can_deny(server, bucket):
    statements = [
        {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
        {"Effect": "Deny", "Action": PUT, "Resource": "*"},
    ]
    session = federated(server, OWNER_ISSUER, "denied", Policy=policy(*statements))
    denied(server, session, bucket, IN_SESSION)


def test_a_bucket_policy_that_names_the_session_is_not_limited_by_the_session_policy(server, bucket, govern):
    session = federated(server, OWNER_ISSUER, "named", Policy=granting("s3:ListBucket", bucket))
    govern(("Allow", {"AWS": session.arn}))
    succeeds(server, session, bucket)
    # One that names the user behind the session is.
    govern(("Allow", principal_of(OWNER_ISSUER)))
    denied(server, session, bucket, NO_SESSION)


def test_a_session_of_root_that_is_federated_has_no_override(server, bucket, govern):
    session = federated(server, OWNER_ROOT, "of-root", Policy=granting("s3:*", bucket))
    govern(("Deny", "*"))
    denied(server, session, bucket, IN_RESOURCE)


# Conditions


@pytest.mark.parametrize(
    "condition, holds",
    [
        ({"IpAddress": {"aws:SourceIp": "127.0.0.1"}}, True),
        ({"IpAddress": {"aws:SourceIp": "::ffff:127.0.0.0/104"}}, True),
        ({"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}, False),
        ({"NotIpAddress": {"aws:SourceIp": ["198.51.100.0/24", "::/0"]}}, True),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111111111111:user/b*"}}, True),
        ({"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::111111111111:user/b*"}}, False),
        ({"StringEquals": {"aws:username": ["alice", "bob"]}}, True),
        ({"StringLike": {"aws:userid": "AIDA*"}}, True),
        ({"StringEquals": {"aws:PrincipalType": "AssumedRole"}}, False),
        ({"DateLessThan": {"aws:CurrentTime": "2999-12-31T23:59:59Z"}}, True),
        ({"DateLessThan": {"aws:CurrentTime": "2020-01-01"}}, False),
        ({"Bool": {"aws:SecureTransport": "true"}}, False),
        ({"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}, True),
        ({"Bool": {"aws:MultiFactorAuthPresent": "false"}}, False),
        ({"Null": {"aws:TokenIssueTime": "true"}}, True),
        ({"StringEquals": {"aws:PrincipalAccount": "${aws:ResourceAccount}"}}, True),
        ({"StringNotEquals": {"aws:PrincipalTag/team": "red"}}, True),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": "team"}}, True),
        ({"ForAnyValue:StringEquals": {"aws:TagKeys": "team"}}, False),
        ({"StringLike": {"aws:UserAgent": "*Botocore*"}, "Null": {"aws:Referer": "true"}}, True),
        ({"StringLike": {"aws:UserAgent": "*Botocore*"}, "Null": {"aws:Referer": "false"}}, False),
    ],
    ids=str,
)
def test_conditions_allow_and_deny(server, bucket, govern, condition, holds):
    govern(("Allow", principal_of(OWNER_USER), condition))
    if holds:
        succeeds(server, OWNER_USER, bucket)
    else:
        denied(server, OWNER_USER, bucket, NO_IDENTITY)
    govern(("Allow", principal_of(OWNER_USER)), ("Deny", principal_of(OWNER_USER), condition))
    if holds:
        denied(server, OWNER_USER, bucket, IN_RESOURCE)
    else:
        succeeds(server, OWNER_USER, bucket)


def test_tags_of_a_session(server, bucket, govern):
    def tagged(value):
        tags = [{"Key": "Team", "Value": value}]
        return federated(server, OWNER_ISSUER, value, Policy=granting("s3:ListBucket", bucket), Tags=tags)

    # Tag keys compare without case, values with it.
    for_red = {"StringEquals": {"aws:PrincipalTag/team": "red"}}
    for value, holds in (("red", True), ("Red", False), ("blue", False)):
        session = tagged(value)
        govern(("Allow", {"AWS": session.arn}, for_red))
        if holds:
            succeeds(server, session, bucket)
        else:
            denied(server, session, bucket, NO_SESSION)


def test_the_time_a_session_was_issued(server, bucket, govern):
    session = own_session(server, OWNER_USER)
    for operator, holds in (("DateGreaterThan", True), ("DateLessThan", False)):
        govern(("Allow", principal_of(OWNER_USER), {operator: {"aws:TokenIssueTime": "2020-01-01T00:00:00Z"}}))
        # Long-term keys have no such time.
        denied(server, OWNER_USER, bucket, NO_IDENTITY)
        if holds:
            succeeds(server, session, bucket)
        else:
            denied(server, session, bucket, NO_IDENTITY)


# Block Public Access


def test_block_public_policy_comes_after_the_permission(server, closed_bucket):
    public = policy(allow("*", "s3:GetObject", f"{closed_bucket}/*"))
    blocked = "because public policies are blocked by the BlockPublicPolicy block public access setting."
    for caller, reason in ((OWNER_ROOT, blocked), (OWNER_ADMIN, blocked), (OWNER_USER, NO_IDENTITY)):
        message = denial(caller, PUT, arn(closed_bucket), reason)
        client = server.client(caller)
        refused(lambda: client.put_bucket_policy(Bucket=closed_bucket, Policy=public), 403, "AccessDenied", message)
    succeeds(server, OWNER_ADMIN, closed_bucket)
