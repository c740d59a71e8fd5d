"""`kill -9` under load: what was acknowledged is there, whole; what was not is there whole or not at all."""

import hashlib
import json
import threading

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from harness.callers import OWNER_ROOT, STRANGER_ROOT
from harness.policies import allow, policy, principal_of

WRITERS = 8
KEYS_PER_WRITER = 12
ROUNDS = 3
# Acknowledged operations before the kill.
OPERATIONS = 250
# Beside its row, in a file, and larger than any buffer.
SIZES = (0, 100, 20_000, 300_000, 2_000_000)


class Gone(Exception):
    """The server went away during a request: nobody knows whether it was carried out."""


class Writer(threading.Thread):
    """Writes, overwrites and deletes its own keys and its own bucket's policy, and keeps a journal."""

    def __init__(self, number, client, enough):
        super().__init__(daemon=True)
        self.number = number
        self.bucket = f"writer-{number}"
        self.generation = 0
        # What each key, and the policy, may hold: one value when acknowledged, two with an answer outstanding.
        self.objects = {f"key/{key}": {None} for key in range(KEYS_PER_WRITER)}
        self.policies = {None}
        self.failure = None
        self.prepare(client, enough)

    def prepare(self, client, enough):
        self.client, self.enough = client, enough

    def run(self):
        try:
            while True:
                self.step()
                self.enough.release()
        except Gone:
            pass
        except Exception as error:
            self.failure = error
            self.enough.release(OPERATIONS)

    def step(self):
        self.generation += 1
        if self.generation % 5 == 0:
            self.change_policy()
            return
        key = f"key/{self.generation * 7 % KEYS_PER_WRITER}"
        old = self.objects[key]
        if self.generation % 4 == 3:
            self.objects[key] = old | {None}
            self.ask(self.client.delete_object, Key=key)
            self.objects[key] = {None}
        else:
            self.objects[key] = old | {self.generation}
            self.ask(self.client.put_object, Key=key, Body=self.body(self.generation))
            self.objects[key] = {self.generation}

    def change_policy(self):
        if self.generation % 15 == 0:
            self.policies = self.policies | {None}
            self.ask(self.client.delete_bucket_policy)
            self.policies = {None}
        else:
            self.policies = self.policies | {self.generation}
            self.ask(self.client.put_bucket_policy, Policy=self.policy(self.generation))
            self.policies = {self.generation}

    def ask(self, call, **parameters):
        try:
            call(Bucket=self.bucket, **parameters)
        except ClientError:
            raise
        except BotoCoreError as error:
            raise Gone from error

    def body(self, generation):
        seed = f"{self.number}/{generation}/".encode()
        size = SIZES[generation % len(SIZES)]
        return (seed + hashlib.sha256(seed).digest() * (size // 32 + 1))[: max(size, len(seed))]

    def policy(self, generation):
        granted = allow(principal_of(STRANGER_ROOT), "s3:GetObject", f"{self.bucket}/*")
        return policy({"Sid": f"generation {generation}", **granted})

    # Afterwards

    def verify(self, client):
        listed = set()
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket):
            listed |= {entry["Key"] for entry in page.get("Contents", [])}
        for key, possible in self.objects.items():
            self.objects[key] = {self.found(client, key, possible)}
        assert listed == {key for key, (generation,) in self.objects.items() if generation is not None}
        self.policies = {self.found_policy(client)}

    def found(self, client, key, possible):
        try:
            body = client.get_object(Bucket=self.bucket, Key=key, ChecksumMode="ENABLED")["Body"].read()
        except client.exceptions.NoSuchKey:
            assert None in possible, (self.bucket, key, possible)
            return None
        matching = [one for one in possible if one is not None and self.body(one) == body]
        assert matching, (self.bucket, key, possible, len(body), body[:40])
        return matching[0]

    def found_policy(self, client):
        try:
            text = client.get_bucket_policy(Bucket=self.bucket)["Policy"]
        except ClientError as error:
            assert error.response["Error"]["Code"] == "NoSuchBucketPolicy"
            assert None in self.policies, (self.bucket, self.policies)
            return None
        generation = int(json.loads(text)["Statement"][0]["Sid"].split()[1])
        assert generation in self.policies and json.loads(text) == json.loads(self.policy(generation))
        return generation


def test_kill_under_load_loses_nothing_acknowledged_and_leaves_nothing_half(own_server):
    own_server.start()
    enough = threading.Semaphore(0)
    writers = [Writer(number, own_server.client(OWNER_ROOT), enough) for number in range(WRITERS)]
    for writer in writers:
        own_server.client(OWNER_ROOT).create_bucket(Bucket=writer.bucket)
    for round_number in range(ROUNDS):
        for writer in writers:
            writer.start()
        for _ in range(OPERATIONS):
            assert enough.acquire(timeout=60), "the load came to a halt"
        own_server.kill()
        for writer in writers:
            writer.join(60)
            assert not writer.is_alive()
            if writer.failure:
                raise writer.failure
        own_server.start()
        client, enough = own_server.client(OWNER_ROOT), threading.Semaphore(0)
        successors = []
        for writer in writers:
            writer.verify(client)
            successor = Writer(writer.number, client, enough)
            successor.generation = writer.generation + 1
            successor.objects, successor.policies = writer.objects, writer.policies
            successors.append(successor)
        writers = successors
    # Its policies govern, too.
    for writer in writers:
        (generation,) = writer.policies
        stored = [key for key, (value,) in writer.objects.items() if value is not None]
        stranger = own_server.client(STRANGER_ROOT)
        for key in stored[:1]:
            if generation is None:
                with pytest.raises(ClientError):
                    stranger.get_object(Bucket=writer.bucket, Key=key)
            else:
                stranger.get_object(Bucket=writer.bucket, Key=key)


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
