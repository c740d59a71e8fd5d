"""Checksums of PutObject: ten algorithms as header and as trailer, Content-MD5, and their refusals."""

import pytest
from harness.callers import OWNER_ROOT
from harness.digests import ALGORITHMS, checksum, content_md5, header
from harness.expect import answered
from harness.sigv4 import Request, sign, signed_chunks, unsigned_chunks
from harness.wire import ask, exchange, host_of

BODY = bytes(range(256)) * 80
CHUNKS = [BODY[:8192], BODY[8192:16384], BODY[16384:]]
every_algorithm = pytest.mark.parametrize("algorithm", ALGORITHMS)
SIGNED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
SIGNED_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"


def put(server, bucket, *headers, body=BODY, **signing):
    return ask(server, "PUT", f"/{bucket}/k", OWNER_ROOT, body, headers, **signing)


def stream(server, bucket, payload, *, trailer=None, announce=None, chunks=CHUNKS, headers=(), decoded=None, change=None):
    """An aws-chunked upload; `change` edits the framed body after it was signed."""
    request = Request("PUT", f"/{bucket}/k", [("Content-Encoding", "aws-chunked")])
    for name, value in headers:
        request.set(name, value)
    length = sum(map(len, chunks)) if decoded is None else decoded
    request.set("x-amz-decoded-content-length", str(length))
    if announce or trailer:
        request.set("x-amz-trailer", announce or trailer[0])
    signing = sign(request, OWNER_ROOT, host_of(server), payload=payload)
    signed = payload.startswith("STREAMING-AWS4")
    request.body = signed_chunks(signing, chunks, trailer) if signed else unsigned_chunks(chunks, trailer)
    if change:
        request.body = change(request.body)
    request.set("Content-Length", str(len(request.body)))
    return exchange(server, request)


def assert_stored(server, bucket, algorithm="CRC64NVME"):
    got = ask(server, "GET", f"/{bucket}/k", OWNER_ROOT, headers=[("x-amz-checksum-mode", "ENABLED")])
    assert (got.status, got.body) == (200, BODY)
    sums = {name: value for name, value in got.headers if name.startswith("x-amz-checksum-")}
    assert sums == {header(algorithm): checksum(algorithm, BODY), "x-amz-checksum-type": "FULL_OBJECT"}
    assert got.header("content-encoding") is None


def assert_nothing_stored(server, bucket):
    answered(ask(server, "GET", f"/{bucket}/k", OWNER_ROOT), 404, "NoSuchKey")


@every_algorithm
def test_as_header(server, bucket, algorithm):
    name = header(algorithm)
    answer = answered(put(server, bucket, (name, checksum(algorithm, BODY))), 200)
    assert answer.header(name) == checksum(algorithm, BODY)
    assert_stored(server, bucket, algorithm)


@every_algorithm
def test_wrong_header_stores_nothing(server, bucket, algorithm):
    message = f"The {algorithm} you specified did not match the calculated checksum."
    answered(put(server, bucket, (header(algorithm), checksum(algorithm, b""))), 400, "BadDigest", message)
    for malformed in ("AA==", "%%%%", "", checksum(algorithm, BODY).rstrip("=") + "AAAA"):
        answered(
            put(server, bucket, (header(algorithm), malformed)),
            400, "InvalidRequest", f"Value for {header(algorithm)} header is invalid.",
        )  # fmt: skip
    assert_nothing_stored(server, bucket)


@every_algorithm
@pytest.mark.parametrize("payload", [SIGNED_TRAILER, UNSIGNED_TRAILER])
def test_as_trailer(server, bucket, algorithm, payload):
    name = header(algorithm)
    answer = answered(stream(server, bucket, payload, trailer=(name, checksum(algorithm, BODY))), 200)
    assert answer.header(name) == checksum(algorithm, BODY)
    assert_stored(server, bucket, algorithm)


@every_algorithm
@pytest.mark.parametrize("payload", [SIGNED_TRAILER, UNSIGNED_TRAILER])
def test_wrong_trailer_stores_nothing(server, bucket, algorithm, payload):
    wrong = stream(server, bucket, payload, trailer=(header(algorithm), checksum(algorithm, b"")))
    answered(wrong, 400, "BadDigest", f"The {algorithm} you specified did not match the calculated checksum.")
    assert_nothing_stored(server, bucket)


def test_signed_chunks_without_trailer(server, bucket):
    answered(stream(server, bucket, SIGNED), 200)
    assert_stored(server, bucket)


def test_stored_content_encoding_loses_aws_chunked_only(server, bucket):
    answered(stream(server, bucket, SIGNED, headers=[("Content-Encoding", "aws-chunked,gzip")]), 200)
    assert ask(server, "GET", f"/{bucket}/k", OWNER_ROOT).header("content-encoding") == "gzip"


def test_trailer_payload_without_trailer_is_accepted(server, bucket):
    answered(stream(server, bucket, UNSIGNED_TRAILER), 200)
    assert_stored(server, bucket)


def test_content_md5(server, bucket):
    answered(put(server, bucket, ("Content-MD5", content_md5(BODY))), 200)
    assert_stored(server, bucket)
    mismatch = answered(
        put(server, bucket, ("Content-MD5", content_md5(b""))),
        400, "BadDigest", "The Content-MD5 you specified did not match what we received.",
    )  # fmt: skip
    assert mismatch.element("ExpectedDigest") and mismatch.element("CalculatedDigest")
    for malformed in ("x", "AAAA", ""):
        answered(
            put(server, bucket, ("Content-MD5", malformed)),
            400, "InvalidDigest", "The Content-MD5 you specified was invalid.",
        )  # fmt: skip


def test_named_algorithm(server, bucket):
    named = "x-amz-sdk-checksum-algorithm"
    right = (header("CRC32"), checksum("CRC32", BODY))
    answered(
        put(server, bucket, (named, "CRC32")),
        400, "InvalidRequest",
        "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
    )  # fmt: skip
    answered(
        put(server, bucket, (named, "SHA1"), right),
        400, "InvalidRequest", "Value for x-amz-sdk-checksum-algorithm header is invalid.",
    )  # fmt: skip
    answered(
        put(server, bucket, (named, "CRC31"), right),
        400, "InvalidRequest",
        "Checksum algorithm provided is unsupported. Please try again with any of the valid types: "
        "[CRC32, CRC32C, CRC64NVME, MD5, SHA1, SHA256, SHA512, XXHASH128, XXHASH3, XXHASH64]",
    )  # fmt: skip
    assert_nothing_stored(server, bucket)
    answered(put(server, bucket, (named, "CRC32"), right), 200)


def test_one_checksum_only(server, bucket):
    two = [(header(name), checksum(name, BODY)) for name in ("CRC32", "SHA1")]
    answered(
        put(server, bucket, *two),
        400, "InvalidRequest", "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
    )  # fmt: skip
    answered(
        stream(server, bucket, UNSIGNED_TRAILER, trailer=two[0], headers=[two[1]]),
        400, "InvalidRequest", "Expecting a single x-amz-checksum- header",
    )  # fmt: skip
    answered(
        put(server, bucket, ("x-amz-checksum-foo", "AAAA")),
        400, "InvalidRequest", "The algorithm type you specified in x-amz-checksum- header is invalid.",
    )  # fmt: skip
    assert_nothing_stored(server, bucket)


def test_trailer_header_without_a_streaming_payload(server, bucket):
    answered(
        put(server, bucket, ("x-amz-trailer", header("CRC32"))),
        400, "MalformedTrailerError",
        "The request contained trailing data that was not well-formed or did not conform to our published schema.",
    )  # fmt: skip
    assert_nothing_stored(server, bucket)


def test_payload_hash_beats_md5_beats_checksum(server, bucket):
    wrong_md5, wrong_crc = ("Content-MD5", content_md5(b"")), (header("CRC32"), checksum("CRC32", b""))
    answered(put(server, bucket, wrong_md5, wrong_crc, payload="0" * 64), 400, "XAmzContentSHA256Mismatch")
    answered(
        put(server, bucket, wrong_md5, wrong_crc),
        400, "BadDigest", "The Content-MD5 you specified did not match what we received.",
    )  # fmt: skip
    assert_nothing_stored(server, bucket)


# Framing


CRC32 = (header("CRC32"), checksum("CRC32", BODY))


@pytest.mark.parametrize("payload, trailer", [(SIGNED, None), (SIGNED_TRAILER, CRC32)])
@pytest.mark.parametrize(
    "change",
    [
        lambda body: _flip_signature(body, 0),
        lambda body: _flip_signature(body, 1),
        lambda body: _flip_signature(body, 3),
        lambda body: body.replace(BODY[:16], bytes(16), 1),
    ],
    ids=["first signature", "second signature", "last signature", "data"],
)
def test_wrong_chunk_stores_nothing(server, bucket, payload, trailer, change):
    answered(stream(server, bucket, payload, trailer=trailer, change=change), 403, "SignatureDoesNotMatch")
    assert_nothing_stored(server, bucket)


def _flip_signature(body, number):
    """Changes one digit of the signature of that chunk."""
    at = -1
    for _ in range(number + 1):
        at = body.index(b"chunk-signature=", at + 1)
    at += len(b"chunk-signature=")
    digit = b"1" if body[at : at + 1] == b"0" else b"0"
    return body[:at] + digit + body[at + 1 :]


def test_wrong_trailer_signature(server, bucket):
    def change(body):
        at = body.index(b"x-amz-trailer-signature:") + 24
        return body[:at] + (b"1" if body[at : at + 1] == b"0" else b"0") + body[at + 1 :]

    answered(
        stream(server, bucket, SIGNED_TRAILER, trailer=CRC32, change=change), 403, "SignatureDoesNotMatch"
    )
    assert_nothing_stored(server, bucket)


def test_missing_trailer_signature(server, bucket):
    def change(body):
        return body[: body.index(b"x-amz-trailer-signature:")] + b"\r\n"

    answered(
        stream(server, bucket, SIGNED_TRAILER, trailer=CRC32, change=change),
        400, "IncompleteBody", "The request body terminated unexpectedly",
    )  # fmt: skip
    assert_nothing_stored(server, bucket)


@pytest.mark.parametrize(
    "change",
    [
        lambda body: b"zz" + body,
        lambda body: body[: -len(b"0\r\n\r\n") - 10],
        lambda body: b"-1\r\n" + body,
        lambda body: b"ffffffffffffffffff\r\n" + body,
        lambda body: body.replace(b"\r\n", b"\n"),
        lambda body: body.replace(b"2000\r\n", b"2001\r\n", 1),
        lambda body: b"",
    ],
    ids=["bad hex", "no last chunk", "negative", "huge", "bare LF", "wrong size", "empty"],
)
def test_framing_errors_store_nothing(server, bucket, change):
    answer = stream(server, bucket, UNSIGNED_TRAILER, change=change)
    assert (answer.status, answer.code) == (400, "IncompleteBody"), answer
    assert_nothing_stored(server, bucket)


def test_small_chunks_are_refused(server, bucket):
    answer = stream(server, bucket, SIGNED, chunks=[BODY[:100], BODY[100:]])
    answered(
        answer,
        403, "InvalidChunkSizeError", "Only the last chunk is allowed to have a size less than 8192 bytes",
        Chunk="2", BadChunkSize="100",
    )  # fmt: skip
    assert_nothing_stored(server, bucket)


@pytest.mark.parametrize(
    "trailer, announce, code",
    [
        (None, header("CRC32"), "MalformedTrailerError"),
        ((header("SHA1"), checksum("SHA1", BODY)), header("CRC32"), "MalformedTrailerError"),
        ((header("CRC32"), "%%%"), None, "InvalidRequest"),
        (("x-amz-other", "x"), None, "InvalidRequest"),
    ],
    ids=["absent", "misnamed", "malformed", "unknown"],
)
def test_bad_trailers_store_nothing(server, bucket, trailer, announce, code):
    answered(stream(server, bucket, UNSIGNED_TRAILER, trailer=trailer, announce=announce), 400, code)
    assert_nothing_stored(server, bucket)


@pytest.mark.parametrize("decoded", [0, len(BODY) - 1, len(BODY) + 1])
def test_wrong_decoded_length(server, bucket, decoded):
    answer = stream(server, bucket, UNSIGNED_TRAILER, trailer=CRC32, decoded=decoded)
    answered(
        answer,
        400, "IncompleteBody",
        "You did not provide the number of bytes specified by the Content-Length HTTP header",
    )  # fmt: skip
    assert_nothing_stored(server, bucket)


@pytest.mark.parametrize("decoded", ["", "x", "-1"])
def test_missing_decoded_length(server, bucket, decoded):
    answered(stream(server, bucket, UNSIGNED_TRAILER, trailer=CRC32, decoded=decoded), 411, "MissingContentLength")
    assert_nothing_stored(server, bucket)


def test_trailer_payload_on_an_operation_without_upload(server, bucket):
    answered(
        ask(server, "GET", f"/{bucket}/k", OWNER_ROOT, payload=UNSIGNED_TRAILER),
        400, "InvalidRequest", "The value of x-amz-content-sha256 header is invalid.",
    )  # fmt: skip


@pytest.mark.parametrize("payload", ["STREAMING-UNSIGNED-PAYLOAD", "STREAMING-X", "x", "0" * 63])
def test_unknown_payload_tokens(server, bucket, payload):
    answered(put(server, bucket, payload=payload), 400, "InvalidArgument", ArgumentName="x-amz-content-sha256")
    assert_nothing_stored(server, bucket)
