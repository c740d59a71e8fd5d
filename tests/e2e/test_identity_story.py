"""The way of one user through all kinds of policies, with boto3 and with the aws CLI: refused, allowed, bound by a
boundary, and in another account under a session policy. Each step is refused before and allowed after, for its reason."""

import itertools
import json
import os
import pathlib
import re
import subprocess
import sys

import pytest
from botocore.exceptions import ClientError
from harness.callers import OWNER_ROOT, STRANGER_ROOT, Caller
from harness.expect import denial, no_identity_policy
from harness.server import environment
from harness.sessions import granting, in_session

_numbers = itertools.count(1)


class Boto:
    """Calls through boto3."""

    def __init__(self, server, folder):
        self._server = server

    def call(self, caller, service, operation, **parameters):
        method = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in operation).lstrip("_")
        return getattr(self._server.client(caller, service), method)(**parameters)

    def read(self, caller, bucket, key):
        return self.call(caller, "s3", "GetObject", Bucket=bucket, Key=key)["Body"].read()

    def refusal(self, call):
        with pytest.raises(ClientError) as raised:
            call()
        error = raised.value.response["Error"]
        return error["Code"], error["Message"]


class CommandFailed(Exception):
    """What the CLI wrote when it ended with an error."""


class Cli:
    """Calls through the aws CLI, with the same parameters."""

    def __init__(self, server, folder):
        self._server = server
        self._folder = folder

    def call(self, caller, service, operation, **parameters):
        command = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in operation).lstrip("-")
        service = {"s3": "s3api"}.get(service, service)
        return self._run(caller, service, command, "--cli-input-json", json.dumps(parameters))

    def read(self, caller, bucket, key):
        self._run(caller, "s3api", "get-object", "--bucket", bucket, "--key", key, "got")
        return (self._folder / "got").read_bytes()

    def _run(self, caller, *arguments):
        variables = {
            "PATH": f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}",
            "AWS_ACCESS_KEY_ID": caller.access_key,
            "AWS_SECRET_ACCESS_KEY": caller.secret_key,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": self._server.endpoint,
            "AWS_MAX_ATTEMPTS": "1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        if caller.session_token:
            variables["AWS_SESSION_TOKEN"] = caller.session_token
        done = subprocess.run(
            ["aws", "--output", "json", *arguments],
            env=environment(self._folder, variables), cwd=self._folder, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        if done.returncode:
            raise CommandFailed(done.stderr.strip())
        return json.loads(done.stdout) if done.stdout.strip() else {}

    def refusal(self, call):
        with pytest.raises(CommandFailed) as raised:
            call()
        told = re.search(r"An error occurred \((\w+)\) when calling the \w+ operation: (.*)", str(raised.value))
        assert told, raised.value
        return told.groups()


@pytest.fixture(params=[Boto, Cli], ids=["boto3", "cli"])
def client(request, server, tmp_path):
    return request.param(server, tmp_path)


def test_a_user_on_the_way_through_all_kinds_of_policies(client, bucket):
    home, abroad = OWNER_ROOT.account, STRANGER_ROOT.account
    name = f"story-{next(_numbers)}"
    far = f"{bucket}-abroad"
    object_arn, far_arn = f"arn:aws:s3:::{bucket}/k", f"arn:aws:s3:::{far}/k"
    root = lambda service, operation, **parameters: client.call(OWNER_ROOT, service, operation, **parameters)
    there = lambda service, operation, **parameters: client.call(STRANGER_ROOT, service, operation, **parameters)
    root("s3", "PutObject", Bucket=bucket, Key="k")
    there("s3", "CreateBucket", Bucket=far)
    there("s3", "PutObject", Bucket=far, Key="k")

    # A new user may nothing, until an inline policy allows it.
    root("iam", "CreateUser", UserName=name)
    key = root("iam", "CreateAccessKey", UserName=name)["AccessKey"]
    user = Caller(home, name, key["AccessKeyId"], key["SecretAccessKey"])
    read = lambda: client.read(user, bucket, "k")
    refused = lambda call, reason: client.refusal(call) == ("AccessDenied", reason)
    assert refused(read, no_identity_policy(user, "s3:GetObject", object_arn))
    root("iam", "PutUserPolicy", UserName=name, PolicyName="read", PolicyDocument=granting("s3:*", f"{bucket}/*"))
    assert read() == b""

    # A boundary binds, however much the policy allows.
    boundary = root("iam", "CreatePolicy", PolicyName=f"{name}-fence", PolicyDocument=granting("s3:PutObject", "*/*"))
    fence = boundary["Policy"]["Arn"]
    root("iam", "PutUserPermissionsBoundary", UserName=name, PermissionsBoundary=fence)
    reason = "because no permissions boundary allows the s3:GetObject action"
    assert refused(read, denial(user, "s3:GetObject", object_arn, reason))
    root("iam", "DeleteUserPermissionsBoundary", UserName=name)
    assert read() == b""

    # A role of another account: both sides have to agree.
    role = f"arn:aws:iam::{abroad}:role/{name}"
    trust = {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"AWS": user.arn}, "Action": "sts:AssumeRole"},
    }
    session = {"RoleArn": role, "RoleSessionName": "story"}
    assume = lambda **more: client.call(user, "sts", "AssumeRole", **session, **more)
    not_allowed = f"User: {user.arn} is not authorized to perform: sts:AssumeRole on resource: {role}"
    assert refused(assume, not_allowed)
    may_assume = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": role},
        }
    )
    root("iam", "PutUserPolicy", UserName=name, PolicyName="assume", PolicyDocument=may_assume)
    assert refused(assume, not_allowed)
    there("iam", "CreateRole", RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
    answer = assume()
    arn = f"arn:aws:sts::{abroad}:assumed-role/{name}/story"
    assert answer["AssumedRoleUser"]["Arn"] == arn

    # The session has what the role has, and less under a session policy.
    worker = in_session(answer, abroad, arn)
    assert refused(lambda: client.read(worker, far, "k"), no_identity_policy(worker, "s3:GetObject", far_arn))
    there("iam", "PutRolePolicy", RoleName=name, PolicyName="read", PolicyDocument=granting("s3:*", f"{far}/*"))
    assert client.read(worker, far, "k") == b""
    narrow = in_session(assume(Policy=granting("s3:PutObject", f"{far}/*")), abroad, arn)
    reason = "because no session policy allows the s3:GetObject action"
    assert refused(lambda: client.read(narrow, far, "k"), denial(narrow, "s3:GetObject", far_arn, reason))
    wide = in_session(assume(Policy=granting("s3:GetObject", f"{far}/*")), abroad, arn)
    assert client.read(wide, far, "k") == b""
    assert client.call(wide, "sts", "GetCallerIdentity")["Arn"] == arn

    # What is taken away ends at once, also for sessions that are there.
    there("iam", "DeleteRolePolicy", RoleName=name, PolicyName="read")
    assert refused(lambda: client.read(wide, far, "k"), no_identity_policy(wide, "s3:GetObject", far_arn))
    root("iam", "DeleteUserPolicy", UserName=name, PolicyName="assume")
    assert refused(assume, not_allowed)
