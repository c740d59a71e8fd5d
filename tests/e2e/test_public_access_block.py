"""Block Public Access: its four flags, and what counts as a public policy."""

import pytest
from harness.callers import ANONYMOUS, OWNER_ADMIN, OWNER_ROOT, OWNER_USER, STRANGER_ROOT
from harness.expect import DENIED, denial, no_identity_policy, refused
from harness.policies import allow, arn, deny, policy, principal_of

FLAGS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
ALL_ON = dict.fromkeys(FLAGS, True)


def set_flags(client, bucket, *on):
    flags = {flag: flag in on for flag in FLAGS}
    return client.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=flags)


def test_new_buckets_have_all_four_flags(closed_bucket, owner_root):
    got = owner_root.get_public_access_block(Bucket=closed_bucket)
    assert got["PublicAccessBlockConfiguration"] == ALL_ON


def test_put_get_delete(bucket, owner_root):
    refused(
        lambda: owner_root.get_public_access_block(Bucket=bucket),
        404, "NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found",
        BucketName=bucket,
    )  # fmt: skip
    put = set_flags(owner_root, bucket, "BlockPublicPolicy")
    assert put["ResponseMetadata"]["HTTPStatusCode"] == 200
    got = owner_root.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert got == {**dict.fromkeys(FLAGS, False), "BlockPublicPolicy": True}
    for _ in range(2):
        deleted = owner_root.delete_public_access_block(Bucket=bucket)
        assert deleted["ResponseMetadata"]["HTTPStatusCode"] == 204


def test_permissions(server, bucket, owner_root):
    calls = {
        "s3:GetBucketPublicAccessBlock": lambda client: client.get_public_access_block(Bucket=bucket),
        "s3:PutBucketPublicAccessBlock": lambda client: set_flags(client, bucket),
    }
    for action, call in [*calls.items(), ("s3:PutBucketPublicAccessBlock", lambda client: client.delete_public_access_block(Bucket=bucket))]:
        message = no_identity_policy(OWNER_USER, action, arn(bucket))
        refused(lambda: call(server.client(OWNER_USER)), 403, "AccessDenied", message)
        refused(lambda: call(server.client(ANONYMOUS)), 403, "AccessDenied", DENIED)
    set_flags(owner_root, bucket)
    owner_root.put_bucket_policy(Bucket=bucket, Policy=policy(allow(principal_of(STRANGER_ROOT), list(calls), bucket)))
    for call in calls.values():
        assert call(server.client(STRANGER_ROOT))["ResponseMetadata"]["HTTPStatusCode"] == 200


PUBLIC_MESSAGE = "because public policies are blocked by the BlockPublicPolicy block public access setting."


@pytest.mark.parametrize("caller", [OWNER_ROOT, OWNER_ADMIN])
def test_block_public_policy_refuses_a_public_policy_even_of_root(server, bucket, owner_root, caller):
    set_flags(owner_root, bucket, "BlockPublicPolicy")
    public = policy(allow("*", "s3:GetObject", f"{bucket}/*"))
    message = denial(caller, "s3:PutBucketPolicy", arn(bucket), PUBLIC_MESSAGE)
    refused(lambda: server.client(caller).put_bucket_policy(Bucket=bucket, Policy=public), 403, "AccessDenied", message)
    refused(lambda: owner_root.get_bucket_policy(Bucket=bucket), 404, "NoSuchBucketPolicy")
    private = policy(allow(principal_of(STRANGER_ROOT), "s3:GetObject", f"{bucket}/*"))
    server.client(caller).put_bucket_policy(Bucket=bucket, Policy=private)


def test_block_public_policy_leaves_a_stored_policy(bucket, owner_root, anonymous):
    owner_root.put_object(Bucket=bucket, Key="k", Body=b"bytes")
    owner_root.put_bucket_policy(Bucket=bucket, Policy=policy(allow("*", "s3:GetObject", f"{bucket}/*")))
    set_flags(owner_root, bucket, "BlockPublicPolicy", "BlockPublicAcls", "IgnorePublicAcls")
    assert anonymous.get_object(Bucket=bucket, Key="k")["Body"].read() == b"bytes"


def test_restrict_public_buckets_cuts_everyone_outside_the_account(
    bucket, owner_root, owner_user, stranger_root, anonymous
):
    owner_root.put_object(Bucket=bucket, Key="k", Body=b"bytes")
    public = allow("*", "s3:GetObject", f"{bucket}/*")
    named = allow(principal_of(STRANGER_ROOT), "s3:GetObject", f"{bucket}/*")
    owner_root.put_bucket_policy(Bucket=bucket, Policy=policy(public, named))
    set_flags(owner_root, bucket, "RestrictPublicBuckets")
    for client in (stranger_root, anonymous):
        refused(lambda: client.get_object(Bucket=bucket, Key="k"), 403, "AccessDenied", DENIED)
    assert owner_user.get_object(Bucket=bucket, Key="k")["Body"].read() == b"bytes"
    owner_root.put_bucket_policy(Bucket=bucket, Policy=policy(named))
    assert stranger_root.get_object(Bucket=bucket, Key="k")["Body"].read() == b"bytes"
    owner_root.put_bucket_policy(Bucket=bucket, Policy=policy(public))
    owner_root.delete_public_access_block(Bucket=bucket)
    assert anonymous.get_object(Bucket=bucket, Key="k")["Body"].read() == b"bytes"


@pytest.mark.parametrize(
    "condition, public",
    [
        (None, True),
        ({"IpAddress": {"aws:SourceIp": "11.0.0.0/8"}}, False),
        ({"IpAddress": {"aws:SourceIp": "10.0.0.0/32"}}, False),
        ({"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}, True),
        ({"IpAddress": {"aws:SourceIp": "11.0.0.0/7"}}, True),
        ({"IpAddress": {"aws:SourceIp": ["10.1.0.0/16", "11.0.0.0/7"]}}, True),
        ({"IpAddress": {"aws:SourceIp": "fd00::/8"}}, True),
        ({"IpAddress": {"aws:SourceIp": "fd00:1234::/32"}}, False),
        ({"ForAnyValue:IpAddress": {"aws:SourceIp": "10.0.0.0/32"}}, False),
        ({"ForAllValues:IpAddress": {"aws:SourceIp": "10.0.0.0/32"}}, True),
        ({"IpAddressIfExists": {"aws:SourceIp": "10.0.0.0/32"}}, True),
        ({"NotIpAddress": {"aws:SourceIp": "10.0.0.0/32"}}, True),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-1234567890"}}, False),
        ({"StringEquals": {"aws:PrincipalAccount": "222222222222"}}, False),
        ({"StringLike": {"aws:PrincipalArn": "arn:aws:iam::222222222222:user/*"}}, True),
        ({"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::222222222222:user/x"}}, False),
        ({"StringEquals": {"aws:Referer": "https://example.com/"}}, True),
        ({"Bool": {"aws:SecureTransport": "true"}}, True),
    ],
    ids=str,
)
def test_what_is_public(bucket, owner_root, condition, public):
    members = {"Condition": condition} if condition else {}
    granted = policy(allow("*", "s3:GetObject", f"{bucket}/*", **members))
    owner_root.put_bucket_policy(Bucket=bucket, Policy=granted)
    assert owner_root.get_bucket_policy_status(Bucket=bucket)["PolicyStatus"] == {"IsPublic": public}


def test_deny_never_makes_a_policy_public_and_one_public_statement_does(bucket, owner_root):
    named = allow(principal_of(STRANGER_ROOT), "s3:GetObject", f"{bucket}/*")
    for statements, public in (
        ([deny("*", "s3:GetObject", f"{bucket}/*")], False),
        ([named, deny("*", "s3:PutObject", f"{bucket}/*")], False),
        ([named, allow({"AWS": "*"}, "s3:ListBucket", bucket)], True),
    ):
        owner_root.put_bucket_policy(Bucket=bucket, Policy=policy(*statements))
        assert owner_root.get_bucket_policy_status(Bucket=bucket)["PolicyStatus"] == {"IsPublic": public}
