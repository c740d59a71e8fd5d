"""Disks and databases that fail: an error that says to come back, nothing half-written, and service resumes by itself."""

import os
import resource
import sqlite3
import subprocess
import urllib.error
import urllib.request

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from conftest import not_started, seeded_server
from harness.callers import OWNER_ROOT
from harness.doctor import CLEAN, examine, kinds
from harness.postgres import Postgres
from harness.server import faulty_binary
from harness.wait import until

SMALL, LARGE = b"beside its row", b"in a file" * 200_000
EIO, EACCES, ENOSPC, EROFS = 5, 13, 28, 30


def health(server):
    try:
        return urllib.request.urlopen(f"{server.endpoint}/_buckler/health", timeout=30).status
    except urllib.error.HTTPError as error:
        return error.code


def put(server, body, key="k"):
    """The error code of a PUT, or None."""
    try:
        server.client(OWNER_ROOT).put_object(Bucket="fails", Key=key, Body=body)
    except ClientError as error:
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] in (500, 503)
        return error.response["Error"]["Code"]


def read(server, key="k"):
    return server.client(OWNER_ROOT).get_object(Bucket="fails", Key=key)["Body"].read()


def begin(server):
    server.start().client(OWNER_ROOT).create_bucket(Bucket="fails")
    assert put(server, b"old") is None
    assert health(server) == 200


def unfinished(server):
    return list((server.data / "blobs" / "tmp").iterdir())


def nothing_half(server):
    """Stops it, and looks."""
    server.stop()
    status, report = examine(server, "--deep")
    assert (status, kinds(report)) == (CLEAN, []), report


@pytest.mark.parametrize(
    ("step", "error", "code"),
    [
        ("Write", ENOSPC, "SlowDown"),
        ("SyncFile", ENOSPC, "SlowDown"),
        ("CreateFile", EROFS, "InternalError"),
        ("CreateFile", EACCES, "InternalError"),
        ("Commit", ENOSPC, "SlowDown"),
    ],
)
def test_a_step_that_fails_is_an_answer_and_no_loss(own_server, step, error, code):
    orders = obey(own_server)
    begin(own_server)
    orders.write_text(f"{step} {error}\n")
    for _ in range(3):
        assert put(own_server, LARGE) == code
        assert health(own_server) == 503
    assert read(own_server) == b"old"
    assert unfinished(own_server) == []
    orders.unlink()
    assert put(own_server, LARGE) is None
    assert read(own_server) == LARGE
    assert health(own_server) == 200
    own_server.stop()
    # A blob whose row was refused has lost its place; the sweep is what finds it.
    _, report = examine(own_server, "--deep", "--repair")
    assert set(kinds(report)) <= {"orphan-blob"}
    assert examine(own_server, "--deep")[0] == CLEAN


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 24 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.skip("mounting takes root")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"no mounting here: {mounted.stderr}")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_full_disk(tmp_path, small_disk):
    with not_started(seeded_server(tmp_path, data=str(small_disk / "data"))) as server:
        server.data = small_disk / "data"
        begin(server)
        ballast = small_disk / "ballast"
        with open(ballast, "wb") as file:
            free = os.statvfs(small_disk)
            file.write(bytes(free.f_bavail * free.f_frsize - 600_000))
        assert put(server, LARGE) == "SlowDown"
        assert health(server) == 503
        assert read(server) == b"old" and unfinished(server) == []
        # To the last byte: rows cannot be written either, and reading goes on.
        with open(ballast, "ab", buffering=0) as file, pytest.raises(OSError):
            while True:
                file.write(bytes(4096))
        refused = {put(server, SMALL, f"small/{number}") for number in range(300)}
        assert refused <= {None, "SlowDown"} and "SlowDown" in refused
        assert health(server) == 503
        assert read(server) == b"old"
        ballast.unlink()
        assert put(server, LARGE) is None and read(server) == LARGE
        assert health(server) == 200
        nothing_half(server)


@pytest.fixture
def read_only():
    """Makes folders look as if their file system had been remounted read-only; `undo` before the end of the test."""
    if os.geteuid() != 0:
        pytest.skip("mounting takes root")
    made = []

    class ReadOnly:
        def make(self, folder):
            mounted = subprocess.run(["mount", "--bind", folder, folder], capture_output=True)
            if mounted.returncode:
                pytest.skip(f"no mounting here: {mounted.stderr}")
            made.append(folder)
            subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True)

        def undo(self):
            while made:
                subprocess.run(["umount", "-l", made.pop()], check=True)

    yield ReadOnly()
    ReadOnly().undo()


def test_read_only_file_system(tmp_path, read_only):
    with not_started(seeded_server(tmp_path)) as server:
        begin(server)
        assert put(server, LARGE, "large") is None
        read_only.make(server.data / "blobs")
        assert put(server, LARGE) == "InternalError"
        assert health(server) == 503
        assert read(server) == b"old" and read(server, "large") == LARGE
        # Rows are elsewhere: an object is deleted, and its bytes go later.
        server.client(OWNER_ROOT).delete_object(Bucket="fails", Key="large")
        assert health(server) == 503
        read_only.undo()
        assert put(server, LARGE) is None and read(server) == LARGE
        assert health(server) == 200
        nothing_half(server)


def obey(server):
    """Has the server fail as a file says, and returns the file."""
    orders = server.folder / "orders"
    server.binary = faulty_binary()
    start = server.start
    server.start = lambda: start(BUCKLER_FAIL_FILE=str(orders))
    return orders


def refusal(call, **parameters):
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] in (500, 503)
    return refused.value.response["Error"]["Code"]


@pytest.mark.parametrize(("step", "error"), [("Write", ENOSPC), ("SyncFile", EIO), ("Rename", EIO), ("Commit", ENOSPC)])
def test_part_that_cannot_be_stored_is_not_there_and_may_be_sent_again(own_server, step, error):
    orders = obey(own_server)
    begin(own_server)
    client = own_server.client(OWNER_ROOT)
    place = {"Bucket": "fails", "Key": "parts"}
    upload = {**place, "UploadId": client.create_multipart_upload(**place)["UploadId"]}
    orders.write_text(f"{step} {error}\n")
    refusal(client.upload_part, **upload, PartNumber=1, Body=LARGE)
    assert "Parts" not in client.list_parts(**upload)
    orders.unlink()
    part = {"PartNumber": 1, "ETag": client.upload_part(**upload, PartNumber=1, Body=LARGE)["ETag"]}
    orders.write_text("Commit 28\n")
    completion = {"MultipartUpload": {"Parts": [part]}}
    assert refusal(client.complete_multipart_upload, **upload, **completion) == "SlowDown"
    assert len(client.list_parts(**upload)["Parts"]) == 1 and client.list_objects_v2(Bucket="fails")["KeyCount"] == 1
    orders.unlink()
    client.complete_multipart_upload(**upload, **completion)
    assert read(own_server, "parts") == LARGE
    assert health(own_server) == 200
    own_server.stop()
    _, report = examine(own_server, "--deep", "--repair")
    assert set(kinds(report)) <= {"orphan-blob"}
    assert examine(own_server, "--deep")[0] == CLEAN


def test_bytes_that_cannot_be_read_are_an_error_and_nothing_is_copied(own_server):
    orders = obey(own_server)
    begin(own_server)
    assert put(own_server, LARGE, "large") is None
    client = own_server.client(OWNER_ROOT)
    orders.write_text(f"Read {EIO}\n")
    with pytest.raises((ClientError, BotoCoreError)):
        read(own_server, "large")
    refusal(client.copy_object, Bucket="fails", Key="copy", CopySource="fails/large")
    assert {entry["Key"] for entry in client.list_objects_v2(Bucket="fails")["Contents"]} == {"k", "large"}
    assert read(own_server) == b"old"
    orders.unlink()
    assert read(own_server, "large") == LARGE
    client.copy_object(Bucket="fails", Key="copy", CopySource="fails/large")
    assert read(own_server, "copy") == LARGE
    assert health(own_server) == 200
    nothing_half(own_server)


def test_limit_of_file_sizes(tmp_path):
    with not_started(seeded_server(tmp_path)) as server:
        begin(server)
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (1 << 20, resource.RLIM_INFINITY))
        assert put(server, LARGE) == "SlowDown"
        assert put(server, SMALL) is None and read(server) == SMALL
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert put(server, LARGE) is None and read(server) == LARGE
        assert health(server) == 200
        nothing_half(server)


def test_folder_that_may_not_be_written_to(tmp_path):
    with not_started(seeded_server(tmp_path)) as server:
        begin(server)
        forbid, allow = (["chattr", "+i"], ["chattr", "-i"]) if os.geteuid() == 0 else (["chmod", "a-w"], ["chmod", "u+w"])
        folder = server.data / "blobs" / "tmp"
        done = subprocess.run([*forbid, folder], capture_output=True)
        if done.returncode:
            pytest.skip(f"{forbid} is not possible here: {done.stderr}")
        try:
            assert put(server, LARGE) == "InternalError"
            assert health(server) == 503
            assert read(server) == b"old"
        finally:
            subprocess.run([*allow, folder], check=True)
        assert put(server, LARGE) is None
        assert health(server) == 200
        nothing_half(server)


def test_locked_database(tmp_path):
    with not_started(seeded_server(tmp_path)) as server:
        begin(server)
        other = sqlite3.connect(server.data / "metadata.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert put(server, SMALL) == "SlowDown"
        assert read(server) == b"old"
        assert health(server) == 503
        other.execute("ROLLBACK")
        other.close()
        assert put(server, SMALL) is None and read(server) == SMALL
        assert health(server) == 200
        nothing_half(server)


def test_postgres_stopped_and_started(tmp_path):
    with Postgres() as cluster:
        database = cluster.new_database()
        with not_started(seeded_server(tmp_path, "--database", database)) as server:
            begin(server)
            cluster.stop()
            assert put(server, LARGE) == "SlowDown"
            assert health(server) == 503
            cluster.start()
            until(lambda: health(server) == 200)
            assert read(server) == b"old"
            assert put(server, LARGE) is None and read(server) == LARGE
            server.stop()
            _, report = examine(server, "--deep", "--repair")
            assert set(kinds(report)) <= {"orphan-blob"}
