"""Servers whose bytes are in another server, and what is to be seen of them."""

import hashlib

import pytest
from botocore.exceptions import ClientError
from conftest import seeded_server

from .callers import OWNER_ROOT, STRANGER_ROOT
from .doctor import CLEAN, examine, kinds

BUCKET, STORE, PREFIX = "kept", "blobs", "stores/one"
SMALL = b"beside its row"
LARGE = b"one request " * 100_000
# Several parts of the backend's own multipart upload.
HUGE = hashlib.sha256(b"").digest() * (13 * 1024 * 1024 // 32) + b"end"
PROMISES = {
    "conditional-put", "read-after-write", "list-after-write", "list-in-order", "range-read", "multipart",
    "aborted-multipart", "delete-then-not-found",
}  # fmt: skip


def keeper(folder):
    """The server that keeps the bytes; it comes back where it was."""
    folder.mkdir()
    server = seeded_server(folder)
    server.start()
    server._listen = f"{server.host}:{server.port}"
    server.client(STRANGER_ROOT).create_bucket(Bucket=STORE)
    return server


def gateway(tmp_path, endpoint, *arguments, name="gateway", prefix=PREFIX, **env):
    """A server whose bytes are there; its own clients know nothing of that."""
    folder = tmp_path / name
    folder.mkdir(exist_ok=True)
    reached = {
        "BUCKLER_BLOBS_ENDPOINT": endpoint,
        "BUCKLER_BLOBS_ALLOW_HTTP": "true",
        "BUCKLER_BLOBS_ACCESS_KEY_ID": STRANGER_ROOT.access_key,
        "BUCKLER_BLOBS_SECRET_ACCESS_KEY": STRANGER_ROOT.secret_key,
        # Those of clients are not taken for its own.
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "AWS_ACCESS_KEY_ID": "AKIAOFSOMEBODYELSE00",
        "AWS_SECRET_ACCESS_KEY": "of somebody else",
    }
    return seeded_server(folder, "--blobs", f"s3://{STORE}/{prefix}", *arguments, env={**reached, **env})


def put(server, key, body):
    server.client(OWNER_ROOT).put_object(Bucket=BUCKET, Key=key, Body=body)


def read(server, key, **how):
    return server.client(OWNER_ROOT).get_object(Bucket=BUCKET, Key=key, **how)["Body"].read()


def refusal(work):
    """Status and code of what is refused."""
    with pytest.raises(ClientError) as refused:
        work()
    return refused.value.response["ResponseMetadata"]["HTTPStatusCode"], refused.value.response["Error"]["Code"]


def stored(store, kind="blobs", prefix=PREFIX):
    """Names and sizes of what the store has of one kind."""
    pages = store.client(STRANGER_ROOT).get_paginator("list_objects_v2")
    found = pages.paginate(Bucket=STORE, Prefix=f"{prefix}/{kind}/").search("Contents || `[]`")
    return {each["Key"]: each["Size"] for each in found}


def uploads(store):
    return store.client(STRANGER_ROOT).list_multipart_uploads(Bucket=STORE).get("Uploads", [])


def clean(server, *arguments):
    """Stops it, and looks."""
    server.stop()
    status, report = examine(server, "--deep", *arguments)
    assert (status, kinds(report)) == (CLEAN, []), report
    return report


def live_at_every_size(server, stored, settled):
    """Objects beside their rows, of one request and of several: their bytes are where `stored` looks for a kind of name, and
    nothing else is left when they are there, which is what `settled` looks for."""
    client = server.client(OWNER_ROOT)
    bodies = {"empty": b"", "small": SMALL, "large": LARGE, "huge": HUGE}
    for key, body in bodies.items():
        put(server, key, body)
    assert sorted(stored("blobs").values()) == [len(LARGE), len(HUGE)]
    settled()
    for key, body in bodies.items():
        assert read(server, key) == body
        client.copy_object(Bucket=BUCKET, Key=f"{key}/copy", CopySource=f"{BUCKET}/{key}")
        assert read(server, f"{key}/copy") == body
    middle = len(HUGE) // 2
    assert read(server, "huge", Range=f"bytes={middle}-{middle + 99}") == HUGE[middle : middle + 100]
    assert read(server, "huge", Range="bytes=-3") == b"end"
    assert read(server, "large", Range=f"bytes={len(LARGE) - 1}-") == LARGE[-1:]
    for key in bodies:
        client.delete_object(Bucket=BUCKET, Key=key)
        assert refusal(lambda: read(server, key)) == (404, "NoSuchKey")  # noqa: B023
    report = clean(server)
    assert report["summary"]["blobs"] == 4 and report["summary"]["garbage_rows"] == 2
    assert set(report["promises_kept"]) == PROMISES
    assert stored("trials") == {}
