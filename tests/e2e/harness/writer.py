"""One writer: it changes what is its own in every way there is, and knows what must be there afterwards."""

import hashlib
import json

from botocore.exceptions import ClientError

from .callers import STRANGER_ROOT
from .history_of_versions import Versions
from .journal import Register, ask
from .policies import allow, policy, principal_of

KEYS_PER_WRITER = 12
# Beside its row, in a file, and larger than any buffer.
SIZES = (0, 100, 20_000, 300_000, 2_000_000)
# Now and then an upload has a second part.
PART_BYTES = 5 << 20
POLICY_NAME = "changes"


class Writer:
    """Writes, copies, tags, overwrites and deletes its own keys, its own bucket's policy and its own user's, and versions
    in a bucket of their own."""

    def __init__(self, number, sizes=SIZES):
        self.number = number
        self.sizes = sizes
        self.bucket = f"writer-{number}"
        self.user = f"writer-{number}"
        self.generation = 0
        # The generation of an object's bytes and that of its tags; None if there is no object.
        self.objects = {f"key/{key}": Register() for key in range(KEYS_PER_WRITER)}
        self.bucket_policy = Register()
        self.user_policy = Register()
        self.versions = Versions(self, f"versions-{number}")

    def prepare(self, clients):
        clients.s3.create_bucket(Bucket=self.bucket)
        clients.iam.create_user(UserName=self.user)
        self.versions.prepare(clients)

    def step(self, clients):
        """One change. Raises `Gone` or `Unsure`; the journal then holds both outcomes."""
        self.generation += 1
        key = f"key/{self.generation * 7 % KEYS_PER_WRITER}"
        match self.generation % 10:
            case 0:
                self._change_bucket_policy(clients.s3)
            case 1:
                self._upload(clients.s3, key)
            case 3:
                self._delete(clients.s3, key)
            case 4:
                self._copy(clients.s3, key)
            case 5:
                self._tag(clients.s3, key)
            case 6 | 7:
                self.versions.step(clients.s3, self.generation)
            case 9:
                self._change_user_policy(clients.iam)
            case _:
                self._put(clients.s3, key)

    def _put(self, client, key):
        with self.objects[key].becoming((self.generation, None)):
            ask(client.put_object, Bucket=self.bucket, Key=key, Body=self.body(self.generation))

    def _delete(self, client, key):
        with self.objects[key].becoming(None):
            ask(client.delete_object, Bucket=self.bucket, Key=key)

    def _upload(self, client, key):
        body = self.body(self.generation)
        with self.objects[key].becoming((self.generation, None)):
            upload_in_parts(client, self.bucket, key, body)

    def _copy(self, client, key):
        sources = {name: object.certain for name, object in self.objects.items() if name != key and object.certain}
        if not sources:
            self._put(client, key)
            return
        source = sorted(sources)[self.generation % len(sources)]
        with self.objects[key].becoming(sources[source]):
            ask(client.copy_object, Bucket=self.bucket, Key=key, CopySource=f"{self.bucket}/{source}")

    def _tag(self, client, key):
        if not self.objects[key].certain:
            self._put(client, key)
            return
        generation, _ = self.objects[key].certain
        tags = {"TagSet": [{"Key": "generation", "Value": str(self.generation)}]}
        with self.objects[key].becoming((generation, self.generation)):
            ask(client.put_object_tagging, Bucket=self.bucket, Key=key, Tagging=tags)

    def _change_bucket_policy(self, client):
        if self.generation % 30 == 0:
            with self.bucket_policy.becoming(None):
                ask(client.delete_bucket_policy, Bucket=self.bucket)
        else:
            with self.bucket_policy.becoming(self.generation):
                ask(client.put_bucket_policy, Bucket=self.bucket, Policy=self.policy(self.generation))

    def _change_user_policy(self, client):
        place = {"UserName": self.user, "PolicyName": POLICY_NAME}
        if self.generation % 30 == 9 and self.user_policy.certain is not None:
            with self.user_policy.becoming(None):
                ask(client.delete_user_policy, **place)
        else:
            with self.user_policy.becoming(self.generation):
                ask(client.put_user_policy, **place, PolicyDocument=self.identity_policy(self.generation))

    def body(self, generation):
        seed = f"{self.number}/{generation}/".encode()
        digest = hashlib.sha256(seed).digest()
        size = self.sizes[digest[0] % len(self.sizes)]
        if generation % 40 == 1:
            size += PART_BYTES
        return (seed + digest * (size // 32 + 1))[: max(size, len(seed))]

    def policy(self, generation):
        granted = allow(principal_of(STRANGER_ROOT), "s3:GetObject", f"{self.bucket}/*")
        return policy({"Sid": f"generation{generation}", **granted})

    def identity_policy(self, generation):
        granted = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
        return policy({"Sid": f"generation{generation}", **granted})

    # Afterwards

    def verify(self, clients):
        """What is there is what the journal says; where it leaves several, the journal learns which."""
        listed = set()
        for page in clients.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket):
            listed |= {entry["Key"] for entry in page.get("Contents", [])}
        for key, register in self.objects.items():
            register.settle(self._found(clients.s3, key, register.possible), self.bucket, key)
        assert listed == {key for key, register in self.objects.items() if register.certain is not None}
        self.bucket_policy.settle(self._found_bucket_policy(clients.s3), self.bucket, "policy")
        self.user_policy.settle(self._found_user_policy(clients.iam), self.user, "policy")
        self.versions.verify(clients.s3)

    def _found(self, client, key, possible):
        try:
            body = client.get_object(Bucket=self.bucket, Key=key, ChecksumMode="ENABLED")["Body"].read()
        except client.exceptions.NoSuchKey:
            return None
        generations = {value[0] for value in possible if value is not None}
        matching = [generation for generation in generations if self.body(generation) == body]
        assert matching, (self.bucket, key, possible, len(body), body[:40])
        tags = client.get_object_tagging(Bucket=self.bucket, Key=key)["TagSet"]
        return matching[0], next((int(tag["Value"]) for tag in tags), None)

    def _found_bucket_policy(self, client):
        try:
            text = client.get_bucket_policy(Bucket=self.bucket)["Policy"]
        except ClientError as error:
            assert error.response["Error"]["Code"] == "NoSuchBucketPolicy"
            return None
        generation = generation_of(json.loads(text))
        assert json.loads(text) == json.loads(self.policy(generation))
        return generation

    def _found_user_policy(self, client):
        try:
            found = client.get_user_policy(UserName=self.user, PolicyName=POLICY_NAME)["PolicyDocument"]
        except client.exceptions.NoSuchEntityException:
            return None
        generation = generation_of(found)
        assert found == json.loads(self.identity_policy(generation))
        return generation


def generation_of(document):
    return int(document["Statement"][0]["Sid"].removeprefix("generation"))


def upload_in_parts(client, bucket, key, body):
    """Uploads in parts of 5 MiB, the last of which may be as small as it likes; returns the completion's answer."""
    place = {"Bucket": bucket, "Key": key}
    upload = ask(client.create_multipart_upload, **place)["UploadId"]
    parts = []
    for number, start in enumerate(range(0, len(body), PART_BYTES), 1):
        part = body[start : start + PART_BYTES]
        sent = ask(client.upload_part, **place, UploadId=upload, PartNumber=number, Body=part)
        parts.append({"PartNumber": number, "ETag": sent["ETag"]})
    return ask(client.complete_multipart_upload, **place, UploadId=upload, MultipartUpload={"Parts": parts})
