"""A remote store that throttles, breaks off, is slow, and does what it was asked without saying so."""

import concurrent.futures

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from harness.callers import OWNER_ROOT, STRANGER_ROOT
from harness.doctor import CLEAN, examine, kinds
from harness.proxy import Proxy
from harness.remote import (
    BUCKET,
    HUGE,
    LARGE,
    PREFIX,
    SMALL,
    STORE,
    clean,
    gateway,
    keeper,
    put,
    read,
    refusal,
    stored,
    uploads,
)
from harness.server import run_to_end
from harness.sigv4 import Request, sign
from harness.wait import until
from harness.wire import Connection, host_of
from test_failures import health

# The requests that a write consists of: whole, or in parts.
WHOLE = ("PUT", "/blobs/[0-9a-f]{32}\n", LARGE)
BEGIN = ("POST", "[?]uploads", HUGE)
NOTE = ("PUT", "/unfinished/", HUGE)
PART = ("PUT", "partNumber=2", HUGE)
COMPLETE = ("POST", "[?]uploadId=", HUGE)


@pytest.fixture
def store(tmp_path):
    with keeper(tmp_path / "store") as server:
        yield server


@pytest.fixture
def proxy(store):
    with Proxy(store) as between:
        yield between


@pytest.fixture
def server(tmp_path, proxy):
    # A second without an answer is silence.
    with gateway(tmp_path, proxy.endpoint, BUCKLER_LOG="debug", BUCKLER_BLOBS_READ_TIMEOUT="1s") as running:
        running.client(OWNER_ROOT).create_bucket(Bucket=BUCKET)
        yield running
    assert STRANGER_ROOT.secret_key not in running.stderr.text


def repaired(server):
    """Stops it; what a sweep may have to remove is removed, and then all is well."""
    server.stop()
    status, report = examine(server, "--repair", "--grace", "0")
    assert set(kinds(report)) <= {"orphan-blob", "unfinished-write"}, report
    return clean_again(server)


def clean_again(server):
    status, report = examine(server, "--deep", "--grace", "0")
    assert (status, kinds(report)) == (CLEAN, []), report


def test_what_fails_in_passing_is_not_seen(server, proxy, store):
    for key, body in (("large", LARGE), ("huge", HUGE)):
        proxy.fault("throttled", "", times=4)
        put(server, key, body)
        proxy.fault("throttled", "", times=4)
        assert read(server, key) == body
        proxy.fault("cut", "GET", "/blobs/", times=3)
        assert read(server, key) == body
        proxy.fault("unread", "PUT", "/blobs/", times=2)
        put(server, key, body[1:])
        assert read(server, key) == body[1:]
    assert proxy.left == 0
    until(lambda: not uploads(store) and stored(store, "unfinished") == {})
    clean(server)


@pytest.mark.parametrize("kind", ["lost", "failed"])
@pytest.mark.parametrize("request_of_it", [WHOLE, NOTE, PART, COMPLETE])
def test_what_was_done_and_not_answered_is_done_once(server, proxy, store, kind, request_of_it):
    method, pattern, body = request_of_it
    proxy.fault(kind, method, pattern, times=1)
    put(server, "k", body)
    assert proxy.left == 0
    assert read(server, "k") == body
    assert list(stored(store).values()) == [len(body)]
    until(lambda: not uploads(store) and stored(store, "unfinished") == {})
    clean(server)


@pytest.mark.parametrize("kind", ["lost", "failed"])
def test_upload_that_was_begun_twice_leaves_nothing_that_counts(server, proxy, store, kind):
    proxy.fault(kind, "POST", "[?]uploads", times=1)
    put(server, "k", HUGE)
    assert read(server, "k") == HUGE
    # Nobody knows the id of the first one. It has no part, and what is stored without one costs nothing.
    keeper_client = store.client(STRANGER_ROOT)
    for upload in uploads(store):
        named = {"Bucket": STORE, "Key": upload["Key"], "UploadId": upload["UploadId"]}
        assert keeper_client.list_parts(**named).get("Parts", []) == []
    clean(server)


@pytest.mark.parametrize(
    ("kind", "request_of_it"),
    [("throttled", WHOLE), ("unread", WHOLE), ("unread", PART), ("throttled", COMPLETE), ("lost", COMPLETE)],
)
def test_what_fails_for_good_is_as_if_it_had_not_been(server, proxy, store, kind, request_of_it):
    method, pattern, body = request_of_it
    put(server, "k", SMALL)
    proxy.fault(kind, method, pattern)
    # Nor can it be looked at.
    proxy.fault("throttled", "HEAD")
    assert refusal(lambda: put(server, "k", body)) == (503, "SlowDown")
    assert read(server, "k") == SMALL
    proxy.mend()
    until(lambda: health(server) == 200)
    put(server, "other", body)
    assert read(server, "k") == SMALL and read(server, "other") == body
    repaired(server)
    until(lambda: not uploads(store))
    assert list(stored(store).values()) == [len(body)]


@pytest.mark.parametrize("kind", ["cut", "ended", "throttled"])
def test_body_that_never_comes_whole_is_never_taken_for_whole(server, proxy, kind):
    put(server, "k", LARGE)
    client = server.client(OWNER_ROOT)
    if kind != "cut":
        # An answer that does not say how long it is, is none.
        proxy.fault(kind, "GET", "/blobs/")
        assert refusal(lambda: read(server, "k")) == (503, "SlowDown")
    else:
        # Half of it arrives, then no more.
        proxy.fault(kind, "GET", "/blobs/", times=1)
        proxy.fault("throttled", "GET", "/blobs/")
        answer = client.get_object(Bucket=BUCKET, Key="k")
        assert answer["ContentLength"] == len(LARGE)
        with pytest.raises((ClientError, BotoCoreError)):
            answer["Body"].read()
    proxy.mend()
    assert read(server, "k") == LARGE
    clean(server)


def test_store_that_is_silent_is_given_up_in_time(server, proxy, store):
    for key in ("read", "whole"):
        put(server, key, LARGE)
    put(server, "parts", SMALL)
    proxy.fault("silent", "GET", "/blobs/")
    proxy.fault("silent", "HEAD")
    proxy.fault("silent", "PUT", "/blobs/")
    with concurrent.futures.ThreadPoolExecutor() as pool:
        # Clients give up after a minute, and these after half of one.
        work = [
            pool.submit(refusal, lambda: read(server, "read")),
            pool.submit(refusal, lambda: put(server, "whole", LARGE[1:])),
            pool.submit(sent_away, server, "parts", HUGE),
        ]
        assert [each.result() for each in work] == [(503, "SlowDown")] * 3
    assert health(server) == 503
    proxy.mend()
    until(lambda: health(server) == 200)
    assert read(server, "read") == read(server, "whole") == LARGE
    assert read(server, "parts") == SMALL
    put(server, "parts", HUGE)
    repaired(server)
    assert read_back(server, "parts") == HUGE


def sent_away(server, key, body):
    """As `refusal` of a put whose body is not taken as fast as it could be sent."""
    request = Request("PUT", f"/{BUCKET}/{key}")
    sign(request, OWNER_ROOT, host_of(server), payload="UNSIGNED-PAYLOAD")
    request.headers.append(("Content-Length", str(len(body))))
    with Connection(server) as connection:
        answer = connection.send(request.to_bytes() + body).answer()
        return answer.status, answer.code


def read_back(server, key):
    with server.start():
        return read(server, key)


def test_listing_that_is_lost_removes_nothing(server, proxy, store):
    for key, body in (("large", LARGE), ("huge", HUGE)):
        put(server, key, body)
    store.client(STRANGER_ROOT).put_object(Bucket=STORE, Key=f"{PREFIX}/blobs/{'0' * 32}", Body=b"nobody's")
    before = stored(store)
    server.stop()
    proxy.fault("cut", "GET", "list-type=2")
    arguments = ["doctor", *server.storage, "--repair", "--grace", "0"]
    done = run_to_end(server.folder, *arguments, env=server.env, seconds=120)
    assert done.returncode == 2 and "the blob store" in done.stderr, (done.stdout, done.stderr)
    assert stored(store) == before
    proxy.mend()
    proxy.fault("cut", "GET", "list-type=2", times=2)
    status, report = examine(server, "--repair", "--grace", "0")
    assert (status, kinds(report)) == (CLEAN, ["orphan-blob"])
    clean_again(server)
    assert sorted(stored(store).values()) == [len(LARGE), len(HUGE)]


def test_removal_that_fails_is_done_later(server, proxy, store):
    put(server, "k", LARGE)
    nobodys = [f"{PREFIX}/blobs/{number:032x}" for number in range(300)]
    for name in nobodys:
        store.client(STRANGER_ROOT).put_object(Bucket=STORE, Key=name, Body=b"nobody's")
    server.stop()
    # The first batch is removed, and nobody hears of it; the second one is not.
    proxy.fault("lost", "POST", "[?]delete[^\n]*\n.*/blobs/", times=1)
    proxy.fault("throttled", "POST", "[?]delete[^\n]*\n.*/blobs/")
    arguments = ["doctor", *server.storage, "--repair", "--grace", "0"]
    done = run_to_end(server.folder, *arguments, env=server.env, seconds=120)
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert len(stored(store)) < len(nobodys)
    proxy.mend()
    examine(server, "--repair", "--grace", "0")
    clean_again(server)
    assert list(stored(store).values()) == [len(LARGE)]


def test_bytes_move_through_a_bad_connection(tmp_path, store, proxy):
    """What was cut off is gone on with by the same command."""
    with gateway(tmp_path, store.endpoint) as server:
        server.client(OWNER_ROOT).create_bucket(Bucket=BUCKET)
        for key, body in (("small", SMALL), ("large", LARGE), ("huge", HUGE)):
            put(server, key, body)
        server.stop()
    target = {name.replace("BUCKLER_BLOBS_", "BUCKLER_TO_BLOBS_"): value for name, value in server.env.items()
              if name.startswith("BUCKLER_BLOBS_")}  # fmt: skip
    target["BUCKLER_TO_BLOBS_ENDPOINT"] = proxy.endpoint
    moved = ["migrate", *server.storage, "--to-blobs", f"s3://{STORE}/stores/moved"]
    proxy.fault("cut", "GET", times=1)
    proxy.fault("throttled", "POST", "[?]uploadId=")
    proxy.fault("throttled", "HEAD")
    cut_off = run_to_end(server.folder, *moved, env={**server.env, **target}, seconds=120)
    assert cut_off.returncode == 2, (cut_off.stdout, cut_off.stderr)
    proxy.mend()
    proxy.fault("lost", "POST", "[?]uploadId=", times=1)
    for arguments in (moved, ["migrate", *server.storage, "--cut-over"]):
        done = run_to_end(server.folder, *arguments, env={**server.env, **target}, seconds=120)
        assert done.returncode == 0, (done.stdout, done.stderr)
    there = ["--data", "data", "--blobs", f"s3://{STORE}/stores/moved"]
    server.arguments = [*there, "--accounts", "seed.toml"]
    with server.start():
        for key, body in (("small", SMALL), ("large", LARGE), ("huge", HUGE)):
            assert read(server, key) == body
