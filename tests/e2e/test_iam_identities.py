"""Users, keys, groups and policies made over IAM's API govern S3 on the next request."""

import itertools
import json

import boto3
import botocore.config
import pytest
from harness.callers import OWNER_ACCOUNT, OWNER_ROOT, STRANGER_ROOT, Caller
from harness.expect import no_identity_policy, refused
from harness.policies import principal_of

_numbers = itertools.count(1)
SECOND = "v2"


def document(effect="Allow", action="s3:*", resource="*", **members):
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": effect, "Action": action, "Resource": resource, **members}],
        }
    )


@pytest.fixture
def iam(server):
    return server.client(OWNER_ROOT, "iam")


@pytest.fixture
def user(server, iam):
    """A new user with a key, as a caller."""
    name = f"user-{next(_numbers)}"
    iam.create_user(UserName=name, Path="/made/")
    return with_key(iam, name, "made/")


def with_key(iam, name, path=""):
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return Caller(OWNER_ACCOUNT, path + name, key["AccessKeyId"], key["SecretAccessKey"])


def name_of(user):
    return user.user.rsplit("/", 1)[-1]


def put(server, user, bucket):
    return server.client(user).put_object(Bucket=bucket, Key="k", Body=b"bytes")


def put_is_refused(server, user, bucket, message=None):
    message = message or no_identity_policy(user, "s3:PutObject", f"arn:aws:s3:::{bucket}/k")
    refused(lambda: put(server, user, bucket), 403, "AccessDenied", message)


def test_a_new_user_may_nothing_until_an_inline_policy_allows(server, iam, user, bucket):
    put_is_refused(server, user, bucket)
    iam.put_user_policy(UserName=name_of(user), PolicyName="p", PolicyDocument=document())
    put(server, user, bucket)
    iam.delete_user_policy(UserName=name_of(user), PolicyName="p")
    put_is_refused(server, user, bucket)


def test_a_user_has_what_its_groups_have(server, iam, user, bucket):
    group = f"group-{next(_numbers)}"
    iam.create_group(GroupName=group)
    iam.put_group_policy(GroupName=group, PolicyName="p", PolicyDocument=document())
    put_is_refused(server, user, bucket)
    iam.add_user_to_group(GroupName=group, UserName=name_of(user))
    put(server, user, bucket)
    iam.remove_user_from_group(GroupName=group, UserName=name_of(user))
    put_is_refused(server, user, bucket)
    iam.delete_group_policy(GroupName=group, PolicyName="p")
    iam.delete_group(GroupName=group)


def test_the_default_version_of_a_managed_policy_counts(server, iam, user, bucket):
    policy = f"policy-{next(_numbers)}"
    arn = iam.create_policy(PolicyName=policy, PolicyDocument=document(action="s3:GetObject"))["Policy"]["Arn"]
    iam.attach_user_policy(UserName=name_of(user), PolicyArn=arn)
    put_is_refused(server, user, bucket)
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=document())
    put_is_refused(server, user, bucket)
    iam.set_default_policy_version(PolicyArn=arn, VersionId=SECOND)
    put(server, user, bucket)
    iam.set_default_policy_version(PolicyArn=arn, VersionId="v1")
    put_is_refused(server, user, bucket)
    refused(lambda: iam.delete_policy(PolicyArn=arn), 409, "DeleteConflict")
    iam.detach_user_policy(UserName=name_of(user), PolicyArn=arn)
    iam.delete_policy_version(PolicyArn=arn, VersionId=SECOND)
    iam.delete_policy(PolicyArn=arn)


def test_a_boundary_binds(server, iam, user, bucket):
    policy = f"boundary-{next(_numbers)}"
    arn = iam.create_policy(PolicyName=policy, PolicyDocument=document(action="s3:GetObject"))["Policy"]["Arn"]
    iam.put_user_policy(UserName=name_of(user), PolicyName="p", PolicyDocument=document())
    iam.put_user_permissions_boundary(UserName=name_of(user), PermissionsBoundary=arn)
    assert iam.get_user(UserName=name_of(user))["User"]["PermissionsBoundary"]["PermissionsBoundaryArn"] == arn
    put_is_refused(
        server,
        user,
        bucket,
        f"User: {user.arn} is not authorized to perform: s3:PutObject on resource: "
        f'"arn:aws:s3:::{bucket}/k" because no permissions boundary allows the s3:PutObject action',
    )
    iam.delete_user_permissions_boundary(UserName=name_of(user))
    put(server, user, bucket)


def test_a_deactivated_or_deleted_key_is_refused(server, iam, user, bucket):
    iam.attach_user_policy(UserName=name_of(user), PolicyArn="arn:aws:iam::aws:policy/AmazonS3FullAccess")
    put(server, user, bucket)
    key = {"UserName": name_of(user), "AccessKeyId": user.access_key}
    iam.update_access_key(**key, Status="Inactive")
    refused(lambda: put(server, user, bucket), 403, "InvalidAccessKeyId")
    refused(
        lambda: server.client(user, "iam").get_user(),
        403,
        "InvalidClientTokenId",
        "The security token included in the request is invalid.",
    )
    iam.update_access_key(**key, Status="Active")
    put(server, user, bucket)
    used = iam.get_access_key_last_used(AccessKeyId=user.access_key)
    assert used["UserName"] == name_of(user)
    assert used["AccessKeyLastUsed"]["ServiceName"] == "s3"
    iam.delete_access_key(**key)
    refused(lambda: put(server, user, bucket), 403, "InvalidAccessKeyId")


def test_a_user_made_again_does_not_regain_access(server, iam, user, bucket, owner_root):
    name = name_of(user)
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": principal_of(user),
                "Action": "s3:PutObject",
                "Resource": f"arn:aws:s3:::{bucket}/*",
            }
        ],
    }
    owner_root.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
    put(server, user, bucket)
    unique_id = iam.get_user(UserName=name)["User"]["UserId"]
    iam.delete_access_key(UserName=name, AccessKeyId=user.access_key)
    iam.delete_user(UserName=name)
    iam.create_user(UserName=name, Path="/made/")
    again = with_key(iam, name, "made/")
    put_is_refused(server, again, bucket)
    stored = json.loads(owner_root.get_bucket_policy(Bucket=bucket)["Policy"])
    assert stored["Statement"][0]["Principal"] == {"AWS": unique_id}


def test_tags_of_the_user_are_condition_keys(server, iam, user, bucket):
    condition = {"StringEquals": {"aws:PrincipalTag/team": "blue"}}
    iam.put_user_policy(UserName=name_of(user), PolicyName="p", PolicyDocument=document(Condition=condition))
    put_is_refused(server, user, bucket)
    iam.tag_user(UserName=name_of(user), Tags=[{"Key": "Team", "Value": "blue"}])
    put(server, user, bucket)
    iam.untag_user(UserName=name_of(user), TagKeys=["team"])
    put_is_refused(server, user, bucket)


def test_calls_are_authorised_themselves(server, iam, user):
    own = server.client(user, "iam")
    refused(
        lambda: own.create_user(UserName="x"),
        403,
        "AccessDenied",
        f"User: {user.arn} is not authorized to perform: iam:CreateUser on resource: "
        f"arn:aws:iam::{OWNER_ACCOUNT}:user/x because no identity-based policy allows the iam:CreateUser action",
    )
    refused(
        lambda: own.get_user(),
        403,
        "AccessDenied",
        f"User: {user.arn} is not authorized to perform: iam:GetUser on resource: user {name_of(user)} "
        "because no identity-based policy allows the iam:GetUser action",
    )
    # Who may attach one policy may not attach another.
    only = {"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}}
    grant = document(action="iam:AttachUserPolicy", Condition=only)
    iam.put_user_policy(UserName=name_of(user), PolicyName="p", PolicyDocument=grant)
    attach = lambda name: own.attach_user_policy(
        UserName=name_of(user), PolicyArn=f"arn:aws:iam::aws:policy/{name}"
    )
    refused(lambda: attach("AdministratorAccess"), 403, "AccessDenied")
    attach("AmazonS3ReadOnlyAccess")


def test_users_are_made_only_with_a_boundary_where_a_policy_says_so(server, iam, user):
    arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    bounded = {"StringEquals": {"iam:PermissionsBoundary": arn}}
    grant = document(action="iam:CreateUser", Condition=bounded)
    iam.put_user_policy(UserName=name_of(user), PolicyName="p", PolicyDocument=grant)
    own, name = server.client(user, "iam"), f"bounded-{next(_numbers)}"
    refused(lambda: own.create_user(UserName=name), 403, "AccessDenied")
    own.create_user(UserName=name, PermissionsBoundary=arn)


def test_nobody_reaches_another_account(server, iam, user):
    other = server.client(STRANGER_ROOT, "iam")
    refused(
        lambda: other.get_user(UserName=name_of(user)),
        404,
        "NoSuchEntity",
        f"The user with name {name_of(user)} cannot be found.",
    )
    arn = iam.create_policy(PolicyName=f"policy-{next(_numbers)}", PolicyDocument=document())["Policy"]["Arn"]
    refused(lambda: other.get_policy(PolicyArn=arn), 404, "NoSuchEntity", f"Policy {arn} was not found.")
    refused(
        lambda: other.get_access_key_last_used(AccessKeyId=user.access_key),
        404,
        "NoSuchEntity",
    )


def test_a_role_lives_and_ends(iam, user):
    name = f"role-{next(_numbers)}"
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": user.arn}}],
    }
    role = iam.create_role(
        RoleName=name,
        Path="/service/",
        AssumeRolePolicyDocument=json.dumps(trust),
        MaxSessionDuration=7200,
        Tags=[{"Key": "team", "Value": "blue"}],
    )["Role"]
    assert role["Arn"] == f"arn:aws:iam::{OWNER_ACCOUNT}:role/service/{name}"
    assert role["RoleId"].startswith("AROA") and role["MaxSessionDuration"] == 7200
    assert iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"] == trust
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=document())
    iam.attach_role_policy(RoleName=name, PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    refused(
        lambda: iam.delete_role(RoleName=name),
        409,
        "DeleteConflict",
        "Cannot delete entity, must detach all policies first.",
    )
    iam.detach_role_policy(RoleName=name, PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    iam.delete_role_policy(RoleName=name, PolicyName="p")
    assert iam.list_instance_profiles_for_role(RoleName=name)["InstanceProfiles"] == []
    refused(
        lambda: iam.update_assume_role_policy(RoleName=name, PolicyDocument="nonsense"),
        400,
        "MalformedPolicyDocument",
        "This policy contains invalid Json",
    )
    nobody = json.dumps({**trust, "Statement": [{**trust["Statement"][0], "Principal": {"AWS": user.arn + "x"}}]})
    refused(
        lambda: iam.update_assume_role_policy(RoleName=name, PolicyDocument=nobody), 400, "MalformedPolicyDocument"
    )
    iam.delete_role(RoleName=name)
    refused(lambda: iam.get_role(RoleName=name), 404, "NoSuchEntity", f"The role with name {name} cannot be found.")


def test_pages_hold_what_they_are_asked_to(iam):
    path = f"/pages-{next(_numbers)}/"
    names = [f"page-{path.strip('/')}-{number}" for number in range(5)]
    for name in names:
        iam.create_user(UserName=name, Path=path)
    pages = list(iam.get_paginator("list_users").paginate(PathPrefix=path, PaginationConfig={"PageSize": 2}))
    assert [[one["UserName"] for one in page["Users"]] for page in pages] == [names[:2], names[2:4], names[4:]]
    details = iam.get_paginator("get_account_authorization_details").paginate(
        Filter=["User"], PaginationConfig={"PageSize": 3}
    )
    found = [one["UserName"] for page in details for one in page["UserDetailList"]]
    assert set(names) <= set(found) and len(found) == len(set(found))


def test_the_simulator_answers_like_requests(server, iam, user, bucket):
    iam.put_user_policy(
        UserName=name_of(user),
        PolicyName="p",
        PolicyDocument=document(action="s3:PutObject", Condition={"Bool": {"aws:SecureTransport": "false"}}),
    )
    put(server, user, bucket)
    resource = f"arn:aws:s3:::{bucket}/k"

    def simulate(**more):
        answer = iam.simulate_principal_policy(
            PolicySourceArn=user.arn, ActionNames=["s3:PutObject", "s3:GetObject"], ResourceArns=[resource], **more
        )
        return [(one["EvalDecision"], one["MissingContextValues"]) for one in answer["EvaluationResults"]]

    assert simulate() == [("implicitDeny", ["aws:SecureTransport"])] * 2
    plain = {"ContextKeyName": "aws:SecureTransport", "ContextKeyType": "boolean", "ContextKeyValues": ["false"]}
    assert simulate(ContextEntries=[plain]) == [("allowed", []), ("implicitDeny", [])]
    boundary = document(action="s3:GetObject")
    bound = iam.simulate_principal_policy(
        PolicySourceArn=user.arn,
        ActionNames=["s3:PutObject"],
        ResourceArns=[resource],
        ContextEntries=[plain],
        PermissionsBoundaryPolicyInputList=[boundary],
    )["EvaluationResults"][0]
    assert bound["EvalDecision"] == "implicitDeny"
    assert bound["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}
    keys = iam.get_context_keys_for_principal_policy(PolicySourceArn=user.arn)["ContextKeyNames"]
    assert keys == ["aws:SecureTransport"]


def test_a_resource_policy_takes_part_in_a_simulation(iam):
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{OWNER_ACCOUNT}:user/somebody"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::photos/*",
    }

    def decide(owner, *policies):
        return iam.simulate_custom_policy(
            PolicyInputList=list(policies) or [document("Allow", "iam:GetUser")],
            ActionNames=["s3:GetObject"],
            ResourceArns=["arn:aws:s3:::photos/cat.jpg"],
            ResourcePolicy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
            ResourceOwner=f"arn:aws:iam::{owner}:root",
            CallerArn=f"arn:aws:iam::{OWNER_ACCOUNT}:user/somebody",
        )["EvaluationResults"][0]["EvalDecision"]

    assert decide(OWNER_ACCOUNT) == "allowed"
    # Across accounts both sides have to allow.
    assert decide("999999999999") == "implicitDeny"
    assert decide("999999999999", document()) == "allowed"


def test_matched_statements_are_told_with_their_places(iam, user):
    """As recorded: a statement begins behind what stands before it; a resource policy comes first."""
    role_policy = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}'
    statement = '{"Effect":"Deny","Principal":"*","Action":"s3:DeleteObject","Resource":"arn:aws:s3:::photos/*"}'
    other = statement.replace("Delete", "Put")
    resource_policy = f'{{"Version":"2012-10-17","Statement":[\n  {other},\n  {statement}]}}'
    resource = "arn:aws:s3:::photos/cat.jpg"

    def result(**parameters):
        parameters = {"PolicyInputList": [role_policy], "ActionNames": ["s3:DeleteObject"]} | parameters
        return iam.simulate_custom_policy(**parameters)["EvaluationResults"][0]

    found = result(ResourceArns=[resource], ResourcePolicy=resource_policy, CallerArn=user.arn)
    of_resource, of_role = found["MatchedStatements"]
    assert of_resource == {
        "SourcePolicyId": "ResourcePolicy",
        "SourcePolicyType": "Resource Policy",
        "StartPosition": {"Line": 2, "Column": 3 + len(other)},
        "EndPosition": {"Line": 3, "Column": 3 + len(statement)},
    }
    assert of_role == {
        "SourcePolicyId": "PolicyInputList.1",
        "SourcePolicyType": "IAM Policy",
        "StartPosition": {"Line": 1, "Column": 41},
        "EndPosition": {"Line": 1, "Column": len(role_policy) - 1},
    }
    assert found["ResourceSpecificResults"] == [
        {
            "EvalResourceName": resource,
            "EvalResourceDecision": "explicitDeny",
            "MatchedStatements": [of_resource, of_role],
            "MissingContextValues": [],
        }
    ]
    iam.put_user_policy(UserName=name_of(user), PolicyName="p", PolicyDocument=role_policy)
    stored = iam.simulate_principal_policy(PolicySourceArn=user.arn, ActionNames=["s3:DeleteObject"])
    found = stored["EvaluationResults"][0]
    assert found["MatchedStatements"] == [of_role | {"SourcePolicyId": f"user_{name_of(user)}_p"}]
    assert "ResourceSpecificResults" not in found


def test_faults_have_awss_words(iam, user):
    name = name_of(user)
    refused(
        lambda: iam.create_user(UserName=name.upper()),
        409,
        "EntityAlreadyExists",
        f"User with name {name.upper()} already exists.",
    )
    refused(
        lambda: iam.delete_user(UserName=name),
        409,
        "DeleteConflict",
        "Cannot delete entity, must delete access keys first.",
    )
    refused(
        lambda: iam.attach_user_policy(UserName=name, PolicyArn="arn:aws:iam::aws:policy/Nope"),
        404,
        "NoSuchEntity",
        "Policy arn:aws:iam::aws:policy/Nope does not exist or is not attachable.",
    )
    refused(
        lambda: iam.detach_user_policy(UserName=name, PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess"),
        404,
        "NoSuchEntity",
        "Policy arn:aws:iam::aws:policy/ReadOnlyAccess was not found.",
    )
    refused(
        lambda: iam.get_policy(PolicyArn="this-is-no-arn-of-anything"),
        400,
        "ValidationError",
        "Invalid ARN:  Could not be parsed!",
    )
    refused(
        lambda: iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=document() + " x"),
        400,
        "MalformedPolicyDocument",
        "Syntax errors in policy.",
    )
    refused(
        lambda: iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=document(Sid="x" * 2048)),
        409,
        "LimitExceeded",
        f"Maximum policy size of 2048 bytes exceeded for user {name}",
    )
    with_key(iam, name)
    refused(
        lambda: iam.create_access_key(UserName=name),
        409,
        "LimitExceeded",
        "Cannot exceed quota for AccessKeysPerUser: 2",
    )
    refused(lambda: iam.create_instance_profile(InstanceProfileName="x"), 501, "NotImplemented")


def test_an_alias_comes_and_goes(iam):
    alias = f"alias-{next(_numbers)}"
    iam.create_account_alias(AccountAlias=alias)
    assert iam.list_account_aliases()["AccountAliases"] == [alias]
    iam.delete_account_alias(AccountAlias=alias)
    assert iam.list_account_aliases()["AccountAliases"] == []


def test_a_client_of_any_region_is_served(server):
    client = boto3.session.Session().client(
        "iam",
        endpoint_url=server.endpoint,
        region_name="eu-west-1",
        aws_access_key_id=OWNER_ROOT.access_key,
        aws_secret_access_key=OWNER_ROOT.secret_key,
        config=botocore.config.Config(retries={"total_max_attempts": 1}),
    )
    assert client.get_account_summary()["SummaryMap"]["AccessKeysPerUserQuota"] == 2
