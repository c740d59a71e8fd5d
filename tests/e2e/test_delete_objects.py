"""DeleteObjects."""

import pytest
from harness.callers import OWNER_ADMIN, OWNER_ROOT, STRANGER_ROOT
from harness.digests import ALGORITHMS, checksum, content_md5, header
from harness.expect import answered, denial, refused
from harness.policies import allow, arn, deny, policy, principal_of
from harness.wire import ask

XMLNS = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'


def delete(server, bucket, body, *headers, caller=OWNER_ROOT):
    headers = headers or [("Content-MD5", content_md5(body))]
    return ask(server, "POST", f"/{bucket}?delete", caller, body, headers)


def entries(*keys, quiet=None):
    objects = "".join(f"<Object><Key>{key}</Key></Object>" for key in keys)
    return f"<Delete>{objects}{f'<Quiet>{quiet}</Quiet>' if quiet else ''}</Delete>".encode()


@pytest.fixture
def stored(bucket, owner_root):
    for key in ("a", "b", "c/d"):
        owner_root.put_object(Bucket=bucket, Key=key, Body=b"x")
    return bucket


def test_deletes_what_is_there_and_what_is_not(stored, owner_root):
    answer = owner_root.delete_objects(
        Bucket=stored, Delete={"Objects": [{"Key": key} for key in ("a", "c/d", "missing")]}
    )
    assert sorted(entry["Key"] for entry in answer["Deleted"]) == ["a", "c/d", "missing"]
    assert "Errors" not in answer
    assert [entry["Key"] for entry in owner_root.list_objects_v2(Bucket=stored)["Contents"]] == ["b"]


def test_quiet_shows_errors_only(server, stored):
    answer = answered(delete(server, stored, entries("a", "b", quiet="true")), 200)
    assert answer.body.decode() == f'<?xml version="1.0" encoding="UTF-8"?>\n<DeleteResult {XMLNS}/>'
    assert b"<Deleted>" in delete(server, stored, entries("a", quiet="TRUE")).body


def test_duplicates_make_one_entry(server, stored):
    answer = answered(delete(server, stored, entries("a", "a", "b")), 200)
    assert answer.body.count(b"<Deleted>") == 2


def test_each_key_is_judged_alone(stored, owner_root, owner_admin):
    owner_root.put_bucket_policy(Bucket=stored, Policy=policy(deny("*", "s3:DeleteObject", f"{stored}/a")))
    answer = owner_admin.delete_objects(Bucket=stored, Delete={"Objects": [{"Key": "a"}, {"Key": "b"}]})
    assert [entry["Key"] for entry in answer["Deleted"]] == ["b"]
    message = denial(
        OWNER_ADMIN, "s3:DeleteObject", arn(f"{stored}/a"), "with an explicit deny in a resource-based policy"
    )
    assert answer["Errors"] == [{"Key": "a", "Code": "AccessDenied", "Message": message}]
    assert [entry["Key"] for entry in owner_root.list_objects_v2(Bucket=stored)["Contents"]] == ["a", "c/d"]


def test_granted_strangers_delete_what_they_may(stored, owner_root, stranger_root):
    granted = allow(principal_of(STRANGER_ROOT), "s3:DeleteObject", f"{stored}/c/*")
    owner_root.put_bucket_policy(Bucket=stored, Policy=policy(granted))
    answer = stranger_root.delete_objects(Bucket=stored, Delete={"Objects": [{"Key": "a"}, {"Key": "c/d"}]})
    assert [entry["Key"] for entry in answer["Deleted"]] == ["c/d"]
    assert answer["Errors"] == [{"Key": "a", "Code": "AccessDenied", "Message": "Access Denied"}]


def test_conditional_entries(stored, owner_root):
    etag = owner_root.head_object(Bucket=stored, Key="a")["ETag"]
    objects = [{"Key": "a", "ETag": etag}, {"Key": "b", "ETag": '"0"'}, {"Key": "missing", "ETag": etag}]
    answer = owner_root.delete_objects(Bucket=stored, Delete={"Objects": objects})
    assert [entry["Key"] for entry in answer["Deleted"]] == ["a"]
    assert {entry["Key"]: entry["Code"] for entry in answer["Errors"]} == {
        "b": "PreconditionFailed",
        "missing": "NoSuchKey",
    }


def test_a_digest_is_demanded_and_verified(server, stored, owner_root):
    body = entries("a")
    answered(
        delete(server, stored, body, ("Content-Type", "application/xml")),
        400, "InvalidRequest", "Missing required header for this request: Content-MD5 OR x-amz-checksum-*",
    )  # fmt: skip
    answered(delete(server, stored, body, ("Content-MD5", content_md5(b"other"))), 400, "BadDigest")
    answered(delete(server, stored, body, ("Content-MD5", "x")), 400, "InvalidDigest")
    answered(delete(server, stored, body, (header("CRC32"), "AAAAAA==")), 400, "BadDigest")
    owner_root.head_object(Bucket=stored, Key="a")


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_each_checksum_will_do(server, stored, algorithm):
    body = entries("a")
    answered(delete(server, stored, body, (header(algorithm), checksum(algorithm, body))), 200)


@pytest.mark.parametrize(
    "body, code",
    [
        (b"<Delete></Delete>", "MalformedXML"),
        (b"<Delete><Object></Object></Delete>", "MalformedXML"),
        (b"<Delete><Object><Key>a</Key><Size>1</Size></Object></Delete>", "MalformedXML"),
        (b"<Delete><Object><Key>a</Key><Key>b</Key></Object></Delete>", "MalformedXML"),
        (b"<Delete><Object><Key>a</Key></Object><Quiet>true</Quiet><Quiet>true</Quiet></Delete>", "MalformedXML"),
        (b"<Delete><Object><Key>a</Key></Object><Other/></Delete>", "MalformedXML"),
        (b"<Delete><Object><Key>\xff</Key></Object></Delete>", "MalformedXML"),
        (b"<Delete><Object><Key>a</Key></Object>", "MalformedXML"),
        (b"<Other/>", "MalformedXML"),
        (b"not xml", "MalformedXML"),
        (entries(*map(str, range(1001))), "MalformedXML"),
        (entries(""), "UserKeyMustBeSpecified"),
        (entries("a", "k" * 1025), "KeyTooLongError"),
        (b"", "MissingRequestBodyError"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_malformed_requests_delete_nothing(server, stored, owner_root, body, code):
    answered(delete(server, stored, body), 400, code)
    assert owner_root.list_objects_v2(Bucket=stored)["KeyCount"] == 3


def test_a_thousand_entries_and_no_byte_too_many(server, stored):
    assert delete(server, stored, entries(*map(str, range(1000)))).body.count(b"<Deleted>") == 1000
    too_big = b"<Delete>" + b" " * 2_048_000 + b"</Delete>"
    answered(delete(server, stored, too_big), 400, "MaxMessageLengthExceeded", MaxMessageLengthBytes="2048000")


def test_missing_bucket(owner_root):
    refused(
        lambda: owner_root.delete_objects(Bucket="no-such-bucket", Delete={"Objects": [{"Key": "a"}]}),
        404, "NoSuchBucket", BucketName="no-such-bucket",
    )  # fmt: skip
