"""Versions made, marked, deleted and suspended through two gateways on one Postgres at once: none is lost, none comes
back, and their order is the order of the calls."""

import itertools
import random
import re
import time
from dataclasses import dataclass, field

import pytest
from botocore.exceptions import ClientError
from harness.callers import OWNER_ROOT
from harness.doctor import CLEAN, examine
from harness.versions import delete, enable, suspend
from harness.wire import ask
from test_gateways import at_once, gateways  # noqa: F401

KEYS = [f"key/{number}" for number in range(3)]
WORKERS, STEPS = 8, 24


@dataclass
class Made:
    """A numbered version or delete marker that was acknowledged."""

    began: float
    ended: float
    is_marker: bool


@dataclass
class Seen:
    """What one worker was told."""

    made: dict = field(default_factory=dict)
    gone: set = field(default_factory=set)
    failures: list = field(default_factory=list)


class Worker:
    def __init__(self, client, bucket, number):
        self.client, self.bucket, self.number = client, bucket, number
        self.dice = random.Random(number)
        self.seen = Seen()

    def run(self):
        steps = [self.write] * 5 + [self.mark] * 2 + [self.remove] * 3 + [self.read] * 3 + [self.batch, self.change]
        for step in range(STEPS):
            key = self.dice.choice(KEYS)
            try:
                self.dice.choice(steps)(key, step)
            except ClientError as error:
                self.seen.failures.append((error.operation_name, error.response["ResponseMetadata"]["HTTPStatusCode"]))

    def write(self, key, step):
        # Small ones lie beside their row, large ones in files.
        body = f"{self.number}.{step}".encode() + b" " * self.dice.choice([0, 0, 100_000])
        self._made(key, False, lambda: self.client.put_object(Bucket=self.bucket, Key=key, Body=body))

    def mark(self, key, _):
        self._made(key, True, lambda: delete(self.client, self.bucket, key))

    def remove(self, key, _):
        own = [id for of, id in self.seen.made if of == key and id not in self.seen.gone]
        id = self.dice.choice([*own, "null"])
        delete(self.client, self.bucket, key, VersionId=id)
        self.seen.gone.add(id)

    def batch(self, key, _):
        own = [id for of, id in self.seen.made if of == key and id not in self.seen.gone][:2]
        entries = [{"Key": key, "VersionId": id} for id in [*own, "null"]]
        answer = self.client.delete_objects(Bucket=self.bucket, Delete={"Objects": entries})
        assert "Errors" not in answer, answer
        self.seen.gone.update(own)

    def read(self, key, _):
        page = self.client.list_object_versions(Bucket=self.bucket, Prefix=key)
        entries = page.get("Versions", []) + page.get("DeleteMarkers", [])
        assert sum(entry["IsLatest"] for entry in entries) == bool(entries), page
        assert len({entry["VersionId"] for entry in entries}) == len(entries), page
        try:
            self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        except self.client.exceptions.NoSuchKey:
            pass

    def change(self, *_):
        self.dice.choice([enable, suspend])(self.client, self.bucket)

    def _made(self, key, is_marker, call):
        began = time.monotonic()
        answer = call()
        id = answer.get("VersionId", "null")
        if id != "null":
            self.seen.made[key, id] = Made(began, time.monotonic(), is_marker)


@pytest.fixture
def versioned(gateways):  # noqa: F811
    owner = gateways[0].client(OWNER_ROOT)
    owner.create_bucket(Bucket="versions-of-two")
    enable(owner, "versions-of-two")
    return "versions-of-two"


def entries_in_order(server, bucket):
    """Every entry as (key, id, is it a marker, is it the latest), newest first within a key, as the document has them."""
    text = ask(server, "GET", f"/{bucket}?versions", OWNER_ROOT).body.decode()
    found = re.findall(
        r"<(Version|DeleteMarker)><Key>(.*?)</Key><VersionId>(.*?)</VersionId><IsLatest>(true|false)<", text
    )
    return [(key, id, kind == "DeleteMarker", latest == "true") for kind, key, id, latest in found]


def test_versions_keep_their_order_through_two_gateways(gateways, versioned):  # noqa: F811
    workers = [Worker(gateways[number % 2].client(OWNER_ROOT), versioned, number) for number in range(WORKERS)]
    at_once([worker.run for worker in workers])
    assert [failure for worker in workers for failure in worker.seen.failures] == []

    made = {name: version for worker in workers for name, version in worker.seen.made.items()}
    gone = set().union(*(worker.seen.gone for worker in workers))
    listed = [entries_in_order(gateway, versioned) for gateway in gateways]
    assert listed[0] == listed[1]
    numbered = {(key, id) for key, id, _, _ in listed[0] if id != "null"}
    assert numbered == {name for name in made if name[1] not in gone}

    for key in KEYS:
        entries = [entry for entry in listed[0] if entry[0] == key]
        assert [is_latest for _, _, _, is_latest in entries] == [index == 0 for index in range(len(entries))]
        times = [made[key, id] for _, id, _, _ in entries if id != "null"]
        for newer, older in itertools.combinations(times, 2):
            # A call that ended before another began made the older version.
            assert newer.ended >= older.began, (key, entries)
        assert all(made[key, id].is_marker == is_marker for _, id, is_marker, _ in entries if id != "null")
        for gateway in gateways:
            client = gateway.client(OWNER_ROOT)
            if entries and not entries[0][2]:
                assert client.get_object(Bucket=versioned, Key=key)["VersionId"] == entries[0][1]
            else:
                with pytest.raises(client.exceptions.NoSuchKey):
                    client.get_object(Bucket=versioned, Key=key)

    for gateway in gateways:
        gateway.stop()
    status, report = examine(gateways[0], "--deep", "--repair")
    status, report = examine(gateways[0], "--deep")
    assert (status, report["findings"]) == (CLEAN, [])
    for gateway in gateways:
        gateway.start()
