"""`buckler doctor`: what it finds, what it repairs, and what it leaves alone. Damage is never served."""

import os
import sqlite3
import urllib.error
import urllib.request

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from conftest import seeded_server
from harness.callers import OWNER_ROOT
from harness.doctor import CLEAN, FINDINGS, USAGE, examine, kinds
from harness.server import run_to_end

SMALL, LARGE = b"beside its row " * 10, b"in a file " * 100_000


class Stored:
    """A stopped server with a small and a large object, and hands to damage them with."""

    def __init__(self, server):
        self.server = server
        # Its first pass would be over before there is damage.
        client = server.start(BUCKLER_SCRUB_BYTES_PER_SECOND="0").client(OWNER_ROOT)
        client.create_bucket(Bucket="stored")
        client.put_object(Bucket="stored", Key="small", Body=SMALL)
        client.put_object(Bucket="stored", Key="large", Body=LARGE)
        server.stop()

    @property
    def blobs(self):
        return [path for path in (self.server.data / "blobs").glob("??/??/*")]

    def sql(self, statement):
        arguments = self.server.storage
        if "--database" in arguments:
            return self.server.postgres.sql(arguments[arguments.index("--database") + 1], statement)
        with sqlite3.connect(self.server.data / "metadata.sqlite") as rows:
            return rows.execute(statement).fetchall()

    def examine(self, *arguments):
        status, report = examine(self.server, *arguments)
        return status, kinds(report)


@pytest.fixture
def stored(own_server, request):
    if "--database" in own_server.storage:
        own_server.postgres = request.getfixturevalue("postgres")
    return Stored(own_server)


def test_everything_stored_has_a_checksum(stored):
    client = stored.server.start().client(OWNER_ROOT)
    for key in ("small", "large"):
        client.copy_object(Bucket="stored", Key=f"copy of {key}", CopySource=f"stored/{key}")
    client.put_object(Bucket="stored", Key="sha", Body=LARGE, ChecksumAlgorithm="SHA256")
    for key, algorithm in (("full", "CRC32"), ("composite", "SHA256"), ("unnamed", None)):
        place = {"Bucket": "stored", "Key": key}
        named = {"ChecksumAlgorithm": algorithm} if algorithm else {}
        upload = client.create_multipart_upload(**place, **named)["UploadId"]
        sent = [
            client.upload_part(**place, UploadId=upload, PartNumber=number, Body=body, **named)
            for number, body in ((1, bytes(5 << 20)), (2, SMALL))
        ]
        # An upload that was begun without an algorithm has no checksums to be named.
        names = ("ETag", f"Checksum{algorithm}")
        parts = [
            {"PartNumber": number, **{name: part[name] for name in names if name in part}}
            for number, part in enumerate(sent, 1)
        ]
        client.complete_multipart_upload(**place, UploadId=upload, MultipartUpload={"Parts": parts})
    stored.server.stop()
    assert stored.examine("--deep") == (CLEAN, [])


def test_what_is_well_is_clean(stored):
    status, report = examine(stored.server, "--deep")
    assert (status, report["findings"]) == (CLEAN, [])
    summary = report["summary"]
    assert (summary["objects"], summary["object_bytes"]) == (2, len(SMALL) + len(LARGE))
    assert (summary["blobs"], summary["blob_bytes"]) == (1, len(LARGE))


def test_bytes_that_are_missing_are_found_and_nothing_is_repaired(stored):
    (blob,) = stored.blobs
    blob.unlink()
    for arguments in ([], ["--repair"], ["--deep"]):
        assert stored.examine(*arguments) == (FINDINGS, ["missing-bytes"])
    stored.sql("DELETE FROM bodies")
    assert stored.examine() == (FINDINGS, ["missing-bytes", "missing-bytes"])


def test_wrong_sizes_are_found(stored):
    (blob,) = stored.blobs
    os.truncate(blob, 1000)
    assert stored.examine() == (FINDINGS, ["wrong-size"])
    with open(blob, "ab") as longer:
        longer.write(LARGE)
    assert stored.examine("--repair") == (FINDINGS, ["wrong-size"])
    assert blob.exists()


def damage_both(stored):
    (blob,) = stored.blobs
    with open(blob, "r+b") as file:
        file.seek(500_000)
        file.write(b"X")
    other = (b"X" + SMALL[1:]).hex()
    is_postgres = "--database" in stored.server.storage
    stored.sql("UPDATE bodies SET bytes = " + (f"decode('{other}', 'hex')" if is_postgres else f"x'{other}'"))


def test_wrong_bytes_are_found_when_all_are_read(stored):
    damage_both(stored)
    assert stored.examine() == (CLEAN, [])
    assert stored.examine("--deep") == (FINDINGS, ["wrong-checksum", "wrong-checksum"])


def test_damage_is_never_served(stored):
    damage_both(stored)
    client = stored.server.start().client(OWNER_ROOT)
    with pytest.raises(ClientError) as refused:
        client.get_object(Bucket="stored", Key="small")
    assert refused.value.response["Error"]["Code"] == "InternalError"
    # The head had left before all was read; the connection ends short.
    unverified = stored.server.client(OWNER_ROOT, response_checksum_validation="when_required")
    with pytest.raises(BotoCoreError):
        unverified.get_object(Bucket="stored", Key="large")["Body"].read()
    for key in ("small", "large"):
        with pytest.raises(ClientError):
            client.copy_object(Bucket="stored", Key="copy", CopySource=f"stored/{key}")
    assert {entry["Key"] for entry in client.list_objects_v2(Bucket="stored")["Contents"]} == {"small", "large"}


def test_blobs_without_rows_are_removed_on_demand_only(stored):
    (blob,) = stored.blobs
    orphan = blob.with_name("0" * 32 if blob.name[0] != "0" else "f" * 32)
    orphan = blob.parent.parent.parent / orphan.name[:2] / orphan.name[2:4] / orphan.name
    orphan.parent.mkdir(parents=True, exist_ok=True)
    orphan.write_bytes(b"nobody's")
    assert stored.examine() == (FINDINGS, ["orphan-blob"])
    assert orphan.exists()
    assert stored.examine("--repair") == (CLEAN, ["orphan-blob"])
    assert not orphan.exists() and blob.exists()
    assert stored.examine("--deep") == (CLEAN, [])


def test_garbage_rows_of_stored_objects_are_refused_and_repaired(stored):
    (blob,) = stored.blobs
    stored.sql(f"INSERT INTO garbage (blob_id, size_bytes, deleted_at) VALUES ('{blob.name}', 1, 0)")
    assert stored.examine() == (FINDINGS, ["false-garbage"])
    assert stored.examine("--repair") == (CLEAN, ["false-garbage"])
    assert stored.examine() == (CLEAN, [])
    assert blob.exists()


def test_unfinished_writes_are_removed_on_demand_only(stored):
    half = stored.server.data / "blobs" / "tmp" / ("a" * 32)
    half.write_bytes(b"half")
    assert stored.examine() == (FINDINGS, ["unfinished-write"])
    assert half.exists()
    assert stored.examine("--repair") == (CLEAN, ["unfinished-write"])
    assert not half.exists()


def test_scrubber_finds_and_notes_damage(stored):
    damage_both(stored)
    stored.server.start(BUCKLER_SCRUB_BYTES_PER_SECOND=str(1 << 30), BUCKLER_LOG="info")
    stored.server.stderr.wait_for("all stored bytes have been verified.*")
    assert sum("a stored object is damaged" in line for line in stored.server.stderr.lines) == 2
    stored.server.stop()
    assert stored.examine() == (FINDINGS, ["noted-by-scrubber", "noted-by-scrubber"])
    status, report = examine(stored.server)
    assert {finding["subject"]["key"] for finding in report["findings"]} == {"small", "large"}


def test_parts_of_uploads_in_progress_are_verified(stored):
    client = stored.server.start().client(OWNER_ROOT)
    place = {"Bucket": "stored", "Key": "upload"}
    upload = client.create_multipart_upload(**place)["UploadId"]
    before = set(stored.blobs)
    client.upload_part(**place, UploadId=upload, PartNumber=7, Body=LARGE)
    stored.server.stop()
    status, report = examine(stored.server, "--deep")
    assert (status, report["summary"]["objects"], report["summary"]["upload_parts"]) == (CLEAN, 2, 1)
    (blob,) = set(stored.blobs) - before
    blob.write_bytes(b"X" + LARGE[1:])
    status, report = examine(stored.server, "--deep")
    (found,) = report["findings"]
    assert (status, found["kind"]) == (FINDINGS, "wrong-checksum")
    assert (found["subject"]["upload_id"], found["subject"]["part_number"]) == (upload, 7)


def test_metrics_tell_how_the_scrubber_gets_on(stored):
    damage_both(stored)
    server = stored.server
    server.arguments += ["--metrics", "127.0.0.1:0"]
    server.start(BUCKLER_SCRUB_BYTES_PER_SECOND=str(1 << 30), BUCKLER_LOG="info")
    server.stderr.wait_for("all stored bytes have been verified.*")
    (address,) = [line.removeprefix("metrics on ") for line in server.stderr.lines if line.startswith("metrics on ")]
    with urllib.request.urlopen(address, timeout=30) as answer:
        assert answer.headers["Content-Type"].startswith("application/openmetrics-text")
        lines = answer.read().decode().splitlines()
    told = dict(line.split() for line in lines if not line.startswith("#"))
    assert {
        "buckler_scrub_finished": "1",
        "buckler_scrub_objects": "2",
        "buckler_scrub_verified_bytes": str(len(SMALL) + len(LARGE)),
        "buckler_scrub_damaged": "2",
        "buckler_damaged_objects": "2",
        "buckler_garbage_blobs": "0",
        "buckler_garbage_bytes": "0",
    }.items() <= told.items()
    assert lines[-1] == "# EOF"
    # Nothing of it on the listener of S3, where everybody may ask.
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{server.endpoint}/metrics", timeout=30)
    assert refused.value.code in (403, 404)
    server.stop()
    _, report = examine(server)
    assert (report["scrub"]["finished"], report["scrub"]["objects"], report["scrub"]["damaged"]) == (True, 2, 2)


def test_beside_a_server_only_on_postgres(stored):
    server = stored.server.start()
    if "--database" not in server.storage:
        done = run_to_end(server.folder, "doctor", *server.storage)
        assert done.returncode == USAGE and "in use by another process" in done.stderr
        return
    assert stored.examine("--deep", "--repair", "--grace", "0") == (CLEAN, [])


def test_what_is_not_there_is_a_mistake(tmp_path):
    for arguments in (["--data", "nowhere"], ["--format", "yaml"]):
        done = run_to_end(tmp_path, "doctor", *arguments)
        assert done.returncode == USAGE and done.stdout == "" and done.stderr.count("\n") == 1, done
    assert list(tmp_path.iterdir()) == []


def test_nothing_to_examine_before_a_first_start(tmp_path):
    (tmp_path / "data").mkdir()
    sqlite3.connect(tmp_path / "data" / "metadata.sqlite").close()
    assert run_to_end(tmp_path, "doctor", "--data", "data").returncode == USAGE


def test_text_names_the_object(tmp_path):
    stored = Stored(seeded_server(tmp_path))
    stored.blobs[0].unlink()
    done = run_to_end(tmp_path, "doctor", "--data", "data")
    first, last = done.stdout.splitlines()
    assert first.startswith('missing-bytes: object stored/"large" version null (blob:') and "1 findings" in last
