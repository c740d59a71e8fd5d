"""PutObject, GetObject, HeadObject, DeleteObject."""

import datetime
import hashlib
import os

import pytest
from harness.callers import OWNER_ROOT
from harness.digests import checksum
from harness.expect import answered, refused
from harness.wire import ask

BODY = bytes(range(100))
ETAG = f'"{hashlib.md5(BODY).hexdigest()}"'
PAST = "Tue, 01 Jan 2019 00:00:00 GMT"


@pytest.fixture
def stored(bucket, owner_root):
    """A bucket with the object `k` of 100 bytes."""
    owner_root.put_object(Bucket=bucket, Key="k", Body=BODY)
    return bucket


def get(server, bucket, key="k", method="GET", query="", **headers):
    pairs = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return ask(server, method, f"/{bucket}/{key}{query}", OWNER_ROOT, headers=pairs)


# PutObject


def test_put_answers_etag_encryption_and_a_crc64nvme(server, bucket):
    put = answered(ask(server, "PUT", f"/{bucket}/k", OWNER_ROOT, BODY), 200)
    assert (put.body, put.header("content-type")) == (b"", None)
    assert put.header("etag") == ETAG
    assert put.header("x-amz-server-side-encryption") == "AES256"
    assert put.header("x-amz-checksum-crc64nvme") == checksum("CRC64NVME", BODY)
    assert put.header("x-amz-checksum-type") == "FULL_OBJECT"
    assert put.header("x-amz-version-id") is None


@pytest.mark.parametrize("size", [0, 1, 4096, 65536, 1 << 20, (5 << 20) + 1])
def test_bodies_of_any_size_come_back(bucket, owner_root, size):
    body = os.urandom(size)
    put = owner_root.put_object(Bucket=bucket, Key="k", Body=body)
    assert put["ETag"] == f'"{hashlib.md5(body).hexdigest()}"'
    got = owner_root.get_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")
    assert (got["ContentLength"], got["ETag"]) == (size, put["ETag"])
    assert got["Body"].read() == body
    assert owner_root.head_object(Bucket=bucket, Key="k")["ContentLength"] == size


def test_an_overwrite_replaces_body_and_headers(stored, owner_root):
    owner_root.put_object(Bucket=stored, Key="k", Body=b"new", ContentType="text/plain", Metadata={"a": "b"})
    owner_root.put_object(Bucket=stored, Key="k", Body=b"newer")
    got = owner_root.get_object(Bucket=stored, Key="k")
    assert (got["Body"].read(), got["ContentType"], got["Metadata"]) == (b"newer", "binary/octet-stream", {})


def test_stored_headers_come_back_as_sent(server, bucket, owner_root):
    sent = {
        "Content-Type": "text/x-custom; charset=odd",
        "Cache-Control": "max-age=1, private",
        "Content-Disposition": 'attachment; filename="ä.txt"'.encode().decode("latin-1"),
        "Content-Encoding": "gzip",
        "Content-Language": "de, en",
        "Expires": "no date at all",
        "x-amz-website-redirect-location": "/elsewhere",
        "x-amz-meta-MixedCase": "Value  kept",
        "x-amz-meta-empty": "",
    }
    sent["Content-Disposition"] = 'attachment; filename="a.txt"'
    answered(ask(server, "PUT", f"/{bucket}/k", OWNER_ROOT, BODY, list(sent.items())), 200)
    for method in ("GET", "HEAD"):
        got = get(server, bucket, method=method)
        for name, value in sent.items():
            assert got.header(name) == value, (method, name)
    assert owner_root.head_object(Bucket=bucket, Key="k")["Metadata"] == {"mixedcase": "Value  kept", "empty": ""}


def test_too_much_metadata_is_refused(server, bucket):
    def put(*headers):
        return ask(server, "PUT", f"/{bucket}/k", OWNER_ROOT, BODY, headers)

    message = "Your metadata headers exceed the maximum allowed metadata size"
    answered(
        put(("x-amz-meta-a", "x" * 2048)), 400, "MetadataTooLarge", message, Size="2049", MaxSizeAllowed="2048"
    )
    answered(put(("Content-Disposition", "x" * 3000)), 400, "MetadataTooLarge")
    answered(get(server, bucket), 404, "NoSuchKey")
    answered(put(("x-amz-meta-a", "x" * 2047)), 200)


@pytest.mark.parametrize(
    "headers, status, code",
    [
        ({"x-amz-storage-class": "WARM"}, 400, "InvalidStorageClass"),
        ({"x-amz-website-redirect-location": "elsewhere"}, 400, "InvalidRedirectLocation"),
        ({"x-amz-acl": "public-read"}, 400, "AccessControlListNotSupported"),
        ({"x-amz-write-offset-bytes": "0"}, 501, "NotImplemented"),
        ({"If-None-Match": '"etag"'}, 501, "NotImplemented"),
    ],
)
def test_refused_headers_store_nothing(server, bucket, headers, status, code):
    answered(ask(server, "PUT", f"/{bucket}/k", OWNER_ROOT, BODY, list(headers.items())), status, code)
    answered(get(server, bucket), 404, "NoSuchKey")


def test_storage_class_standard_is_not_echoed(server, bucket):
    answered(ask(server, "PUT", f"/{bucket}/k", OWNER_ROOT, BODY, [("x-amz-storage-class", "STANDARD")]), 200)
    assert get(server, bucket).header("x-amz-storage-class") is None


# Reads


def test_headers_of_a_read(server, stored):
    for method, body in (("GET", BODY), ("HEAD", b"")):
        got = answered(get(server, stored, method=method), 200)
        assert got.body == body
        names = {name.lower() for name, _ in got.headers}
        assert names - {"connection"} == {
            "etag", "last-modified", "accept-ranges", "content-type", "content-length",
            "x-amz-server-side-encryption", "x-amz-request-id", "x-amz-id-2", "server", "date",
        }  # fmt: skip
        assert (got.header("etag"), got.header("content-length")) == (ETAG, "100")
        assert (got.header("accept-ranges"), got.header("content-type")) == ("bytes", "binary/octet-stream")
        assert (got.header("server"), len(got.header("date"))) == ("AmazonS3", 29)
        assert len(got.header("x-amz-request-id")) == 16


def test_checksums_of_a_read_are_asked_for(server, bucket):
    stored = bucket
    ask(server, "PUT", f"/{bucket}/k", OWNER_ROOT, BODY)
    for method in ("GET", "HEAD"):
        got = get(server, stored, method=method, x_amz_checksum_mode="enabled")
        assert got.header("x-amz-checksum-crc64nvme") == checksum("CRC64NVME", BODY)
        assert got.header("x-amz-checksum-type") == "FULL_OBJECT"
    answered(
        get(server, stored, x_amz_checksum_mode="on"),
        400, "InvalidRequest", "Value for x-amz-checksum-mode header is invalid.",
    )  # fmt: skip
    part = get(server, stored, x_amz_checksum_mode="ENABLED", Range="bytes=0-9")
    assert part.header("x-amz-checksum-crc64nvme") is None
    whole = get(server, stored, x_amz_checksum_mode="ENABLED", Range="bytes=0-99")
    assert whole.header("x-amz-checksum-crc64nvme") == checksum("CRC64NVME", BODY)


@pytest.mark.parametrize(
    "asked, first, last",
    [
        ("bytes=0-9", 0, 9),
        ("bytes=50-", 50, 99),
        ("bytes=-10", 90, 99),
        ("bytes=0-999999", 0, 99),
        ("bytes=-101", 0, 99),
        ("bytes=00-01", 0, 1),
        ("bytes=99-99", 99, 99),
    ],
)
def test_satisfiable_ranges(server, stored, asked, first, last):
    for method in ("GET", "HEAD"):
        got = answered(get(server, stored, method=method, Range=asked), 206)
        assert got.header("content-range") == f"bytes {first}-{last}/100"
        assert got.header("content-length") == str(last - first + 1)
        assert got.body == (BODY[first : last + 1] if method == "GET" else b"")


@pytest.mark.parametrize(
    "asked",
    ["bytes=0-0,1-2", "bytes=10-5", "bytes=abc", "bytes=,", "bytes= -1", "bytes=--1", "bytes=0--1", "foo=0-1", "bytes=-"],
)  # fmt: skip
def test_malformed_ranges_are_ignored(server, stored, asked):
    got = answered(get(server, stored, Range=asked), 200)
    assert (got.body, got.header("content-range")) == (BODY, None)


@pytest.mark.parametrize("asked", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_unsatisfiable_ranges(server, stored, asked):
    answered(
        get(server, stored, Range=asked),
        416, "InvalidRange", "The requested range is not satisfiable", RangeRequested=asked, ActualObjectSize="100",
    )  # fmt: skip
    head = get(server, stored, method="HEAD", Range=asked)
    assert (head.status, head.body) == (416, b"")


def test_ranges_of_an_empty_object(server, bucket, owner_root):
    owner_root.put_object(Bucket=bucket, Key="k", Body=b"")
    answered(get(server, bucket, Range="bytes=0-"), 416, "InvalidRange")
    for whole in ("bytes=abc", "bytes=-8"):
        got = answered(get(server, bucket, Range=whole), 200)
        assert (got.body, got.header("content-range"), got.header("content-length")) == (b"", None, "0")


OLD = {"If-Unmodified-Since": PAST}
SINCE_OLD = {"If-Modified-Since": PAST}
OTHER = '"00000000000000000000000000000000"'


@pytest.mark.parametrize(
    "conditions, status, failed",
    [
        ({"If-Match": ETAG}, 200, None),
        ({"If-Match": ETAG.strip('"')}, 200, None),
        ({"If-Match": f"W/{ETAG}"}, 200, None),
        ({"If-Match": "*"}, 200, None),
        ({"If-Match": f"{OTHER}, {ETAG}"}, 200, None),
        ({"If-Match": ETAG, **OLD}, 200, None),
        ({"If-Match": OTHER}, 412, "If-Match"),
        ({"If-Match": ""}, 412, "If-Match"),
        ({"If-Match": OTHER, "If-None-Match": ETAG}, 412, "If-Match"),
        ({"If-None-Match": ETAG}, 304, None),
        ({"If-None-Match": "*"}, 304, None),
        ({"If-None-Match": ETAG, **SINCE_OLD}, 304, None),
        ({"If-None-Match": OTHER}, 200, None),
        ({"If-None-Match": ""}, 200, None),
        ({"If-None-Match": OTHER, "If-Modified-Since": "now"}, 200, None),
        ({"If-Modified-Since": "now"}, 304, None),
        (SINCE_OLD, 200, None),
        (OLD, 412, "If-Unmodified-Since"),
        ({"If-Unmodified-Since": "no date"}, 200, None),
        ({"If-Modified-Since": "no date"}, 200, None),
        ({"If-None-Match": ETAG, "Range": "bytes=0-9"}, 304, None),
        ({"If-Match": OTHER, "Range": "bytes=100-"}, 412, "If-Match"),
    ],
    ids=str,
)
def test_read_conditions(server, stored, conditions, status, failed):
    modified = get(server, stored, method="HEAD").header("last-modified")
    headers = [(name, modified if value == "now" else value) for name, value in conditions.items()]
    got = ask(server, "GET", f"/{stored}/k", OWNER_ROOT, headers=headers)
    if failed:
        message = "At least one of the pre-conditions you specified did not hold"
        answered(got, 412, "PreconditionFailed", message, Condition=failed)
    else:
        assert (got.status, got.body) == (status, BODY if status == 200 else b"")
    head = ask(server, "HEAD", f"/{stored}/k", OWNER_ROOT, headers=headers)
    assert head.status == status


def test_response_overrides(server, stored, anonymous):
    overrides = {
        "response-content-type": "text/html",
        "response-content-language": "de",
        "response-expires": "never",
        "response-cache-control": "no-store",
        "response-content-disposition": 'attachment; filename="x y"',
        "response-content-encoding": "identity",
    }
    from urllib.parse import quote

    query = "?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in overrides.items())
    for method, headers, status in (("GET", {}, 200), ("HEAD", {}, 200), ("GET", {"Range": "bytes=0-1"}, 206)):
        got = answered(get(server, stored, method=method, query=query, **headers), status)
        for name, value in overrides.items():
            assert got.header(name.removeprefix("response-")) == value


def test_overrides_are_latin_1(server, stored):
    got = answered(get(server, stored, query="?response-cache-control=%C3%A9%E9".replace("%E9", "x")), 200)
    assert got.header("cache-control") == "\u00e9x"
    answered(
        get(server, stored, query="?response-cache-control=non-ascii-%25E2_%E2%80%94_%C3%A9_"),
        400, "InvalidArgument", "Header value cannot be represented using ISO-8859-1.",
        ArgumentName="response-cache-control", ArgumentValue="non-ascii-%E2_\u2014_\u00e9_",
    )  # fmt: skip


@pytest.mark.parametrize("raw", ["b\udce9te", "\udcff\udcfe", "\u00e9\u2014"], ids=["Latin-1", "odd", "UTF-8"])
def test_stored_headers_come_back_byte_by_byte(server, bucket, raw):
    names = ("Content-Disposition", "Cache-Control", "Content-Type", "Content-Language", "Expires", "Content-Encoding")
    answered(ask(server, "PUT", f"/{bucket}/k", OWNER_ROOT, BODY, [(name, raw) for name in names]), 200)
    answered(ask(server, "PUT", f"/{bucket}/copy", OWNER_ROOT, headers=[("x-amz-copy-source", f"{bucket}/k")]), 200)
    for key in ("k", "copy"):
        got = get(server, bucket, key)
        for name in names:
            assert got.header(name).encode("latin-1") == raw.encode("utf-8", "surrogateescape"), name


def test_words_of_rfc_2047_in_metadata(server, bucket, owner_root):
    """Decoded as they come, encoded as they go. Source: recordings of LocalStack's tests; minio 21282."""
    sent = {"plain": "=?UTF-8?B?YWJj?=", "binary": "=?UTF-8?B?AAECAw==?=", "text": "=?UTF-8?B?w4RNw4Raw5XDkSBTMw==?="}
    owner_root.put_object(Bucket=bucket, Key="k", Metadata=sent)
    shown = {**sent, "plain": "abc", "text": "=?UTF-8?Q?=C3=84M=C3=84Z=C3=95=C3=91_S3?="}
    assert owner_root.head_object(Bucket=bucket, Key="k")["Metadata"] == shown
    owner_root.copy_object(Bucket=bucket, Key="copy", CopySource=f"{bucket}/k")
    assert owner_root.head_object(Bucket=bucket, Key="copy")["Metadata"] == shown
    # Bytes beyond ASCII are characters of ISO-8859-1.
    answered(ask(server, "PUT", f"/{bucket}/k", OWNER_ROOT, b"", [("x-amz-meta-a", "Mini\u00f6")]), 200)
    assert get(server, bucket).header("x-amz-meta-a") == "=?UTF-8?Q?Mini=C3=83=C2=B6?="


def test_anonymous_overrides_are_refused(server, stored, owner_root):
    from harness.policies import allow, policy

    owner_root.put_bucket_policy(Bucket=stored, Policy=policy(allow("*", "s3:GetObject", f"{stored}/*")))
    answered(
        ask(server, "GET", f"/{stored}/k?response-content-type=text/html"),
        400, "InvalidRequest", "Request specific response headers cannot be used for anonymous GET requests.",
    )  # fmt: skip


def test_part_number_of_a_plain_object(server, stored):
    got = answered(get(server, stored, query="?partNumber=1"), 206)
    assert (got.header("content-range"), got.header("x-amz-mp-parts-count")) == ("bytes 0-99/100", None)
    answered(get(server, stored, query="?partNumber=2"), 416, "InvalidPartNumber")
    for wrong in ("0", "10001", "x"):
        answered(
            get(server, stored, query=f"?partNumber={wrong}"),
            400, "InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive",
        )  # fmt: skip


def test_version_ids_in_a_never_versioned_bucket(server, stored):
    assert answered(get(server, stored, query="?versionId=null"), 200).header("x-amz-version-id") is None
    answered(get(server, stored, query="?versionId="), 400, "InvalidArgument", "Version id cannot be the empty string")
    answered(get(server, stored, "missing", query="?versionId=null"), 404, "NoSuchVersion")


# Missing keys


def test_missing_key_is_404_to_who_may_list(server, bucket, owner_root):
    answered(get(server, bucket, "no%20key"), 404, "NoSuchKey", "The specified key does not exist.", Key="no key")
    head = get(server, bucket, "no%20key", method="HEAD")
    assert (head.status, head.body) == (404, b"")


def test_missing_key_is_403_to_who_may_not_list(server, bucket, owner_reader):
    from harness.callers import OWNER_READER
    from harness.expect import no_identity_policy
    from harness.policies import arn

    message = no_identity_policy(OWNER_READER, "s3:ListBucket", arn(bucket))
    refused(lambda: owner_reader.get_object(Bucket=bucket, Key="missing"), 403, "AccessDenied", message)
    assert ask(server, "HEAD", f"/{bucket}/missing", OWNER_READER).status == 403


def test_missing_key_beats_conditions(server, bucket):
    answered(get(server, bucket, If_Match="*"), 404, "NoSuchKey")
    answered(get(server, bucket, If_None_Match="*"), 404, "NoSuchKey")


def test_an_empty_upload_then_another_on_one_connection(bucket, owner_root):
    """boto3 sends `Expect: 100-continue` with every body, and cannot follow without an answer to it."""
    owner_root.put_object(Bucket=bucket, Key="empty", Body=b"")
    owner_root.put_object(Bucket=bucket, Key="full", Body=b"bytes")
    assert owner_root.get_object(Bucket=bucket, Key="full")["Body"].read() == b"bytes"


# Conditional writes


def test_put_if_none_match(bucket, owner_root):
    owner_root.put_object(Bucket=bucket, Key="k", Body=b"first", IfNoneMatch="*")
    refused(
        lambda: owner_root.put_object(Bucket=bucket, Key="k", Body=b"second", IfNoneMatch="*"),
        412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold",
        Condition="If-None-Match",
    )  # fmt: skip
    assert owner_root.get_object(Bucket=bucket, Key="k")["Body"].read() == b"first"


def test_put_if_match(bucket, owner_root):
    refused(lambda: owner_root.put_object(Bucket=bucket, Key="k", Body=b"", IfMatch=ETAG), 404, "NoSuchKey")
    owner_root.put_object(Bucket=bucket, Key="k", Body=BODY)
    refused(
        lambda: owner_root.put_object(Bucket=bucket, Key="k", Body=b"", IfMatch=OTHER),
        412, "PreconditionFailed", Condition="If-Match",
    )  # fmt: skip
    assert owner_root.get_object(Bucket=bucket, Key="k")["Body"].read() == BODY
    owner_root.put_object(Bucket=bucket, Key="k", Body=b"new", IfMatch=ETAG)
    assert owner_root.get_object(Bucket=bucket, Key="k")["Body"].read() == b"new"


@pytest.mark.parametrize("source", [None, "other"], ids=["put", "copy"])
def test_conditions_that_writes_do_not_take(server, stored, owner_root, source):
    """Source: recordings of LocalStack's tests."""
    owner_root.put_object(Bucket=stored, Key="other", Body=b"other")
    copied = [("x-amz-copy-source", f"{stored}/{source}")] if source else []
    body = b"" if source else b"new"

    def refused_write(headers, header, message):
        answer = ask(server, "PUT", f"/{stored}/k", OWNER_ROOT, body, headers + copied)
        text = "A header you provided implies functionality that is not implemented"
        answered(answer, 501, "NotImplemented", text, Header=header, additionalMessage=message)

    value = "We don't accept the provided value of {} header for this API"
    refused_write([("If-Match", "*")], "If-Match", value.format("If-Match"))
    refused_write([("If-None-Match", ETAG)], "If-None-Match", value.format("If-None-Match"))
    both = "Multiple conditional request headers present in the request"
    refused_write([("If-Match", ETAG), ("If-None-Match", "*")], "If-Match,If-None-Match", both)
    answer = ask(server, "PUT", f"/{stored}/k", OWNER_ROOT, body, [("If-Match", '"*"'), *copied])
    answered(answer, 412, "PreconditionFailed", Condition="If-Match")
    answered(ask(server, "DELETE", f"/{stored}/k", OWNER_ROOT, headers=[("If-Match", '"*"')]), 412, "PreconditionFailed")
    assert get(server, stored).body == BODY


def test_one_of_many_conditional_writers_wins(server, bucket, owner_root):
    from concurrent.futures import ThreadPoolExecutor

    from botocore.exceptions import ClientError

    def write(number):
        try:
            owner_root.put_object(Bucket=bucket, Key="k", Body=str(number).encode(), IfNoneMatch="*")
            return number
        except ClientError as error:
            assert error.response["Error"]["Code"] in ("PreconditionFailed", "ConditionalRequestConflict")

    with ThreadPoolExecutor(16) as pool:
        winners = [number for number in pool.map(write, range(16)) if number is not None]
    assert len(winners) == 1
    assert owner_root.get_object(Bucket=bucket, Key="k")["Body"].read() == str(winners[0]).encode()


# DeleteObject


def test_delete_is_204_whether_or_not_it_was_there(server, stored, owner_root):
    for _ in range(2):
        deleted = answered(ask(server, "DELETE", f"/{stored}/k", OWNER_ROOT), 204)
        assert deleted.header("x-amz-version-id") is None and deleted.header("x-amz-delete-marker") is None
    refused(lambda: owner_root.get_object(Bucket=stored, Key="k"), 404, "NoSuchKey", Key="k")


def test_delete_if_match(server, stored):
    def delete(tag, key="k"):
        return ask(server, "DELETE", f"/{stored}/{key}", OWNER_ROOT, headers=[("If-Match", tag)])

    answered(delete(OTHER), 412, "PreconditionFailed")
    answered(delete(f"W/{ETAG}"), 412, "PreconditionFailed")
    answered(delete(f"{OTHER}, {ETAG}"), 412, "PreconditionFailed")
    answered(delete(""), 400, "InvalidArgument", ArgumentName="If-Match")
    answered(delete("*", "missing"), 404, "NoSuchKey")
    answered(delete(ETAG), 204)
    answered(delete(ETAG), 404, "NoSuchKey")


def test_last_modified_is_the_time_of_the_write(stored, owner_root):
    age = datetime.datetime.now(datetime.timezone.utc) - owner_root.head_object(Bucket=stored, Key="k")["LastModified"]
    assert datetime.timedelta(seconds=-2) < age < datetime.timedelta(seconds=60)


def test_a_read_that_has_started_goes_on_with_its_bytes(bucket, owner_root):
    size = 8 << 20
    owner_root.put_object(Bucket=bucket, Key="k", Body=b"a" * size)
    started = owner_root.get_object(Bucket=bucket, Key="k")["Body"]
    first = started.read(1000)
    owner_root.put_object(Bucket=bucket, Key="k", Body=b"b" * size)
    owner_root.delete_object(Bucket=bucket, Key="k")
    assert first + started.read() == b"a" * size
