"""A load that keeps a journal: what each key and each policy may hold, whatever happens to the server."""

import hashlib
import json
import threading

from botocore.exceptions import BotoCoreError, ClientError

from .callers import OWNER_ROOT, STRANGER_ROOT
from .policies import allow, policy, principal_of

KEYS_PER_WRITER = 12
# Beside its row, in a file, and larger than any buffer.
SIZES = (0, 100, 20_000, 300_000, 2_000_000)


class Gone(Exception):
    """The server went away during a request: nobody knows whether it was carried out."""


class Unsure(Exception):
    """The server could not say whether the request was carried out: 500 or 503."""


class Writer:
    """Writes, overwrites and deletes its own keys and its own bucket's policy, and keeps a journal."""

    def __init__(self, number, sizes=SIZES):
        self.number = number
        self.sizes = sizes
        self.bucket = f"writer-{number}"
        self.generation = 0
        # What each key, and the policy, may hold: one value when acknowledged, more with an answer outstanding.
        self.objects = {f"key/{key}": {None} for key in range(KEYS_PER_WRITER)}
        self.policies = {None}

    def step(self, client):
        """One change. Raises `Gone` or `Unsure`; the journal then holds both outcomes."""
        self.generation += 1
        if self.generation % 5 == 0:
            self._change_policy(client)
            return
        key = f"key/{self.generation * 7 % KEYS_PER_WRITER}"
        if self.generation % 4 == 3:
            self.objects[key] = self.objects[key] | {None}
            self._ask(client.delete_object, Key=key)
            self.objects[key] = {None}
        else:
            self.objects[key] = self.objects[key] | {self.generation}
            put = self._upload if self.generation % 6 == 1 else self._put
            put(client, key, self.body(self.generation))
            self.objects[key] = {self.generation}

    def _put(self, client, key, body):
        self._ask(client.put_object, Key=key, Body=body)

    def _upload(self, client, key, body):
        """In one part, which may be as small as it likes."""
        upload = self._ask(client.create_multipart_upload, Key=key)["UploadId"]
        part = self._ask(client.upload_part, Key=key, UploadId=upload, PartNumber=1, Body=body)
        parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
        self._ask(client.complete_multipart_upload, Key=key, UploadId=upload, MultipartUpload=parts)

    def _change_policy(self, client):
        if self.generation % 15 == 0:
            self.policies = self.policies | {None}
            self._ask(client.delete_bucket_policy)
            self.policies = {None}
        else:
            self.policies = self.policies | {self.generation}
            self._ask(client.put_bucket_policy, Policy=self.policy(self.generation))
            self.policies = {self.generation}

    def _ask(self, call, **parameters):
        try:
            return call(Bucket=self.bucket, **parameters)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] in (500, 503):
                raise Unsure from error
            raise
        except BotoCoreError as error:
            raise Gone from error

    def body(self, generation):
        seed = f"{self.number}/{generation}/".encode()
        size = self.sizes[generation % len(self.sizes)]
        return (seed + hashlib.sha256(seed).digest() * (size // 32 + 1))[: max(size, len(seed))]

    def policy(self, generation):
        granted = allow(principal_of(STRANGER_ROOT), "s3:GetObject", f"{self.bucket}/*")
        return policy({"Sid": f"generation {generation}", **granted})

    # Afterwards

    def verify(self, client):
        """What is there is what the journal says; where it leaves several, the journal learns which."""
        listed = set()
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket):
            listed |= {entry["Key"] for entry in page.get("Contents", [])}
        for key, possible in self.objects.items():
            self.objects[key] = {self._found(client, key, possible)}
        assert listed == {key for key, (generation,) in self.objects.items() if generation is not None}
        self.policies = {self._found_policy(client)}

    def _found(self, client, key, possible):
        try:
            body = client.get_object(Bucket=self.bucket, Key=key, ChecksumMode="ENABLED")["Body"].read()
        except client.exceptions.NoSuchKey:
            assert None in possible, (self.bucket, key, possible)
            return None
        matching = [one for one in possible if one is not None and self.body(one) == body]
        assert matching, (self.bucket, key, possible, len(body), body[:40])
        return matching[0]

    def _found_policy(self, client):
        try:
            text = client.get_bucket_policy(Bucket=self.bucket)["Policy"]
        except ClientError as error:
            assert error.response["Error"]["Code"] == "NoSuchBucketPolicy"
            assert None in self.policies, (self.bucket, self.policies)
            return None
        generation = int(json.loads(text)["Statement"][0]["Sid"].split()[1])
        assert generation in self.policies and json.loads(text) == json.loads(self.policy(generation))
        return generation


class Load:
    """Writers at work, each in a thread of its own, until the server goes away or they are told to stop."""

    def __init__(self, writers):
        self.writers = writers

    def prepare(self, server):
        """Makes the writers' buckets."""
        client = server.client(OWNER_ROOT)
        for writer in self.writers:
            client.create_bucket(Bucket=writer.bucket)

    def start(self, server):
        self._client = server.client(OWNER_ROOT)
        self._stop = threading.Event()
        self._changed = threading.Condition()
        self.acknowledged = 0
        self.unsure = 0
        self._failure = None
        self._threads = [threading.Thread(target=self._run, args=(writer,), daemon=True) for writer in self.writers]
        self._running = len(self._threads)
        for thread in self._threads:
            thread.start()
        return self

    def _run(self, writer):
        try:
            while not self._stop.is_set():
                try:
                    writer.step(self._client)
                    self._count(acknowledged=1)
                except Unsure:
                    self._count(unsure=1)
        except Gone:
            pass
        except Exception as error:
            self._failure = error
        with self._changed:
            self._running -= 1
            self._changed.notify_all()

    def _count(self, acknowledged=0, unsure=0):
        with self._changed:
            self.acknowledged += acknowledged
            self.unsure += unsure
            self._changed.notify_all()

    def wait(self, acknowledged=0, unsure=0, seconds=60):
        """Waits for so many answers, or until the server is gone for every writer."""
        with self._changed:
            enough = self._changed.wait_for(
                lambda: not self._running or (self.acknowledged >= acknowledged and self.unsure >= unsure), seconds
            )
        assert enough, "the load came to a halt"

    def stop(self):
        """Lets the changes under way end, or fail with the server."""
        self._stop.set()
        self.join()

    def join(self):
        for thread in self._threads:
            thread.join(60)
            assert not thread.is_alive()
        if self._failure:
            raise self._failure

    def verify(self, server):
        client = server.client(OWNER_ROOT)
        for writer in self.writers:
            writer.verify(client)
