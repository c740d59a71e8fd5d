"""ACLs: what each grants to whom, where they count. Facts: authorization.md 5.5 to 5.7, s3-behaviour.md 14."""

import pytest
import urllib3
from botocore.exceptions import ClientError
from harness.acls import (
    ALL_USERS,
    ANONYMOUS_ID,
    AUTHENTICATED_USERS,
    EC2_ID,
    LOG_DELIVERY,
    canonical_id,
    document,
    grants,
    set_ownership,
)
from harness.callers import (
    ANONYMOUS,
    OWNER_ADMIN,
    OWNER_ROOT,
    OWNER_USER,
    STRANGER_ADMIN,
    STRANGER_ROOT,
    STRANGER_USER,
)
from harness.expect import DENIED, denial, no_identity_policy, refused
from harness.policies import allow, arn, deny, policy, principal_of

FOREIGN = (STRANGER_ROOT, STRANGER_ADMIN, STRANGER_USER, ANONYMOUS)
EVERYBODY = {STRANGER_ROOT, STRANGER_ADMIN, ANONYMOUS}
# A user needs a permission of its own account, too: STRANGER_USER has none.
ACCOUNTS = {STRANGER_ROOT, STRANGER_ADMIN}


@pytest.fixture
def open_bucket(bucket, owner_root):
    """A bucket of the owner in which ACLs count and may be public."""
    set_ownership(owner_root, bucket, "ObjectWriter")
    return bucket


@pytest.fixture
def owner_id(owner_root):
    return canonical_id(owner_root)


@pytest.fixture
def stranger_id(stranger_root):
    return canonical_id(stranger_root)


def is_let(call):
    """Whether the call is carried out; it may be refused with 403, and with nothing else."""
    try:
        call()
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        assert status == 403, error.response
        return False
    return True


def let(server, call, callers=FOREIGN):
    """Those of the callers whose call is carried out."""
    return {caller for caller in callers if is_let(lambda: call(server.client(caller)))}


def expected_grants(canned, owner, bucket_owner):
    """AWS's table of canned ACLs."""
    more = {
        "private": [],
        "public-read": [(ALL_USERS, "READ")],
        "public-read-write": [(ALL_USERS, "READ"), (ALL_USERS, "WRITE")],
        "authenticated-read": [(AUTHENTICATED_USERS, "READ")],
        "aws-exec-read": [(EC2_ID, "READ")],
        "bucket-owner-read": [(bucket_owner, "READ")] if owner != bucket_owner else [],
        "bucket-owner-full-control": [(bucket_owner, "FULL_CONTROL")] if owner != bucket_owner else [],
        "log-delivery-write": [(LOG_DELIVERY, "WRITE"), (LOG_DELIVERY, "READ_ACP")],
    }
    return [owner, (owner, "FULL_CONTROL"), *more[canned]]


OF_OBJECTS = {
    "private": set(),
    "public-read": EVERYBODY,
    "public-read-write": EVERYBODY,
    "authenticated-read": ACCOUNTS,
    "aws-exec-read": set(),
    "bucket-owner-read": set(),
    "bucket-owner-full-control": set(),
}


@pytest.mark.parametrize("canned", OF_OBJECTS)
def test_canned_acls_of_objects(server, open_bucket, owner_root, owner_id, canned):
    owner_root.put_object(Bucket=open_bucket, Key="put", Body=b"1", ACL=canned)
    owner_root.put_object(Bucket=open_bucket, Key="set", Body=b"1")
    owner_root.put_object_acl(Bucket=open_bucket, Key="set", ACL=canned)
    owner_root.copy_object(Bucket=open_bucket, Key="copy", CopySource=f"{open_bucket}/put", ACL=canned)
    upload = owner_root.create_multipart_upload(Bucket=open_bucket, Key="parts", ACL=canned)["UploadId"]
    part = owner_root.upload_part(Bucket=open_bucket, Key="parts", UploadId=upload, PartNumber=1, Body=b"1")
    parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    owner_root.complete_multipart_upload(Bucket=open_bucket, Key="parts", UploadId=upload, MultipartUpload=parts)
    for key in ("put", "set", "copy", "parts"):
        acl = owner_root.get_object_acl(Bucket=open_bucket, Key=key)
        assert grants(acl) == expected_grants(canned, owner_id, owner_id), key
        assert let(server, lambda client: client.get_object(Bucket=open_bucket, Key=key)) == OF_OBJECTS[canned], key
        assert let(server, lambda client: client.head_object(Bucket=open_bucket, Key=key)) == OF_OBJECTS[canned], key
        for forbidden in ("get_object_acl", "get_object_tagging", "delete_object"):
            assert let(server, lambda client: getattr(client, forbidden)(Bucket=open_bucket, Key=key)) == set(), forbidden
        assert is_let(lambda: server.client(OWNER_ADMIN).get_object(Bucket=open_bucket, Key=key))
        assert not is_let(lambda: server.client(OWNER_USER).get_object(Bucket=open_bucket, Key=key))


OF_BUCKETS = {
    "private": (set(), set()),
    "public-read": (EVERYBODY, set()),
    "public-read-write": (EVERYBODY, EVERYBODY),
    "authenticated-read": (ACCOUNTS, set()),
    "log-delivery-write": (set(), set()),
}


@pytest.mark.parametrize("canned", OF_BUCKETS)
def test_canned_acls_of_buckets(server, open_bucket, owner_root, owner_id, canned):
    readers, writers = OF_BUCKETS[canned]
    owner_root.put_bucket_acl(Bucket=open_bucket, ACL=canned)
    assert grants(owner_root.get_bucket_acl(Bucket=open_bucket)) == expected_grants(canned, owner_id, owner_id)
    for listing in ("list_objects", "list_objects_v2", "list_object_versions", "list_multipart_uploads"):
        assert let(server, lambda client: getattr(client, listing)(Bucket=open_bucket)) == readers, listing
    assert let(server, lambda client: client.head_bucket(Bucket=open_bucket)) == readers
    assert let(server, lambda client: client.put_object(Bucket=open_bucket, Key="k", Body=b"")) == writers
    for forbidden in ("get_bucket_acl", "get_bucket_policy_status", "get_bucket_ownership_controls", "delete_bucket"):
        assert let(server, lambda client: getattr(client, forbidden)(Bucket=open_bucket)) == set(), forbidden


@pytest.mark.parametrize("permission", ["READ", "WRITE", "READ_ACP", "WRITE_ACP", "FULL_CONTROL"])
def test_each_permission_of_an_account(server, open_bucket, owner_root, owner_id, stranger_id, permission):
    """What one grant opens, on the bucket and on the object, to root and to a user with permissions of its own."""
    owner_root.put_object(Bucket=open_bucket, Key="k", Body=b"1")
    granted = document(owner_id, (stranger_id, permission))
    owner_root.put_bucket_acl(Bucket=open_bucket, AccessControlPolicy=granted)
    owner_root.put_object_acl(Bucket=open_bucket, Key="k", AccessControlPolicy=granted)
    # Exactly what was given: the owner's own FULL_CONTROL is not added.
    assert grants(owner_root.get_bucket_acl(Bucket=open_bucket)) == [owner_id, (stranger_id, permission)]
    assert grants(owner_root.get_object_acl(Bucket=open_bucket, Key="k")) == [owner_id, (stranger_id, permission)]
    on_bucket = {
        "READ": lambda client: client.list_objects_v2(Bucket=open_bucket),
        "WRITE": lambda client: client.put_object(Bucket=open_bucket, Key="new", Body=b""),
        "READ_ACP": lambda client: client.get_bucket_acl(Bucket=open_bucket),
        "WRITE_ACP": lambda client: client.put_bucket_acl(Bucket=open_bucket, AccessControlPolicy=granted),
    }
    on_object = {
        "READ": lambda client: client.get_object(Bucket=open_bucket, Key="k"),
        "READ_ACP": lambda client: client.get_object_acl(Bucket=open_bucket, Key="k"),
        "WRITE_ACP": lambda client: client.put_object_acl(Bucket=open_bucket, Key="k", AccessControlPolicy=granted),
    }
    for calls in (on_bucket, on_object):
        for needed, call in calls.items():
            expected = ACCOUNTS if permission in (needed, "FULL_CONTROL") else set()
            assert let(server, call) == expected, needed


def test_a_deny_of_the_bucket_policy_is_above_every_acl(server, open_bucket, owner_root):
    owner_root.put_object(Bucket=open_bucket, Key="k", Body=b"1", ACL="public-read")
    owner_root.put_bucket_policy(Bucket=open_bucket, Policy=policy(deny("*", "s3:GetObject", f"{open_bucket}/*")))
    assert let(server, lambda client: client.get_object(Bucket=open_bucket, Key="k"), (*FOREIGN, OWNER_ROOT)) == set()


def test_a_key_that_is_not_there_is_no_secret_to_who_may_list(server, open_bucket, owner_root):
    for canned, status in (("private", 403), ("public-read", 404)):
        owner_root.put_bucket_acl(Bucket=open_bucket, ACL=canned)
        for caller in (ANONYMOUS, STRANGER_ROOT):
            code = "NoSuchKey" if status == 404 else "AccessDenied"
            refused(lambda: server.client(caller).get_object(Bucket=open_bucket, Key="none"), status, code)


def test_objects_belong_to_their_writer(server, open_bucket, owner_root, stranger_root, owner_id, stranger_id):
    owner_root.put_bucket_acl(Bucket=open_bucket, ACL="public-read-write")
    stranger_root.put_object(Bucket=open_bucket, Key="k", Body=b"1")
    assert grants(stranger_root.get_object_acl(Bucket=open_bucket, Key="k")) == [stranger_id, (stranger_id, "FULL_CONTROL")]
    listed = owner_root.list_objects(Bucket=open_bucket)["Contents"][0]
    assert listed["Owner"] == {"ID": stranger_id}
    # Not even what the bucket's policy says lets its owner read; tags and deletion are the owner's all the same.
    everything = allow(principal_of(OWNER_ROOT), "s3:*", f"{open_bucket}/*")
    owner_root.put_bucket_policy(Bucket=open_bucket, Policy=policy(everything))
    for call in (
        lambda: owner_root.get_object(Bucket=open_bucket, Key="k"),
        lambda: owner_root.head_object(Bucket=open_bucket, Key="k"),
        lambda: owner_root.get_object_acl(Bucket=open_bucket, Key="k"),
        lambda: owner_root.put_object_acl(Bucket=open_bucket, Key="k", ACL="private"),
        lambda: owner_root.copy_object(Bucket=open_bucket, Key="c", CopySource=f"{open_bucket}/k"),
        lambda: server.client(OWNER_ADMIN).get_object(Bucket=open_bucket, Key="k"),
    ):
        assert not is_let(call)
    owner_root.put_object_tagging(Bucket=open_bucket, Key="k", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
    owner_root.get_object_tagging(Bucket=open_bucket, Key="k")
    # Another account's user needs its own permission, which erik has.
    assert is_let(lambda: server.client(STRANGER_ADMIN).get_object(Bucket=open_bucket, Key="k"))
    assert not is_let(lambda: server.client(STRANGER_USER).get_object(Bucket=open_bucket, Key="k"))
    owner_root.delete_object(Bucket=open_bucket, Key="k")


@pytest.mark.parametrize(("canned", "opened"), [
    ("private", set()),
    ("bucket-owner-read", {"get_object", "head_object"}),
    ("bucket-owner-full-control", {"get_object", "head_object", "get_object_acl", "put_object_acl"}),
])  # fmt: skip
def test_writers_open_their_objects_to_the_bucket_owner(open_bucket, owner_root, stranger_root, owner_id, stranger_id, canned, opened):
    owner_root.put_bucket_acl(Bucket=open_bucket, ACL="public-read-write")
    stranger_root.put_object(Bucket=open_bucket, Key="k", Body=b"1", ACL=canned)
    assert grants(stranger_root.get_object_acl(Bucket=open_bucket, Key="k")) == expected_grants(canned, stranger_id, owner_id)
    calls = {
        "get_object": lambda: owner_root.get_object(Bucket=open_bucket, Key="k"),
        "head_object": lambda: owner_root.head_object(Bucket=open_bucket, Key="k"),
        "get_object_acl": lambda: owner_root.get_object_acl(Bucket=open_bucket, Key="k"),
        "put_object_acl": lambda: owner_root.put_object_acl(Bucket=open_bucket, Key="k", ACL="bucket-owner-full-control"),
    }
    assert {name for name, call in calls.items() if is_let(call)} == opened


def test_bucket_owner_preferred(bucket, owner_root, stranger_root, owner_id, stranger_id):
    """The bucket's owner owns what is sent with `bucket-owner-full-control`, and nothing else."""
    set_ownership(owner_root, bucket, "BucketOwnerPreferred")
    owner_root.put_bucket_acl(Bucket=bucket, ACL="public-read-write")
    stranger_root.put_object(Bucket=bucket, Key="given", Body=b"1", ACL="bucket-owner-full-control")
    stranger_root.put_object(Bucket=bucket, Key="kept", Body=b"1")
    grant = f'id="{owner_id}"'
    stranger_root.put_object(Bucket=bucket, Key="granted", Body=b"1", GrantFullControl=grant)
    assert grants(owner_root.get_object_acl(Bucket=bucket, Key="given")) == [owner_id, (owner_id, "FULL_CONTROL")]
    assert not is_let(lambda: stranger_root.get_object(Bucket=bucket, Key="given"))
    assert grants(stranger_root.get_object_acl(Bucket=bucket, Key="kept"))[0] == stranger_id
    assert grants(owner_root.get_object_acl(Bucket=bucket, Key="granted")) == [stranger_id, (owner_id, "FULL_CONTROL")]
    # An ACL that is set later changes no owner.
    stranger_root.put_object_acl(Bucket=bucket, Key="kept", ACL="bucket-owner-full-control")
    assert grants(owner_root.get_object_acl(Bucket=bucket, Key="kept"))[0] == stranger_id


def test_who_may_write_by_a_policy_needs_no_more_to_give_the_bucket_owner_control(open_bucket, owner_root, stranger_root):
    """AWS's own example of a policy that demands the ACL allows no other action."""
    condition = {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}
    statement = allow(principal_of(STRANGER_ROOT), "s3:PutObject", f"{open_bucket}/*", Condition=condition)
    owner_root.put_bucket_policy(Bucket=open_bucket, Policy=policy(statement))
    assert not is_let(lambda: stranger_root.put_object(Bucket=open_bucket, Key="k", Body=b"1"))
    stranger_root.put_object(Bucket=open_bucket, Key="k", Body=b"1", ACL="bucket-owner-full-control")
    assert is_let(lambda: owner_root.get_object(Bucket=open_bucket, Key="k"))


def test_a_presigned_url_carries_an_acl(server, open_bucket, owner_root):
    request = {"Bucket": open_bucket, "Key": "k", "ACL": "public-read"}
    url = owner_root.generate_presigned_url("put_object", Params=request)
    # boto3 signs the ACL as a parameter or as a header, whichever its version likes; it counts as either.
    headers = {} if "x-amz-acl=" in url else {"x-amz-acl": "public-read"}
    assert urllib3.request("PUT", url, body=b"1", headers=headers, retries=False).status == 200
    assert server.client(ANONYMOUS).get_object(Bucket=open_bucket, Key="k")["Body"].read() == b"1"


def test_acl_headers_need_a_permission_of_ones_own(open_bucket, server):
    put = policy(allow(principal_of(OWNER_USER), "s3:PutObject", f"{open_bucket}/*"))
    server.client(OWNER_ROOT).put_bucket_policy(Bucket=open_bucket, Policy=put)
    user = server.client(OWNER_USER)
    user.put_object(Bucket=open_bucket, Key="k", Body=b"")
    message = no_identity_policy(OWNER_USER, "s3:PutObjectAcl", arn(f"{open_bucket}/k"))
    refused(lambda: user.put_object(Bucket=open_bucket, Key="k", Body=b"", ACL="private"), 403, "AccessDenied", message)


def test_what_is_written_without_a_signature_is_nobodys(open_bucket, owner_root, anonymous, stranger_root):
    owner_root.put_bucket_acl(Bucket=open_bucket, ACL="public-read-write")
    anonymous.put_object(Bucket=open_bucket, Key="k", Body=b"1")
    listed = owner_root.list_objects(Bucket=open_bucket)["Contents"][0]
    assert listed["Owner"] == {"ID": ANONYMOUS_ID}
    # Everybody without a signature is the same nobody; the owner of the bucket can only delete it.
    assert grants(anonymous.get_object_acl(Bucket=open_bucket, Key="k")) == [ANONYMOUS_ID, (ANONYMOUS_ID, "FULL_CONTROL")]
    assert anonymous.get_object(Bucket=open_bucket, Key="k")["Body"].read() == b"1"
    for client in (owner_root, stranger_root):
        assert not is_let(lambda: client.get_object(Bucket=open_bucket, Key="k"))
    anonymous.put_object(Bucket=open_bucket, Key="shared", Body=b"1", ACL="bucket-owner-read")
    assert is_let(lambda: owner_root.get_object(Bucket=open_bucket, Key="shared"))
    flags = {"IgnorePublicAcls": True}
    owner_root.put_public_access_block(Bucket=open_bucket, PublicAccessBlockConfiguration=flags)
    assert not is_let(lambda: anonymous.get_object(Bucket=open_bucket, Key="k"))
    owner_root.delete_object(Bucket=open_bucket, Key="k")


def test_an_anonymous_upload_in_parts_can_be_listed(open_bucket, owner_root, anonymous):
    owner_root.put_bucket_acl(Bucket=open_bucket, ACL="public-read-write")
    begun = anonymous.create_multipart_upload(Bucket=open_bucket, Key="k")
    listed = owner_root.list_multipart_uploads(Bucket=open_bucket)["Uploads"][0]
    assert (listed["UploadId"], listed["Owner"]) == (begun["UploadId"], {"ID": ANONYMOUS_ID})


def test_acls_are_of_versions(server, open_bucket, owner_root, owner_id):
    owner_root.put_bucket_versioning(Bucket=open_bucket, VersioningConfiguration={"Status": "Enabled"})
    first = owner_root.put_object(Bucket=open_bucket, Key="k", Body=b"1", ACL="public-read")["VersionId"]
    second = owner_root.put_object(Bucket=open_bucket, Key="k", Body=b"2")["VersionId"]
    anonymous = server.client(ANONYMOUS)
    assert not is_let(lambda: anonymous.get_object(Bucket=open_bucket, Key="k"))
    assert anonymous.get_object(Bucket=open_bucket, Key="k", VersionId=first)["Body"].read() == b"1"
    answer = owner_root.put_object_acl(Bucket=open_bucket, Key="k", VersionId=first, ACL="private")
    assert answer["ResponseMetadata"]["HTTPHeaders"]["x-amz-version-id"] == first
    answer = owner_root.put_object_acl(Bucket=open_bucket, Key="k", ACL="public-read")
    assert answer["ResponseMetadata"]["HTTPHeaders"]["x-amz-version-id"] == second
    assert grants(owner_root.get_object_acl(Bucket=open_bucket, Key="k", VersionId=first)) == [owner_id, (owner_id, "FULL_CONTROL")]
    assert not is_let(lambda: anonymous.get_object(Bucket=open_bucket, Key="k", VersionId=first))
    assert anonymous.get_object(Bucket=open_bucket, Key="k")["Body"].read() == b"2"
    user = server.client(OWNER_USER)
    for action, call in (
        ("s3:GetObjectVersionAcl", lambda: user.get_object_acl(Bucket=open_bucket, Key="k", VersionId=first)),
        ("s3:PutObjectVersionAcl", lambda: user.put_object_acl(Bucket=open_bucket, Key="k", VersionId=first, ACL="private")),
    ):
        refused(call, 403, "AccessDenied", no_identity_policy(OWNER_USER, action, arn(f"{open_bucket}/k")))


def test_delete_markers_have_no_acl(open_bucket, owner_root):
    owner_root.put_bucket_versioning(Bucket=open_bucket, VersioningConfiguration={"Status": "Enabled"})
    owner_root.put_object(Bucket=open_bucket, Key="k", Body=b"1")
    marker = owner_root.delete_object(Bucket=open_bucket, Key="k")["VersionId"]
    gone = refused(lambda: owner_root.get_object_acl(Bucket=open_bucket, Key="k"), 404, "NoSuchKey")
    assert gone["ResponseMetadata"]["HTTPHeaders"]["x-amz-delete-marker"] == "true"
    of_marker = {"Bucket": open_bucket, "Key": "k", "VersionId": marker}
    refused(lambda: owner_root.get_object_acl(**of_marker), 405, "MethodNotAllowed")
    refused(lambda: owner_root.put_object_acl(Bucket=open_bucket, Key="k", ACL="private"), 405, "MethodNotAllowed")
    refused(lambda: owner_root.put_object_acl(**of_marker, ACL="private"), 405, "MethodNotAllowed")


def test_a_new_bucket_takes_an_acl(server, owner_root, owner_id, stranger_id, bucket):
    name = f"{bucket}-made"
    owner_root.create_bucket(Bucket=name, ObjectOwnership="ObjectWriter", GrantRead=f'id="{stranger_id}"')
    assert grants(owner_root.get_bucket_acl(Bucket=name)) == [owner_id, (stranger_id, "READ")]
    assert let(server, lambda client: client.list_objects(Bucket=name)) == ACCOUNTS


BLOCKED = "because public access control lists (ACLs) are blocked by the BlockPublicAcls block public access setting"


def test_block_public_acls_refuses_new_ones_and_leaves_the_old(server, open_bucket, owner_root, owner_id):
    owner_root.put_object(Bucket=open_bucket, Key="k", Body=b"1", ACL="public-read")
    flags = {"BlockPublicAcls": True}
    owner_root.put_public_access_block(Bucket=open_bucket, PublicAccessBlockConfiguration=flags)
    public = document(owner_id, (ALL_USERS, "READ_ACP"))
    uri = f'uri="{AUTHENTICATED_USERS}"'
    key = {"Bucket": open_bucket, "Key": "k"}
    on_object = arn(f"{open_bucket}/k")
    for caller in (OWNER_ROOT, OWNER_ADMIN):
        client = server.client(caller)
        for action, resource, call in (
            ("s3:PutBucketAcl", arn(open_bucket), lambda: client.put_bucket_acl(Bucket=open_bucket, ACL="public-read")),
            ("s3:PutBucketAcl", arn(open_bucket), lambda: client.put_bucket_acl(Bucket=open_bucket, AccessControlPolicy=public)),
            ("s3:PutObjectAcl", on_object, lambda: client.put_object_acl(**key, GrantRead=uri)),
            ("s3:PutObject", on_object, lambda: client.put_object(**key, Body=b"2", ACL="authenticated-read")),
            ("s3:PutObject", on_object, lambda: client.create_multipart_upload(**key, ACL="public-read")),
            ("s3:PutObject", on_object, lambda: client.copy_object(**key, CopySource=f"{open_bucket}/k", ACL="public-read", MetadataDirective="REPLACE")),
        ):  # fmt: skip
            refused(call, 403, "AccessDenied", denial(caller, action, resource, BLOCKED))
    assert let(server, lambda client: client.get_object(**key)) == EVERYBODY
    owner_root.put_object_acl(**key, ACL="private")


def test_ignore_public_acls_hides_grants_and_keeps_them(server, open_bucket, owner_root, owner_id, stranger_id):
    key = {"Bucket": open_bucket, "Key": "k"}
    owner_root.put_object(**key, Body=b"1")
    shared = document(owner_id, (ALL_USERS, "FULL_CONTROL"), (stranger_id, "READ_ACP"), (AUTHENTICATED_USERS, "READ"), (LOG_DELIVERY, "READ"))
    owner_root.put_object_acl(**key, AccessControlPolicy=shared)
    owner_root.put_bucket_acl(Bucket=open_bucket, ACL="public-read")
    before = grants(owner_root.get_object_acl(**key))
    assert before == [owner_id, (ALL_USERS, "FULL_CONTROL"), (stranger_id, "READ_ACP"), (AUTHENTICATED_USERS, "READ"), (LOG_DELIVERY, "READ")]
    flags = {"IgnorePublicAcls": True}
    owner_root.put_public_access_block(Bucket=open_bucket, PublicAccessBlockConfiguration=flags)
    assert let(server, lambda client: client.get_object(**key)) == set()
    assert let(server, lambda client: client.list_objects(Bucket=open_bucket)) == set()
    assert let(server, lambda client: client.get_object_acl(**key)) == ACCOUNTS
    assert grants(owner_root.get_object_acl(**key)) == [owner_id, (stranger_id, "READ_ACP"), (LOG_DELIVERY, "READ")]
    assert grants(owner_root.get_bucket_acl(Bucket=open_bucket)) == [owner_id, (owner_id, "FULL_CONTROL")]
    # It can still be set.
    owner_root.put_bucket_acl(Bucket=open_bucket, ACL="public-read-write")
    owner_root.delete_public_access_block(Bucket=open_bucket)
    assert grants(owner_root.get_object_acl(**key)) == before
    assert let(server, lambda client: client.get_object(**key)) == EVERYBODY
    assert let(server, lambda client: client.put_object(Bucket=open_bucket, Key="new", Body=b"")) == EVERYBODY


def test_policy_status_knows_no_acls(open_bucket, owner_root):
    owner_root.put_bucket_acl(Bucket=open_bucket, ACL="public-read")
    refused(lambda: owner_root.get_bucket_policy_status(Bucket=open_bucket), 404, "NoSuchBucketPolicy")


def test_a_stranger_is_told_nothing(open_bucket, owner_root, stranger_root):
    owner_root.put_object(Bucket=open_bucket, Key="k", Body=b"")
    refused(lambda: stranger_root.get_object_acl(Bucket=open_bucket, Key="k"), 403, "AccessDenied", DENIED)
    refused(lambda: stranger_root.put_bucket_acl(Bucket=open_bucket, ACL="private"), 403, "AccessDenied", DENIED)
