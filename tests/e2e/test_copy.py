"""CopyObject."""

import hashlib

import pytest
from harness.callers import OWNER_ROOT, OWNER_USER, STRANGER_ROOT
from harness.digests import checksum
from harness.expect import answered, no_identity_policy, refused
from harness.policies import allow, arn, policy, principal_of
from harness.wire import ask

BODY = b"bytes to copy"
ETAG = f'"{hashlib.md5(BODY).hexdigest()}"'
OTHER = '"00000000000000000000000000000000"'
PAST = "Tue, 01 Jan 2019 00:00:00 GMT"


@pytest.fixture
def stored(bucket, owner_root):
    owner_root.put_object(
        Bucket=bucket, Key="k", Body=BODY, ContentType="text/plain", CacheControl="no-store",
        Metadata={"a": "b"}, Tagging="t=1", WebsiteRedirectLocation="/x",
    )  # fmt: skip
    return bucket


def copy(server, bucket, source, *headers, to="copy", caller=OWNER_ROOT):
    return ask(server, "PUT", f"/{bucket}/{to}", caller, headers=[("x-amz-copy-source", source), *headers])


def test_copies_body_headers_metadata_and_tags(server, stored, new_bucket, owner_root):
    other = new_bucket()
    answer = answered(copy(server, other, f"/{stored}/k"), 200)
    assert answer.element("ETag").strip('"') == ETAG.strip('"') and answer.element("LastModified").endswith(".000Z")
    assert answer.header("x-amz-server-side-encryption") == "AES256"
    got = owner_root.get_object(Bucket=other, Key="copy", ChecksumMode="ENABLED")
    assert (got["Body"].read(), got["ETag"], got["ContentType"]) == (BODY, ETAG, "text/plain")
    assert (got["CacheControl"], got["Metadata"], got["TagCount"]) == ("no-store", {"a": "b"}, 1)
    assert "WebsiteRedirectLocation" not in got
    assert got["ChecksumCRC32"] == checksum("CRC32", BODY)


def test_replace_takes_only_what_the_request_says(stored, owner_root):
    owner_root.copy_object(
        Bucket=stored, Key="copy", CopySource=f"{stored}/k", MetadataDirective="REPLACE", Metadata={"c": "d"},
        TaggingDirective="REPLACE",
    )  # fmt: skip
    got = owner_root.get_object(Bucket=stored, Key="copy")
    assert (got["ContentType"], got["Metadata"], got.get("CacheControl")) == ("binary/octet-stream", {"c": "d"}, None)
    assert owner_root.get_object_tagging(Bucket=stored, Key="copy")["TagSet"] == []
    owner_root.copy_object(
        Bucket=stored, Key="copy", CopySource=f"{stored}/k", TaggingDirective="REPLACE", Tagging="n=2",
        Metadata={"ignored": "x"},
    )  # fmt: skip
    assert owner_root.get_object_tagging(Bucket=stored, Key="copy")["TagSet"] == [{"Key": "n", "Value": "2"}]
    assert owner_root.head_object(Bucket=stored, Key="copy")["Metadata"] == {"a": "b"}


def test_a_requested_checksum_is_computed(stored, owner_root):
    result = owner_root.copy_object(
        Bucket=stored, Key="copy", CopySource=f"{stored}/k", ChecksumAlgorithm="SHA256"
    )["CopyObjectResult"]  # fmt: skip
    assert result["ChecksumSHA256"] == checksum("SHA256", BODY)
    head = owner_root.head_object(Bucket=stored, Key="copy", ChecksumMode="ENABLED")
    assert head["ChecksumSHA256"] == checksum("SHA256", BODY)


def test_source_is_decoded_once(server, stored, owner_root):
    for key in ("a+b c%20d", "ä/..x//y"):
        owner_root.put_object(Bucket=stored, Key=key, Body=key.encode())
        owner_root.copy_object(Bucket=stored, Key="copy", CopySource={"Bucket": stored, "Key": key})
        assert owner_root.get_object(Bucket=stored, Key="copy")["Body"].read() == key.encode()


def test_self_copy_must_change_something(server, stored, owner_root):
    answered(
        copy(server, stored, f"{stored}/k", to="k"),
        400, "InvalidRequest",
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's "
        "metadata, storage class, website redirect location or encryption attributes.",
    )  # fmt: skip
    answered(copy(server, stored, f"{stored}/k", ("x-amz-metadata-directive", "REPLACE"), to="k"), 200)
    assert owner_root.get_object(Bucket=stored, Key="k")["Body"].read() == BODY


@pytest.mark.parametrize(
    "source, status, code",
    [
        ("{bucket}", 400, "InvalidArgument"),
        ("{bucket}/", 400, "InvalidArgument"),
        ("{bucket}/%zz", 400, "InvalidArgument"),
        ("No_Bucket/k", 400, "InvalidArgument"),
        ("no-such-bucket/k", 404, "NoSuchBucket"),
        ("{bucket}/missing", 404, "NoSuchKey"),
        ("{bucket}/k%00", 400, None),
    ],
)
def test_bad_sources(server, stored, source, status, code):
    answer = copy(server, stored, source.format(bucket=stored))
    assert (answer.status, answer.code) == (status, code or answer.code), answer
    answered(ask(server, "GET", f"/{stored}/copy", OWNER_ROOT), 404, "NoSuchKey")


@pytest.mark.parametrize(
    "headers, argument",
    [({"x-amz-metadata-directive": "MERGE"}, "x-amz-metadata-directive"), ({"x-amz-tagging-directive": "MERGE"}, "x-amz-tagging-directive")],
)
def test_unknown_directives(server, stored, headers, argument):
    answered(copy(server, stored, f"{stored}/k", *headers.items()), 400, "InvalidArgument", ArgumentName=argument)


@pytest.mark.parametrize(
    "conditions, failed",
    [
        ({"If-Match": ETAG}, None),
        ({"If-Match": OTHER}, "If-Match"),
        ({"If-Match": ETAG, "If-Unmodified-Since": PAST}, None),
        ({"If-None-Match": ETAG}, "If-None-Match"),
        ({"If-None-Match": OTHER}, None),
        ({"If-Unmodified-Since": PAST}, "If-Unmodified-Since"),
        ({"If-Modified-Since": PAST}, None),
        ({"If-Modified-Since": "no date"}, None),
    ],
    ids=str,
)
def test_source_conditions_fail_with_412_and_never_304(server, stored, conditions, failed):
    headers = [(f"x-amz-copy-source-{name}", value) for name, value in conditions.items()]
    answer = copy(server, stored, f"{stored}/k", *headers)
    if failed:
        answered(answer, 412, "PreconditionFailed")
        assert answer.element("Condition").lower() == f"x-amz-copy-source-{failed}".lower()
    else:
        answered(answer, 200)


def test_destination_conditions(server, stored, owner_root):
    answered(copy(server, stored, f"{stored}/k", ("If-None-Match", "*")), 200)
    answered(copy(server, stored, f"{stored}/k", ("If-None-Match", "*")), 412, "PreconditionFailed")
    answered(copy(server, stored, f"{stored}/k", ("If-Match", OTHER)), 412, "PreconditionFailed")
    answered(copy(server, stored, f"{stored}/k", ("If-Match", ETAG)), 200)
    answered(copy(server, stored, f"{stored}/k", ("If-Match", ETAG), to="missing"), 404, "NoSuchKey")


def test_copy_needs_read_on_the_source_and_write_on_the_destination(stored, new_bucket, owner_root, owner_user):
    other = new_bucket()

    def attempt():
        return owner_user.copy_object(
            Bucket=other, Key="copy", CopySource=f"{stored}/k", TaggingDirective="REPLACE"
        )  # fmt: skip

    user = principal_of(OWNER_USER)
    refused(attempt, 403, "AccessDenied")
    owner_root.put_bucket_policy(Bucket=other, Policy=policy(allow(user, "s3:PutObject", f"{other}/*")))
    refused(attempt, 403, "AccessDenied", no_identity_policy(OWNER_USER, "s3:GetObject", arn(f"{stored}/k")))
    owner_root.put_bucket_policy(Bucket=stored, Policy=policy(allow(user, "s3:GetObject", f"{stored}/*")))
    attempt()
    owner_root.delete_bucket_policy(Bucket=other)
    refused(attempt, 403, "AccessDenied", no_identity_policy(OWNER_USER, "s3:PutObject", arn(f"{other}/copy")))


def test_copying_tags_needs_their_permissions(stored, new_bucket, owner_root, owner_user):
    other, user = new_bucket(), principal_of(OWNER_USER)
    owner_root.put_bucket_policy(Bucket=other, Policy=policy(allow(user, "s3:PutObject", f"{other}/*")))
    owner_root.put_bucket_policy(Bucket=stored, Policy=policy(allow(user, "s3:GetObject", f"{stored}/*")))
    refused(lambda: owner_user.copy_object(Bucket=other, Key="copy", CopySource=f"{stored}/k"), 403, "AccessDenied")
    owner_root.put_bucket_policy(
        Bucket=other, Policy=policy(allow(user, ["s3:PutObject", "s3:PutObjectTagging"], f"{other}/*"))
    )
    owner_root.put_bucket_policy(
        Bucket=stored, Policy=policy(allow(user, ["s3:GetObject", "s3:GetObjectTagging"], f"{stored}/*"))
    )
    owner_user.copy_object(Bucket=other, Key="copy", CopySource=f"{stored}/k")
    assert owner_root.get_object_tagging(Bucket=other, Key="copy")["TagSet"] == [{"Key": "t", "Value": "1"}]


def test_copy_source_condition_sees_the_raw_header(server, stored, new_bucket, owner_root):
    other = new_bucket()
    stranger = principal_of(STRANGER_ROOT)
    owner_root.put_bucket_policy(
        Bucket=stored, Policy=policy(allow(stranger, ["s3:GetObject", "s3:GetObjectTagging"], f"{stored}/*"))
    )
    only_from_k = allow(
        stranger, "s3:PutObject", f"{other}/*", Condition={"StringEquals": {"s3:x-amz-copy-source": f"{stored}/k"}}
    )
    tagging = allow(stranger, "s3:PutObjectTagging", f"{other}/*")
    owner_root.put_bucket_policy(Bucket=other, Policy=policy(only_from_k, tagging))
    answered(copy(server, other, f"{stored}/k", caller=STRANGER_ROOT), 200)
    answered(copy(server, other, f"/{stored}/k", caller=STRANGER_ROOT), 403, "AccessDenied")
    answered(copy(server, other, f"{stored}/%6b", caller=STRANGER_ROOT), 403, "AccessDenied")
