"""PutObjectTagging, GetObjectTagging, DeleteObjectTagging, and tags in the header of a write."""

import pytest
from harness.callers import OWNER_ROOT, OWNER_USER, STRANGER_ROOT
from harness.expect import answered, no_identity_policy, refused
from harness.policies import allow, arn, policy, principal_of
from harness.wire import ask

XMLNS = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'


@pytest.fixture
def stored(bucket, owner_root):
    owner_root.put_object(Bucket=bucket, Key="k", Body=b"bytes")
    return bucket


def tags(**pairs):
    return [{"Key": key, "Value": value} for key, value in pairs.items()]


def put(client, bucket, tag_set, key="k"):
    return client.put_object_tagging(Bucket=bucket, Key=key, Tagging={"TagSet": tag_set})


def get(client, bucket, key="k"):
    return client.get_object_tagging(Bucket=bucket, Key=key)["TagSet"]


def by_key(tag_set):
    return sorted(tag_set, key=lambda tag: tag["Key"])


def test_put_get_delete(server, stored, owner_root):
    before = owner_root.head_object(Bucket=stored, Key="k")
    body = b"<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag></TagSet></Tagging>"
    done = answered(ask(server, "PUT", f"/{stored}/k?tagging", OWNER_ROOT, body), 200)
    assert (done.body, done.header("x-amz-version-id")) == (b"", None)
    assert get(owner_root, stored) == tags(a="1")
    put(owner_root, stored, tags(b="2", c="ä +-=._:/@"))
    assert by_key(get(owner_root, stored)) == tags(b="2", c="ä +-=._:/@")
    after = owner_root.head_object(Bucket=stored, Key="k")
    assert (after["ETag"], after["LastModified"]) == (before["ETag"], before["LastModified"])
    assert after["ResponseMetadata"]["HTTPHeaders"]["x-amz-tagging-count"] == "2"
    for _ in range(2):
        answered(ask(server, "DELETE", f"/{stored}/k?tagging", OWNER_ROOT), 204)
    empty = answered(ask(server, "GET", f"/{stored}/k?tagging", OWNER_ROOT), 200)
    assert empty.body.decode() == f'<?xml version="1.0" encoding="UTF-8"?>\n<Tagging {XMLNS}><TagSet/></Tagging>'
    assert empty.header("content-type") is None


def test_an_overwrite_drops_the_tags(stored, owner_root):
    put(owner_root, stored, tags(a="1"))
    owner_root.put_object(Bucket=stored, Key="k", Body=b"")
    assert get(owner_root, stored) == []


@pytest.mark.parametrize(
    "tag_set, code, message",
    [
        (tags(**{f"k{number}": "" for number in range(11)}), "BadRequest", "Object tags cannot be greater than 10"),
        (tags(**{"k" * 129: "v"}), "InvalidTag", "The TagKey you have provided is invalid"),
        (tags(k="v" * 257), "InvalidTag", "The TagValue you have provided is invalid"),
        (tags(**{"k!": "v"}), "InvalidTag", "The TagKey you have provided is invalid"),
        (tags(k="v|"), "InvalidTag", "The TagValue you have provided is invalid"),
        (tags(k="1") + tags(k="2"), "InvalidTag", "Cannot provide multiple Tags with the same key"),
        (tags(**{"aws:k": "v"}), "InvalidTag", "Your TagKey cannot be prefixed with aws:"),
    ],
    ids=lambda value: str(value)[:50],
)
def test_bad_tag_sets_change_nothing(stored, owner_root, tag_set, code, message):
    put(owner_root, stored, tags(kept="1"))
    refused(lambda: put(owner_root, stored, tag_set), 400, code, message)
    assert get(owner_root, stored) == tags(kept="1")


def test_an_empty_key_is_refused(server, stored):
    body = b"<Tagging><TagSet><Tag><Key></Key><Value>v</Value></Tag></TagSet></Tagging>"
    answered(ask(server, "PUT", f"/{stored}/k?tagging", OWNER_ROOT, body), 400, "InvalidTag")


@pytest.mark.parametrize(
    "body", [b"", b"x", b"<Tagging><TagSet><Tag><Key>a</Key></Tag></TagSet></Tagging>", b"<Other/>"]
)
def test_malformed_documents(server, stored, body):
    answer = ask(server, "PUT", f"/{stored}/k?tagging", OWNER_ROOT, body)
    assert (answer.status, answer.code) == (400, "MissingRequestBodyError" if not body else "MalformedXML")


@pytest.mark.parametrize(
    "text, expected",
    [
        ("a=1&b=2", tags(a="1", b="2")),
        ("bare", tags(bare="")),
        ("&", []),
        ("a+b=c+d", tags(**{"a b": "c d"})),
        ("a%20b=%C3%A4", tags(**{"a b": "ä"})),
    ],
)
def test_tags_in_the_header_of_a_write(server, bucket, owner_root, text, expected):
    answered(ask(server, "PUT", f"/{bucket}/k", OWNER_ROOT, b"x", [("x-amz-tagging", text)]), 200)
    assert by_key(get(owner_root, bucket)) == expected


@pytest.mark.parametrize("text, code", [("=", "InvalidArgument"), ("a=%zz", "InvalidArgument"), ("a=1&a=2", "InvalidArgument"), ("a=%FF", "InvalidTag")])
def test_bad_tags_in_the_header_store_nothing(server, bucket, text, code):
    answered(ask(server, "PUT", f"/{bucket}/k", OWNER_ROOT, b"x", [("x-amz-tagging", text)]), 400, code)
    answered(ask(server, "GET", f"/{bucket}/k", OWNER_ROOT), 404, "NoSuchKey")


def test_tags_in_the_header_need_a_permission_of_their_own(stored, owner_root, owner_user):
    owner_root.put_bucket_policy(
        Bucket=stored, Policy=policy(allow(principal_of(OWNER_USER), "s3:PutObject", f"{stored}/*"))
    )
    owner_user.put_object(Bucket=stored, Key="k", Body=b"plain")
    message = no_identity_policy(OWNER_USER, "s3:PutObjectTagging", arn(f"{stored}/k"))
    refused(
        lambda: owner_user.put_object(Bucket=stored, Key="k", Body=b"tagged", Tagging="a=1"),
        403, "AccessDenied", message,
    )  # fmt: skip
    assert owner_root.get_object(Bucket=stored, Key="k")["Body"].read() == b"plain"


def test_permissions(server, stored, owner_root):
    calls = {
        "s3:PutObjectTagging": lambda client: put(client, stored, tags(a="1")),
        "s3:GetObjectTagging": lambda client: get(client, stored),
        "s3:DeleteObjectTagging": lambda client: client.delete_object_tagging(Bucket=stored, Key="k"),
    }
    for action, call in calls.items():
        message = no_identity_policy(OWNER_USER, action, arn(f"{stored}/k"))
        refused(lambda: call(server.client(OWNER_USER)), 403, "AccessDenied", message)
    granted = allow(principal_of(STRANGER_ROOT), list(calls), f"{stored}/*")
    owner_root.put_bucket_policy(Bucket=stored, Policy=policy(granted))
    for call in calls.values():
        call(server.client(STRANGER_ROOT))


def test_request_tags_govern_a_write(stored, owner_root, stranger_root):
    granted = allow(
        principal_of(STRANGER_ROOT), ["s3:PutObject", "s3:PutObjectTagging"], f"{stored}/*",
        Condition={"StringEquals": {"s3:RequestObjectTag/kind": "public"}},
    )  # fmt: skip
    owner_root.put_bucket_policy(Bucket=stored, Policy=policy(granted))
    stranger_root.put_object(Bucket=stored, Key="new", Body=b"", Tagging="kind=public")
    refused(lambda: stranger_root.put_object(Bucket=stored, Key="new", Body=b"", Tagging="kind=x"), 403, "AccessDenied")
    refused(lambda: stranger_root.put_object(Bucket=stored, Key="new", Body=b""), 403, "AccessDenied")


def test_missing_key(stored, owner_root):
    refused(lambda: put(owner_root, stored, tags(a="1"), "missing"), 404, "NoSuchKey")
    refused(lambda: get(owner_root, stored, "missing"), 404, "NoSuchKey")
