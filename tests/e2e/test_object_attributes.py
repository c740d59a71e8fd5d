"""GetObjectAttributes."""

import hashlib

import pytest
from harness.callers import OWNER_ROOT, OWNER_USER
from harness.digests import checksum
from harness.expect import answered, no_identity_policy, refused
from harness.policies import allow, arn, policy, principal_of
from harness.versions import delete, enable, put
from harness.wire import ask

ALL = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"]
BODY = b"bytes"


@pytest.fixture
def stored(bucket, owner_root):
    owner_root.put_object(Bucket=bucket, Key="k", Body=BODY, ChecksumAlgorithm="SHA256")
    return bucket


def attributes(server, bucket, names, query="", caller=OWNER_ROOT):
    headers = [("x-amz-object-attributes", names)] if names is not None else []
    return ask(server, "GET", f"/{bucket}/k?attributes{query}", caller, headers=headers)


def test_all_attributes_in_their_order(server, stored):
    answer = answered(attributes(server, stored, ",".join(reversed(ALL))), 200)
    assert answer.body.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<GetObjectAttributesResponse xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
        f"<ETag>{hashlib.md5(BODY).hexdigest()}</ETag>"
        f"<Checksum><ChecksumSHA256>{checksum('SHA256', BODY)}</ChecksumSHA256>"
        "<ChecksumType>FULL_OBJECT</ChecksumType></Checksum>"
        "<StorageClass>STANDARD</StorageClass><ObjectSize>5</ObjectSize></GetObjectAttributesResponse>"
    )
    assert answer.header("last-modified") and answer.header("content-type") is None
    assert answer.header("x-amz-version-id") is None


@pytest.mark.parametrize("name, member", [("ETag", "ETag"), ("ObjectSize", "ObjectSize"), ("Checksum", "Checksum")])
def test_only_what_was_asked_for(stored, owner_root, name, member):
    answer = owner_root.get_object_attributes(Bucket=stored, Key="k", ObjectAttributes=[name])
    assert set(answer) - {"ResponseMetadata", "LastModified"} == {member}


def test_faults(server, stored):
    missing = "The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty"
    for names in (None, "", " , "):
        answer = answered(attributes(server, stored, names), 400, "InvalidRequest", missing)
        assert answer.body.startswith(b"<Error>")
    unknown = "Invalid attribute name specified."
    for caller in (OWNER_ROOT, None):
        answered(
            attributes(server, stored, "ETag,Colour", caller=caller),
            400, "InvalidArgument", unknown, ArgumentName="x-amz-object-attributes",
        )  # fmt: skip
    answered(attributes(server, "no-such-bucket", "ETag"), 404, "NoSuchBucket")
    answered(ask(server, "GET", f"/{stored}/x?attributes", OWNER_ROOT, headers=[("x-amz-object-attributes", "ETag")]),
             404, "NoSuchKey")  # fmt: skip


def test_attributes_of_versions(server, bucket, owner_root):
    enable(owner_root, bucket)
    first = put(owner_root, bucket, "k", b"1")
    second = put(owner_root, bucket, "k", b"22")

    def size(**version):
        answer = owner_root.get_object_attributes(Bucket=bucket, Key="k", ObjectAttributes=["ObjectSize"], **version)
        return answer["ObjectSize"], answer["VersionId"]

    assert size() == (2, second) and size(VersionId=first) == (1, first)
    marker = delete(owner_root, bucket, "k")["VersionId"]
    current = answered(attributes(server, bucket, "ETag"), 404, "NoSuchKey")
    assert (current.header("x-amz-delete-marker"), current.header("x-amz-version-id")) == ("true", marker)
    by_id = answered(attributes(server, bucket, "ETag", f"&versionId={marker}"), 405, "MethodNotAllowed")
    assert by_id.header("x-amz-delete-marker") == "true"


def test_two_permissions(bucket, owner_root, owner_user):
    enable(owner_root, bucket)
    version = put(owner_root, bucket, "k", b"1")

    def get(**more):
        return owner_user.get_object_attributes(Bucket=bucket, Key="k", ObjectAttributes=["ETag"], **more)

    def let(*actions):
        document = policy(allow(principal_of(OWNER_USER), list(actions), f"{bucket}/*"))
        owner_root.put_bucket_policy(Bucket=bucket, Policy=document)

    def denied(action, **more):
        message = no_identity_policy(OWNER_USER, action, arn(f"{bucket}/k"))
        refused(lambda: get(**more), 403, "AccessDenied", message)

    denied("s3:GetObject")
    let("s3:GetObject")
    denied("s3:GetObjectAttributes")
    let("s3:GetObject", "s3:GetObjectAttributes")
    get()
    denied("s3:GetObjectVersion", VersionId=version)
    let("s3:GetObjectVersion", "s3:GetObjectVersionAttributes")
    get(VersionId=version)
    denied("s3:GetObject")
