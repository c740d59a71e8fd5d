"""`buckler migrate`: reads go on, writes are told to come back, and nothing of what was stored is lost on the way."""

import json
import subprocess
import urllib.request

import pytest
from botocore.exceptions import ClientError
from conftest import not_started, seeded_server
from harness.callers import ANONYMOUS, OWNER_ADMIN, OWNER_ROOT, OWNER_USER, Caller
from harness.doctor import CLEAN, examine, kinds
from harness.expect import refused
from harness.load import Load
from harness.server import StartFailed, binary, environment, run_to_end
from harness.writer import Writer

PART = 5 * 1024 * 1024
SMALL, LARGE = b"beside its row", b"in a file" * 100_000
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::kept/public/*"},
        {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::kept/secret"},
    ],
}


def migrate(server, *arguments, status=0, seconds=120, env=None):
    done = run_to_end(server.folder, "migrate", *server.storage, *arguments, seconds=seconds, env=env)
    assert done.returncode == status, (done.stdout, done.stderr)
    return done


def fill(server):
    """One of each, and what must be known of it afterwards."""
    s3, iam = server.client(OWNER_ROOT), server.client(OWNER_ROOT, "iam")
    s3.create_bucket(Bucket="kept")
    s3.delete_public_access_block(Bucket="kept")
    for key, body in (("small", SMALL), ("large", LARGE), ("public/a", b"1"), ("secret", b"2")):
        s3.put_object(Bucket="kept", Key=key, Body=body, Metadata={"colour": "green"}, Tagging="team=blue")
    s3.put_bucket_policy(Bucket="kept", Policy=json.dumps(POLICY))
    s3.put_bucket_versioning(Bucket="kept", VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket="kept", Key="small", Body=b"newer", ChecksumAlgorithm="SHA256")
    s3.delete_object(Bucket="kept", Key="large")
    begun = s3.create_multipart_upload(Bucket="kept", Key="parts")
    parts = [part(s3, begun, number, body) for number, body in ((1, b"x" * PART), (2, b"end"))]
    complete(s3, begun, parts)
    begun = s3.create_multipart_upload(Bucket="kept", Key="open", ChecksumAlgorithm="CRC32")
    parts = [part(s3, begun, 1, b"y" * PART, ChecksumAlgorithm="CRC32")]
    iam.create_user(UserName="zoe")
    iam.put_user_policy(UserName="zoe", PolicyName="own", PolicyDocument=json.dumps({
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::kept/zoe/*"},
    }))  # fmt: skip
    key = iam.create_access_key(UserName="zoe")["AccessKey"]
    zoe = Caller(OWNER_ROOT.account, "zoe", key["AccessKeyId"], key["SecretAccessKey"])
    iam.create_open_id_connect_provider(Url="https://id.example.com", ClientIDList=["app"], ThumbprintList=["a" * 40])
    return zoe, begun, parts


def part(s3, begun, number, body, **more):
    upload = {name: begun[name] for name in ("Bucket", "Key", "UploadId")}
    done = s3.upload_part(**upload, PartNumber=number, Body=body, **more)
    named = ("ETag", "ChecksumCRC32") if more else ("ETag",)
    return {name: done[name] for name in named} | {"PartNumber": number}


def complete(s3, begun, parts):
    upload = {name: begun[name] for name in ("Bucket", "Key", "UploadId")}
    return s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})


def answers(server):
    """What clients see of everything that does not depend on the time of asking."""
    s3, iam = server.client(OWNER_ROOT), server.client(OWNER_ROOT, "iam")
    seen = {}
    versions = s3.list_object_versions(Bucket="kept")
    seen["versions"], seen["markers"] = versions["Versions"], versions["DeleteMarkers"]
    for version in versions["Versions"]:
        named = {"Bucket": "kept", "Key": version["Key"], "VersionId": version["VersionId"]}
        if version["Key"] != "secret":
            got = s3.get_object(**named, ChecksumMode="ENABLED")
            seen[(version["Key"], version["VersionId"])] = (got.pop("Body").read(), headers(got))
        seen[("tags", version["Key"], version["VersionId"])] = s3.get_object_tagging(**named)["TagSet"]
    seen["parts"] = s3.list_multipart_uploads(Bucket="kept")["Uploads"]
    seen["policy"] = s3.get_bucket_policy(Bucket="kept")["Policy"]
    seen["buckets"] = s3.list_buckets()["Buckets"]
    details = iam.get_account_authorization_details()
    details.pop("ResponseMetadata")
    seen["identities"] = details
    seen["providers"] = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    return seen


def headers(answer):
    changing = ("date", "x-amz-request-id", "x-amz-id-2")
    return {name: value for name, value in answer["ResponseMetadata"]["HTTPHeaders"].items() if name not in changing}


def writes_are_refused(server):
    s3 = server.client(OWNER_ROOT)
    for write in (
        lambda: s3.put_object(Bucket="kept", Key="late", Body=b"small"),
        lambda: s3.put_object(Bucket="kept", Key="late", Body=LARGE),
        lambda: s3.delete_object(Bucket="kept", Key="small"),
        lambda: s3.create_multipart_upload(Bucket="kept", Key="late"),
        lambda: s3.create_bucket(Bucket="late"),
        lambda: s3.delete_bucket_policy(Bucket="kept"),
    ):
        refused(write, 503, "SlowDown")
    with pytest.raises(ClientError) as caught:
        server.client(OWNER_ROOT, "iam").create_user(UserName="late")
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503


def works_on(server, zoe, begun, parts):
    """Policies decide, users sign, and the open upload is completed."""
    server.client(zoe).put_object(Bucket="kept", Key="zoe/a", Body=b"mine")
    refused(lambda: server.client(zoe).get_object(Bucket="kept", Key="small"), 403, "AccessDenied")
    refused(lambda: server.client(OWNER_ADMIN).get_object(Bucket="kept", Key="secret"), 403, "AccessDenied")
    assert server.client(ANONYMOUS).get_object(Bucket="kept", Key="public/a")["Body"].read() == b"1"
    refused(lambda: server.client(OWNER_USER).get_object(Bucket="kept", Key="small"), 403, "AccessDenied")
    s3 = server.client(OWNER_ROOT)
    more = part(s3, begun, 2, b"end", ChecksumAlgorithm="CRC32")
    complete(s3, begun, [*parts, more])
    assert s3.get_object(Bucket="kept", Key="open")["Body"].read() == b"y" * PART + b"end"
    s3.put_object(Bucket="kept", Key="small", Body=b"newest")
    s3.create_bucket(Bucket="new")


def healthy(server):
    with urllib.request.urlopen(f"{server.endpoint}/_buckler/health") as answer:
        return answer.status == 200


def target(kind, tmp_path, request):
    if kind == "sqlite":
        return f"sqlite://{tmp_path}/moved.sqlite"
    return request.getfixturevalue("postgres").new_database()


@pytest.mark.parametrize("to_blobs", [False, True], ids=["rows", "rows-and-bytes"])
def test_a_moved_store_answers_as_before(own_server, backend, tmp_path, request, to_blobs):
    server = own_server.start()
    to = target("sqlite" if "--database" in server.arguments else "postgres", tmp_path, request)
    zoe, begun, parts = fill(server)
    before = answers(server)
    blobs = ["--to-blobs", f"file://{tmp_path}/moved-blobs", "--deep"] if to_blobs else []
    done = migrate(server, "--to-database", to, *blobs)
    assert "the same on both sides" in done.stderr and "DIFFERENT" not in done.stderr, done.stderr
    writes_are_refused(server)
    assert answers(server) == before and healthy(server)
    stored = sorted(blob.name for blob in (tmp_path / "data" / "blobs").glob("??/??/*"))
    server.stop()
    with pytest.raises(StartFailed) as failed:
        server.start()
    assert failed.value.status == 2 and "has been migrated" in failed.value.stderr
    named = ["--database", to] + (["--blobs", f"file://{tmp_path}/moved-blobs"] if to_blobs else [])
    with not_started(seeded_server(tmp_path, *named)) as moved:
        # What was refused has left nothing.
        status, report = examine(moved, "--deep")
        assert (status, kinds(report)) == (CLEAN, []), report
        if to_blobs:
            assert sorted(b.name for b in (tmp_path / "moved-blobs").glob("??/??/*")) == stored
        moved.start()
        assert answers(moved) == before
        works_on(moved, zoe, begun, parts)
        assert examine_stopped(moved) == (CLEAN, [])


def examine_stopped(server):
    server.stop()
    status, report = examine(server, "--deep")
    return status, kinds(report)


@pytest.mark.parametrize("to_blobs", [False, True], ids=["rows", "rows-and-bytes"])
def test_no_change_that_was_acknowledged_is_lost(own_server, tmp_path, request, to_blobs):
    """Clients change things all the while: each change is at the target, or its client was told to come back."""
    to = target("sqlite" if "--database" in own_server.arguments else "postgres", tmp_path, request)
    blobs = f"file://{tmp_path}/moved-blobs"
    load = Load([Writer(number) for number in range(4)])
    load.prepare(own_server.start())
    load.start(own_server)
    load.wait(acknowledged=100)
    migrate(own_server, "--to-database", to, *(["--to-blobs", blobs] if to_blobs else []))
    load.wait(unsure=load.unsure + 20)
    load.stop()
    own_server.stop()
    with not_started(seeded_server(tmp_path, "--database", to, *(["--blobs", blobs] if to_blobs else []))) as moved:
        load.verify(moved.start())
        load.start(moved)
        load.wait(acknowledged=load.acknowledged + 50)
        load.stop()
        load.verify(moved)
        status, found = examine_stopped(moved)
        assert status == CLEAN, found


def test_damaged_bytes_are_left_or_taken_along(own_server, tmp_path):
    server = own_server.start()
    s3 = server.client(OWNER_ROOT)
    s3.create_bucket(Bucket="kept")
    for key in ("wrong", "short", "missing", "whole"):
        s3.put_object(Bucket="kept", Key=key, Body=key.encode() * 100_000)
    contents = {}
    for blob in (tmp_path / "data" / "blobs").glob("??/??/*"):
        contents[blob.read_bytes()[:4]] = blob
    contents[b"wron"].write_bytes(b"W" * 500_000)
    contents[b"shor"].write_bytes(b"short")
    contents[b"miss"].unlink()
    to = f"file://{tmp_path}/moved-blobs"
    for arguments, status in (((), 1), (("--keep-damage",), 0)):
        done = migrate(server, "--to-blobs", to, *arguments, status=status)
        assert done.stderr.count("is damaged at the source") == 3, done.stderr
    arrived = {blob.read_bytes()[:5] for blob in (tmp_path / "moved-blobs").glob("??/??/*")}
    assert arrived == {b"WWWWW", b"short", b"whole"}
    server.stop()
    migrate(server, "--cut-over")
    with not_started(seeded_server(tmp_path, *server.storage[2:], "--blobs", to)) as moved:
        s3 = moved.start().client(OWNER_ROOT)
        assert s3.get_object(Bucket="kept", Key="whole")["Body"].read() == b"whole" * 100_000
        status, found = examine_stopped(moved)
        assert found == ["missing-bytes", "wrong-checksum", "wrong-size"], found


def test_bytes_alone_move_and_their_rows_follow(own_server, tmp_path):
    server = own_server.start()
    zoe, begun, parts = fill(server)
    before = answers(server)
    to = f"file://{tmp_path}/moved-blobs"
    migrate(server, "--to-blobs", to)
    assert answers(server) == before
    writes_are_refused(server)
    refusal = migrate(server, "--cut-over", status=2)
    assert refusal.stderr.count("\n") == 1, refusal.stderr
    server.stop()
    migrate(server, "--cut-over")
    with pytest.raises(StartFailed) as failed:
        server.start()
    assert "to another store" in failed.value.stderr
    with not_started(seeded_server(tmp_path, *server.storage[2:], "--blobs", to)) as moved:
        moved.start()
        assert answers(moved) == before
        works_on(moved, zoe, begun, parts)
        assert examine_stopped(moved) == (CLEAN, [])


def test_bytes_move_into_a_remote_store_and_back(tmp_path, postgres):
    """The remote store is another server of this kind."""
    (tmp_path / "store").mkdir()
    reached = {"ALLOW_HTTP": "true", "ACCESS_KEY_ID": OWNER_ROOT.access_key, "SECRET_ACCESS_KEY": OWNER_ROOT.secret_key}
    with seeded_server(tmp_path / "store") as store, not_started(seeded_server(tmp_path)) as server:
        store.client(OWNER_ROOT).create_bucket(Bucket="blobs")
        reached["ENDPOINT"] = store.endpoint
        zoe, begun, parts = fill(server.start())
        before = answers(server)
        to, remote = postgres.new_database(), "s3://blobs/one"
        there = {f"BUCKLER_TO_BLOBS_{name}": value for name, value in reached.items()}
        migrate(server, "--to-database", to, "--to-blobs", remote, "--deep", env=there)
        assert answers(server) == before
        server.stop()
        here = {f"BUCKLER_BLOBS_{name}": value for name, value in reached.items()}
        with not_started(seeded_server(tmp_path, "--database", to, "--blobs", remote, env=here)) as moved:
            moved.start()
            assert answers(moved) == before
            back = ["--to-database", f"sqlite://{tmp_path}/back.sqlite", "--to-blobs", f"file://{tmp_path}/back"]
            migrate(moved, *back, env=here)
            writes_are_refused(moved)
            moved.stop()
        with not_started(seeded_server(tmp_path, "--database", back[1], "--blobs", back[3])) as returned:
            returned.start()
            assert answers(returned) == before
            works_on(returned, zoe, begun, parts)
            assert examine_stopped(returned) == (CLEAN, [])


def test_a_migration_that_is_given_up_leaves_the_store_as_it_was(own_server, tmp_path):
    server = own_server.start()
    zoe, begun, parts = fill(server)
    before = answers(server)
    # It comes to its end but for damage: a blob is gone.
    blob = next((tmp_path / "data" / "blobs").glob("??/??/*"))
    blob.rename(tmp_path / "aside")
    done = migrate(server, "--to-blobs", f"file://{tmp_path}/to", status=1)
    assert f"blob {blob.name} is damaged at the source: its bytes are missing" in done.stderr, done.stderr
    (tmp_path / "aside").rename(blob)
    writes_are_refused(server)
    other = migrate(server, "--to-blobs", f"file://{tmp_path}/other", status=2)
    assert "is being migrated to" in other.stderr
    migrate(server, "--abort")
    assert answers(server) == before
    works_on(server, zoe, begun, parts)
    migrate(server, "--abort", status=2)
    # The same place is another migration's now.
    migrate(server, "--to-blobs", f"file://{tmp_path}/to", status=2)
    server.client(OWNER_ROOT).put_object(Bucket="kept", Key="free", Body=b"1")


def test_a_migration_that_is_killed_goes_on(tmp_path, postgres):
    with not_started(seeded_server(tmp_path)) as server:
        s3 = server.start().client(OWNER_ROOT)
        zoe, begun, parts = fill(server)
        s3.create_bucket(Bucket="many")
        for number in range(300):
            s3.put_object(Bucket="many", Key=f"{number:04}", Body=LARGE[: 70_000 + number])
        before = answers(server)
        database, blobs = postgres.new_database(), f"file://{tmp_path}/moved-blobs"
        arguments = ["--to-database", database, "--to-blobs", blobs, "--parallel", "1"]
        # Killed when so many blobs have arrived, again and again.
        for arrived in (1, 100, 200):
            killed = subprocess.Popen(
                [binary(), "migrate", *server.storage, *arguments], cwd=tmp_path, env=environment(tmp_path),
                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            )  # fmt: skip
            while killed.poll() is None and blobs_in(tmp_path / "moved-blobs") < arrived:
                pass
            killed.kill()
            killed.communicate()
            assert killed.returncode == -9, "it was faster than the test: give it more to do"
            assert answers(server) == before
            writes_are_refused(server)
            with not_started(seeded_server(tmp_path, "--database", database, "--blobs", blobs)) as half:
                with pytest.raises(StartFailed) as failed:
                    half.start()
                assert "a migration that has not ended" in failed.value.stderr
        done = migrate(server, *arguments)
        assert " were there" in done.stderr and " 0 were there" not in done.stderr, done.stderr
        server.stop()
    with not_started(seeded_server(tmp_path, "--database", database, "--blobs", blobs)) as moved:
        moved.start()
        assert answers(moved) == before
        works_on(moved, zoe, begun, parts)
        assert examine_stopped(moved) == (CLEAN, [])


def blobs_in(folder):
    return sum(1 for _ in folder.glob("??/??/*"))


def test_a_target_with_rows_is_refused_and_nothing_is_frozen(own_server, backend, tmp_path, request):
    server = own_server.start()
    fill(server)
    used = seeded_server(tmp_path, *(backend() or ["--database", f"sqlite://{tmp_path}/used.sqlite"]), data="used")
    with not_started(used):
        used.start().stop()
    to = used.storage[used.storage.index("--database") + 1]
    for arguments in (
        ["--to-database", to],
        ["--to-database", "postgres://nobody@127.0.0.1:1/nothing"],
        ["--to-database", "mysql://x"],
        ["--to-blobs", f"file://{tmp_path}/data/blobs"],
        ["--cut-over"],
        ["--abort"],
        [],
    ):
        done = migrate(server, *arguments, status=2)
        assert done.stderr.count("buckler: ") == 1, done.stderr
        server.client(OWNER_ROOT).put_object(Bucket="kept", Key="free", Body=b"1")
    with used.start():
        assert used.client(OWNER_ROOT).list_buckets()["Buckets"] == []


def test_a_server_that_starts_meanwhile_answers_reads(own_server, tmp_path):
    server = own_server.start()
    fill(server)
    before = answers(server)
    blob = next((tmp_path / "data" / "blobs").glob("??/??/*"))
    blob.rename(tmp_path / "aside")
    migrate(server, "--to-blobs", f"file://{tmp_path}/to", status=1)
    (tmp_path / "aside").rename(blob)
    server.stop()
    server.start()
    assert answers(server) == before
    writes_are_refused(server)
    server.stop()
    # Without a server, too.
    migrate(server, "--to-blobs", f"file://{tmp_path}/to")
    refusal = run_to_end(tmp_path, "doctor", "--repair", *server.storage)
    assert refusal.returncode == 2 and "nothing is removed" in refusal.stderr, refusal
