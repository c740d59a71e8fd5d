"""Signature Version 4A: ECDSA signatures that are good in a set of regions, by botocore's own signer and by hand."""

import boto3
import pytest
from botocore.config import Config
from harness.callers import OWNER_ADMIN, OWNER_ROOT, STRANGER_ROOT, Caller
from harness.expect import answered, refused
from harness.policies import allow, policy, principal_of
from harness.server import REGION
from harness.sessions import own_session
from harness.sigv4 import UNSIGNED, Request, signed_chunks, unsigned_chunks
from harness.sigv4a import presign, sign
from harness.wire import ask, exchange, host_of

MISMATCH = "The request signature we calculated does not match the signature you provided. Check your key and signing method."
WRONG_REGION = "The provided X-Amz-Region-Set doesn't match against the requested S3 region."
STREAMING = "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD"
CRC32 = ("x-amz-checksum-crc32", "NSRBwg==")


def client(server, caller, region_set="*", service="s3"):
    """boto3 with the signer of AWS's common runtime."""
    return boto3.session.Session().client(
        service,
        endpoint_url=server.endpoint,
        region_name=REGION,
        aws_access_key_id=caller.access_key,
        aws_secret_access_key=caller.secret_key,
        aws_session_token=caller.session_token or None,
        config=Config(
            signature_version="s3v4a" if service == "s3" else "v4a",
            sigv4a_signing_region_set=region_set,
            retries={"total_max_attempts": 1},
            s3={"addressing_style": "path"},
        ),
    )


@pytest.fixture
def stored(bucket, owner_root):
    """A bucket with an object `a key`."""
    owner_root.put_object(Bucket=bucket, Key="a key", Body=b"bytes")
    return bucket


def by_hand(server, method, target, caller=OWNER_ADMIN, body=b"", headers=(), **signing):
    request = Request(method, target, [*headers, ("Content-Length", str(len(body)))] if body else list(headers), body)
    sign(request, caller, host_of(server), **signing)
    return request


@pytest.mark.parametrize("region_set", ["*", "us-*", REGION, f"eu-west-1,{REGION}"])
def test_a_client_does_its_work(server, bucket, region_set):
    s3 = client(server, OWNER_ADMIN, region_set)
    for key in ("a/b c", "a/ü+?", "~"):
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode(), Metadata={"k": "two  words"})
        got = s3.get_object(Bucket=bucket, Key=key)
        assert (got["Body"].read(), got["Metadata"]) == (key.encode(), {"k": "two  words"})
    listed = s3.list_objects_v2(Bucket=bucket, Prefix="a/", Delimiter="/")
    assert [entry["Key"] for entry in listed["Contents"]] == ["a/b c", "a/ü+?"]
    s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "~"}, {"Key": "a/b c"}]})
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 1


def test_url_of_an_object(server, stored):
    url = client(server, OWNER_ADMIN).generate_presigned_url("get_object", Params={"Bucket": stored, "Key": "a key"})
    assert "AWS4-ECDSA-P256-SHA256" in url and "X-Amz-Region-Set=" in url
    target = url.removeprefix(server.endpoint)
    assert answered(ask(server, "GET", target), 200).body == b"bytes"
    answered(ask(server, "GET", target.replace("a%20key", "other")), 403, "SignatureDoesNotMatch", MISMATCH)
    answered(ask(server, "GET", target + "&versionId=null"), 403, "SignatureDoesNotMatch", MISMATCH)


def test_temporary_credentials(server, stored):
    session = own_session(server, OWNER_ADMIN)
    assert client(server, session).get_object(Bucket=stored, Key="a key")["Body"].read() == b"bytes"
    forged = Caller(session.account, "", session.access_key, "another", session_token=session.session_token)
    refused(lambda: client(server, forged).list_buckets(), 403, "SignatureDoesNotMatch", MISMATCH)


def test_iam_and_sts_take_it(server):
    assert client(server, OWNER_ADMIN, service="sts").get_caller_identity()["Arn"] == OWNER_ADMIN.arn
    users = client(server, OWNER_ROOT, service="iam").list_users()["Users"]
    assert "alice" in [user["UserName"] for user in users]
    elsewhere = client(server, OWNER_ROOT, "eu-west-1", service="iam")
    refused(elsewhere.list_users, 403, "SignatureDoesNotMatch", "Credential should be scoped to a valid region. ")


def test_the_region_is_of_the_set(server, stored):
    target = f"/{stored}/a%20key"
    assert answered(exchange(server, by_hand(server, "GET", target)), 200).body == b"bytes"
    for region_set in ("eu-west-1", "us-west-2, us-east-1", "us-east-?"):
        answer = exchange(server, by_hand(server, "GET", target, region_set=region_set))
        answered(answer, 400, "RegionSetMismatch", WRONG_REGION, RequestedRegion=REGION, RegionSet=region_set)
    missing = by_hand(server, "GET", target, region_set=None)
    answered(
        exchange(server, missing), 400, "InvalidRequest", "Missing required header for this request: x-amz-region-set"
    )
    request = Request("GET", target)
    presign(request, OWNER_ADMIN, host_of(server), region_set=None)
    answered(
        exchange(server, request), 400, "AuthorizationQueryParametersError",
        "SigV4a query auth requires a non empty x-amz-region-set parameter.",
    )  # fmt: skip
    request = Request("GET", target)
    presign(request, OWNER_ADMIN, host_of(server), region_set="eu-*")
    answered(exchange(server, request), 400, "RegionSetMismatch", WRONG_REGION, RegionSet="eu-*")


def test_who_is_not_proven(server, stored):
    target = f"/{stored}/a%20key"
    for forger in (Caller(access_key=OWNER_ADMIN.access_key, secret_key="x"), OWNER_ADMIN):
        request = by_hand(server, "GET", target, forger)
        request.target = f"/{stored}/other"
        answer = answered(exchange(server, request), 403, "SignatureDoesNotMatch", MISMATCH)
        assert answer.element("StringToSign").startswith("AWS4-ECDSA-P256-SHA256\n")
        assert answer.element("CanonicalRequest").startswith(f"GET\n/{stored}/other\n")
    nobody = Caller(access_key="AKIANOBODY000000", secret_key="x")
    answered(exchange(server, by_hand(server, "GET", target, nobody)), 403, "InvalidAccessKeyId")
    malformed = "The authorization header is malformed; the Credential is mal-formed; "
    five = by_hand(server, "GET", target, scope="20260101/us-east-1/s3/aws4_request")
    answered(
        exchange(server, five), 400, "AuthorizationHeaderMalformed",
        malformed + 'expecting "<YOUR-AKID>/YYYYMMDD/SERVICE/aws4_request".',
    )  # fmt: skip
    unsigned = by_hand(server, "GET", target, signed=["host", "x-amz-date"])
    answered(exchange(server, unsigned), 403, "AccessDenied", HeadersNotSigned="x-amz-region-set")


@pytest.mark.parametrize("sizes", [[5], [8192, 1], [65_536, 65_536, 10]])
@pytest.mark.parametrize("trailer", [None, CRC32])
def test_signed_chunks(server, bucket, owner_root, sizes, trailer):
    chunks = [b"\0" * size for size in sizes]
    if trailer:
        trailer = (trailer[0], crc32(b"".join(chunks)))
    assert upload(server, bucket, chunks, trailer).status == 200
    assert owner_root.get_object(Bucket=bucket, Key="k")["Body"].read() == b"".join(chunks)
    broken = upload(server, bucket, chunks, trailer, lambda body: body.replace(b"\0\r\n", b"\1\r\n", 1), key="other")
    answered(broken, 403, "SignatureDoesNotMatch", MISMATCH)
    assert owner_root.list_objects_v2(Bucket=bucket)["KeyCount"] == 1


def test_a_trailer_is_signed(server, bucket):
    def forge(body):
        at = body.index(b"x-amz-trailer-signature:") + 24 + 60
        return body[:at] + (b"0" if body[at : at + 1] != b"0" else b"1") + body[at + 1 :]

    trailer = (CRC32[0], crc32(b"data"))
    answered(upload(server, bucket, [b"data"], trailer, forge), 403, "SignatureDoesNotMatch", MISMATCH)


def test_chunks_of_the_other_version_are_refused(server, bucket):
    for payload in ("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"):
        request = by_hand(server, "PUT", f"/{bucket}/k", payload=payload, headers=[("x-amz-decoded-content-length", "0")])
        answered(exchange(server, request), 400, "InvalidArgument", ArgumentName="x-amz-content-sha256")


def test_unsigned_bodies(server, bucket, owner_root):
    plain = by_hand(server, "PUT", f"/{bucket}/plain", body=b"data", payload=UNSIGNED)
    answered(exchange(server, plain), 200)
    body = unsigned_chunks([b"data"], (CRC32[0], crc32(b"data")))
    headers = [("x-amz-decoded-content-length", "4"), ("x-amz-trailer", CRC32[0])]
    chunked = by_hand(
        server, "PUT", f"/{bucket}/chunked", body=body, headers=headers, payload="STREAMING-UNSIGNED-PAYLOAD-TRAILER"
    )
    answered(exchange(server, chunked), 200)
    for key in ("plain", "chunked"):
        assert owner_root.get_object(Bucket=bucket, Key=key)["Body"].read() == b"data"
    wrong = by_hand(server, "PUT", f"/{bucket}/wrong", body=b"data", payload="0" * 64)
    answered(exchange(server, wrong), 400, "XAmzContentSHA256Mismatch")


def test_policies_see_how_it_was_signed(server, stored, owner_root):
    condition = {"StringEquals": {"s3:signatureversion": "AWS4-ECDSA-P256-SHA256"}}
    granted = allow(principal_of(STRANGER_ROOT), "s3:GetObject", f"{stored}/*", Condition=condition)
    owner_root.put_bucket_policy(Bucket=stored, Policy=policy(granted))
    target = f"/{stored}/a%20key"
    answered(ask(server, "GET", target, STRANGER_ROOT), 403, "AccessDenied")
    answered(exchange(server, by_hand(server, "GET", target, STRANGER_ROOT)), 200)


def crc32(data):
    import base64
    import zlib

    return base64.b64encode(zlib.crc32(data).to_bytes(4, "big")).decode()


def upload(server, bucket, chunks, trailer=None, change=lambda body: body, key="k"):
    """PUT in signed chunks."""
    headers = [("x-amz-decoded-content-length", str(sum(map(len, chunks))))]
    if trailer:
        headers.append(("x-amz-trailer", trailer[0]))
    request = Request("PUT", f"/{bucket}/{key}", headers)
    signing = sign(request, OWNER_ADMIN, host_of(server), payload=STREAMING + ("-TRAILER" if trailer else ""))
    request.body = change(signed_chunks(signing, chunks, trailer))
    request.set("Content-Length", str(len(request.body)))
    return exchange(server, request)
