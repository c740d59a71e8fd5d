"""Signature Version 4 in the Authorization header: what is accepted, and AWS's answer to each broken form."""

import datetime
from dataclasses import replace

import pytest
from harness.callers import OWNER_ROOT, OWNER_USER
from harness.expect import DENIED, answered
from harness.sigv4 import Request, sign
from harness.wire import ask, exchange, host_of

NOW = datetime.datetime.now
UTC = datetime.timezone.utc
MALFORMED = "The authorization header is malformed; "


def signed(server, bucket, change=None, **signing):
    """A signed `GET /bucket?location`, changed after it was signed."""
    request = Request("GET", f"/{bucket}?location")
    sign(request, signing.pop("caller", OWNER_ROOT), host_of(server), **signing)
    if change:
        request.set("Authorization", change(request.header("Authorization")))
    return exchange(server, request)


def test_a_good_signature_is_accepted(server, bucket):
    answered(signed(server, bucket), 200)


def test_none_and_empty_are_anonymous(server, bucket):
    answered(ask(server, "GET", f"/{bucket}?location"), 403, "AccessDenied", DENIED)
    answered(ask(server, "GET", f"/{bucket}?location", headers=[("Authorization", "")]), 403, "AccessDenied", DENIED)


@pytest.mark.parametrize(
    "change, code, message",
    [
        (lambda value: "garbage", "InvalidArgument", "Authorization header is invalid -- one and only one ' ' (space) required"),
        (lambda value: value.replace("SHA256", "SHA512", 1), "InvalidArgument", "Unsupported Authorization Type"),
        (
            lambda value: "AWS AKIA:c2ln",
            "InvalidRequest",
            "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
        ),
        (
            lambda value: value.split(", Signature")[0],
            "AuthorizationHeaderMalformed",
            MALFORMED + "the authorization header requires three components: Credential, SignedHeaders, and Signature.",
        ),
        (lambda value: value + ", Other=x", "AuthorizationHeaderMalformed", None),
        (lambda value: value + ", Signature=00", "AuthorizationHeaderMalformed", None),
        (lambda value: value.replace("Credential=", "Credentials="), "AuthorizationHeaderMalformed", None),
        (lambda value: value.replace("/s3/", "/"), "AuthorizationHeaderMalformed", MALFORMED + 'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".'),
    ],
)  # fmt: skip
def test_malformed_headers(server, bucket, change, code, message):
    answered(signed(server, bucket, change), 400, code, message)


def test_scope(server, bucket):
    code = "AuthorizationHeaderMalformed"
    region = answered(signed(server, bucket, region="us-west-2"), 400, code, Region="us-east-1")
    assert region.message == MALFORMED + "the region 'us-west-2' is wrong; expecting 'us-east-1'"
    assert region.header("x-amz-bucket-region") == "us-east-1"
    answered(
        signed(server, bucket, service="iam"),
        400, code, MALFORMED + 'incorrect service "iam". This endpoint belongs to "s3".',
    )  # fmt: skip
    answered(
        signed(server, bucket, terminal="aws5_request"),
        400, code, MALFORMED + 'incorrect terminal "aws5_request". This endpoint uses "aws4_request".',
    )  # fmt: skip
    yesterday = (NOW(UTC) - datetime.timedelta(days=1)).strftime("%Y%m%d")
    answered(
        signed(server, bucket, scope_date=yesterday),
        400, code, MALFORMED + "Invalid credential date. Date is not the same as X-Amz-Date.",
    )  # fmt: skip
    answered(signed(server, bucket, scope_date="today"), 400, code)


@pytest.mark.parametrize("minutes, status", [(-14, 200), (14, 200), (-20, 403), (20, 403)])
def test_skew_of_fifteen_minutes(server, bucket, minutes, status):
    answer = signed(server, bucket, now=NOW(UTC) + datetime.timedelta(minutes=minutes))
    if status == 200:
        answered(answer, 200)
    else:
        answered(
            answer,
            403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.",
            MaxAllowedSkewMilliseconds="900000",
        )  # fmt: skip
        assert answer.element("RequestTime") and answer.element("ServerTime")


def test_unknown_key(server, bucket):
    unknown = replace(OWNER_ROOT, access_key="AKIAUNKNOWN000000000")
    answered(
        signed(server, bucket, caller=unknown),
        403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.",
        AWSAccessKeyId="AKIAUNKNOWN000000000",
    )  # fmt: skip


def test_order_skew_region_key_signature(server, bucket):
    unknown = replace(OWNER_ROOT, access_key="AKIAUNKNOWN000000000", secret_key="wrong")
    late = NOW(UTC) - datetime.timedelta(hours=1)
    answered(signed(server, bucket, caller=unknown, region="x", now=late), 403, "RequestTimeTooSkewed")
    answered(signed(server, bucket, caller=unknown, region="x"), 400, "AuthorizationHeaderMalformed", Region="us-east-1")
    answered(signed(server, bucket, caller=unknown), 403, "InvalidAccessKeyId")


MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your key and signing method."
)


def test_wrong_secret_shows_what_was_calculated(server, bucket):
    answer = answered(
        signed(server, bucket, secret="wrong"),
        403, "SignatureDoesNotMatch", MISMATCH, AWSAccessKeyId=OWNER_ROOT.access_key,
    )  # fmt: skip
    to_sign, canonical = answer.element("StringToSign"), answer.element("CanonicalRequest")
    assert to_sign.startswith("AWS4-HMAC-SHA256\n") and canonical.startswith(f"GET\n/{bucket}\nlocation=\n")
    assert len(answer.element("SignatureProvided")) == 64
    assert bytes.fromhex(answer.element("StringToSignBytes")) == to_sign.encode()
    assert bytes.fromhex(answer.element("CanonicalRequestBytes")) == canonical.encode()
    assert OWNER_ROOT.secret_key.encode() not in answer.body


@pytest.mark.parametrize(
    "change",
    [
        lambda request: setattr(request, "method", "DELETE"),
        lambda request: setattr(request, "target", request.target.replace("/k", "/l")),
        lambda request: setattr(request, "target", request.target + "&x=1"),
        lambda request: request.set("x-amz-date", NOW(UTC).strftime("%Y%m%dT%H%M00Z")),
        lambda request: request.set("x-amz-meta-a", "changed"),
        lambda request: request.drop("x-amz-meta-a"),
        lambda request: request.set("x-amz-content-sha256", "UNSIGNED-PAYLOAD"),
        lambda request: request.set("Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA=="),
    ],
    ids=["method", "path", "query", "date", "header", "header dropped", "payload hash", "content-md5"],
)
def test_anything_signed_that_changes_breaks_the_signature(server, bucket, change):
    request = Request("PUT", f"/{bucket}/k?x-id=PutObject", [("x-amz-meta-a", "b"), ("Content-MD5", "kAFQmDzST7DWlj99KOF/cg==")], b"abc")
    sign(request, OWNER_ROOT, host_of(server), now=NOW(UTC).replace(second=1))
    request.set("Content-Length", "3")
    change(request)
    answered(exchange(server, request), 403, "SignatureDoesNotMatch")
    answered(ask(server, "GET", f"/{bucket}/k", OWNER_ROOT), 404, "NoSuchKey")


@pytest.mark.parametrize("late", [("x-amz-acl", "public-read"), ("x-amz-meta-a", "b"), ("X-Amz-Tagging", "a=1"), ("x-amz-copy-source", "a/b")])
def test_unsigned_x_amz_headers_are_refused(server, bucket, late):
    request = Request("PUT", f"/{bucket}/k", [], b"abc")
    sign(request, OWNER_ROOT, host_of(server))
    request.set("Content-Length", "3")
    request.headers.append(late)
    answer = answered(exchange(server, request), 403, "AccessDenied")
    assert answer.message == "There were headers present in the request which were not signed"
    assert answer.element("HeadersNotSigned") == late[0].lower()
    answered(ask(server, "GET", f"/{bucket}/k", OWNER_ROOT), 404, "NoSuchKey")


def test_unsigned_host_is_refused(server, bucket):
    answer = signed(server, bucket, signed=["x-amz-content-sha256", "x-amz-date"])
    answered(answer, 403, "AccessDenied", HeadersNotSigned="host")


def test_unsigned_ordinary_headers_are_accepted(server, bucket):
    request = Request("PUT", f"/{bucket}/k", [], b"abc")
    sign(request, OWNER_ROOT, host_of(server))
    request.headers += [("Content-Type", "text/plain"), ("X-Custom", "x"), ("Content-Length", "3")]
    answered(exchange(server, request), 200)


def test_signed_header_names_are_lowered_sorted_and_deduplicated(server, bucket):
    def change(value):
        names = value.split("SignedHeaders=")[1].split(",")[0]
        mixed = ";".join(reversed(names.title().split(";"))) + ";host"
        return value.replace(names, mixed)

    answered(signed(server, bucket, change), 200)


def test_payload_hash_header(server, bucket):
    request = Request("GET", f"/{bucket}?location")
    sign(request, OWNER_ROOT, host_of(server), signed=["host", "x-amz-date"])
    answered(exchange(server, request), 200)
    request.drop("x-amz-content-sha256")
    answered(
        exchange(server, request),
        400, "InvalidRequest", "Missing required header for this request: x-amz-content-sha256",
    )  # fmt: skip


def test_date_header_instead_of_x_amz_date(server, bucket):
    request = Request("GET", f"/{bucket}?location")
    request.set("Date", NOW(UTC).strftime("%Y%m%dT%H%M%SZ"))
    sign(request, OWNER_ROOT, host_of(server), signed=["date", "host", "x-amz-content-sha256"], now=NOW(UTC))
    date = request.header("x-amz-date")
    request.drop("x-amz-date")
    assert request.header("Date") == date
    answered(exchange(server, request), 200)
    request.drop("Date")
    answered(
        exchange(server, request), 403, "AccessDenied", "AWS authentication requires a valid Date or x-amz-date header"
    )


def test_security_token_with_a_static_key(server, bucket):
    answer = ask(server, "GET", f"/{bucket}?location", OWNER_ROOT, headers=[("x-amz-security-token", "token")])
    answered(answer, 400, "InvalidToken", "The provided token is malformed or otherwise invalid.")


def test_two_authorizations(server, bucket):
    request = Request("GET", f"/{bucket}?location")
    sign(request, OWNER_ROOT, host_of(server))
    request.headers.append(("Authorization", request.header("Authorization")))
    answered(exchange(server, request), 501, "NotImplemented", Header="Authorization")


def test_header_and_query(server, bucket):
    from harness.sigv4 import presign

    request = Request("GET", f"/{bucket}?location")
    presign(request, OWNER_ROOT, host_of(server))
    request.set("Authorization", "AWS4-HMAC-SHA256 x")
    answered(exchange(server, request), 400, "InvalidArgument", ArgumentName="Authorization")


def test_odd_paths_and_queries_are_signed_as_sent(server, bucket):
    for key in ("a//b", "./x", "a/../b", "%20+%2B", "%C3%A4", "~-_.", "%2F%2f", "a%25b", "*'()!"):
        target = f"/{bucket}/{key}"
        answered(ask(server, "PUT", target, OWNER_ROOT, key.encode()), 200)
        assert ask(server, "GET", target, OWNER_ROOT).body == key.encode()
    answered(ask(server, "GET", f"/{bucket}?prefix=a%2F%20b&delimiter=%2B&list-type=2&x=%C3%A4&x=1&x", OWNER_ROOT), 200)


def test_keys_of_one_account_do_not_open_another(server, bucket):
    wrong = replace(OWNER_USER, secret_key=OWNER_ROOT.secret_key)
    answered(signed(server, bucket, caller=wrong), 403, "SignatureDoesNotMatch")
