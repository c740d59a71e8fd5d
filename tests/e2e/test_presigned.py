"""Presigned URLs."""

import datetime
import hashlib
import json
from urllib.parse import quote

import pytest
from harness.callers import OWNER_ROOT
from harness.expect import answered
from harness.sigv4 import Request, presign, sign
from harness.wire import ask, exchange, host_of

UTC = datetime.timezone.utc
CODE = "AuthorizationQueryParametersError"


@pytest.fixture
def stored(bucket, owner_root):
    owner_root.put_object(Bucket=bucket, Key="a key", Body=b"bytes")
    return bucket


def fetch(server, bucket, change=None, headers=(), method="GET", query="", body=b"", **signing):
    request = Request(method, f"/{bucket}/a%20key{query}", list(headers), body)
    presign(request, OWNER_ROOT, host_of(server), **signing)
    if body:
        request.set("Content-Length", str(len(body)))
    if change:
        request.target = change(request.target)
    return exchange(server, request)


def ago(**delta):
    return datetime.datetime.now(UTC) - datetime.timedelta(**delta)


def test_urls_of_the_sdk(server, stored, owner_root):
    parameters = {"Bucket": stored, "Key": "a key"}
    for operation, method, body in (("get_object", "GET", b"bytes"), ("head_object", "HEAD", b"")):
        url = owner_root.generate_presigned_url(operation, parameters)
        assert answered(ask(server, method, url.removeprefix(server.endpoint)), 200).body == body
    url = owner_root.generate_presigned_url("put_object", {"Bucket": stored, "Key": "new"})
    answered(ask(server, "PUT", url.removeprefix(server.endpoint), body=b"put"), 200)
    assert owner_root.get_object(Bucket=stored, Key="new")["Body"].read() == b"put"
    url = owner_root.generate_presigned_url(
        "get_object", {**parameters, "ResponseContentType": "text/x", "ResponseContentDisposition": 'inline; filename="a"'}
    )
    got = answered(ask(server, "GET", url.removeprefix(server.endpoint)), 200)
    assert (got.header("content-type"), got.header("content-disposition")) == ("text/x", 'inline; filename="a"')


def test_a_policy_put_by_presigned_url(server, stored, owner_root):
    url = owner_root.generate_presigned_url("delete_bucket_policy", {"Bucket": stored}, HttpMethod="DELETE")
    answered(ask(server, "DELETE", url.removeprefix(server.endpoint)), 204)


def test_expiry(server, stored):
    answered(fetch(server, stored, expires="3600", now=ago(minutes=50)), 200)
    expired = fetch(server, stored, expires="60", now=ago(seconds=62))
    answered(expired, 403, "AccessDenied", "Request has expired", **{"X__Amz__Expires": "60"})
    assert expired.element("Expires") and expired.element("ServerTime")
    answered(fetch(server, stored, expires="0"), 403, "AccessDenied", "Request has expired")
    answered(fetch(server, stored, expires="604800", now=ago(days=6)), 200)
    answered(fetch(server, stored, now=ago(minutes=-20)), 403, "AccessDenied", "Request is not yet valid")


@pytest.mark.parametrize(
    "expires, message",
    [
        ("soon", "X-Amz-Expires should be a number"),
        ("-1", "X-Amz-Expires must be non-negative"),
        ("604801", "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds"),
    ],
)  # fmt: skip
def test_bad_expiry(server, stored, expires, message):
    answered(fetch(server, stored, expires=expires), 400, CODE, message)


@pytest.mark.parametrize("name", ["Algorithm", "Credential", "Date", "Expires", "SignedHeaders", "Signature"])
def test_all_six_parameters_are_needed(server, stored, name):
    def change(target):
        path, _, query = target.partition("?")
        return path + "?" + "&".join(part for part in query.split("&") if not part.startswith(f"X-Amz-{name}="))

    answered(
        fetch(server, stored, change),
        400, CODE,
        "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, "
        "X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
    )  # fmt: skip


def test_scope(server, stored):
    prefix = "Error parsing the X-Amz-Credential parameter; "
    answered(
        fetch(server, stored, region="eu-west-1"),
        400, CODE, prefix + "the region 'eu-west-1' is wrong; expecting 'us-east-1'", Region="us-east-1",
    )  # fmt: skip
    answered(
        fetch(server, stored, service="execute-api"),
        400, CODE, prefix + 'incorrect service "execute-api". This endpoint belongs to "s3".',
    )  # fmt: skip
    answered(fetch(server, stored, terminal="x"), 400, CODE)
    answered(fetch(server, stored, scope_date="20200101"), 400, CODE)
    answered(
        fetch(server, stored, algorithm="AWS4-HMAC-SHA1"),
        400, CODE, 'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"',
    )  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        lambda target: target.replace("a%20key", "b%20key"),
        lambda target: target + "&response-content-type=text/html",
        lambda target: target[:-1] + ("0" if target[-1] != "0" else "1"),
        lambda target: target.replace("X-Amz-Expires=60", "X-Amz-Expires=61"),
    ],
    ids=["key", "parameter added", "signature", "expiry"],
)
def test_a_changed_url_is_refused(server, stored, change):
    answered(fetch(server, stored, change), 403, "SignatureDoesNotMatch")


def test_another_method_is_refused(server, stored):
    request = Request("GET", f"/{stored}/a%20key")
    presign(request, OWNER_ROOT, host_of(server))
    request.method = "DELETE"
    answered(exchange(server, request), 403, "SignatureDoesNotMatch")


def test_the_first_of_two_parameters_counts(server, stored):
    answered(fetch(server, stored, lambda target: target + "&X-Amz-Expires=1&X-Amz-Signature=00"), 403, "SignatureDoesNotMatch")


def test_signed_and_unsigned_headers(server, stored):
    answered(fetch(server, stored, headers=[("x-amz-checksum-mode", "ENABLED")]), 200)
    request = Request("PUT", f"/{stored}/new", [], b"abc")
    presign(request, OWNER_ROOT, host_of(server))
    request.headers += [("Content-Length", "3"), ("x-amz-meta-a", "b")]
    answered(exchange(server, request), 403, "AccessDenied", HeadersNotSigned="x-amz-meta-a")
    answered(ask(server, "GET", f"/{stored}/new", OWNER_ROOT), 404, "NoSuchKey")


def test_payload_is_unsigned(server, stored):
    for value, status in (("UNSIGNED-PAYLOAD", 200), (hashlib.sha256(b"").hexdigest(), 403)):
        request = Request("GET", f"/{stored}/a%20key")
        presign(request, OWNER_ROOT, host_of(server))
        request.headers.append(("x-amz-content-sha256", value))
        assert exchange(server, request).status == status


def test_expired_comes_before_the_scope_date(server, stored):
    answer = fetch(server, stored, expires="60", now=ago(days=2), scope_date="20200101")
    answered(answer, 403, "AccessDenied", "Request has expired")


def test_strange_text_in_the_parameters(server, stored):
    for text in ("%00", "%FF", "%", quote("ä"), "a" * 5000):
        answer = ask(server, "GET", f"/{stored}/k?X-Amz-Algorithm={text}&X-Amz-Signature={text}&X-Amz-Credential={text}")
        assert answer.status in (400, 403), answer


def test_headers_in_the_url_count(server, bucket, owner_root):
    """As the JavaScript SDK presigns: what the URL's user cannot be made to send stands in the URL."""
    owner_root.put_bucket_policy(
        Bucket=bucket,
        Policy=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": {
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "s3:PutObject",
                    "Resource": f"arn:aws:s3:::{bucket}/*",
                    "Condition": {"StringEquals": {"s3:x-amz-storage-class": "STANDARD_IA"}},
                },
            }
        ),
    )
    put = lambda query: fetch(server, bucket, method="PUT", query=f"?{query}", body=b"body")  # noqa: E731
    answered(put("x-amz-meta-color=blue&x-amz-tagging=a%3Db&x-amz-checksum-crc32=AAAAAA%3D%3D&x-id=PutObject"), 200)
    head = owner_root.head_object(Bucket=bucket, Key="a key")
    assert head["Metadata"] == {"color": "blue"}
    assert owner_root.get_object_tagging(Bucket=bucket, Key="a key")["TagSet"] == []
    answered(put("x-amz-storage-class=STANDARD_IA"), 403, "AccessDenied")
    answered(put("x-amz-expected-bucket-owner=000000000000"), 403, "AccessDenied")
    answered(put("x-amz-acl=public-read"), 400, "AccessControlListNotSupported")


def test_parameters_of_a_signed_header_request_are_no_headers(server, bucket, owner_root):
    request = Request("PUT", f"/{bucket}/k?x-amz-meta-color=blue", [("Content-Length", "1")], b"x")
    sign(request, OWNER_ROOT, host_of(server))
    answered(exchange(server, request), 200)
    assert owner_root.head_object(Bucket=bucket, Key="k")["Metadata"] == {}
