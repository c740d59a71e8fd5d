"""Two gateways on one Postgres: what one of them changes in IAM, the other enforces on the next request."""

import json

import boto3
import botocore.config
import pytest
from harness.callers import OWNER_ACCOUNT, OWNER_ROOT, Caller
from harness.expect import refused
from test_gateways import gateways  # noqa: F401

ALL = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]})


@pytest.fixture
def user(gateways):  # noqa: F811
    iam, name = gateways[0].client(OWNER_ROOT, "iam"), "shared"
    iam.create_user(UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    yield Caller(OWNER_ACCOUNT, name, key["AccessKeyId"], key["SecretAccessKey"])
    iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
    for policy in iam.list_attached_user_policies(UserName=name)["AttachedPolicies"]:
        iam.detach_user_policy(UserName=name, PolicyArn=policy["PolicyArn"])
    iam.delete_user(UserName=name)


def test_changes_through_one_bind_the_other_at_once(gateways, user):  # noqa: F811
    calls = [gateway.client(OWNER_ROOT, "iam") for gateway in gateways]
    reads = [gateway.client(user).list_buckets for gateway in gateways]
    full = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
    for round_number in range(10):
        # Each in turn changes what the other has kept.
        iam, read = calls[round_number % 2], reads[1 - round_number % 2]
        refused(read, 403, "AccessDenied")
        iam.attach_user_policy(UserName=user.user, PolicyArn=full)
        read()
        iam.update_access_key(UserName=user.user, AccessKeyId=user.access_key, Status="Inactive")
        refused(read, 403, "InvalidAccessKeyId")
        iam.update_access_key(UserName=user.user, AccessKeyId=user.access_key, Status="Active")
        read()
        iam.detach_user_policy(UserName=user.user, PolicyArn=full)
        refused(read, 403, "AccessDenied")


def test_a_group_and_a_version_through_one_bind_the_other(gateways, user):  # noqa: F811
    iam, read = gateways[0].client(OWNER_ROOT, "iam"), gateways[1].client(user).list_buckets
    nothing = ALL.replace("Allow", "Deny")
    arn = iam.create_policy(PolicyName="shared", PolicyDocument=ALL)["Policy"]["Arn"]
    iam.create_group(GroupName="shared")
    iam.attach_group_policy(GroupName="shared", PolicyArn=arn)
    refused(read, 403, "AccessDenied")
    iam.add_user_to_group(GroupName="shared", UserName=user.user)
    read()
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=nothing, SetAsDefault=True)
    refused(read, 403, "AccessDenied")
    iam.set_default_policy_version(PolicyArn=arn, VersionId="v1")
    read()
    iam.remove_user_from_group(GroupName="shared", UserName=user.user)
    refused(read, 403, "AccessDenied")
    iam.detach_group_policy(GroupName="shared", PolicyArn=arn)
    iam.delete_group(GroupName="shared")


def test_a_deleted_users_key_is_refused_by_the_other(gateways):  # noqa: F811
    iam, name = gateways[0].client(OWNER_ROOT, "iam"), "short-lived"
    iam.create_user(UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    caller = Caller(OWNER_ACCOUNT, name, key["AccessKeyId"], key["SecretAccessKey"])
    read = gateways[1].client(caller).list_buckets
    refused(read, 403, "AccessDenied")
    iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
    iam.delete_user(UserName=name)
    refused(read, 403, "InvalidAccessKeyId")


def test_a_role_changed_or_deleted_through_one_binds_its_sessions_on_the_other(gateways, user):  # noqa: F811
    iam, name = gateways[0].client(OWNER_ROOT, "iam"), "shared"
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": user.arn}}
    role = iam.create_role(
        RoleName=name, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    )["Role"]
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=ALL)
    assumed = gateways[0].client(user, "sts").assume_role(RoleArn=role["Arn"], RoleSessionName="session")
    session = session_client(gateways[1], assumed["Credentials"])
    session.list_buckets()
    iam.delete_role_policy(RoleName=name, PolicyName="p")
    refused(session.list_buckets, 403, "AccessDenied")
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=ALL)
    session.list_buckets()
    iam.delete_role_policy(RoleName=name, PolicyName="p")
    iam.delete_role(RoleName=name)
    refused(session.list_buckets, 403, "InvalidAccessKeyId")


def session_client(server, credentials):
    return boto3.session.Session().client(
        "s3",
        endpoint_url=server.endpoint,
        region_name="us-east-1",
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
        config=botocore.config.Config(
            signature_version="s3v4", retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}
        ),
    )
