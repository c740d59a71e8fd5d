"""`kill -9` under load: what was acknowledged is there, whole; what was not is there whole or not at all.

`BUCKLER_CRASH_ROUNDS=200 tests/run e2e -k kill` runs as many rounds as one likes, and a quarter of them against a Postgres
that is killed, too.
"""

import json
import os
import random
import signal

import pytest
from botocore.exceptions import ClientError
from conftest import not_started, seeded_server
from harness.callers import OWNER_ROOT, STRANGER_ROOT
from harness.doctor import CLEAN, examine, kinds
from harness.load import Load
from harness.policies import allow, policy, principal_of
from harness.postgres import Postgres
from harness.server import StartFailed, faulty_binary
from harness.writer import Writer

WRITERS = 6
ROUNDS = int(os.environ.get("BUCKLER_CRASH_ROUNDS", 12))
# The end of each step on the way of an object to the disk, by the step that would have come next; and the highest count
# at which a round of this load still comes to it.
CRASHES = {
    "CreateFile": 20,  # before anything
    "Write": 20,
    "SyncFile": 20,  # after the bytes
    "CreateFolder": 20,  # after their sync
    "Rename": 20,  # after the sync of the folders above
    "SyncFolder": 60,  # after the blob has its name, among others
    "Commit": 60,  # after all statements
    "Answer": 60,  # after the commit
}
# What a crash may leave, and a sweep removes.
LEFTOVERS = {"orphan-blob", "unfinished-write"}


def test_kill_at_any_step_loses_nothing_acknowledged_and_leaves_nothing_half(own_server):
    dice = random.Random(ROUNDS)
    load = Load([Writer(number) for number in range(WRITERS)])
    load.prepare(own_server.start())
    own_server.kill()
    own_server.binary = faulty_binary()
    crashed_at = set()
    for number in range(ROUNDS):
        # Every third round at a moment of its own, the others at a step.
        step = list(CRASHES)[number * 2 // 3 % len(CRASHES)] if number % 3 else None
        orders = {"BUCKLER_CRASH_AT": f"{step}:{dice.randint(1, CRASHES[step])}"} if step else {}
        if run_into(own_server, load, orders, dice.randint(1, 200)):
            crashed_at.add(step)
        _, found = examine(own_server, "--deep", "--repair")
        assert set(kinds(found)) <= LEFTOVERS, (step, found)
        status, found = examine(own_server, "--deep")
        assert (status, kinds(found)) == (CLEAN, []), (step, found)
        load.verify(own_server.start())
        own_server.stop()
    if ROUNDS >= 12:
        assert len(crashed_at) >= 4, crashed_at
    print("crashed at", sorted(crashed_at), "after", sum(writer.generation for writer in load.writers), "changes")
    own_server.start()
    for writer in load.writers:
        policies_govern(own_server, writer)


def run_into(server, load, orders, acknowledged):
    """Serves the load until the ordered crash, or until a kill after so many answers; says whether it was the former."""
    try:
        server.start(**orders)
    except StartFailed as died:
        # The start itself makes commits.
        assert orders and died.status == -signal.SIGKILL, died
        return True
    load.start(server)
    load.wait(acknowledged=acknowledged)
    has_crashed = server.process.poll() is not None
    server.kill()
    load.join()
    return has_crashed


def policies_govern(server, writer):
    stored = [key for key, object in writer.objects.items() if object.certain]
    stranger = server.client(STRANGER_ROOT)
    for key in stored[:1]:
        if writer.bucket_policy.certain is None:
            with pytest.raises(ClientError):
                stranger.get_object(Bucket=writer.bucket, Key=key)
        else:
            stranger.get_object(Bucket=writer.bucket, Key=key)


@pytest.fixture
def own_postgres():
    """A cluster that one test may kill."""
    with Postgres() as cluster:
        yield cluster


def test_kill_of_postgres_loses_nothing_acknowledged(own_postgres, tmp_path):
    dice = random.Random(ROUNDS)
    arguments = ["--database", own_postgres.new_database()]
    with not_started(seeded_server(tmp_path, *arguments)) as server:
        load = Load([Writer(number) for number in range(WRITERS)])
        load.prepare(server.start())
        for number in range(max(3, ROUNDS // 4)):
            load.start(server)
            load.wait(acknowledged=dice.randint(1, 200))
            # Every third time it is stopped in good order, under load.
            end = own_postgres.stop if number % 3 == 2 else own_postgres.kill
            end()
            if number % 3:
                load.wait(unsure=1)
                own_postgres.start()
                # Service resumes by itself.
                load.wait(acknowledged=load.acknowledged + 30)
                load.stop()
            else:
                # Both at once, as when the machine goes.
                server.kill()
                load.join()
                own_postgres.start()
                server.start()
            load.verify(server)
        server.stop()
        _, found = examine(server, "--deep", "--repair")
        assert set(kinds(found)) <= LEFTOVERS, found
        status, found = examine(server, "--deep")
        assert (status, kinds(found)) == (CLEAN, []), found
        server.start()
        for writer in load.writers:
            policies_govern(server, writer)


def test_kill_during_a_large_upload_leaves_the_old_object(own_server):
    from harness.sigv4 import Request, sign
    from harness.wire import Connection, host_of

    own_server.start()
    own_server.client(OWNER_ROOT).create_bucket(Bucket="large")
    own_server.client(OWNER_ROOT).put_object(Bucket="large", Key="k", Body=b"old")
    request = Request("PUT", "/large/k")
    sign(request, OWNER_ROOT, host_of(own_server), payload="UNSIGNED-PAYLOAD")
    request.headers.append(("Content-Length", str(64 << 20)))
    with Connection(own_server) as connection:
        connection.send(request.to_bytes() + bytes(32 << 20))
        own_server.kill()
    own_server.start()
    client = own_server.client(OWNER_ROOT)
    assert client.get_object(Bucket="large", Key="k")["Body"].read() == b"old"
    assert client.list_objects_v2(Bucket="large")["KeyCount"] == 1
    client.delete_object(Bucket="large", Key="k")
    client.delete_bucket(Bucket="large")


def test_everything_is_there_after_an_orderly_restart(own_server):
    own_server.start()
    client = own_server.client(OWNER_ROOT)
    client.create_bucket(Bucket="kept")
    client.put_object(
        Bucket="kept", Key="k", Body=b"bytes" * 100_000, ContentType="text/plain", Metadata={"a": "b"}, Tagging="t=1"
    )
    client.put_public_access_block(Bucket="kept", PublicAccessBlockConfiguration={"BlockPublicAcls": True})
    sent = policy(allow(principal_of(STRANGER_ROOT), "s3:GetObject", "kept/*"))
    client.put_bucket_policy(Bucket="kept", Policy=sent)
    before = client.get_object(Bucket="kept", Key="k", ChecksumMode="ENABLED")
    assert own_server.stop() == 0
    own_server.start()
    client = own_server.client(STRANGER_ROOT)
    after = client.get_object(Bucket="kept", Key="k", ChecksumMode="ENABLED")
    assert before.pop("Body").read() == after.pop("Body").read() == b"bytes" * 100_000
    for response in (before, after):
        del response["ResponseMetadata"]
    assert before == after
    owner = own_server.client(OWNER_ROOT)
    assert json.loads(owner.get_bucket_policy(Bucket="kept")["Policy"]) == json.loads(sent)
    flags = owner.get_public_access_block(Bucket="kept")["PublicAccessBlockConfiguration"]
    assert [name for name, on in flags.items() if on] == ["BlockPublicAcls"]
    assert owner.get_object_tagging(Bucket="kept", Key="k")["TagSet"] == [{"Key": "t", "Value": "1"}]
