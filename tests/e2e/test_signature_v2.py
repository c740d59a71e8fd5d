"""Signature Version 2, for old clients: refused by default, and what it does where it is switched on."""

import base64
import hashlib
import hmac
from email.utils import formatdate

import boto3
import pytest
from botocore.config import Config
from conftest import seeded_server
from harness.callers import OWNER_ADMIN, OWNER_ROOT, OWNER_USER, STRANGER_ROOT, Caller
from harness.expect import answered, refused
from harness.policies import allow, deny, policy, principal_of
from harness.server import REGION
from harness.sessions import own_session
from harness.sigv4 import Request
from harness.wire import ask, exchange, host_of
from test_post_forms import form_of, outcome, post

UNSUPPORTED = "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."
MISMATCH = "The request signature we calculated does not match the signature you provided. Check your key and signing method."
DOMAIN = "s3.example.com"


@pytest.fixture(scope="module")
def old(backend, tmp_path_factory):
    """A server that takes Signature Version 2."""
    folder = tmp_path_factory.mktemp("signature-v2")
    with seeded_server(folder, *backend(), "--signature-v2", "--domain", DOMAIN) as running:
        yield running


def client(server, caller, version="s3"):
    """boto3 as it was in 2013: path style, `s3` in the header and `s3-query` in the query."""
    return boto3.session.Session().client(
        "s3",
        endpoint_url=server.endpoint,
        region_name=REGION,
        aws_access_key_id=caller.access_key,
        aws_secret_access_key=caller.secret_key,
        aws_session_token=caller.session_token or None,
        config=Config(signature_version=version, retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
    )


@pytest.fixture(scope="module")
def stored(old):
    """A bucket with an object `a key`; without Block Public Access."""
    # boto3 does not sign `publicAccessBlock` by Version 2, and AWS does not take what it sends then.
    owner = old.client(OWNER_ROOT)
    owner.create_bucket(Bucket="signature-v2")
    owner.delete_public_access_block(Bucket="signature-v2")
    owner.put_object(Bucket="signature-v2", Key="a key", Body=b"bytes", Metadata={"a": "1"})
    return "signature-v2"


def target_of(server, url):
    return url.removeprefix(server.endpoint)


def signed(server, method, target, caller, resource=None, headers=(), host=None):
    """A request signed by hand; `resource` is what is signed of the target."""
    date = formatdate(usegmt=True)
    request = Request(method, target, [("Host", host or host_of(server)), ("Date", date), *headers])
    text = f"{method}\n\n\n{date}\n{resource or target}"
    digest = hmac.new(caller.secret_key.encode(), text.encode(), hashlib.sha1).digest()
    signature = base64.b64encode(digest).decode()
    return request.set("Authorization", f"AWS {caller.access_key}:{signature}")


@pytest.mark.parametrize("version", ["s3", "s3-query"])
def test_it_is_refused_by_default(server, bucket, version):
    refused(lambda: client(server, OWNER_ROOT, version).list_buckets(), 400, "InvalidRequest", UNSUPPORTED)
    url = client(server, OWNER_ROOT).generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "k"})
    answered(ask(server, "GET", target_of(server, url)), 400, "InvalidRequest", UNSUPPORTED)
    form = post(form_of(client(server, OWNER_ROOT), bucket))
    assert outcome(form) == (400, "InvalidRequest", UNSUPPORTED)


@pytest.mark.parametrize(
    "variables, file, taken",
    [
        ({"BUCKLER_SIGNATURE_V2": "true"}, "", True),
        ({}, "signature_v2 = true", True),
        ({"BUCKLER_SIGNATURE_V2": "false"}, "signature_v2 = true", False),
    ],
)
def test_variable_and_file_switch_it_on(tmp_path, variables, file, taken):
    (tmp_path / "buckler.toml").write_text(file)
    with seeded_server(tmp_path, env=variables) as server:
        list_buckets = client(server, OWNER_ROOT).list_buckets
        if taken:
            assert list_buckets()["Buckets"] == []
        else:
            refused(list_buckets, 400, "InvalidRequest", UNSUPPORTED)


def test_iam_and_sts_do_not_take_it(old):
    body = b"Action=GetCallerIdentity&Version=2011-06-15"
    date = formatdate(usegmt=True)
    kind = "application/x-www-form-urlencoded"
    digest = hmac.new(OWNER_ROOT.secret_key.encode(), f"POST\n\n{kind}\n{date}\n/".encode(), hashlib.sha1).digest()
    headers = [("Host", host_of(old)), ("Date", date), ("Content-Type", kind), ("Content-Length", str(len(body)))]
    request = Request("POST", "/", headers, body)
    request.set("Authorization", f"AWS {OWNER_ROOT.access_key}:{base64.b64encode(digest).decode()}")
    # It is a request to S3, which has nothing here.
    answered(exchange(old, request), 405, "MethodNotAllowed")


@pytest.mark.parametrize("version", ["s3", "s3-query"])
def test_a_client_does_its_work(old, version):
    s3 = client(old, OWNER_ADMIN, version)
    name = f"old-client-{version}"
    s3.create_bucket(Bucket=name)
    assert name in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    for key in ("a/b c", "a/ü+?", "~"):
        s3.put_object(Bucket=name, Key=key, Body=key.encode(), Metadata={"k": "two  words"}, ContentType="text/x")
        got = s3.get_object(Bucket=name, Key=key, ResponseCacheControl="no-cache, a/b")
        assert got["Body"].read() == key.encode()
        assert (got["Metadata"], got["ContentType"], got["CacheControl"]) == ({"k": "two  words"}, "text/x", "no-cache, a/b")
    listed = s3.list_objects_v2(Bucket=name, Prefix="a/", Delimiter="/", MaxKeys=1)
    assert listed["KeyCount"] == 1 and listed["IsTruncated"]
    version_id = s3.head_object(Bucket=name, Key="~")["VersionId"]
    s3.put_object_tagging(Bucket=name, Key="~", VersionId=version_id, Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
    assert s3.get_object_tagging(Bucket=name, Key="~")["TagSet"] == [{"Key": "a", "Value": "b"}]
    s3.copy_object(Bucket=name, Key="copy", CopySource={"Bucket": name, "Key": "a/b c"})
    upload = s3.create_multipart_upload(Bucket=name, Key="parts")["UploadId"]
    part = s3.upload_part(Bucket=name, Key="parts", UploadId=upload, PartNumber=1, Body=b"x" * 100_000)
    s3.complete_multipart_upload(
        Bucket=name, Key="parts", UploadId=upload, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    )
    assert s3.get_object(Bucket=name, Key="parts")["Body"].read() == b"x" * 100_000
    s3.put_bucket_policy(Bucket=name, Policy=policy(deny("*", "s3:GetObject", f"{name}/~")))
    refused(lambda: s3.get_object(Bucket=name, Key="~"), 403, "AccessDenied")
    versions = s3.list_object_versions(Bucket=name)["Versions"]
    gone = s3.delete_objects(
        Bucket=name, Delete={"Objects": [{"Key": v["Key"], "VersionId": v["VersionId"]} for v in versions]}
    )
    assert len(gone["Deleted"]) == len(versions) == 5
    s3.delete_bucket(Bucket=name)


def test_url_of_an_object(old, stored):
    s3 = client(old, OWNER_ADMIN)
    overrides = {"ResponseContentType": "text/x; a=b", "ResponseContentDisposition": "attachment"}
    url = s3.generate_presigned_url("get_object", Params={"Bucket": stored, "Key": "a key", **overrides})
    assert "AWSAccessKeyId=" in url and "Expires=" in url and "X-Amz" not in url
    target = target_of(old, url)
    answer = answered(ask(old, "GET", target), 200)
    assert (answer.body, answer.header("content-type")) == (b"bytes", "text/x; a=b")
    for changed in (
        target.replace("a%20key", "other"),
        target + "&versionId=1",
        target + "&acl",
        target + "&x-amz-acl=private",
        target.replace("attachment", "inline"),
        target.replace("Expires=", "Expires=0"),
    ):
        answered(ask(old, "GET", changed), 403, "SignatureDoesNotMatch", MISMATCH)
    answered(ask(old, "PUT", target, body=b"x"), 403, "SignatureDoesNotMatch", MISMATCH)
    added = ask(old, "GET", target, headers=[("x-amz-expected-bucket-owner", OWNER_ROOT.account)])
    answered(added, 403, "SignatureDoesNotMatch", MISMATCH)


def test_url_to_write_an_object(old, stored):
    s3 = client(old, OWNER_ADMIN)
    url = s3.generate_presigned_url("put_object", Params={"Bucket": stored, "Key": "written", "ContentType": "text/x"})
    target = target_of(old, url)
    answered(ask(old, "PUT", target, body=b"12"), 403, "SignatureDoesNotMatch", MISMATCH)
    answered(ask(old, "PUT", target, body=b"12", headers=[("Content-Type", "text/x")]), 200)
    got = s3.get_object(Bucket=stored, Key="written")
    assert (got["Body"].read(), got["ContentType"]) == (b"12", "text/x")


def test_a_url_that_is_over(old, stored):
    url = client(old, OWNER_ADMIN).generate_presigned_url(
        "get_object", Params={"Bucket": stored, "Key": "a key"}, ExpiresIn=-10
    )
    answer = answered(ask(old, "GET", target_of(old, url)), 403, "AccessDenied", "Request has expired")
    assert answer.element("Expires") < answer.element("ServerTime") and answer.element("X-Amz-Expires") is None
    start = f"/{stored}/k?AWSAccessKeyId={OWNER_ROOT.access_key}&Signature=a"
    answered(
        ask(old, "GET", start), 403, "AccessDenied",
        "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters",
    )  # fmt: skip
    answered(
        ask(old, "GET", f"{start}&Expires=soon"), 403, "AccessDenied",
        "Invalid date (should be seconds since epoch): soon",
    )  # fmt: skip


def test_who_is_not_proven(old, stored):
    target = f"/{stored}/a%20key"
    answered(exchange(old, signed(old, "GET", target, OWNER_ROOT)), 200)
    forger = Caller(OWNER_ROOT.account, "", OWNER_ROOT.access_key, "another secret")
    answer = answered(exchange(old, signed(old, "GET", target, forger)), 403, "SignatureDoesNotMatch", MISMATCH)
    assert answer.element("StringToSign").startswith("GET\n\n\n") and answer.element("StringToSign").endswith(f"\n{target}")
    assert answer.element("StringToSignBytes").startswith("47 45 54 0a 0a 0a")
    assert answer.element("AWSAccessKeyId") == OWNER_ROOT.access_key and answer.element("CanonicalRequest") is None
    nobody = Caller("", "", "AKIANOBODY000000", "x")
    answered(
        exchange(old, signed(old, "GET", target, nobody)), 403, "InvalidAccessKeyId", AWSAccessKeyId="AKIANOBODY000000"
    )
    for value, code, message in [
        ("AWS garbage", "InvalidArgument", "AWS authorization header is invalid.  Expected AwsAccessKeyId:signature"),
        ("AWS", "InvalidArgument", "Authorization header is invalid -- one and only one ' ' (space) required"),
    ]:
        request = signed(old, "GET", target, OWNER_ROOT).set("Authorization", value)
        answered(exchange(old, request), 400, code, message, ArgumentName="Authorization", ArgumentValue=value)
    late = signed(old, "GET", target, OWNER_ROOT).set("Date", "Tue, 27 Mar 2007 19:36:42 +0000")
    answered(exchange(old, late), 403, "RequestTimeTooSkewed", RequestTime="Tue, 27 Mar 2007 19:36:42 +0000")
    undated = signed(old, "GET", target, OWNER_ROOT).drop("Date")
    answered(
        exchange(old, undated), 403, "AccessDenied", "AWS authentication requires a valid Date or x-amz-date header"
    )
    # A body that is declared must be what it says, although no signature covers it.
    wrong = [("x-amz-content-sha256", "0" * 64), ("Content-Length", "1")]
    date = formatdate(usegmt=True)
    text = f"PUT\n\n\n{date}\nx-amz-content-sha256:{'0' * 64}\n{target}"
    digest = hmac.new(OWNER_ROOT.secret_key.encode(), text.encode(), hashlib.sha1).digest()
    request = Request("PUT", target, [("Host", host_of(old)), ("Date", date), *wrong], b"x")
    request.set("Authorization", f"AWS {OWNER_ROOT.access_key}:{base64.b64encode(digest).decode()}")
    answered(exchange(old, request), 400, "XAmzContentSHA256Mismatch")


def test_the_bucket_of_the_host_is_signed(old, stored):
    host = f"{stored}.{DOMAIN}"
    answer = exchange(old, signed(old, "GET", "/a%20key", OWNER_ROOT, f"/{stored}/a%20key", host=host))
    assert answered(answer, 200).body == b"bytes"
    listed = exchange(old, signed(old, "GET", "/?prefix=a", OWNER_ROOT, f"/{stored}/", host=host))
    assert answered(listed, 200).element("Key") == "a key"
    answered(exchange(old, signed(old, "GET", "/a%20key", OWNER_ROOT, "/a%20key", host=host)), 403, "SignatureDoesNotMatch")


def test_temporary_credentials(old, stored):
    session = own_session(old, OWNER_ADMIN)
    s3 = client(old, session)
    assert s3.get_object(Bucket=stored, Key="a key")["Body"].read() == b"bytes"
    url = s3.generate_presigned_url("get_object", Params={"Bucket": stored, "Key": "a key"})
    target = target_of(old, url)
    assert answered(ask(old, "GET", target), 200).body == b"bytes"
    start, _, rest = target.partition("x-amz-security-token=")
    answered(ask(old, "GET", start + rest.partition("&")[2]), 403, "InvalidAccessKeyId")
    assert post(form_of(s3, stored, "by a session")).status == 204
    untrue = Caller(session.account, "", session.access_key, session.secret_key, session_token="x")
    refused(lambda: client(old, untrue).get_object(Bucket=stored, Key="a key"), 400, "InvalidToken")


def test_a_form(old, stored):
    form = form_of(client(old, OWNER_ADMIN), stored, "dir/${filename}", fields={"Content-Type": "image/jpeg"})
    assert {"AWSAccessKeyId", "policy", "signature"} <= set(form["fields"]) and "x-amz-date" not in form["fields"]
    answered(post(form), 204)
    got = client(old, OWNER_ADMIN).get_object(Bucket=stored, Key="dir/cat.jpg")
    assert (got["Body"].read(), got["ContentType"]) == (b"bytes", "image/jpeg")
    assert outcome(post(form, {"signature": "AAAA"})) == (403, "SignatureDoesNotMatch", MISMATCH)
    assert outcome(post(form, {"AWSAccessKeyId": "AKIANOBODY000000"}))[:2] == (403, "InvalidAccessKeyId")
    missing = post(form, drop=["signature"])
    assert outcome(missing)[:2] == (400, "InvalidArgument") and missing.element("ArgumentName") == "Signature"
    outside = post(form, {"acl": "private"})
    assert outcome(outside) == (403, "AccessDenied", "Invalid according to Policy: Extra input fields: acl")


@pytest.mark.parametrize(
    "condition, in_header, in_query",
    [
        ({"StringEquals": {"s3:signatureversion": "AWS"}}, True, True),
        ({"StringEquals": {"s3:signatureversion": "AWS4-HMAC-SHA256"}}, False, False),
        ({"StringEquals": {"s3:authType": "REST-HEADER"}}, True, False),
        ({"StringEquals": {"s3:authType": "REST-QUERY-STRING"}}, False, True),
        # A URL does not say how old it is, so that it is never young enough.
        ({"NumericLessThan": {"s3:signatureAge": "604800000"}}, False, False),
    ],
)
def test_policies_see_how_it_was_signed(old, stored, condition, in_header, in_query):
    granted = allow(principal_of(STRANGER_ROOT), "s3:GetObject", f"{stored}/*", Condition=condition)
    client(old, OWNER_ROOT).put_bucket_policy(Bucket=stored, Policy=policy(granted))
    target = f"/{stored}/a%20key"
    answer = exchange(old, signed(old, "GET", target, STRANGER_ROOT))
    assert (answer.status == 200) == in_header, answer
    url = client(old, STRANGER_ROOT).generate_presigned_url("get_object", Params={"Bucket": stored, "Key": "a key"})
    answer = ask(old, "GET", target_of(old, url))
    assert (answer.status == 200) == in_query, answer


def test_a_deny_of_old_signatures_catches_urls(old, stored):
    granted = allow(principal_of(OWNER_USER), "s3:GetObject", f"{stored}/*")
    aged = deny("*", "s3:GetObject", f"{stored}/*", Condition={"NumericGreaterThan": {"s3:signatureAge": "600000"}})
    client(old, OWNER_ROOT).put_bucket_policy(Bucket=stored, Policy=policy(granted, aged))
    user = client(old, OWNER_USER)
    url = user.generate_presigned_url("get_object", Params={"Bucket": stored, "Key": "a key"})
    answered(ask(old, "GET", target_of(old, url)), 403, "AccessDenied")
    assert user.get_object(Bucket=stored, Key="a key")["Body"].read() == b"bytes"
