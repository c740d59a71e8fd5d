"""Hostile bytes on the connection: nothing stored, the connection closed, the server well."""

import contextlib
import os

import pytest
from harness.callers import OWNER_ROOT
from harness.digests import ALGORITHMS
from harness.expect import answered
from harness.sigv4 import Request, sign
from harness.wire import Closed, Connection, ask, host_of

BODY = b"0123456789"
CHUNKED = b"a\r\n0123456789\r\n0\r\n\r\n"


@pytest.fixture(autouse=True)
def healthy_afterwards(server):
    yield
    assert ask(server, "GET", "/_buckler/health").status == 200


def signed_put(server, bucket, *headers, payload="UNSIGNED-PAYLOAD", key="k"):
    """A signed PutObject without framing or body; `headers` are not signed."""
    request = Request("PUT", f"/{bucket}/{key}")
    sign(request, OWNER_ROOT, host_of(server), payload=payload)
    request.headers += headers
    return request


def assert_nothing_stored(server, bucket):
    assert ask(server, "GET", f"/{bucket}?list-type=2", OWNER_ROOT).element("KeyCount") == "0"


LENGTH, CODING = ("Content-Length", "10"), ("Transfer-Encoding", "chunked")


@pytest.mark.parametrize(
    "headers",
    [
        (LENGTH, CODING),
        (CODING, LENGTH),
        (("Content-Length", "0"), CODING),
        (LENGTH, ("transfer-encoding", "CHUNKED")),
        (LENGTH, ("Transfer-Encoding", "identity")),
        (LENGTH, ("Transfer-Encoding", "xchunked")),
        (LENGTH, ("Transfer-Encoding", "gzip, chunked")),
        (LENGTH, ("Content-Length", "11")),
        (("Content-Length", "10, 11"),),
        (("Content-Length", "-1"),),
        (("Content-Length", "+10"),),
        (("Content-Length", "0x0a"),),
        (("Content-Length", "1" * 30),),
        (("Transfer-Encoding", "chunked, identity"),),
        (("Transfer-Encoding", "xchunked"),),
    ],
    ids=str,
)
def test_doubtful_framing_is_refused_and_the_connection_closed(server, bucket, headers):
    smuggled = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    with Connection(server) as connection:
        connection.send(signed_put(server, bucket, *headers).to_bytes() + CHUNKED + smuggled)
        answer = connection.answer()
        assert answer.status == 400, answer
        assert connection.is_closed_by_server()
    assert_nothing_stored(server, bucket)


def test_a_plain_put_needs_a_length(server, bucket):
    with Connection(server) as connection:
        answered(connection.send(signed_put(server, bucket).to_bytes()).answer(), 411, "MissingContentLength")
    with Connection(server) as connection:
        answer = connection.send(signed_put(server, bucket, CODING).to_bytes() + CHUNKED).answer()
        # Documents say 411, old reports 501 (facts: s3-behaviour.md 25).
        assert (answer.status, answer.code) in ((411, "MissingContentLength"), (501, "NotImplemented"))
    assert_nothing_stored(server, bucket)


def test_aws_chunked_may_come_in_http_chunks(server, bucket):
    from harness.sigv4 import unsigned_chunks

    request = Request("PUT", f"/{bucket}/k", [("x-amz-decoded-content-length", "10")])
    sign(request, OWNER_ROOT, host_of(server), payload="STREAMING-UNSIGNED-PAYLOAD-TRAILER")
    framed = unsigned_chunks([BODY])
    request.headers.append(CODING)
    request.body = b"".join(f"1\r\n{chr(byte)}\r\n".encode("latin-1") for byte in framed) + b"0\r\n\r\n"
    with Connection(server) as connection:
        answered(connection.send(request.to_bytes()).answer(), 200)
    assert ask(server, "GET", f"/{bucket}/k", OWNER_ROOT).body == BODY


def test_a_body_shorter_than_declared_stores_nothing(server, bucket):
    for payload in ("UNSIGNED-PAYLOAD", ALGORITHMS["SHA256"](BODY).hex()):
        with Connection(server) as connection:
            request = signed_put(server, bucket, ("Content-Length", "20"), payload=payload)
            connection.send(request.to_bytes() + BODY).shut_writing()
            with contextlib.suppress(Closed):
                answered(connection.answer(), 400, "IncompleteBody")
    assert_nothing_stored(server, bucket)


def test_a_body_longer_than_declared_is_a_bad_next_request(server, bucket):
    request = signed_put(server, bucket, LENGTH)
    with Connection(server) as connection:
        connection.send(request.to_bytes() + BODY + b"more than declared\r\n\r\n")
        answered(connection.answer(), 200)
        assert connection.answer().status == 400
        assert connection.is_closed_by_server()
    assert ask(server, "GET", f"/{bucket}/k", OWNER_ROOT).body == BODY


def test_a_signed_body_longer_than_hashed_stores_nothing(server, bucket):
    request = signed_put(server, bucket, ("Content-Length", "20"), payload=ALGORITHMS["SHA256"](BODY).hex())
    with Connection(server) as connection:
        connection.send(request.to_bytes() + BODY + BODY)
        answered(connection.answer(), 400, "XAmzContentSHA256Mismatch")
    assert_nothing_stored(server, bucket)


@pytest.mark.parametrize("size", [1 << 10, 1 << 16, 1 << 20])
def test_aborted_uploads_store_nothing(server, bucket, size):
    for _ in range(20):
        connection = Connection(server)
        connection.send(signed_put(server, bucket, ("Content-Length", str(2 * size))).to_bytes() + os.urandom(size))
        connection.reset()
    assert_nothing_stored(server, bucket)


def test_many_unfinished_uploads_hinder_nobody(server, bucket, owner_root):
    with contextlib.ExitStack() as stack:
        waiting = [stack.enter_context(Connection(server)) for _ in range(200)]
        for number, connection in enumerate(waiting):
            request = signed_put(server, bucket, LENGTH, key=f"slow/{number}")
            connection.send(request.to_bytes() + BODY[:5])
        owner_root.put_object(Bucket=bucket, Key="quick", Body=BODY)
        assert [entry["Key"] for entry in owner_root.list_objects_v2(Bucket=bucket)["Contents"]] == ["quick"]
        for number, connection in enumerate(waiting[:10]):
            for byte in BODY[5:]:
                connection.send(bytes([byte]))
            answered(connection.answer(), 200)
            assert owner_root.get_object(Bucket=bucket, Key=f"slow/{number}")["Body"].read() == BODY
    assert owner_root.list_objects_v2(Bucket=bucket)["KeyCount"] == 11


def test_many_idle_connections_hinder_nobody(server):
    with contextlib.ExitStack() as stack:
        for _ in range(300):
            stack.enter_context(Connection(server)).send(b"GET / HT")
        assert ask(server, "GET", "/_buckler/health").status == 200


@pytest.mark.parametrize("over", [("x-custom", "x" * 9000), *[("many", None)]])
def test_header_block_over_8_kb(server, bucket, over):
    request = signed_put(server, bucket, LENGTH)
    request.headers += [over] if over[1] else [(f"x-{number}", "x" * 50) for number in range(200)]
    with Connection(server) as connection:
        answered(
            connection.send(request.to_bytes() + BODY).answer(),
            400, "RequestHeaderSectionTooLarge",
            "Your request header section exceeds the maximum allowed size.", MaxSizeAllowed="8192",
        )  # fmt: skip
    assert_nothing_stored(server, bucket)


def test_many_small_headers_within_8_kb(server, bucket):
    request = signed_put(server, bucket, LENGTH)
    request.headers += [(f"x-{number}", "x") for number in range(300)]
    assert len(request.to_bytes()) < 8192
    with Connection(server) as connection:
        answered(connection.send(request.to_bytes() + BODY).answer(), 200)


def test_header_block_just_under_8_kb(server, bucket):
    request = signed_put(server, bucket, LENGTH)
    request.headers.append(("x-custom", "x" * (8000 - len(request.to_bytes()))))
    with Connection(server) as connection:
        answered(connection.send(request.to_bytes() + BODY).answer(), 200)


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"x" * (4 << 20) + b"\r\n\r\n",
        b"GET /" + b"x" * (1 << 20) + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"a: b\r\n" * 200_000 + b"\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(512),
        bytes(100_000),
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nname : value\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nname: a\x00b\r\n\r\n",
        b"GET http://[::1 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n",
    ],
    ids=["4 MB header", "1 MB target", "200,000 headers", "TLS", "NULs", "version", "no target", "no colon",
         "space before colon", "NUL in value", "bad authority", "HTTP/2", "asterisk", "connect"],
)  # fmt: skip
def test_no_http(server, head):
    with Connection(server) as connection:
        with contextlib.suppress(Closed):
            answer = connection.send(head).shut_writing().answer()
            assert 400 <= answer.status < 600 and answer.status != 500, answer


def test_no_or_odd_host(server, bucket):
    for host in (b"", b"Host: \r\n", b"Host: " + b"x" * 300 + b"\r\n", b"Host: a\r\nHost: b\r\n", b"Host: ../\r\n"):
        with Connection(server) as connection:
            answer = connection.send(b"GET /%s HTTP/1.1\r\n%s\r\n" % (bucket.encode(), host)).answer()
            assert answer.status in (400, 403, 404), answer


def test_expect_100_continue(server, bucket):
    accepted = signed_put(server, bucket, LENGTH, ("Expect", "100-continue"))
    with Connection(server) as connection:
        assert connection.send(accepted.to_bytes()).interim() == 100
        answered(connection.send(BODY).answer(), 200)
    refused = Request("PUT", f"/{bucket}/k", [("Host", host_of(server)), LENGTH, ("Expect", "100-continue")])
    with Connection(server) as connection:
        assert connection.send(refused.to_bytes()).interim() == 403
    for value in ("", "200-ok"):
        request = signed_put(server, bucket, LENGTH, ("Expect", value))
        with Connection(server) as connection:
            answered(connection.send(request.to_bytes() + BODY).answer(), 200)


def test_refused_upload_is_answered_though_its_body_is_large(server, bucket):
    for size in (1 << 10, 1 << 20, 8 << 20):
        request = Request("PUT", f"/{bucket}/k", [("Host", host_of(server)), ("Content-Length", str(size))])
        with Connection(server) as connection:
            connection.send(request.to_bytes() + bytes(size))
            answered(connection.answer(), 403, "AccessDenied")


def test_pipelined_requests_are_answered_in_order(server, bucket, owner_root):
    for key in "abc":
        owner_root.put_object(Bucket=bucket, Key=key, Body=key.encode())
    data = b""
    for key in "abc":
        request = Request("GET", f"/{bucket}/{key}")
        sign(request, OWNER_ROOT, host_of(server))
        data += request.to_bytes()
    with Connection(server) as connection:
        connection.send(data)
        assert [connection.answer().body for _ in range(3)] == [b"a", b"b", b"c"]


def test_no_memory_is_kept(server, bucket):
    """What hostile clients sent so far, and some more, has left nothing behind."""
    def burden():
        for _ in range(20):
            connection = Connection(server)
            head = signed_put(server, bucket, ("Content-Length", str(64 << 20))).to_bytes()
            connection.send(head + bytes(4 << 20))
            connection.reset()
        ask(server, "GET", "/_buckler/health")

    burden()
    before = server.resident_bytes()
    for _ in range(3):
        burden()
    assert server.resident_bytes() - before < 16 << 20
    assert_nothing_stored(server, bucket)
