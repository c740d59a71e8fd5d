"""Bytes in Azure Blob Storage, as its emulator has it."""

import base64
import itertools
import re

import pytest
from conftest import seeded_server
from harness.azurite import ACCOUNT, IS_INSTALLED, KEY, Azurite
from harness.callers import OWNER_ROOT
from harness.doctor import CLEAN, FINDINGS, examine, kinds
from harness.proxy import Proxy
from harness.remote import BUCKET, HUGE, LARGE, PROMISES, SMALL, clean, live_at_every_size, put, read, refusal
from harness.server import StartFailed, run_to_end
from harness.sigv4 import Request, sign
from harness.wait import until
from harness.wire import Connection, host_of
from test_failures import health

pytestmark = pytest.mark.skipif(not IS_INSTALLED, reason="there is no npm to install Azurite with")
CONTAINER = "kept"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def azurite(tmp_path_factory):
    """One that all share; each test has a prefix of its own."""
    with Azurite(tmp_path_factory.mktemp("azurite")) as running:
        running.create(CONTAINER)
        yield running


@pytest.fixture
def prefix():
    return f"stores/{next(_numbers)}"


def reached(endpoint, variable="BUCKLER_BLOBS_"):
    return {
        f"{variable}ENDPOINT": endpoint,
        f"{variable}ALLOW_HTTP": "true",
        f"{variable}ACCOUNT_NAME": ACCOUNT,
        f"{variable}ACCOUNT_KEY": KEY,
    }


def gateway(tmp_path, endpoint, prefix, name="gateway", **env):
    folder = tmp_path / name
    folder.mkdir(exist_ok=True)
    place = ["--blobs", f"az://{CONTAINER}/{prefix}"]
    return seeded_server(folder, *place, env={**reached(endpoint), **env})


@pytest.fixture
def server(tmp_path, azurite, prefix):
    with gateway(tmp_path, azurite.endpoint, prefix, BUCKLER_LOG="debug") as running:
        running.client(OWNER_ROOT).create_bucket(Bucket=BUCKET)
        yield running
    assert KEY not in running.stderr.text


def stored(azurite, prefix, kind="blobs"):
    """Names of what is there of one kind, with their sizes."""
    listed = azurite.blobs(CONTAINER, f"{prefix}/{kind}/")
    sizes = [int(size) for size in re.findall(r"<Content-Length>(\d+)</Content-Length>", listed)]
    return dict(zip(re.findall(r"<Name>([^<]+)</Name>", listed), sizes, strict=True))


def test_objects_of_every_size_live_in_the_container(server, azurite, prefix):
    def settled():
        until(lambda: stored(azurite, prefix, "unfinished") == {})

    live_at_every_size(server, lambda kind: stored(azurite, prefix, kind), settled)


def test_multipart_uploads_of_clients(server):
    client, place = server.client(OWNER_ROOT), {"Bucket": BUCKET, "Key": "film"}
    upload = client.create_multipart_upload(**place)["UploadId"]
    bodies = [HUGE, LARGE * 5, SMALL]
    parts = [
        client.upload_part(**place, UploadId=upload, PartNumber=number, Body=body)
        for number, body in enumerate(bodies, 1)
    ]
    named = [{"PartNumber": number, "ETag": part["ETag"]} for number, part in enumerate(parts, 1)]
    client.complete_multipart_upload(**place, UploadId=upload, MultipartUpload={"Parts": named})
    whole = b"".join(bodies)
    assert read(server, "film") == whole
    edge = len(HUGE)
    assert read(server, "film", Range=f"bytes={edge - 10}-{edge + 9}") == whole[edge - 10 : edge + 10]
    clean(server)


def test_store_that_goes_away_and_comes_back(server, azurite):
    put(server, "small", SMALL)
    put(server, "large", LARGE)
    azurite.stop()
    for key, body in (("new", LARGE), ("large", HUGE)):
        assert refusal(lambda: put(server, key, body)) == (503, "SlowDown")
    assert refusal(lambda: read(server, "large")) == (503, "SlowDown")
    assert health(server) == 503
    assert read(server, "small") == SMALL
    azurite.start()
    until(lambda: health(server) == 200)
    assert read(server, "large") == LARGE
    assert refusal(lambda: read(server, "new")) == (404, "NoSuchKey")
    put(server, "new", HUGE)
    assert read(server, "new") == HUGE
    clean(server)


def test_client_that_goes_away_within_an_upload(server, azurite, prefix):
    request = Request("PUT", f"/{BUCKET}/k")
    sign(request, OWNER_ROOT, host_of(server), payload="UNSIGNED-PAYLOAD")
    request.headers.append(("Content-Length", str(len(HUGE))))
    with Connection(server) as connection:
        connection.send(request.to_bytes() + HUGE[: 11 << 20])
        until(lambda: stored(azurite, prefix, "unfinished"))
    until(lambda: stored(azurite, prefix, "unfinished") == {})
    clean(server)


@pytest.mark.parametrize("kind", ["lost", "failed", "throttled"])
@pytest.mark.parametrize(
    ("method", "pattern", "body"),
    [("PUT", "/blobs/[^?]*\n", LARGE), ("PUT", "comp=block&", HUGE), ("PUT", "comp=blocklist", HUGE)],
    ids=["whole", "part", "complete"],
)
def test_what_was_done_and_not_answered_is_done_once(tmp_path, azurite, prefix, kind, method, pattern, body):
    with Proxy(azurite) as proxy, gateway(tmp_path, f"{proxy.endpoint}/{ACCOUNT}", prefix) as server:
        server.client(OWNER_ROOT).create_bucket(Bucket=BUCKET)
        proxy.fault(kind, method, pattern, times=1)
        put(server, "k", body)
        assert proxy.left == 0
        proxy.fault("cut", "GET", "/blobs/", times=2)
        assert read(server, "k") == body
        assert list(stored(azurite, prefix).values()) == [len(body)]
        clean(server)


def test_a_prefix_belongs_to_one_store(tmp_path, azurite, server, prefix):
    with pytest.raises(StartFailed, match="belong to another store"):
        gateway(tmp_path, azurite.endpoint, prefix, name="other").start()


def test_damage_in_the_store_is_found_and_never_served(server, azurite, prefix):
    for key, body in (("gone", HUGE), ("whole", LARGE)):
        put(server, key, body)
    names = {size: name for name, size in stored(azurite, prefix).items()}
    azurite.remove(f"/{CONTAINER}/{names[len(HUGE)]}")
    assert refusal(lambda: read(server, "gone")) == (500, "InternalError")
    assert read(server, "whole") == LARGE
    server.stop()
    status, report = examine(server, "--deep", "--grace", "0")
    assert (status, kinds(report)) == (FINDINGS, ["missing-bytes"])


def test_wrong_key_is_said_at_start_and_not_shown(tmp_path, azurite, prefix):
    wrong = base64.b64encode(b"a wrong key" * 6).decode()
    with pytest.raises(StartFailed) as failed:
        gateway(tmp_path, azurite.endpoint, prefix, BUCKLER_BLOBS_ACCOUNT_KEY=wrong).start()
    assert failed.value.status == 2 and f"the blob store `az://kept/{prefix}`" in failed.value.stderr
    assert wrong not in failed.value.stderr


def test_shared_access_signature_is_never_shown(tmp_path, azurite, prefix):
    token = azurite.shared_access_signature()
    signature = token.split("sig=")[1]
    server = gateway(tmp_path, azurite.endpoint, prefix, BUCKLER_BLOBS_SAS_TOKEN=token, BUCKLER_LOG="debug")
    del server.env["BUCKLER_BLOBS_ACCOUNT_KEY"]
    with server:
        server.client(OWNER_ROOT).create_bucket(Bucket=BUCKET)
        put(server, "k", HUGE)
        assert read(server, "k") == HUGE
        azurite.stop()
        assert refusal(lambda: put(server, "k", LARGE)) == (503, "SlowDown")
        assert refusal(lambda: read(server, "k")) == (503, "SlowDown")
        azurite.start()
        assert read(server, "k") == HUGE
        server.stop()
    assert "the blob store" in server.stderr.text and signature not in server.stderr.text
    # The emulator has no removals in batches for such a signature, and the client no others.
    _, report = examine(server)
    assert set(report["promises_kept"]) == PROMISES - {"delete-then-not-found"}
    assert signature not in str(report)


def test_bytes_move_there_and_back(tmp_path, azurite):
    bodies = {"small": SMALL, "large": LARGE, "huge": HUGE}
    with seeded_server(tmp_path) as server:
        server.client(OWNER_ROOT).create_bucket(Bucket=BUCKET)
        for key, body in bodies.items():
            put(server, key, body)
        server.stop()
    there, back = f"az://{CONTAINER}/moved", f"file://{tmp_path}/back"
    moves = [
        (["--data", "data"], there, reached(azurite.endpoint, "BUCKLER_TO_BLOBS_")),
        (["--data", "data", "--blobs", there], back, reached(azurite.endpoint)),
    ]
    for source, target, env in moves:
        for what in (["--to-blobs", target, "--deep"], ["--cut-over"]):
            done = run_to_end(server.folder, "migrate", *source, *what, env=env, seconds=60)
            assert done.returncode == 0, (done.stdout, done.stderr)
        with seeded_server(tmp_path, "--blobs", target, env=reached(azurite.endpoint)) as moved:
            for key, body in bodies.items():
                assert read(moved, key) == body
            put(moved, "after", LARGE)
            moved.stop()
        status, report = examine(moved, "--deep")
        assert (status, kinds(report)) == (CLEAN, []), report
