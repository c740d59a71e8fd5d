"""Object Ownership: the setting, and what switching it does. Facts: authorization.md 5.5, s3-behaviour.md 14."""

import pytest
from botocore.exceptions import ClientError
from harness.acls import canonical_id, document, grants, set_ownership
from harness.callers import ANONYMOUS, OWNER_ROOT, OWNER_USER, STRANGER_ROOT
from harness.expect import DENIED, answered, no_identity_policy, refused
from harness.policies import allow, arn, policy, principal_of
from harness.wire import ask


def ownership(client, bucket):
    rules = client.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
    return [rule["ObjectOwnership"] for rule in rules]


def test_put_get_delete(bucket, owner_root):
    assert ownership(owner_root, bucket) == ["BucketOwnerEnforced"]
    for setting in ("BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced"):
        assert set_ownership(owner_root, bucket, setting)["ResponseMetadata"]["HTTPStatusCode"] == 200
        assert ownership(owner_root, bucket) == [setting]
    for _ in range(2):
        deleted = owner_root.delete_bucket_ownership_controls(Bucket=bucket)
        assert deleted["ResponseMetadata"]["HTTPStatusCode"] == 204
        refused(
            lambda: owner_root.get_bucket_ownership_controls(Bucket=bucket),
            404, "OwnershipControlsNotFoundError", "The bucket ownership controls were not found", BucketName=bucket,
        )  # fmt: skip
    set_ownership(owner_root, bucket, "ObjectWriter")
    assert ownership(owner_root, bucket) == ["ObjectWriter"]


def test_permissions(server, bucket, owner_root):
    calls = {
        "s3:GetBucketOwnershipControls": lambda client: client.get_bucket_ownership_controls(Bucket=bucket),
        "s3:PutBucketOwnershipControls": lambda client: set_ownership(client, bucket, "ObjectWriter"),
    }
    delete = ("s3:PutBucketOwnershipControls", lambda client: client.delete_bucket_ownership_controls(Bucket=bucket))
    for action, call in [*calls.items(), delete]:
        message = no_identity_policy(OWNER_USER, action, arn(bucket))
        refused(lambda: call(server.client(OWNER_USER)), 403, "AccessDenied", message)
        refused(lambda: call(server.client(ANONYMOUS)), 403, "AccessDenied", DENIED)
    owner_root.put_bucket_policy(Bucket=bucket, Policy=policy(allow(principal_of(STRANGER_ROOT), list(calls), bucket)))
    for _, call in [*calls.items(), delete]:
        assert call(server.client(STRANGER_ROOT))["ResponseMetadata"]["HTTPStatusCode"] in (200, 204)


RULE = "<Rule><ObjectOwnership>{}</ObjectOwnership></Rule>"


@pytest.mark.parametrize(("body", "status", "code"), [
    (f"<OwnershipControls>{RULE.format('ObjectWriter')}</OwnershipControls>", 200, None),
    ("", 400, "MissingRequestBodyError"),
    ("<OwnershipControls/>", 400, "MalformedXML"),
    ("<OwnershipControls><Rule/></OwnershipControls>", 400, "MalformedXML"),
    (f"<OwnershipControls>{RULE.format('objectwriter')}</OwnershipControls>", 400, "MalformedXML"),
    (f"<OwnershipControls>{RULE.format('ObjectWriter') * 2}</OwnershipControls>", 400, "MalformedXML"),
    (f"<Ownership>{RULE.format('ObjectWriter')}</Ownership>", 400, "MalformedXML"),
    ("<OwnershipControls>", 400, "MalformedXML"),
])  # fmt: skip
def test_documents(server, bucket, body, status, code):
    answer = ask(server, "PUT", f"/{bucket}?ownershipControls", OWNER_ROOT, body.encode())
    answered(answer, status, code)


def test_switching_gives_and_takes_the_bucket_owners_access(bucket, owner_root, stranger_root):
    def readable(client):
        try:
            client.get_object(Bucket=bucket, Key="k")
        except ClientError as error:
            assert error.response["Error"]["Code"] == "AccessDenied"
            return False
        return True

    owner, stranger = canonical_id(owner_root), canonical_id(stranger_root)
    set_ownership(owner_root, bucket, "ObjectWriter")
    owner_root.put_bucket_acl(Bucket=bucket, ACL="public-read-write")
    stranger_root.put_object(Bucket=bucket, Key="k", Body=b"1")
    assert (readable(owner_root), readable(stranger_root)) == (False, True)
    # Not while the bucket's ACL lets others in.
    refused(
        lambda: set_ownership(owner_root, bucket, "BucketOwnerEnforced"),
        400, "InvalidBucketAclWithObjectOwnership",
        "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting", BucketName=bucket,
    )  # fmt: skip
    assert ownership(owner_root, bucket) == ["ObjectWriter"]
    owner_root.put_bucket_acl(Bucket=bucket, ACL="private")
    set_ownership(owner_root, bucket, "BucketOwnerEnforced")
    assert (readable(owner_root), readable(stranger_root)) == (True, False)
    assert grants(owner_root.get_object_acl(Bucket=bucket, Key="k")) == [owner, (owner, "FULL_CONTROL")]
    owner_root.delete_bucket_ownership_controls(Bucket=bucket)
    assert (readable(owner_root), readable(stranger_root)) == (False, True)
    assert grants(stranger_root.get_object_acl(Bucket=bucket, Key="k")) == [stranger, (stranger, "FULL_CONTROL")]
    set_ownership(owner_root, bucket, "BucketOwnerEnforced")
    assert (readable(owner_root), readable(stranger_root)) == (True, False)


def test_an_owners_partial_grant_is_no_grant_to_others(bucket, owner_root):
    owner = canonical_id(owner_root)
    set_ownership(owner_root, bucket, "ObjectWriter")
    for pairs in ([(owner, "READ")], []):
        owner_root.put_bucket_acl(Bucket=bucket, AccessControlPolicy=document(owner, *pairs))
        set_ownership(owner_root, bucket, "BucketOwnerEnforced")
        set_ownership(owner_root, bucket, "ObjectWriter")
        assert grants(owner_root.get_bucket_acl(Bucket=bucket)) == [owner, *pairs]


def test_without_the_setting_acls_count(server, bucket, owner_root):
    owner_root.delete_bucket_ownership_controls(Bucket=bucket)
    owner_root.put_object(Bucket=bucket, Key="k", Body=b"1", ACL="public-read")
    assert server.client(ANONYMOUS).get_object(Bucket=bucket, Key="k")["Body"].read() == b"1"
    set_ownership(owner_root, bucket, "BucketOwnerEnforced")
    refused(lambda: server.client(ANONYMOUS).get_object(Bucket=bucket, Key="k"), 403, "AccessDenied", DENIED)
