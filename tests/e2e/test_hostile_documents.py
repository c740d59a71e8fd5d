"""Hostile documents: refused flat, at once, with nothing stored and memory as it was."""

import time

import pytest
from harness.callers import OWNER_ROOT
from harness.digests import content_md5
from harness.expect import answered
from harness.wire import ask

# Generous: these take milliseconds where nothing is quadratic.
SECONDS = 5
MEMORY_BYTES = 32 << 20


@pytest.fixture(autouse=True)
def quick_and_small(server):
    ask(server, "GET", "/_buckler/health")
    memory, start = server.resident_bytes(), time.monotonic()
    yield
    assert time.monotonic() - start < SECONDS
    assert server.resident_bytes() - memory < MEMORY_BYTES
    assert ask(server, "GET", "/_buckler/health").status == 200


def put_policy(server, bucket, body):
    answer = ask(server, "PUT", f"/{bucket}?policy", OWNER_ROOT, body)
    answered(ask(server, "GET", f"/{bucket}?policy", OWNER_ROOT), 404, "NoSuchBucketPolicy")
    return answer


def in_statement(text):
    return b'{"Version":"2012-10-17","Statement":' + text + b"}"


def nested(depth, opening, closing):
    return opening * depth + closing * depth


@pytest.mark.parametrize("depth", [10_000, 100_000])
@pytest.mark.parametrize(
    "opening, closing", [(b"[", b"]"), (b'{"a":', b"}"), (b'{"Statement":[', b"]}")], ids=["arrays", "objects", "both"]
)
def test_deep_json(server, bucket, depth, opening, closing):
    middle = b"" if opening == b"[" else b"1" if opening == b'{"a":' else b""
    for text in (opening * depth + middle + closing * depth, opening * depth):
        answered(put_policy(server, bucket, in_statement(text)), 400, "MalformedPolicy")


def test_a_megabyte_of_policy(server, bucket):
    statement = b'{"Sid":"%s","Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::%s/*"}'
    big = in_statement(b"[" + statement % (b"x" * (1 << 20), bucket.encode()) + b"]")
    many = in_statement(b"[" + b",".join([statement % (b"", bucket.encode())] * 10_000) + b"]")
    for body in (big, many):
        answered(
            put_policy(server, bucket, body),
            400, "MalformedPolicy", "Normalized policy document exceeds the maximum allowed size of 20480 bytes",
        )  # fmt: skip


def test_a_hundred_megabytes_are_not_read(server, bucket):
    from harness.sigv4 import Request, sign
    from harness.wire import Closed, Connection, host_of

    request = Request("PUT", f"/{bucket}?policy")
    sign(request, OWNER_ROOT, host_of(server), payload="UNSIGNED-PAYLOAD")
    request.headers.append(("Content-Length", str(100 << 20)))
    with Connection(server) as connection:
        connection.send(request.to_bytes() + b"{")
        for _ in range(100):
            connection.send(b" " * (1 << 20))
        try:
            answer = connection.answer()
        except Closed:
            # Cut off in the middle of its own sending, a client may not get to hear why.
            return
    assert (answer.status, answer.code) in ((400, "MalformedPolicy"), (400, "MaxMessageLengthExceeded")), answer


@pytest.mark.parametrize(
    "text",
    [
        b'[{"Effect":"Allow","Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::B/*"}]',
        b'[{"Effect":"Deny","Principal":{"AWS":"*","AWS":"*"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::B/*"}]',
        b'[{"Effect":"Deny","\\u0045ffect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::B/*"}]',
        b'[{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::B/*",'
        b'"Condition":{"Bool":{"aws:SecureTransport":"true"},"Bool":{"aws:SecureTransport":"false"}}}]',
        b'[],"Statement":[]',
    ],
    ids=["effect", "principal", "escaped", "operator", "statement"],
)
def test_duplicate_keys(server, bucket, text):
    body = in_statement(text.replace(b":::B/", b":::" + bucket.encode() + b"/"))
    answered(put_policy(server, bucket, body), 400, "MalformedPolicy")


@pytest.mark.parametrize(
    "body",
    [
        b'{"\xff":1}',
        in_statement(b'"\xc3"'),
        in_statement(b'"\xed\xa0\x80"'),
        in_statement(b'"\xc0\x80"'),
        in_statement(b'"\\ud800"'),
        in_statement(b'"a\x00b"'),
        '{"Version":"2012-10-17"}'.encode("utf-16"),
        b"{" + bytes(1000),
        b"{" + b"\xff" * 100_000,
        in_statement(b"1e999999999"),
        in_statement(b"[" + b"9" * 100_000 + b"]"),
        in_statement(b'"' + b"\\u0041" * 100_000 + b'"'),
        in_statement(b"[" + b"{}," * 100_000 + b"{}]"),
    ],
    ids=lambda body: repr(body[:40]),
)
def test_bad_json(server, bucket, body):
    answered(put_policy(server, bucket, body), 400, "MalformedPolicy")


def test_patterns_that_could_backtrack(server, bucket, owner_root):
    """A pattern of many stars is matched in no more than quadratic time."""
    from harness.policies import deny, policy

    owner_root.put_object(Bucket=bucket, Key="a" * 1000, Body=b"bytes")
    starred = deny("*", "s3:GetObject", f"{bucket}/" + "a*" * 400 + "b")
    owner_root.put_bucket_policy(Bucket=bucket, Policy=policy(starred))
    assert owner_root.get_object(Bucket=bucket, Key="a" * 1000)["Body"].read() == b"bytes"


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE bomb [<!ENTITY a0 "ha">'
    + b"".join(b'<!ENTITY a%d "&a%d;&a%d;&a%d;&a%d;">' % (n, n - 1, n - 1, n - 1, n - 1) for n in range(1, 30))
    + b"]>"
)
EXTERNAL = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
# Operations with a body, and a document that is right but for what stands at its place.
DOCUMENTS = {
    "CreateBucket": ("PUT", "/xml-{bucket}", b"<CreateBucketConfiguration>%s</CreateBucketConfiguration>"),
    "PutPublicAccessBlock": (
        "PUT",
        "/{bucket}?publicAccessBlock",
        b"<PublicAccessBlockConfiguration>%s</PublicAccessBlockConfiguration>",
    ),
    "PutObjectTagging": (
        "PUT",
        "/{bucket}/k?tagging",
        b"<Tagging><TagSet><Tag><Key>%s</Key><Value>v</Value></Tag></TagSet></Tagging>",
    ),
    "PutBucketAcl": ("PUT", "/{bucket}?acl", b"<AccessControlPolicy><Owner><ID>%s</ID></Owner></AccessControlPolicy>"),
    "PutObjectAcl": ("PUT", "/{bucket}/k?acl", b"<AccessControlPolicy><AccessControlList>%s</AccessControlList></AccessControlPolicy>"),
    "PutBucketOwnershipControls": ("PUT", "/{bucket}?ownershipControls", b"<OwnershipControls>%s</OwnershipControls>"),
    "DeleteObjects": ("POST", "/{bucket}?delete", b"<Delete><Object><Key>%s</Key></Object></Delete>"),
}
TOO_MUCH = ("MalformedXML", "MalformedACLError", "MaxMessageLengthExceeded")


def send(server, bucket, operation, inner, before=b""):
    method, target, document = DOCUMENTS[operation]
    body = before + document.replace(b"%s", inner)
    return ask(server, method, target.format(bucket=bucket), OWNER_ROOT, body, [("Content-MD5", content_md5(body))])


@pytest.fixture
def stored(bucket, owner_root):
    owner_root.put_object(Bucket=bucket, Key="k", Body=b"bytes")
    return bucket


def assert_untouched(server, bucket, owner_root):
    assert owner_root.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == []
    answered(ask(server, "GET", f"/{bucket}?publicAccessBlock", OWNER_ROOT), 404, "NoSuchPublicAccessBlockConfiguration")
    assert ask(server, "HEAD", f"/xml-{bucket}", OWNER_ROOT).status == 404


@pytest.mark.parametrize("operation", DOCUMENTS)
def test_deep_xml(server, stored, owner_root, operation):
    for depth in (1000, 100_000):
        for inner in (nested(depth, b"<a>", b"</a>"), b"<a>" * depth):
            answer = send(server, stored, operation, inner)
            assert (answer.status, answer.code in TOO_MUCH) == (400, True), answer
    assert_untouched(server, stored, owner_root)


@pytest.mark.parametrize("operation", DOCUMENTS)
@pytest.mark.parametrize(
    "inner, before",
    [
        (b"&a29;", BOMB),
        (b"&e;", EXTERNAL),
        (b"k", b"<!DOCTYPE x>"),
        (b"&unknown;", b""),
        (b"&#xD800;", b""),
        (b"&#0;", b""),
        (b"\xff\xfe", b""),
        (b"<![CDATA[", b""),
        (b"<a " + b" ".join(b'a%d=""' % n for n in range(20_000)) + b"/>", b""),
        (b"<" + b"a" * 100_000 + b"/>", b""),
        (b"</wrong>", b""),
    ],
    ids=["bomb", "external", "doctype", "unknown entity", "surrogate", "NUL", "UTF-8", "CDATA", "attributes", "name", "end"],
)
def test_bad_xml(server, stored, owner_root, operation, inner, before):
    answer = send(server, stored, operation, inner, before)
    assert (answer.status, answer.code in TOO_MUCH) == (400, True), answer
    assert b"root:" not in answer.body
    assert_untouched(server, stored, owner_root)


def test_predefined_entities_are_text(server, bucket, owner_root):
    key = "a<b>&\"'ä"
    owner_root.put_object(Bucket=bucket, Key=key, Body=b"")
    answered(send(server, bucket, "DeleteObjects", b"a&lt;b&gt;&amp;&quot;&apos;&#xe4;"), 200)
    assert owner_root.list_objects_v2(Bucket=bucket)["KeyCount"] == 0
