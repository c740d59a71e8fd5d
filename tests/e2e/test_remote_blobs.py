"""Bytes in a remote store: another Buckler, which one gateway or two have as their blob store."""

import concurrent.futures
import contextlib

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from conftest import seeded_server
from harness.callers import OWNER_ROOT, STRANGER_ROOT
from harness.doctor import CLEAN, FINDINGS, examine, kinds
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
    live_at_every_size,
    put,
    read,
    refusal,
    stored,
    uploads,
)
from harness.server import StartFailed, run_to_end
from harness.sigv4 import Request, sign
from harness.wait import until
from harness.wire import Connection, host_of
from test_failures import health

@pytest.fixture
def store(tmp_path):
    with keeper(tmp_path / "store") as server:
        yield server


@pytest.fixture
def server(tmp_path, store, backend):
    with gateway(tmp_path, store.endpoint, *backend()) as running:
        running.client(OWNER_ROOT).create_bucket(Bucket=BUCKET)
        yield running


def test_objects_of_every_size_live_in_the_store(server, store):
    def settled():
        assert stored(store, "unfinished") == {} and uploads(store) == []

    live_at_every_size(server, lambda kind: stored(store, kind), settled)


def test_multipart_uploads_of_clients(server, store):
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
    assert read(server, "film", PartNumber=3) == SMALL
    aborted = client.create_multipart_upload(Bucket=BUCKET, Key="cut")["UploadId"]
    client.upload_part(Bucket=BUCKET, Key="cut", UploadId=aborted, PartNumber=1, Body=LARGE)
    client.abort_multipart_upload(Bucket=BUCKET, Key="cut", UploadId=aborted)
    clean(server)


def test_store_that_goes_away_and_comes_back(server, store):
    put(server, "small", SMALL)
    put(server, "large", LARGE)
    assert health(server) == 200
    store.kill()
    for key, body in (("new", LARGE), ("large", HUGE)):
        assert refusal(lambda: put(server, key, body)) == (503, "SlowDown")
    assert refusal(lambda: read(server, "large")) == (503, "SlowDown")
    assert health(server) == 503
    # Rows, and what lies in them, are there all the while.
    assert read(server, "small") == SMALL
    put(server, "small", SMALL * 2)
    store.start()
    until(lambda: health(server) == 200)
    assert read(server, "large") == LARGE
    assert refusal(lambda: read(server, "new")) == (404, "NoSuchKey")
    put(server, "new", HUGE)
    assert read(server, "new") == HUGE
    clean(server)
    assert uploads(store) == []


def test_store_that_goes_away_within_an_upload(server, store):
    put(server, "k", SMALL)
    request = Request("PUT", f"/{BUCKET}/k")
    sign(request, OWNER_ROOT, host_of(server), payload="UNSIGNED-PAYLOAD")
    request.headers.append(("Content-Length", str(len(HUGE))))
    with Connection(server, seconds=60) as connection:
        connection.send(request.to_bytes() + HUGE[: 11 << 20])
        until(lambda: uploads(store))
        store.kill()
        with contextlib.suppress(OSError):
            connection.send(HUGE[11 << 20 :])
        assert connection.answer().status == 503
    assert read(server, "k") == SMALL
    store.start()
    until(lambda: health(server) == 200)
    assert read(server, "k") == SMALL
    put(server, "k", HUGE)
    assert read(server, "k") == HUGE
    # What was half sent is noted, for the sweep of a later day.
    assert len(stored(store, "unfinished")) == len(uploads(store)) <= 1
    clean(server)


def test_client_that_goes_away_within_an_upload(server, store):
    request = Request("PUT", f"/{BUCKET}/k")
    sign(request, OWNER_ROOT, host_of(server), payload="UNSIGNED-PAYLOAD")
    request.headers.append(("Content-Length", str(len(HUGE))))
    with Connection(server) as connection:
        connection.send(request.to_bytes() + HUGE[: 11 << 20])
        until(lambda: uploads(store))
    until(lambda: not uploads(store) and stored(store, "unfinished") == {})
    assert stored(store) == {}
    clean(server)


def test_a_prefix_belongs_to_one_store(tmp_path, store, server):
    put(server, "large", LARGE)
    with pytest.raises(StartFailed, match="belong to another store"):
        gateway(tmp_path, store.endpoint, name="other").start()
    with gateway(tmp_path, store.endpoint, name="neighbour", prefix="stores/two"):
        pass
    assert read(server, "large") == LARGE
    clean(server)


def test_of_stores_that_claim_a_prefix_at_once_one_gets_it(tmp_path, store):
    servers = [gateway(tmp_path, store.endpoint, name=f"claim-{number}") for number in range(4)]
    with contextlib.ExitStack() as running, concurrent.futures.ThreadPoolExecutor() as pool:
        starts = [pool.submit(server.start) for server in servers]
        failures = [start.exception() for start in starts]
        for server, failure in zip(servers, failures, strict=True):
            if failure is None:
                running.push(server)
        refused = [failure for failure in failures if failure]
        assert len(refused) == 3 and all("belong to another store" in str(failure) for failure in refused), failures


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"BUCKLER_BLOBS_SECRET_ACCESS_KEY": "a wrong one"}, "blob store `s3://blobs/stores/one`"),
        ({"BUCKLER_BLOBS_PASSWORD": "a wrong one"}, "there is no option `password`"),
        ({"BUCKLER_BLOBS_ENDPOINT": "http://127.0.0.1:1"}, "blob store `s3://blobs/stores/one`"),
        ({"BUCKLER_BLOBS": "ftp://blobs/one"}, "`ftp://blobs/one` is not file://PATH, s3://BUCKET/PREFIX"),
    ],
)
def test_what_cannot_be_used_is_said_at_start(tmp_path, store, wrong, said):
    server = gateway(tmp_path, store.endpoint, **wrong)
    if "BUCKLER_BLOBS" in wrong:
        server.arguments = [part for part in server.arguments if part not in ("--blobs", f"s3://{STORE}/{PREFIX}")]
    with pytest.raises(StartFailed) as failed:
        server.start()
    assert failed.value.status == 2 and said in failed.value.stderr
    assert "a wrong one" not in failed.value.stderr


def test_options_from_the_configuration_file(tmp_path, store):
    folder = tmp_path / "gateway"
    folder.mkdir()
    (folder / "buckler.toml").write_text(
        f"""
        [blobs]
        url = "s3://{STORE}/{PREFIX}"
        endpoint = "{store.endpoint}"
        allow_http = true
        access_key_id = "{STRANGER_ROOT.access_key}"
        secret_access_key = "{STRANGER_ROOT.secret_key}"
        """
    )
    with seeded_server(folder) as server:
        server.client(OWNER_ROOT).create_bucket(Bucket=BUCKET)
        put(server, "large", LARGE)
        assert list(stored(store).values()) == [len(LARGE)]
        assert read(server, "large") == LARGE
        clean(server)


def test_damage_in_the_store_is_found_and_never_served(server, store):
    bodies = {"changed": LARGE, "gone": HUGE, "whole": LARGE * 2}
    for key, body in bodies.items():
        put(server, key, body)
    names = {size: name for name, size in stored(store).items()}
    keeper = store.client(STRANGER_ROOT)
    keeper.put_object(Bucket=STORE, Key=names[len(LARGE)], Body=bytes(len(LARGE)))
    keeper.delete_object(Bucket=STORE, Key=names[len(HUGE)])
    keeper.put_object(Bucket=STORE, Key=f"{PREFIX}/blobs/{'0' * 32}", Body=b"nobody's")
    for key in ("changed", "gone"):
        with pytest.raises((ClientError, BotoCoreError)):
            assert read(server, key) == bodies[key]
    assert read(server, "whole") == bodies["whole"]
    server.stop()
    status, report = examine(server, "--deep", "--grace", "0")
    assert (status, kinds(report)) == (FINDINGS, ["missing-bytes", "orphan-blob", "wrong-checksum"])
    examine(server, "--repair", "--grace", "0")
    assert f"{PREFIX}/blobs/{'0' * 32}" not in stored(store)


def test_two_gateways_on_one_store(tmp_path, store, postgres):
    database = ["--database", postgres.new_database()]
    with gateway(tmp_path, store.endpoint, *database, name="one") as one:
        key = (one.data / "master.key").read_text().strip()
        with gateway(tmp_path, store.endpoint, *database, name="two", BUCKLER_MASTER_KEY=key) as two:
            one.client(OWNER_ROOT).create_bucket(Bucket=BUCKET)
            put(one, "k", HUGE)
            assert read(two, "k") == HUGE
            put(two, "k", LARGE)
            assert read(one, "k") == LARGE
            one.client(OWNER_ROOT).delete_object(Bucket=BUCKET, Key="k")
            assert refusal(lambda: read(two, "k")) == (404, "NoSuchKey")
            put(one, "k", HUGE)
            two.stop()
            clean(one)


def test_upload_under_way_is_not_swept_by_another_gateway(tmp_path, store, postgres):
    database = ["--database", postgres.new_database()]
    with gateway(tmp_path, store.endpoint, *database, name="one") as one:
        one.client(OWNER_ROOT).create_bucket(Bucket=BUCKET)
        request = Request("PUT", f"/{BUCKET}/k")
        sign(request, OWNER_ROOT, host_of(one), payload="UNSIGNED-PAYLOAD")
        request.headers.append(("Content-Length", str(len(HUGE))))
        with Connection(one) as connection:
            connection.send(request.to_bytes() + HUGE[: 11 << 20])
            until(lambda: uploads(store))
            # One that starts sweeps, and so does an examination that repairs.
            key = (one.data / "master.key").read_text().strip()
            with gateway(tmp_path, store.endpoint, *database, name="two", BUCKLER_MASTER_KEY=key) as two:
                examined = examine(two, "--repair", "--grace", "0")
                assert (examined[0], kinds(examined[1])) == (CLEAN, [])
                assert len(uploads(store)) == 1
                connection.send(HUGE[11 << 20 :])
                assert connection.answer().status == 200
                assert read(two, "k") == HUGE
        clean(one)


def test_backup_of_a_remote_store_and_the_way_back(tmp_path, store):
    with gateway(tmp_path, store.endpoint) as server:
        server.client(OWNER_ROOT).create_bucket(Bucket=BUCKET)
        for key, body in (("small", SMALL), ("large", LARGE), ("huge", HUGE)):
            put(server, key, body)
        saved = run_to_end(server.folder, "backup", "saved", *server.storage, env=server.env, seconds=60)
        assert saved.returncode == 0 and "0 damaged" in saved.stdout, (saved.stdout, saved.stderr)
        assert stored(store, "holds") == {}
        server.kill()
    places = ["--data", "restored", "--blobs", f"s3://{STORE}/stores/restored"]
    done = run_to_end(server.folder, "restore", "saved", *places, env=server.env, seconds=60)
    assert done.returncode == 0 and "0 damaged" in done.stdout, (done.stdout, done.stderr)
    server.arguments = [*places, "--accounts", "seed.toml"]
    server.start()
    assert len(stored(store, prefix="stores/restored")) == 2
    for key, body in (("small", SMALL), ("large", LARGE), ("huge", HUGE)):
        assert read(server, key) == body
    clean(server)
