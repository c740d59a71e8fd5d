"""Several gateways on one Postgres: what one of them acknowledged, the others enforce on the next request."""

import hashlib
import json
import random
import threading

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from conftest import seeded_server
from harness.acls import set_ownership
from harness.callers import ANONYMOUS, OWNER_ROOT, STRANGER_ROOT
from harness.expect import refused
from harness.history import IMPOSSIBLE, History
from harness.policies import allow, deny, policy, principal_of


@pytest.fixture(scope="module")
def gateways(postgres, tmp_path_factory):
    """Two servers with one database, one folder of bytes and one master key."""
    shared = tmp_path_factory.mktemp("gateways")
    database, blobs = postgres.new_database(), f"file://{shared / 'blobs'}"
    env = {"BUCKLER_MASTER_KEY": "7b" * 32}
    running = []
    for name in ("first", "second"):
        folder = shared / name
        folder.mkdir()
        running.append(seeded_server(folder, "--database", database, "--blobs", blobs, env=env).start())
    yield running
    for server in running:
        server.__exit__()


@pytest.fixture
def shared_bucket(gateways, request):
    name = f"shared-{abs(hash(request.node.name)) % 10**9}"
    owner = gateways[0].client(OWNER_ROOT)
    owner.create_bucket(Bucket=name)
    owner.delete_public_access_block(Bucket=name)
    owner.put_object(Bucket=name, Key="k", Body=b"bytes")
    return name


def test_a_policy_put_through_one_governs_the_other_at_once(gateways, shared_bucket):
    first, second = (gateway.client(OWNER_ROOT) for gateway in gateways)
    strangers = [gateway.client(STRANGER_ROOT) for gateway in gateways]
    granted = policy(allow(principal_of(STRANGER_ROOT), "s3:GetObject", f"{shared_bucket}/*"))
    for round_number in range(30):
        # Each in turn changes what the other has cached.
        writer, reader = (first, strangers[1]) if round_number % 2 else (second, strangers[0])
        refused(lambda: reader.get_object(Bucket=shared_bucket, Key="k"), 403, "AccessDenied")
        writer.put_bucket_policy(Bucket=shared_bucket, Policy=granted)
        for stranger in (reader, *strangers):
            assert stranger.get_object(Bucket=shared_bucket, Key="k")["Body"].read() == b"bytes"
        writer.delete_bucket_policy(Bucket=shared_bucket)
        for stranger in (reader, *strangers):
            refused(lambda: stranger.get_object(Bucket=shared_bucket, Key="k"), 403, "AccessDenied")


def test_acls_and_ownership_set_through_one_govern_the_other_at_once(gateways, shared_bucket):
    owners = [gateway.client(OWNER_ROOT) for gateway in gateways]
    nobodies = [gateway.client(ANONYMOUS) for gateway in gateways]
    key = {"Bucket": shared_bucket, "Key": "k"}

    def each_may(call, is_let):
        for nobody in nobodies:
            if is_let:
                call(nobody)
            else:
                refused(lambda: call(nobody), 403, "AccessDenied")  # noqa: B023

    for round_number in range(10):
        # Each in turn changes what the other has kept of the bucket and of the object.
        first, second = owners[round_number % 2], owners[1 - round_number % 2]
        set_ownership(first, shared_bucket, "ObjectWriter")
        each_may(lambda client: client.get_object(**key), False)
        second.put_object_acl(**key, ACL="public-read")
        each_may(lambda client: client.get_object(**key), True)
        first.put_object_acl(**key, ACL="private")
        each_may(lambda client: client.get_object(**key), False)
        second.put_bucket_acl(Bucket=shared_bucket, ACL="public-read")
        each_may(lambda client: client.list_objects_v2(Bucket=shared_bucket), True)
        first.put_bucket_acl(Bucket=shared_bucket, ACL="private")
        each_may(lambda client: client.list_objects_v2(Bucket=shared_bucket), False)
        second.put_object_acl(**key, ACL="public-read")
        each_may(lambda client: client.get_object(**key), True)
        first.put_public_access_block(Bucket=shared_bucket, PublicAccessBlockConfiguration={"IgnorePublicAcls": True})
        each_may(lambda client: client.get_object(**key), False)
        second.delete_public_access_block(Bucket=shared_bucket)
        each_may(lambda client: client.get_object(**key), True)
        set_ownership(first, shared_bucket, "BucketOwnerEnforced")
        each_may(lambda client: client.get_object(**key), False)
        second.delete_bucket_ownership_controls(Bucket=shared_bucket)
        each_may(lambda client: client.get_object(**key), True)
        first.put_object_acl(**key, ACL="private")


def test_a_replaced_policy_is_replaced_everywhere(gateways, shared_bucket):
    first, second = (gateway.client(OWNER_ROOT) for gateway in gateways)
    reader = gateways[1].client(STRANGER_ROOT)
    everyone = allow("*", "s3:GetObject", f"{shared_bucket}/*")
    but_one = deny(principal_of(STRANGER_ROOT), "s3:GetObject", f"{shared_bucket}/*")
    for _ in range(10):
        first.put_bucket_policy(Bucket=shared_bucket, Policy=policy(everyone))
        assert reader.get_object(Bucket=shared_bucket, Key="k")["Body"].read() == b"bytes"
        first.put_bucket_policy(Bucket=shared_bucket, Policy=policy(everyone, but_one))
        refused(lambda: reader.get_object(Bucket=shared_bucket, Key="k"), 403, "AccessDenied")
        assert "Deny" in second.get_bucket_policy(Bucket=shared_bucket)["Policy"]


def test_public_access_block_is_enforced_everywhere(gateways, shared_bucket):
    first, second = (gateway.client(OWNER_ROOT) for gateway in gateways)
    reader = gateways[1].client(ANONYMOUS)
    first.put_bucket_policy(Bucket=shared_bucket, Policy=policy(allow("*", "s3:GetObject", f"{shared_bucket}/*")))
    for _ in range(10):
        assert reader.get_object(Bucket=shared_bucket, Key="k")["Body"].read() == b"bytes"
        first.put_public_access_block(
            Bucket=shared_bucket, PublicAccessBlockConfiguration={"RestrictPublicBuckets": True}
        )
        refused(lambda: reader.get_object(Bucket=shared_bucket, Key="k"), 403, "AccessDenied")
        second.delete_public_access_block(Bucket=shared_bucket)


def test_buckets_and_objects_are_the_same_everywhere(gateways, shared_bucket):
    first, second = (gateway.client(OWNER_ROOT) for gateway in gateways)
    for body in (b"beside its row", b"in a file" * 100_000):
        first.put_object(Bucket=shared_bucket, Key="k", Body=body)
        assert second.get_object(Bucket=shared_bucket, Key="k")["Body"].read() == body
    second.delete_object(Bucket=shared_bucket, Key="k")
    refused(lambda: first.get_object(Bucket=shared_bucket, Key="k"), 404, "NoSuchKey")
    second.delete_bucket(Bucket=shared_bucket)
    refused(lambda: first.list_objects_v2(Bucket=shared_bucket), 404, "NoSuchBucket")
    first.create_bucket(Bucket=shared_bucket)
    refused(lambda: second.get_bucket_policy(Bucket=shared_bucket), 404, "NoSuchBucketPolicy")


def etag_of(body):
    return f'"{hashlib.md5(body).hexdigest()}"'


def etag_of_upload(body):
    """Of an upload of one part."""
    return f'"{hashlib.md5(hashlib.md5(body).digest()).hexdigest()}-1"'


class ObjectClient:
    """Calls on one key; a value of the register is the entity tag of a body, or None."""

    def __init__(self, client, bucket, key):
        self.client = client
        self.place = {"Bucket": bucket, "Key": key}
        # The value that the last call saw or wrote.
        self.seen = None

    def get(self):
        try:
            response = self.client.get_object(**self.place)
            found, body = response["ETag"], response["Body"].read()
            assert found in (etag_of(body), etag_of_upload(body))
        except self.client.exceptions.NoSuchKey:
            found = None
        self.seen = found
        return f"get: {found}", lambda value: value if value == found else IMPOSSIBLE, True

    def put(self, body):
        etag = self.seen = etag_of(body)
        return self._write(f"put {etag}", lambda: self.client.put_object(Body=body, **self.place), lambda _: etag)

    def delete(self):
        return self._write("delete", lambda: self.client.delete_object(**self.place), lambda _: None)

    def upload(self, body):
        """Begun and sent within the same call: the register changes when it is completed."""
        etag = self.seen = etag_of_upload(body)

        def call():
            upload = self.client.create_multipart_upload(**self.place)["UploadId"]
            part = self.client.upload_part(**self.place, UploadId=upload, PartNumber=1, Body=body)
            parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
            self.client.complete_multipart_upload(**self.place, UploadId=upload, MultipartUpload=parts)

        return self._write(f"upload {etag}", call, lambda _: etag)

    def put_if_absent(self, body):
        etag = etag_of(body)
        return self._conditional(
            f"put {etag} if absent",
            lambda: self.client.put_object(Body=body, IfNoneMatch="*", **self.place),
            lambda value: etag if value is None else IMPOSSIBLE,
            lambda value: value if value is not None else IMPOSSIBLE,
        )

    def put_if_still(self, body, before):
        """Replaces `before`, and nothing else."""
        etag = etag_of(body)
        return self._conditional(
            f"put {etag} if still {before}",
            lambda: self.client.put_object(Body=body, IfMatch=before, **self.place),
            lambda value: etag if value == before else IMPOSSIBLE,
            lambda value: value if value != before else IMPOSSIBLE,
        )

    def delete_if_still(self, before):
        return self._conditional(
            f"delete if still {before}",
            lambda: self.client.delete_object(IfMatch=before, **self.place),
            lambda value: None if value == before else IMPOSSIBLE,
            lambda value: value if value != before else IMPOSSIBLE,
        )

    def _write(self, name, call, effect):
        return self._conditional(name, call, effect, lambda _: IMPOSSIBLE)

    @staticmethod
    def _conditional(name, call, effect, refusal):
        try:
            call()
            return name, effect, True
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            if status in (404, 412):
                return f"{name}: {status}", refusal, True
            # 409, 500 and 503: nobody knows, or nothing happened.
            return f"{name}: {status}", effect, False
        except BotoCoreError:
            return f"{name}: no answer", effect, False


class PolicyClient(ObjectClient):
    """Calls on one bucket's policy; a value of the register is a number in its Sid, or None."""

    def __init__(self, client, stranger, bucket):
        super().__init__(client, bucket, "k")
        self.stranger, self.bucket = stranger, bucket

    def get(self):
        try:
            found = self.client.get_bucket_policy(Bucket=self.bucket)["Policy"]
            found = int(json.loads(found)["Statement"][0]["Sid"])
        except ClientError as error:
            assert error.response["Error"]["Code"] == "NoSuchBucketPolicy"
            found = None
        return f"get {found}", lambda value: value if value == found else IMPOSSIBLE, True

    def enforced(self):
        """Odd policies let the stranger read."""
        try:
            self.stranger.get_object(**self.place)
            is_allowed = True
        except ClientError as error:
            assert error.response["Error"]["Code"] == "AccessDenied"
            is_allowed = False
        fits = lambda value: is_allowed == (value is not None and value % 2 == 1)  # noqa: E731
        return f"read: {is_allowed}", lambda value: value if fits(value) else IMPOSSIBLE, True

    def put(self, number):
        who = STRANGER_ROOT if number % 2 else OWNER_ROOT
        text = policy({"Sid": str(number), **allow(principal_of(who), "s3:GetObject", f"{self.bucket}/*")})
        call = lambda: self.client.put_bucket_policy(Bucket=self.bucket, Policy=text)  # noqa: E731
        return self._write(f"put {number}", call, lambda _: number)

    def delete(self):
        call = lambda: self.client.delete_bucket_policy(Bucket=self.bucket)  # noqa: E731
        return self._write("delete", call, lambda _: None)


def at_once(workers):
    """Runs them in threads; raises what one of them raises."""
    failures = []

    def run(work):
        try:
            work()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(work,), daemon=True) for work in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive()
    if failures:
        raise failures[0]


def test_history_checker_can_fail():
    sequences = {
        # Read, after both writes had ended, what the earlier one wrote.
        ((0, 1, "put", 1), (2, 3, "put", 2), (4, 5, "get", 1)): False,
        ((0, 1, "put", 1), (2, 3, "put", 2), (4, 5, "get", 2)): True,
        # Writes at the same time have no order of their own, but one order for all.
        ((0, 9, "put", 1), (0, 9, "put", 2), (10, 11, "get", 1)): True,
        ((0, 9, "put", 1), (0, 9, "put", 2), (10, 11, "get", 1), (12, 13, "get", 2)): False,
        # A write without an answer may have happened, and may still happen.
        ((0, float("inf"), "put", 1), (2, 3, "get", None), (4, 5, "get", 1), (6, 7, "get", None)): False,
        ((0, float("inf"), "put", 1), (2, 3, "get", None), (4, 5, "get", 1)): True,
        ((0, float("inf"), "put", 1), (2, 3, "get", None)): True,
    }
    for sequence, expected in sequences.items():
        history = History()
        for began, ended, kind, argument in sequence:
            history.call("", lambda kind=kind, argument=argument: (
                (lambda _: argument) if kind == "put" else (lambda value: value if value == argument else IMPOSSIBLE),
                True,
            ))  # fmt: skip
            history.operations[-1].began, history.operations[-1].ended = began, ended
        assert (history.explanation(None) is not None) == expected, sequence


def test_keys_are_linearisable_through_two_gateways(gateways, shared_bucket):
    histories = {f"key/{number}": History() for number in range(4)}
    clients = [gateway.client(OWNER_ROOT) for gateway in gateways]

    def work(number):
        dice = random.Random(number)
        seen = dict.fromkeys(histories, etag_of(b"never written"))
        for step in range(24):
            key = dice.choice(list(histories))
            client = ObjectClient(clients[number % 2], shared_bucket, key)
            # Small ones live beside their row, large ones in files.
            body = f"{number}.{step}".encode() + b" " * dice.choice([0, 0, 100_000])
            call = dice.choice(
                [
                    client.get,
                    client.get,
                    lambda: client.put(body),
                    lambda: client.upload(body),
                    client.delete,
                    lambda: client.put_if_absent(body),
                    lambda: client.put_if_still(body, seen[key]),
                    lambda: client.put_if_still(body, seen[key]),
                    lambda: client.delete_if_still(seen[key]),
                ]
            )

            def once():
                name, apply, is_known = call()
                once.name = name
                seen[key] = client.seen or seen[key]
                return apply, is_known

            recorded(histories[key], once)

    at_once([lambda number=number: work(number) for number in range(6)])
    for history in histories.values():
        history.check(None)
    assert sum(len(history.operations) for history in histories.values()) == 6 * 24


def recorded(history, once):
    """A call whose name is known afterwards."""
    history.call(lambda: once.name, once)


def test_policies_are_linearisable_through_two_gateways(gateways, shared_bucket):
    history = History()

    def work(number):
        dice = random.Random(number)
        gateway = gateways[number % 2]
        client = PolicyClient(gateway.client(OWNER_ROOT), gateway.client(STRANGER_ROOT), shared_bucket)
        for step in range(14):
            call = dice.choice(
                [
                    client.get,
                    client.enforced,
                    client.enforced,
                    lambda: client.put(number * 100 + step),
                    lambda: client.put(number * 100 + step),
                    client.delete,
                ]
            )

            def once():
                once.name, apply, is_known = call()
                return apply, is_known

            recorded(history, once)

    at_once([lambda number=number: work(number) for number in range(6)])
    history.check(None)


def test_the_other_serves_on_when_one_is_killed(gateways, shared_bucket):
    first, second = gateways
    first.kill()
    assert second.client(OWNER_ROOT).get_object(Bucket=shared_bucket, Key="k")["Body"].read() == b"bytes"
    second.client(OWNER_ROOT).put_object(Bucket=shared_bucket, Key="new", Body=b"new")
    first.start()
    assert first.client(OWNER_ROOT).get_object(Bucket=shared_bucket, Key="new")["Body"].read() == b"new"
