"""What is wrong with an ACL, in AWS's words. Facts: s3-behaviour.md 14, authorization.md 5.6."""

import pytest
from harness.acls import ALL_USERS, canonical_id, document, grants, set_ownership
from harness.callers import OWNER_ROOT, STRANGER_ROOT
from harness.expect import answered, refused
from harness.wire import ask

MALFORMED = "The XML you provided was not well-formed or did not validate against our published schema"
NOT_SUPPORTED = "The bucket does not allow ACLs"
BOTH = "Specifying both Canned ACLs and Header Grants is not allowed"
UNKNOWN_ID = "f" * 64
NO_GROUP = "http://acs.amazonaws.com/groups/s3/FakeGroup"


@pytest.fixture
def owner_id(owner_root):
    return canonical_id(owner_root)


@pytest.fixture
def places(bucket, owner_root):
    """The `?acl` of a bucket and of an object in it, where ACLs count."""
    set_ownership(owner_root, bucket, "ObjectWriter")
    owner_root.put_object(Bucket=bucket, Key="k", Body=b"1")
    return [f"/{bucket}?acl", f"/{bucket}/k?acl"]


def xml(owner, grant=""):
    return f"<AccessControlPolicy><Owner><ID>{owner}</ID></Owner><AccessControlList>{grant}</AccessControlList></AccessControlPolicy>".encode()


@pytest.mark.parametrize(("headers", "code", "message", "elements"), [
    ([("x-amz-acl", "open")], "InvalidArgument", "", {"ArgumentName": "x-amz-acl", "ArgumentValue": "open"}),
    ([("x-amz-acl", "private"), ("x-amz-grant-read", f'id="{UNKNOWN_ID}"')], "InvalidRequest", BOTH, {}),
    ([], "MissingSecurityHeader", "Your request was missing a required header", {"MissingHeaderName": "x-amz-acl"}),
    ([("x-amz-grant-read", f'id="{UNKNOWN_ID}"')], "InvalidArgument", "Invalid id", {"ArgumentName": "id", "ArgumentValue": UNKNOWN_ID}),
    ([("x-amz-grant-read", "id=somebody")], "InvalidArgument", "Invalid id", {"ArgumentName": "id", "ArgumentValue": "somebody"}),
    ([("x-amz-grant-read", "nobody")], "InvalidArgument", "Argument format not recognized", {"ArgumentName": "x-amz-grant-read", "ArgumentValue": "nobody"}),
    ([("x-amz-grant-write", 'fakekey="1234"')], "InvalidArgument", "Argument format not recognized", {"ArgumentName": "x-amz-grant-write", "ArgumentValue": 'fakekey="1234"'}),
    ([("x-amz-grant-write", f'uri="{NO_GROUP}"')], "InvalidArgument", "Invalid group uri", {"ArgumentName": "uri", "ArgumentValue": NO_GROUP}),
])  # fmt: skip
def test_headers(server, places, headers, code, message, elements):
    for place in places:
        answer = ask(server, "PUT", place, OWNER_ROOT, headers=headers)
        answered(answer, 400, code, message or None, **elements)
        assert answer.message == message


def test_bodies(server, places, owner_id):
    grantee = f'<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><ID>{owner_id}</ID></Grantee>'
    grant = f"<Grant>{grantee}<Permission>READ</Permission></Grant>"
    for place in places:
        put = lambda body, *headers: ask(server, "PUT", place, OWNER_ROOT, body, headers=headers)  # noqa: E731, B023
        answered(put(xml(owner_id, grant), ("x-amz-acl", "private")), 400, "UnexpectedContent", "This request does not support content")
        answered(put(b"<x"), 400, "MalformedACLError", MALFORMED)
        answered(put(xml(owner_id, grant.replace("READ", "LOOK"))), 400, "MalformedACLError", MALFORMED)
        answered(put(xml(owner_id, grant * 101)), 400, "MalformedACLError", MALFORMED)
        group = f"<URI>{NO_GROUP}</URI>".join(grant.replace("CanonicalUser", "Group").split(f"<ID>{owner_id}</ID>"))
        answered(put(xml(owner_id, group)), 400, "InvalidArgument", "Invalid group uri", ArgumentName="Group/URI", ArgumentValue=NO_GROUP)
        somebody = grant.replace(owner_id, "wrong-id")
        answered(put(xml(owner_id, somebody)), 400, "InvalidArgument", "Invalid id", ArgumentName="CanonicalUser/ID", ArgumentValue="wrong-id")
        answered(put(xml("wrong-id", grant)), 400, "InvalidArgument", "Invalid id", ArgumentName="CanonicalUser/ID", ArgumentValue="wrong-id")
        answered(put(xml(UNKNOWN_ID, grant)), 403, "AccessDenied", "Access Denied")
        answered(put(b" " * 200_000), 400, "MaxMessageLengthExceeded")
        # After all of these it is as it was.
        answered(put(xml(owner_id, grant * 100)), 200)


def test_email_addresses_are_taken_no_more(server, places, bucket, owner_root, owner_id):
    email = "222222222222@example.com"
    by_header = [("x-amz-grant-read", f'emailAddress="{email}"')]
    for place in (*places, f"/{bucket}/new"):
        answer = ask(server, "PUT", place, OWNER_ROOT, headers=by_header)
        answered(answer, 405, "MethodNotAllowed", "The specified method is not allowed against this resource.", Method="PUT", ResourceType="ACL")
    by_document = document(owner_id, (email, "READ"))
    refused(lambda: owner_root.put_bucket_acl(Bucket=bucket, AccessControlPolicy=by_document), 405, "MethodNotAllowed")


def test_writes_look_accounts_up_too(server, bucket, places):
    grant = ("x-amz-grant-read", f'id="{UNKNOWN_ID}"')
    for method, target, *more in (
        ("PUT", f"/{bucket}/new"),
        ("PUT", f"/{bucket}/new", ("x-amz-copy-source", f"/{bucket}/k")),
        ("POST", f"/{bucket}/new?uploads"),
    ):
        answer = ask(server, method, target, OWNER_ROOT, headers=[grant, *more])
        answered(answer, 400, "InvalidArgument", "Invalid id", ArgumentName="id")
    answered(ask(server, "GET", f"/{bucket}/new", OWNER_ROOT), 404, "NoSuchKey")


def test_where_acls_are_off(bucket, owner_root, owner_id, stranger_root):
    """Nothing is taken but what says what is anyway: the bucket's owner has FULL_CONTROL."""
    key = {"Bucket": bucket, "Key": "k"}
    owner_root.put_object(**key, Body=b"1")
    own = document(owner_id, (owner_id, "FULL_CONTROL"))
    grant = f'id="{owner_id}"'
    owner_root.put_bucket_acl(Bucket=bucket, ACL="private")
    owner_root.put_bucket_acl(Bucket=bucket, AccessControlPolicy=own)
    owner_root.put_bucket_acl(Bucket=bucket, GrantFullControl=grant)
    for taken in ({"ACL": "private"}, {"ACL": "bucket-owner-full-control"}, {"GrantFullControl": grant}):
        owner_root.put_object_acl(**key, **taken)
        owner_root.put_object(**key, Body=b"1", **taken)
    owner_root.put_object_acl(**key, AccessControlPolicy=own)
    shared = document(owner_id, (owner_id, "FULL_CONTROL"), (canonical_id(stranger_root), "READ"))
    for call in (
        lambda: owner_root.put_bucket_acl(Bucket=bucket, ACL="public-read"),
        lambda: owner_root.put_bucket_acl(Bucket=bucket, ACL="log-delivery-write"),
        lambda: owner_root.put_bucket_acl(Bucket=bucket, AccessControlPolicy=shared),
        lambda: owner_root.put_object_acl(**key, ACL="bucket-owner-read"),
        lambda: owner_root.put_object_acl(**key, GrantRead=grant),
        lambda: owner_root.put_object(**key, Body=b"2", ACL="public-read"),
        lambda: owner_root.put_object(**key, Body=b"2", GrantRead=f'uri="{ALL_USERS}"'),
        lambda: owner_root.copy_object(**key, CopySource=f"{bucket}/k", ACL="public-read", MetadataDirective="REPLACE"),
        lambda: owner_root.create_multipart_upload(**key, ACL="authenticated-read"),
    ):
        refused(call, 400, "AccessControlListNotSupported", NOT_SUPPORTED)
    assert grants(owner_root.get_bucket_acl(Bucket=bucket)) == [owner_id, (owner_id, "FULL_CONTROL")]
    assert grants(owner_root.get_object_acl(**key)) == [owner_id, (owner_id, "FULL_CONTROL")]
    # Block Public Access comes first.
    owner_root.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration={"BlockPublicAcls": True})
    refused(lambda: owner_root.put_bucket_acl(Bucket=bucket, ACL="public-read"), 403, "AccessDenied")
    refused(lambda: owner_root.put_bucket_acl(Bucket=bucket, ACL="log-delivery-write"), 400, "AccessControlListNotSupported")


def test_canonical_forms(server, places, owner_id):
    """No display name, and each grantee with the type that its schema demands."""
    for place in places:
        headers = [("x-amz-grant-full-control", f"id={owner_id}"), ("x-amz-grant-read", f"uri={ALL_USERS}")]
        answered(ask(server, "PUT", place, OWNER_ROOT, headers=headers), 200)
        answer = ask(server, "GET", place, OWNER_ROOT)
        instance = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        assert answer.header("content-type") == "application/xml"
        assert answer.body.decode() == (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<AccessControlPolicy xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Owner><ID>{owner_id}</ID></Owner><AccessControlList>'
            f'<Grant><Grantee {instance} xsi:type="CanonicalUser"><ID>{owner_id}</ID></Grantee><Permission>FULL_CONTROL</Permission></Grant>'
            f'<Grant><Grantee {instance} xsi:type="Group"><URI>{ALL_USERS}</URI></Grantee><Permission>READ</Permission></Grant>'
            "</AccessControlList></AccessControlPolicy>"
        )
        # What was answered can be sent back.
        answered(ask(server, "PUT", place, OWNER_ROOT, answer.body), 200)


def test_new_buckets(server, bucket, owner_root):
    def create(number, *headers):
        return ask(server, "PUT", f"/{bucket}-{number}", OWNER_ROOT, headers=headers)

    writer = ("x-amz-object-ownership", "ObjectWriter")
    public = (("x-amz-acl", "public-read"), ("x-amz-grant-read", f'uri="{ALL_USERS}"'))
    for header in public:
        answered(create(1, header), 400, "InvalidBucketAclWithObjectOwnership", BucketName=f"{bucket}-1")
        answered(create(1, writer, header), 400, "InvalidBucketAclWithBlockPublicAccessError", BucketName=f"{bucket}-1")
    answered(create(1, writer, ("x-amz-grant-read", f"id={UNKNOWN_ID}")), 400, "InvalidArgument", "Invalid id")
    answered(create(1, writer, ("x-amz-acl", "private"), public[1]), 400, "InvalidRequest", BOTH)
    answered(ask(server, "HEAD", f"/{bucket}-1", OWNER_ROOT), 404)
    answered(create(1, writer, ("x-amz-acl", "log-delivery-write")), 200)


@pytest.mark.parametrize("versioned", [False, True])
def test_objects_that_are_not_there(server, bucket, owner_root, versioned):
    if versioned:
        owner_root.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    none = {"Bucket": bucket, "Key": "none"}
    refused(lambda: owner_root.get_object_acl(**none), 404, "NoSuchKey", Key="none")
    refused(lambda: owner_root.put_object_acl(**none, ACL="private"), 404, "NoSuchKey", Key="none")
    refused(lambda: server.client(STRANGER_ROOT).get_object_acl(**none), 403, "AccessDenied")
    absent = "A" * 32
    refused(lambda: owner_root.get_object_acl(**none, VersionId=absent), 404, "NoSuchVersion")
    refused(lambda: owner_root.put_object_acl(**none, VersionId=absent, ACL="private"), 404, "NoSuchVersion")
