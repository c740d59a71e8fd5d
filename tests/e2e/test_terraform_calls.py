"""The calls that Terraform's AWS provider makes for its resources: each is made, read until it is there, read again
without a difference, changed, and destroyed; what was destroyed is not found.

The calls are those that providers of the generations 1 (seen, through Terraform 1.11) to 6 make.
"""

import itertools
import json

import pytest
from harness.callers import OWNER_ROOT
from harness.expect import refused
from harness.sessions import granting

_numbers = itertools.count(1)
READ_ONLY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
DOCUMENT = granting("s3:GetObject", "photos/*")
OTHER = granting("s3:PutObject", "photos/*")
TAGS = [{"Key": "team", "Value": "blue"}]


@pytest.fixture
def iam(server):
    return server.client(OWNER_ROOT, "iam")


@pytest.fixture
def name():
    return f"terraform-{next(_numbers)}"


def settled(read):
    """A refresh finds what the one before found."""
    answers = [read(), read()]
    for answer in answers:
        del answer["ResponseMetadata"]
    assert answers[0] == answers[1]
    return answers[0]


def gone(call):
    refused(call, 404, "NoSuchEntity")


def trust(principal):
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_user_with_force_destroy(iam, name):
    fence = iam.create_policy(PolicyName=f"{name}-fence", PolicyDocument=DOCUMENT)["Policy"]["Arn"]
    iam.create_user(UserName=name, Path="/tf/", PermissionsBoundary=fence, Tags=TAGS)
    user = settled(lambda: iam.get_user(UserName=name))["User"]
    assert user["Path"] == "/tf/" and user["Tags"] == TAGS
    assert settled(lambda: iam.list_user_tags(UserName=name))["Tags"] == TAGS
    other = f"{name}-renamed"
    iam.update_user(UserName=name, NewUserName=other, NewPath="/other/")
    iam.delete_user_permissions_boundary(UserName=other)
    iam.put_user_permissions_boundary(UserName=other, PermissionsBoundary=READ_ONLY)
    iam.untag_user(UserName=other, TagKeys=["team"])
    iam.tag_user(UserName=other, Tags=[{"Key": "desk", "Value": "7"}])
    user = settled(lambda: iam.get_user(UserName=other))["User"]
    assert user["UserId"] and user["Tags"] == [{"Key": "desk", "Value": "7"}]
    gone(lambda: iam.get_user(UserName=name))
    # What `force_destroy` looks for and takes away.
    iam.create_access_key(UserName=other)
    iam.put_user_policy(UserName=other, PolicyName="p", PolicyDocument=DOCUMENT)
    iam.attach_user_policy(UserName=other, PolicyArn=READ_ONLY)
    assert iam.list_groups_for_user(UserName=other)["Groups"] == []
    for key in iam.list_access_keys(UserName=other)["AccessKeyMetadata"]:
        iam.delete_access_key(UserName=other, AccessKeyId=key["AccessKeyId"])
    for policy in iam.list_user_policies(UserName=other)["PolicyNames"]:
        iam.delete_user_policy(UserName=other, PolicyName=policy)
    for policy in iam.list_attached_user_policies(UserName=other)["AttachedPolicies"]:
        iam.detach_user_policy(UserName=other, PolicyArn=policy["PolicyArn"])
    assert iam.list_ssh_public_keys(UserName=other)["SSHPublicKeys"] == []
    assert iam.list_virtual_mfa_devices(AssignmentStatus="Assigned")["VirtualMFADevices"] == []
    assert iam.list_mfa_devices(UserName=other)["MFADevices"] == []
    assert iam.list_signing_certificates(UserName=other)["Certificates"] == []
    assert iam.list_service_specific_credentials(UserName=other)["ServiceSpecificCredentials"] == []
    gone(lambda: iam.get_login_profile(UserName=other))
    gone(lambda: iam.delete_login_profile(UserName=other))
    iam.delete_user(UserName=other)
    gone(lambda: iam.get_user(UserName=other))
    iam.delete_policy(PolicyArn=fence)


def test_access_key(iam, name):
    iam.create_user(UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]["AccessKeyId"]
    keys = settled(lambda: iam.list_access_keys(UserName=name))["AccessKeyMetadata"]
    assert [(one["AccessKeyId"], one["Status"]) for one in keys] == [(key, "Active")]
    assert settled(lambda: iam.get_access_key_last_used(AccessKeyId=key))["UserName"] == name
    iam.update_access_key(UserName=name, AccessKeyId=key, Status="Inactive")
    assert iam.list_access_keys(UserName=name)["AccessKeyMetadata"][0]["Status"] == "Inactive"
    iam.delete_access_key(UserName=name, AccessKeyId=key)
    gone(lambda: iam.delete_access_key(UserName=name, AccessKeyId=key))
    assert iam.list_access_keys(UserName=name)["AccessKeyMetadata"] == []
    iam.delete_user(UserName=name)
    gone(lambda: iam.list_access_keys(UserName=name))


def test_group_and_memberships(iam, name):
    iam.create_group(GroupName=name, Path="/tf/")
    iam.create_user(UserName=name)
    assert settled(lambda: iam.get_group(GroupName=name))["Users"] == []
    iam.add_user_to_group(GroupName=name, UserName=name)
    pages = iam.get_paginator("get_group").paginate(GroupName=name, PaginationConfig={"PageSize": 1})
    assert [user["UserName"] for page in pages for user in page["Users"]] == [name]
    groups = settled(lambda: iam.list_groups_for_user(UserName=name))["Groups"]
    assert [group["GroupName"] for group in groups] == [name]
    other = f"{name}-renamed"
    iam.update_group(GroupName=name, NewGroupName=other, NewPath="/")
    assert settled(lambda: iam.get_group(GroupName=other))["Group"]["Path"] == "/"
    iam.remove_user_from_group(GroupName=other, UserName=name)
    gone(lambda: iam.remove_user_from_group(GroupName=other, UserName=f"{name}-nobody"))
    iam.delete_group(GroupName=other)
    gone(lambda: iam.get_group(GroupName=other))
    iam.delete_user(UserName=name)


def test_policy_and_its_versions(iam, name):
    made = iam.create_policy(PolicyName=name, Path="/tf/", Description="d", PolicyDocument=DOCUMENT, Tags=TAGS)
    arn = made["Policy"]["Arn"]
    policy = settled(lambda: iam.get_policy(PolicyArn=arn))["Policy"]
    assert policy["Description"] == "d" and policy["Tags"] == TAGS and policy["AttachmentCount"] == 0
    version = settled(lambda: iam.get_policy_version(PolicyArn=arn, VersionId=policy["DefaultVersionId"]))
    assert version["PolicyVersion"]["Document"] == json.loads(DOCUMENT)
    assert settled(lambda: iam.list_policy_tags(PolicyArn=arn))["Tags"] == TAGS
    # A change is a new version; the oldest goes when there are five.
    for number in range(6):
        versions = iam.list_policy_versions(PolicyArn=arn)["Versions"]
        if len(versions) == 5:
            oldest = min(
                (one for one in versions if not one["IsDefaultVersion"]), key=lambda one: int(one["VersionId"][1:])
            )
            iam.delete_policy_version(PolicyArn=arn, VersionId=oldest["VersionId"])
        document = OTHER if number % 2 else DOCUMENT
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=document, SetAsDefault=True)
    assert settled(lambda: iam.get_policy(PolicyArn=arn))["Policy"]["DefaultVersionId"] == "v7"
    iam.untag_policy(PolicyArn=arn, TagKeys=["team"])
    iam.tag_policy(PolicyArn=arn, Tags=[{"Key": "desk", "Value": "7"}])
    for one in iam.list_policy_versions(PolicyArn=arn)["Versions"]:
        if not one["IsDefaultVersion"]:
            iam.delete_policy_version(PolicyArn=arn, VersionId=one["VersionId"])
    iam.delete_policy(PolicyArn=arn)
    gone(lambda: iam.get_policy(PolicyArn=arn))


def test_role_with_force_detach(iam, name):
    iam.create_user(UserName=name)
    user = iam.get_user(UserName=name)["User"]["Arn"]
    iam.create_role(
        RoleName=name, Path="/tf/", AssumeRolePolicyDocument=trust(user), Description="d", MaxSessionDuration=7200,
        PermissionsBoundary=READ_ONLY, Tags=TAGS,
    )  # fmt: skip
    role = settled(lambda: iam.get_role(RoleName=name))["Role"]
    assert role["AssumeRolePolicyDocument"] == json.loads(trust(user))
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == READ_ONLY and role["Tags"] == TAGS
    pages = iam.get_paginator("list_role_tags").paginate(RoleName=name, PaginationConfig={"PageSize": 1})
    assert [tag for page in pages for tag in page["Tags"]] == TAGS
    iam.update_assume_role_policy(RoleName=name, PolicyDocument=trust(f"arn:aws:iam::{OWNER_ROOT.account}:root"))
    iam.update_role(RoleName=name, Description="other", MaxSessionDuration=3600)
    iam.update_role_description(RoleName=name, Description="last")
    iam.delete_role_permissions_boundary(RoleName=name)
    iam.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=READ_ONLY)
    iam.untag_role(RoleName=name, TagKeys=["team"])
    iam.tag_role(RoleName=name, Tags=[{"Key": "desk", "Value": "7"}])
    role = settled(lambda: iam.get_role(RoleName=name))["Role"]
    assert (role["Description"], role["MaxSessionDuration"]) == ("last", 3600)
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=DOCUMENT)
    iam.attach_role_policy(RoleName=name, PolicyArn=READ_ONLY)
    assert settled(lambda: iam.get_role_policy(RoleName=name, PolicyName="p"))["PolicyDocument"] == json.loads(DOCUMENT)
    # What destroying looks for and takes away.
    assert iam.list_instance_profiles_for_role(RoleName=name)["InstanceProfiles"] == []
    refused(lambda: iam.delete_role(RoleName=name), 409, "DeleteConflict")
    for policy in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    iam.delete_role(RoleName=name)
    gone(lambda: iam.get_role(RoleName=name))
    gone(lambda: iam.list_instance_profiles_for_role(RoleName=name))
    iam.delete_user(UserName=name)


@pytest.mark.parametrize("kind", ["user", "group", "role"])
def test_inline_policies_and_attachments(iam, name, kind):
    parameter = {f"{kind.title()}Name": name}
    more = {"AssumeRolePolicyDocument": trust("*")} if kind == "role" else {}
    call = lambda verb, what, **rest: getattr(iam, f"{verb}_{kind}{what}")(**parameter, **rest)
    call("create", "", **more)
    for document in (DOCUMENT, OTHER):
        call("put", "_policy", PolicyName="p", PolicyDocument=document)
        found = settled(lambda: call("get", "_policy", PolicyName="p"))
        assert found["PolicyDocument"] == json.loads(document)
    call("delete", "_policy", PolicyName="p")
    gone(lambda: call("get", "_policy", PolicyName="p"))
    listed = lambda: getattr(iam, f"list_attached_{kind}_policies")(**parameter)
    call("attach", "_policy", PolicyArn=READ_ONLY)
    call("attach", "_policy", PolicyArn=READ_ONLY)
    assert [one["PolicyArn"] for one in settled(listed)["AttachedPolicies"]] == [READ_ONLY]
    call("detach", "_policy", PolicyArn=READ_ONLY)
    gone(lambda: call("detach", "_policy", PolicyArn=READ_ONLY))
    assert listed()["AttachedPolicies"] == []
    call("delete", "")


def test_policy_attachment(iam, name):
    """One resource for all to whom a policy is attached."""
    arn = iam.create_policy(PolicyName=name, PolicyDocument=DOCUMENT)["Policy"]["Arn"]
    iam.create_user(UserName=name)
    iam.create_group(GroupName=name)
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust("*"))
    iam.attach_user_policy(UserName=name, PolicyArn=arn)
    iam.attach_group_policy(GroupName=name, PolicyArn=arn)
    iam.attach_role_policy(RoleName=name, PolicyArn=arn)
    found = settled(lambda: iam.list_entities_for_policy(PolicyArn=arn))
    assert [one["UserName"] for one in found["PolicyUsers"]] == [name]
    assert [one["GroupName"] for one in found["PolicyGroups"]] == [name]
    assert [one["RoleName"] for one in found["PolicyRoles"]] == [name]
    refused(lambda: iam.delete_policy(PolicyArn=arn), 409, "DeleteConflict")
    iam.detach_user_policy(UserName=name, PolicyArn=arn)
    iam.detach_group_policy(GroupName=name, PolicyArn=arn)
    iam.detach_role_policy(RoleName=name, PolicyArn=arn)
    found = iam.list_entities_for_policy(PolicyArn=arn)
    assert found["PolicyUsers"] == found["PolicyGroups"] == found["PolicyRoles"] == []
    iam.delete_policy(PolicyArn=arn)
    iam.delete_user(UserName=name)
    iam.delete_group(GroupName=name)
    iam.delete_role(RoleName=name)


def test_openid_connect_provider(iam, name):
    url, thumbprint = f"https://{name}.example/realm", "cf23df2207d99a74fbe169e3eba035e633b65d94"
    made = iam.create_open_id_connect_provider(
        Url=url, ClientIDList=["one"], ThumbprintList=[thumbprint], Tags=TAGS
    )
    arn = made["OpenIDConnectProviderArn"]
    found = settled(lambda: iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn))
    assert found["Url"] == url.removeprefix("https://") and found["ThumbprintList"] == [thumbprint]
    iam.update_open_id_connect_provider_thumbprint(OpenIDConnectProviderArn=arn, ThumbprintList=["0" * 40])
    iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID="two")
    iam.remove_client_id_from_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID="one")
    iam.tag_open_id_connect_provider(OpenIDConnectProviderArn=arn, Tags=[{"Key": "desk", "Value": "7"}])
    iam.untag_open_id_connect_provider(OpenIDConnectProviderArn=arn, TagKeys=["team"])
    found = settled(lambda: iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn))
    assert (found["ClientIDList"], found["ThumbprintList"]) == (["two"], ["0" * 40])
    assert found["Tags"] == [{"Key": "desk", "Value": "7"}]
    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    gone(lambda: iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn))


def test_data_sources(server, iam, name):
    """What configurations look up: who they are, and policies by name and by scope."""
    sts = server.client(OWNER_ROOT, "sts")
    assert settled(sts.get_caller_identity)["Account"] == OWNER_ROOT.account
    assert iam.list_account_aliases()["AccountAliases"] == []
    arn = iam.create_policy(PolicyName=name, Path=f"/{name}/", PolicyDocument=DOCUMENT)["Policy"]["Arn"]
    iam.create_user(UserName=name, PermissionsBoundary=arn)
    iam.attach_user_policy(UserName=name, PolicyArn=READ_ONLY)

    def listed(**parameters):
        pages = iam.get_paginator("list_policies").paginate(PaginationConfig={"PageSize": 2}, **parameters)
        return [policy["Arn"] for page in pages for policy in page["Policies"]]

    everything = listed()
    assert arn in everything and READ_ONLY in everything and len(everything) == len(set(everything))
    of_aws = listed(Scope="AWS")
    assert READ_ONLY in of_aws and all(one.startswith("arn:aws:iam::aws:policy/") for one in of_aws)
    local = listed(Scope="Local")
    assert arn in local and sorted(of_aws + local) == sorted(everything)
    assert listed(PathPrefix=f"/{name}/") == [arn]
    attached = listed(OnlyAttached=True)
    assert READ_ONLY in attached and arn not in attached
    assert arn in listed(PolicyUsageFilter="PermissionsBoundary")
    assert arn not in listed(PolicyUsageFilter="PermissionsPolicy")
    iam.detach_user_policy(UserName=name, PolicyArn=READ_ONLY)
    iam.delete_user(UserName=name)
    iam.delete_policy(PolicyArn=arn)
