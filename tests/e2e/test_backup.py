"""`buckler backup` while the server serves, and `buckler restore`: what was acknowledged before is there."""

import os
import shutil

import pytest
from conftest import not_started, seeded_server
from harness.callers import OWNER_ROOT
from harness.doctor import CLEAN, examine, kinds
from harness.load import Load
from harness.server import run_to_end
from harness.writer import Writer

WRITERS = 4
SMALL, LARGE = b"beside its row", b"in a file" * 100_000


def run(server, *arguments):
    done = run_to_end(server.folder, *arguments)
    assert done.returncode == 0, (done.stdout, done.stderr)
    return done


def restored(tmp_path, *arguments):
    """A server on what was restored; not yet started."""
    return not_started(seeded_server(tmp_path, *arguments, data="restored"))


@pytest.mark.parametrize("means", [[], ["--copy"]], ids=["link", "copy"])
def test_backup_under_load_holds_all_that_was_acknowledged_before(tmp_path, means):
    with not_started(seeded_server(tmp_path)) as server:
        load = Load([Writer(number) for number in range(WRITERS)])
        load.prepare(server.start())
        load.start(server)
        load.wait(acknowledged=150)
        kept = server.client(OWNER_ROOT)
        kept.create_bucket(Bucket="kept")
        for key, body in (("small", SMALL), ("large", LARGE)):
            kept.put_object(Bucket="kept", Key=key, Body=body)
        run(server, "backup", "saved", *server.storage, *means)
        load.wait(acknowledged=load.acknowledged + 50)
        # What the backup holds does not depend on what becomes of the original.
        for key in ("small", "large"):
            kept.delete_object(Bucket="kept", Key=key)
        load.stop()
        server.kill()
    shutil.rmtree(tmp_path / "data")
    done = run_to_end(tmp_path, "restore", "saved", "--data", "restored", *means)
    assert done.returncode == 0 and "0 damaged" in done.stdout, (done.stdout, done.stderr)
    with restored(tmp_path) as server:
        assert examine(server, "--deep")[0] == CLEAN
        client = server.start().client(OWNER_ROOT)
        for key, body in (("small", SMALL), ("large", LARGE)):
            assert client.get_object(Bucket="kept", Key=key)["Body"].read() == body
        for writer in load.writers:
            whole_objects_of(writer, client)
    mode = os.stat(tmp_path / "saved").st_mode & 0o777
    assert mode == 0o700 and os.stat(tmp_path / "saved" / "master.key").st_mode & 0o777 == 0o600


def whole_objects_of(writer, client):
    """Each object is one that its writer wrote, whole; which, depends on the moment of the backup."""
    bodies = {writer.body(generation) for generation in range(1, writer.generation + 1)}
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=writer.bucket):
        for entry in page.get("Contents", []):
            body = client.get_object(Bucket=writer.bucket, Key=entry["Key"])["Body"].read()
            assert body in bodies, (writer.bucket, entry["Key"], len(body))


def test_rows_on_postgres_are_saved_by_their_own_tools(tmp_path, postgres):
    database, copied = postgres.new_database(), postgres.new_database()
    with not_started(seeded_server(tmp_path, "--database", database)) as server:
        client = server.start().client(OWNER_ROOT)
        client.create_bucket(Bucket="kept")
        for key, body in (("small", SMALL), ("large", LARGE)):
            client.put_object(Bucket="kept", Key=key, Body=body)
        dump = [*postgres.program("pg_dump"), "--format=plain", f"--file={postgres.folder}/rows.sql", database]
        run(server, "backup", "saved", *server.storage, "--", *dump)
        client.delete_object(Bucket="kept", Key="large")
        server.stop()
    postgres.run_file(copied, f"{postgres.folder}/rows.sql")
    run(server, "restore", "saved", "--data", "restored", "--database", copied)
    with restored(tmp_path, "--database", copied) as server:
        status, report = examine(server, "--deep")
        assert (status, kinds(report)) == (CLEAN, [])
        client = server.start().client(OWNER_ROOT)
        for key, body in (("small", SMALL), ("large", LARGE)):
            assert client.get_object(Bucket="kept", Key=key)["Body"].read() == body


def test_mistakes_are_one_sentence_and_change_nothing(tmp_path):
    with not_started(seeded_server(tmp_path)) as server:
        server.start().client(OWNER_ROOT).create_bucket(Bucket="kept")
        server.stop()
    run(server, "backup", "saved", "--data", "data")
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "metadata.sqlite").write_bytes(b"")
    for arguments in (
        ["backup", "saved", "--data", "data"],
        ["backup", "new", "--data", "nowhere"],
        ["backup", "other", "--data", "data", "--", "true"],
        ["restore", "half", "--data", "new"],
        ["restore", "saved", "--data", "data"],
    ):
        done = run_to_end(tmp_path, *arguments)
        assert done.returncode == 2 and done.stderr.count("\n") == 1, (arguments, done)
    assert not (tmp_path / "other").exists() and not (tmp_path / "new" / "metadata.sqlite").exists()


def test_damage_is_told(tmp_path):
    with not_started(seeded_server(tmp_path)) as server:
        client = server.start().client(OWNER_ROOT)
        client.create_bucket(Bucket="kept")
        client.put_object(Bucket="kept", Key="large", Body=LARGE)
        server.stop()
    (blob,) = (tmp_path / "data" / "blobs").glob("??/??/*")
    blob.write_bytes(b"X" * len(LARGE))
    done = run_to_end(tmp_path, "backup", "saved", "--data", "data")
    assert done.returncode == 1 and "wrong-checksum: object kept/" in done.stdout, done
