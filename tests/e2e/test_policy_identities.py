"""Bucket policies and the identities of IAM: boundaries, roles, and names that are given away twice."""

import itertools
import json

import pytest
from harness.callers import OWNER_ACCOUNT, OWNER_ROOT, STRANGER_USER, Caller
from harness.expect import denial, refused
from harness.policies import allow, arn, deny, policy, principal_of
from harness.sessions import granting, in_session

PUT = "s3:PutBucketPolicy"
NO_BOUNDARY = f"because no permissions boundary allows the {PUT} action"
NO_IDENTITY = f"because no identity-based policy allows the {PUT} action"
NO_SESSION = f"because no session policy allows the {PUT} action"
_numbers = itertools.count(1)


@pytest.fixture
def iam(server):
    """IAM, as the owner's root user calls it."""
    return server.client(OWNER_ROOT, "iam")


@pytest.fixture
def name():
    """A name that nobody has."""
    return f"policy-identity-{next(_numbers)}"


def user_called(iam, name, may=None, boundary=None):
    """A new user with a key."""
    limits = {"PermissionsBoundary": boundary} if boundary else {}
    iam.create_user(UserName=name, **limits)
    if may:
        iam.put_user_policy(UserName=name, PolicyName="may", PolicyDocument=policy(own("Allow", may)))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return Caller(OWNER_ACCOUNT, name, key["AccessKeyId"], key["SecretAccessKey"])


def delete_user(iam, user):
    iam.delete_access_key(UserName=user.user, AccessKeyId=user.access_key)
    for one in iam.list_user_policies(UserName=user.user)["PolicyNames"]:
        iam.delete_user_policy(UserName=user.user, PolicyName=one)
    iam.delete_user(UserName=user.user)


def managed(iam, name, *statements):
    """A managed policy, for a boundary."""
    return iam.create_policy(PolicyName=name, PolicyDocument=policy(*statements))["Policy"]["Arn"]


def own(effect, action):
    return {"Effect": effect, "Action": action, "Resource": "*"}


def put(server, caller, bucket):
    harmless = policy(deny(principal_of(STRANGER_USER), "s3:GetObject", f"{bucket}/*"))
    return server.client(caller).put_bucket_policy(Bucket=bucket, Policy=harmless)


def succeeds(server, caller, bucket):
    assert put(server, caller, bucket)["ResponseMetadata"]["HTTPStatusCode"] == 204


def denied(server, caller, bucket, reason):
    response = refused(lambda: put(server, caller, bucket), 403, "AccessDenied")
    # Since 2026 AWS adds the ARN of a managed policy to an explicit deny.
    message = response["Error"]["Message"].split(", with policy ARN:")[0]
    assert message == denial(caller, PUT, arn(bucket), reason)


def grant(owner, bucket, principal):
    owner.put_bucket_policy(Bucket=bucket, Policy=policy(allow(principal, PUT, bucket)))


# Boundaries


def test_a_boundary_limits_identity_policies(server, bucket, iam, name):
    silent = managed(iam, f"{name}-boundary", own("Allow", "s3:GetObject"))
    user = user_called(iam, name, "s3:*", silent)
    denied(server, user, bucket, NO_BOUNDARY)
    open_to_all = managed(iam, f"{name}-open", own("Allow", "*"))
    iam.put_user_permissions_boundary(UserName=name, PermissionsBoundary=open_to_all)
    succeeds(server, user, bucket)
    # A boundary grants nothing itself.
    iam.delete_user_policy(UserName=name, PolicyName="may")
    denied(server, user, bucket, NO_IDENTITY)


def test_a_boundary_can_deny(server, bucket, iam, name, owner_root):
    denying = managed(iam, f"{name}-boundary", own("Allow", "s3:*"), own("Deny", PUT))
    user = user_called(iam, name, "s3:*", denying)
    reason = "with an explicit deny in a permissions boundary"
    denied(server, user, bucket, reason)
    grant(owner_root, bucket, principal_of(user))
    denied(server, user, bucket, reason)
    iam.delete_user_permissions_boundary(UserName=name)
    succeeds(server, user, bucket)


def test_a_bucket_policy_that_names_the_user_is_not_limited_by_its_boundary(server, bucket, iam, name, owner_root):
    silent = managed(iam, f"{name}-boundary", own("Allow", "s3:GetObject"))
    user = user_called(iam, name, None, silent)
    grant(owner_root, bucket, principal_of(user))
    succeeds(server, user, bucket)
    # One that names the account only delegates to the user's own policies.
    grant(owner_root, bucket, {"AWS": OWNER_ACCOUNT})
    denied(server, user, bucket, NO_IDENTITY)


# Roles


def role_called(iam, name, may=None, boundary=None):
    """A role that whoever may assume roles can assume; returns its ARN."""
    trust = {"Effect": "Allow", "Principal": {"AWS": OWNER_ACCOUNT}, "Action": "sts:AssumeRole"}
    limits = {"PermissionsBoundary": boundary} if boundary else {}
    created = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust), **limits)
    if may:
        iam.put_role_policy(RoleName=name, PolicyName="may", PolicyDocument=policy(own("Allow", may)))
    return created["Role"]["Arn"]


def assumed(server, iam, name, role_arn, **parameters):
    """A session of the role, made by a user who may assume roles."""
    user = user_called(iam, f"{name}-assumes", "sts:AssumeRole")
    client = server.client(user, "sts")
    answer = client.assume_role(RoleArn=role_arn, RoleSessionName="it", **parameters)
    return in_session(answer, OWNER_ACCOUNT, answer["AssumedRoleUser"]["Arn"])


def test_a_role_session_has_its_role_s_permissions(server, bucket, iam, name):
    session = assumed(server, iam, name, role_called(iam, name, PUT))
    succeeds(server, session, bucket)
    iam.delete_role_policy(RoleName=name, PolicyName="may")
    denied(server, session, bucket, NO_IDENTITY)


def test_a_grant_to_the_role_is_limited_by_the_session_policy_and_one_to_the_session_is_not(
    server, bucket, iam, name, owner_root
):
    role_arn = role_called(iam, name)
    session = assumed(server, iam, name, role_arn, Policy=granting("s3:ListBucket", "*"))
    denied(server, session, bucket, NO_IDENTITY)
    grant(owner_root, bucket, {"AWS": role_arn})
    denied(server, session, bucket, NO_SESSION)
    grant(owner_root, bucket, {"AWS": session.arn})
    succeeds(server, session, bucket)


def test_a_grant_to_the_role_is_limited_by_its_boundary(server, bucket, iam, name, owner_root):
    silent = managed(iam, f"{name}-boundary", own("Allow", "s3:GetObject"))
    role_arn = role_called(iam, name, None, silent)
    session = assumed(server, iam, name, role_arn)
    grant(owner_root, bucket, {"AWS": role_arn})
    denied(server, session, bucket, NO_BOUNDARY)
    grant(owner_root, bucket, {"AWS": session.arn})
    succeeds(server, session, bucket)


# Names that are given away twice


def principal_shown(owner, bucket):
    document = json.loads(owner.get_bucket_policy(Bucket=bucket)["Policy"])
    return document["Statement"][0]["Principal"]["AWS"]


def test_a_user_of_the_same_name_is_someone_else(server, bucket, iam, name, owner_root):
    first = user_called(iam, name)
    unique_id = iam.get_user(UserName=name)["User"]["UserId"]
    grant(owner_root, bucket, principal_of(first))
    assert principal_shown(owner_root, bucket) == first.arn
    delete_user(iam, first)
    assert principal_shown(owner_root, bucket) == unique_id
    second = user_called(iam, name)
    assert second.arn == first.arn
    denied(server, second, bucket, NO_IDENTITY)
    assert principal_shown(owner_root, bucket) == unique_id
    # What is shown cannot be put again: nobody has that id for a name.
    stored = owner_root.get_bucket_policy(Bucket=bucket)["Policy"]
    refused(
        lambda: owner_root.put_bucket_policy(Bucket=bucket, Policy=stored),
        400, "MalformedPolicy", "Invalid principal in policy",
    )  # fmt: skip
    grant(owner_root, bucket, principal_of(second))
    succeeds(server, second, bucket)


def test_a_user_keeps_its_grants_under_a_new_name(server, bucket, iam, name, owner_root):
    user = user_called(iam, name)
    grant(owner_root, bucket, principal_of(user))
    iam.update_user(UserName=name, NewUserName=f"{name}-renamed")
    renamed = Caller(user.account, f"{name}-renamed", user.access_key, user.secret_key)
    assert principal_shown(owner_root, bucket) == renamed.arn
    succeeds(server, renamed, bucket)


def test_a_role_of_the_same_name_is_another(server, bucket, iam, name, owner_root):
    role_arn = role_called(iam, name)
    unique_id = iam.get_role(RoleName=name)["Role"]["RoleId"]
    grant(owner_root, bucket, {"AWS": role_arn})
    assert principal_shown(owner_root, bucket) == role_arn
    iam.delete_role(RoleName=name)
    assert principal_shown(owner_root, bucket) == unique_id
    assert role_called(iam, name) == role_arn
    session = assumed(server, iam, name, role_arn)
    denied(server, session, bucket, NO_IDENTITY)
    assert principal_shown(owner_root, bucket) == unique_id
