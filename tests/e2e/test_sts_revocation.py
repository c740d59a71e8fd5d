"""What is changed in IAM acts on the sessions that are out already, on the next request, through whatever gateway."""

import itertools
import json

import pytest
from conftest import seeded_server
from harness.callers import OWNER_ROOT, OWNER_USER
from harness.expect import denial, refused
from harness.sessions import federated, granting, in_session, own_session

_numbers = itertools.count(1)
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"AWS": OWNER_USER.arn}, "Action": "sts:AssumeRole"},
    }
)


@pytest.fixture
def role(server):
    """A role that reads everything, and the one who may assume it."""
    return new_role(server)


def new_role(server, name=None):
    iam, name = server.client(OWNER_ROOT, "iam"), name or f"revoked-{next(_numbers)}"
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)["Role"]
    iam.put_role_policy(RoleName=name, PolicyName="read", PolicyDocument=granting("s3:GetObject", "*"))
    return made


def delete_role(server, name):
    iam = server.client(OWNER_ROOT, "iam")
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    iam.delete_role(RoleName=name)


def assume(server, role, **parameters):
    sts = server.client(OWNER_USER, "sts")
    answer = sts.assume_role(RoleArn=role["Arn"], RoleSessionName="work", **parameters)
    return in_session(answer, OWNER_USER.account, answer["AssumedRoleUser"]["Arn"])


@pytest.fixture
def filled(bucket, owner_root):
    owner_root.put_object(Bucket=bucket, Key="k", Body=b"bytes")
    return bucket


def read(server, who, bucket):
    return server.client(who).get_object(Bucket=bucket, Key="k")["Body"].read()


def test_policies_of_the_role_are_those_of_now(server, role, filled):
    session, iam = assume(server, role), server.client(OWNER_ROOT, "iam")
    assert read(server, session, filled) == b"bytes"
    name, resource = role["RoleName"], f"arn:aws:s3:::{filled}/k"
    iam.delete_role_policy(RoleName=name, PolicyName="read")
    reason = "because no identity-based policy allows the s3:GetObject action"
    message = denial(session, "s3:GetObject", resource, reason)
    refused(lambda: read(server, session, filled), 403, "AccessDenied", message)
    iam.attach_role_policy(RoleName=name, PolicyArn="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
    assert read(server, session, filled) == b"bytes"
    # What AWS's console puts to revoke the sessions of a role.
    older = {"DateLessThan": {"aws:TokenIssueTime": "2199-01-01T00:00:00Z"}}
    statement = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": older}
    revoke = json.dumps({"Version": "2012-10-17", "Statement": statement})
    iam.put_role_policy(RoleName=name, PolicyName="AWSRevokeOlderSessions", PolicyDocument=revoke)
    message = denial(session, "s3:GetObject", resource, "with an explicit deny in an identity-based policy")
    refused(lambda: read(server, session, filled), 403, "AccessDenied", message)


def test_sessions_end_with_their_role_and_do_not_come_back(server, role, filled):
    session = assume(server, role)
    assert read(server, session, filled) == b"bytes"
    delete_role(server, role["RoleName"])
    refused(lambda: read(server, session, filled), 403, "InvalidAccessKeyId")
    refused(server.client(session, "sts").get_caller_identity, 403, "InvalidClientTokenId")
    again = new_role(server, role["RoleName"])
    assert again["RoleId"] != role["RoleId"]
    refused(lambda: read(server, session, filled), 403, "InvalidAccessKeyId")
    assert read(server, assume(server, again), filled) == b"bytes"


def test_sessions_end_with_their_user(server, filled):
    iam, name = server.client(OWNER_ROOT, "iam"), f"leaving-{next(_numbers)}"
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="all", PolicyDocument=granting(["s3:*"], "*"))
    sts = json.dumps(
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:*", "Resource": "*"}}
    )
    iam.put_user_policy(UserName=name, PolicyName="sts", PolicyDocument=sts)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    user = type(OWNER_USER)(OWNER_USER.account, name, key["AccessKeyId"], key["SecretAccessKey"])
    sessions = [own_session(server, user), federated(server, user, "bob", Policy=granting("s3:GetObject", "*"))]
    for session in sessions:
        assert read(server, session, filled) == b"bytes"
    # A key that goes does not take the sessions with it; the user does.
    iam.delete_access_key(UserName=name, AccessKeyId=user.access_key)
    for session in sessions:
        assert read(server, session, filled) == b"bytes"
    for policy in ("all", "sts"):
        iam.delete_user_policy(UserName=name, PolicyName=policy)
    for session in sessions:
        refused(lambda: read(server, session, filled), 403, "AccessDenied")
    iam.delete_user(UserName=name)
    for session in sessions:
        refused(lambda: read(server, session, filled), 403, "InvalidAccessKeyId")


def test_managed_session_policies_are_those_of_now(server, role, filled):
    iam = server.client(OWNER_ROOT, "iam")
    document = granting("s3:GetObject", f"{filled}/*")
    made = iam.create_policy(PolicyName=f"limit-{next(_numbers)}", PolicyDocument=document)["Policy"]
    session = assume(server, role, PolicyArns=[{"arn": made["Arn"]}])
    assert read(server, session, filled) == b"bytes"
    other = granting("s3:GetObject", "elsewhere/*")
    iam.create_policy_version(PolicyArn=made["Arn"], PolicyDocument=other, SetAsDefault=True)
    reason = "because no session policy allows the s3:GetObject action"
    message = denial(session, "s3:GetObject", f"arn:aws:s3:::{filled}/k", reason)
    refused(lambda: read(server, session, filled), 403, "AccessDenied", message)


def test_every_gateway_takes_a_session_and_ends_it(postgres, tmp_path):
    database, blobs = postgres.new_database(), f"file://{tmp_path / 'blobs'}"
    env, running = {"BUCKLER_MASTER_KEY": "7b" * 32}, []
    try:
        for name in ("first", "second"):
            (tmp_path / name).mkdir()
            arguments = "--database", database, "--blobs", blobs
            running.append(seeded_server(tmp_path / name, *arguments, env=env).start())
        first, second = running
        root = first.client(OWNER_ROOT)
        root.create_bucket(Bucket="shared-sessions")
        root.put_object(Bucket="shared-sessions", Key="k", Body=b"bytes")
        role = new_role(first)
        session = assume(first, role)
        for _ in range(5):
            for gateway in running:
                assert read(gateway, session, "shared-sessions") == b"bytes"
            first.client(OWNER_ROOT, "iam").delete_role_policy(RoleName=role["RoleName"], PolicyName="read")
            refused(lambda: read(second, session, "shared-sessions"), 403, "AccessDenied")
            second.client(OWNER_ROOT, "iam").put_role_policy(
                RoleName=role["RoleName"], PolicyName="read", PolicyDocument=granting("s3:GetObject", "*")
            )
        delete_role(second, role["RoleName"])
        for gateway in running:
            refused(lambda: read(gateway, session, "shared-sessions"), 403, "InvalidAccessKeyId")
    finally:
        for server in running:
            server.__exit__()
