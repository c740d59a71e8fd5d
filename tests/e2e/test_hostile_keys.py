"""Keys that are paths, control characters, or too long: each an ordinary key or refused, and never a file."""

import os

import pytest
from harness.callers import OWNER_ROOT
from harness.expect import answered
from harness.wire import ask
from urllib.parse import quote

# As they stand in the target, and the key they name.
ORDINARY = {
    "../x": "../x",
    "../../../../../../../../etc/passwd": "../../../../../../../../etc/passwd",
    "%2e%2e%2fx": "../x",
    "a/../b": "a/../b",
    ".": ".",
    "..": "..",
    "/": "/",
    "//": "//",
    "a//b": "a//b",
    "a/": "a/",
    "/a": "/a",
    "%2Fa": "/a",
    "C:%5Cwindows": "C:\\windows",
    "a%20b+c": "a b+c",
    "%25": "%",
    "%2525": "%25",
    "%01%1f%7f": "\x01\x1f\x7f",
    "%0d%0aX-Injected:%20yes": "\r\nX-Injected: yes",
    "%E2%80%AEtxt": "\u202etxt",
    "%F0%9F%98%80": "😀",
    "e%CC%81": "e\u0301",
    "%C3%A9": "é",
    "_buckler/health": "_buckler/health",
    "%3Fpolicy": "?policy",
    "policy": "policy",
    "'; DROP TABLE objects; --": "'; DROP TABLE objects; --",
}


@pytest.mark.parametrize("target", ORDINARY)
def test_ordinary_keys(server, bucket, owner_root, target):
    key = ORDINARY[target]
    if " " in target:
        target = quote(target)
    answered(ask(server, "PUT", f"/{bucket}/{target}", OWNER_ROOT, key.encode()), 200)
    assert ask(server, "GET", f"/{bucket}/{target}", OWNER_ROOT).body == key.encode()
    from urllib.parse import unquote_plus

    listed = ask(server, "GET", f"/{bucket}?list-type=2&encoding-type=url", OWNER_ROOT)
    assert unquote_plus(listed.element("Key")) == key
    answered(ask(server, "DELETE", f"/{bucket}/{target}", OWNER_ROOT), 204)
    assert owner_root.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_keys_that_look_alike_are_different(server, bucket):
    keys = ["a/b", "a//b", "/a/b", "a/b/", "A/b", "a%2Fb%2F%2F", "%C3%A9", "e%CC%81", "a/./b", "a/c/../b"]
    for key in keys:
        answered(ask(server, "PUT", f"/{bucket}/{key}", OWNER_ROOT, key.encode()), 200)
    for key in keys:
        assert ask(server, "GET", f"/{bucket}/{key}", OWNER_ROOT).body == key.encode()
    assert ask(server, "GET", f"/{bucket}?list-type=2", OWNER_ROOT).element("KeyCount") == str(len(keys))


def test_no_key_becomes_a_path(server, bucket):
    """Whatever keys are put, no file appears outside the data folder, nor under the name of a key."""
    for depth in range(1, 8):
        ask(server, "PUT", f"/{bucket}/{'../' * depth}escaped-{bucket}", OWNER_ROOT, b"x" * 300_000)
    for root in (server.folder, server.folder.parent, server.folder.parent.parent, "/", "/tmp"):
        assert f"escaped-{bucket}" not in os.listdir(root)
    for folder, folders, files in os.walk(server.folder):
        assert not [name for name in (*folders, *files) if "escaped" in name], folder


@pytest.mark.parametrize("size, status", [(1, 200), (1024, 200), (1025, 400), (4000, 400)])
def test_length_in_bytes(server, bucket, size, status):
    answer = ask(server, "PUT", f"/{bucket}/{'k' * size}", OWNER_ROOT, b"x")
    if status == 200:
        answered(answer, 200)
        assert ask(server, "GET", f"/{bucket}/{'k' * size}", OWNER_ROOT).body == b"x"
        return
    answered(answer, 400, "KeyTooLongError", "Your key is too long", Size=str(size), MaxSizeAllowed="1024")
    for method in ("GET", "DELETE"):
        answered(ask(server, method, f"/{bucket}/{'k' * size}", OWNER_ROOT), 400, "KeyTooLongError")


def test_length_counts_bytes_not_characters(server, bucket):
    answered(ask(server, "PUT", f"/{bucket}/{quote('ä' * 512)}", OWNER_ROOT, b"x"), 200)
    answered(ask(server, "PUT", f"/{bucket}/{quote('ä' * 513)}", OWNER_ROOT, b"x"), 400, "KeyTooLongError", Size="1026")


@pytest.mark.parametrize("target", ["%80", "a%FFb", "%C3", "%ED%A0%80", "%C0%AF"])
def test_keys_that_are_no_utf_8(server, bucket, target):
    for method in ("PUT", "GET", "DELETE"):
        answered(ask(server, method, f"/{bucket}/{target}", OWNER_ROOT), 400, "InvalidURI")


@pytest.mark.parametrize("target", ["%00", "a%00b", "%zz", "%", "a%2"])
def test_nul_and_broken_escapes_are_stored_whole_or_refused(server, bucket, target):
    put = ask(server, "PUT", f"/{bucket}/{target}", OWNER_ROOT, b"bytes")
    got = ask(server, "GET", f"/{bucket}/{target}", OWNER_ROOT)
    if put.status == 200:
        assert (got.status, got.body) == (200, b"bytes")
    else:
        assert (put.status, got.status) == (400, 400), (put, got)
        assert ask(server, "GET", f"/{bucket}?list-type=2", OWNER_ROOT).element("KeyCount") == "0"


def test_bucket_names_that_are_paths(server):
    for name in ("..", ".", "%2e%2e", "%2e%2e%2fetc", "..%2f..%2fetc", "_buckler", "%00", "a%2fb"):
        for target in (f"/{name}", f"/{name}/k"):
            answer = ask(server, "PUT", target, OWNER_ROOT, b"")
            assert answer.status == 400, (target, answer)


def test_hostile_listing_parameters(server, bucket, owner_root):
    owner_root.put_object(Bucket=bucket, Key="k", Body=b"")
    for query in ("prefix=%00", "prefix=%FF", "delimiter=%00", "delimiter=%FF", "start-after=%FF", "prefix=" + "x" * 2000, "delimiter=" + "x" * 2000, "prefix=%25%5F", "prefix=_", "prefix=%25"):
        answer = ask(server, "GET", f"/{bucket}?list-type=2&{query}", OWNER_ROOT)
        assert answer.status in (200, 400), (query, answer)
        if query.startswith("prefix") and answer.status == 200:
            assert answer.element("KeyCount") == "0", query
