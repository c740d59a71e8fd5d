"""Hostile multipart uploads: documents, keys and numbers that are refused flat, and uploads that are fought over."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from harness.callers import OWNER_ROOT
from harness.expect import answered
from harness.wire import ask
from urllib.parse import quote

MEMORY_BYTES = 32 << 20
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE bomb [<!ENTITY a0 "ha">'
    + b"".join(b'<!ENTITY a%d "&a%d;&a%d;&a%d;">' % (n, n - 1, n - 1, n - 1) for n in range(1, 40))
    + b"]>"
)


class Upload:
    """An upload with one part of one byte."""

    def __init__(self, server, bucket, key="k"):
        self.server = server
        begun = answered(ask(server, "POST", f"/{bucket}/{key}?uploads", OWNER_ROOT), 200)
        self.path = f"/{bucket}/{key}?uploadId={begun.element('UploadId')}"
        self.etag = answered(self.part(1, b"x"), 200).header("etag")
        self.document = document(part(1, self.etag))

    def ask(self, method, query="", body=b"", headers=()):
        return ask(self.server, method, self.path + query, OWNER_ROOT, body, headers)

    def part(self, number, body, headers=()):
        return self.ask("PUT", f"&partNumber={number}", body, headers)

    def complete(self, body):
        return self.ask("POST", body=body)


def part(number, etag="x", more=""):
    return f"<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag>{more}</Part>".encode()


def document(*inner):
    return b"<CompleteMultipartUpload>" + b"".join(inner) + b"</CompleteMultipartUpload>"


@pytest.fixture
def upload(server, bucket):
    return Upload(server, bucket)


@pytest.mark.parametrize(
    "body, code",
    [
        (BOMB + document(part(1, "&a39;")), "MalformedXML"),
        (b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + document(part(1, "&e;")), "MalformedXML"),
        (b"<!DOCTYPE x>" + document(part(1)), "MalformedXML"),
        (b"<a>" * 100_000, "MalformedXML"),
        (document(b"<Part>" + b"<a>" * 100 + b"</a>" * 100 + b"</Part>"), "MalformedXML"),
        (document(b"<Part><PartNumber>1</PartNumber><PartNumber>1</PartNumber><ETag>x</ETag></Part>"), "MalformedXML"),
        (document(b"<Part><PartNumber>1</PartNumber><ETag>x</ETag><ETag>x</ETag></Part>"), "MalformedXML"),
        (document() * 2, "MalformedXML"),
        (document(part(1)).decode().encode("utf-16"), "MalformedXML"),
        (document(part(1, "a\0b")), "MalformedXML"),
        (document(part(2_147_483_648)), "MalformedXML"),
        (document(part("9" * 1000)), "MalformedXML"),
        (document(*map(part, range(1, 10_002))), "InvalidArgument"),
        (document(*map(part, range(1, 20_001))), "InvalidArgument"),
        (document(part(1, "e" * (1 << 20))), "InvalidPart"),
        (document(part(2_147_483_647)), "InvalidPart"),
        (document(b" " * (5 << 20)), "MaxMessageLengthExceeded"),
    ],
    ids=[
        "bomb", "external", "doctype", "deep", "deep part", "two numbers", "two tags", "two roots", "UTF-16", "NUL",
        "33 bits", "thousand digits", "10,001", "20,000", "long tag", "31 bits", "5 MiB",
    ],
)  # fmt: skip
def test_hostile_completions(server, upload, body, code):
    memory = server.resident_bytes()
    answer = answered(upload.complete(body), 400, code)
    assert answer.body.startswith(b"<Error>") and b"root:" not in answer.body
    assert server.resident_bytes() - memory < MEMORY_BYTES
    # The upload is as it was; a megabyte of white space does it no harm.
    answered(upload.complete(document(part(1, upload.etag), b" " * (1 << 20))), 200)


@pytest.mark.parametrize("number", ["0", "-1", "10001", "65537", "4294967297", "9" * 40, "1e3", "%2B1", "1.0", "", "0x1", "%D9%A1"])
def test_numbers_that_are_no_parts(upload, number):
    message = "Part number must be an integer between 1 and 10000, inclusive"
    answered(upload.part(number, b"x"), 400, "InvalidArgument", message, ArgumentName="partNumber")
    # The first of several counts.
    answered(upload.part(f"2&partNumber={number}", b"x"), 200)


@pytest.mark.parametrize(
    "key, code",
    [
        ("%00", "InvalidURI"),
        ("a%00b", "InvalidURI"),
        ("%ff", "InvalidURI"),
        ("%C0%80", "InvalidURI"),
        ("%ED%A0%80", "InvalidURI"),
        ("%F4%90%80%80", "InvalidURI"),
        ("%zz", "InvalidURI"),
        ("%2", "InvalidURI"),
        ("k" * 1025, "KeyTooLongError"),
        (quote("\u00e4" * 512) + "x", "KeyTooLongError"),
        ("k" * 1024, None),
        (quote("\u00e4" * 512), None),
        ("%01%1f%7f", None),
        ("%0d%0aX-Injected:y", None),
        ("%EF%BF%BE%EF%BF%BF", None),
        ("../../..", None),
        ("//", None),
        ("%25%32%30", None),
    ],
)
def test_keys_of_uploads(server, bucket, key, code):
    if code:
        requests = [("POST", "?uploads"), ("PUT", "?uploadId=x&partNumber=1"), ("GET", "?uploadId=x"),
                    ("POST", "?uploadId=x"), ("DELETE", "?uploadId=x")]  # fmt: skip
        for method, query in requests:
            answered(ask(server, method, f"/{bucket}/{key}{query}", OWNER_ROOT), 400, code)
        return
    upload = Upload(server, bucket, key)
    answered(upload.ask("GET"), 200)
    answered(ask(server, "GET", f"/{bucket}?uploads&encoding-type=url", OWNER_ROOT), 200)
    done = answered(upload.complete(upload.document), 200)
    assert ask(server, "GET", f"/{bucket}/{key}", OWNER_ROOT).body == b"x"
    assert done.header("x-injected") is None


def test_uploads_that_are_fought_over(server, bucket, owner_root):
    """Completed, aborted, continued and listed at the same time: one outcome, and never an answer of its own kind."""
    owner_root.put_object(Bucket=bucket, Key="source", Body=b"copied")
    expected = {(200, None), (204, None), (404, "NoSuchUpload"), (400, "InvalidPart")}

    def fight(pool, number):
        upload = Upload(server, bucket, f"k{number}")
        copied = [("x-amz-copy-source", f"{bucket}/source")]
        moves = {
            "complete": lambda: upload.complete(upload.document),
            "abort": lambda: upload.ask("DELETE"),
            "add": lambda: upload.part(2, b"second" * 20_000),
            "replace": lambda: upload.part(1, b"x"),
            "copy": lambda: upload.part(3, b"", copied),
            "list": lambda: upload.ask("GET"),
        }
        names = list(moves) * 3
        random.Random(number).shuffle(names)
        answers = list(pool.map(lambda name: moves[name](), names))
        found = {(answer.status, answer.code if answer.status >= 300 else None) for answer in answers}
        assert found <= expected, found
        was_completed = any(name == "complete" and answer.status == 200 for name, answer in zip(names, answers))
        got = ask(server, "GET", f"/{bucket}/k{number}", OWNER_ROOT)
        assert (got.status, got.body if got.status == 200 else b"") == ((200, b"x") if was_completed else (404, b""))

    with ThreadPoolExecutor(12) as pool:
        for number in range(10):
            fight(pool, number)
    assert "Uploads" not in owner_root.list_multipart_uploads(Bucket=bucket)
