"""Several gateways on one Postgres: what one of them acknowledged, the others enforce on the next request."""

import pytest
from conftest import seeded_server
from harness.callers import ANONYMOUS, OWNER_ROOT, STRANGER_ROOT
from harness.expect import refused
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


def test_the_other_serves_on_when_one_is_killed(gateways, shared_bucket):
    first, second = gateways
    first.kill()
    assert second.client(OWNER_ROOT).get_object(Bucket=shared_bucket, Key="k")["Body"].read() == b"bytes"
    second.client(OWNER_ROOT).put_object(Bucket=shared_bucket, Key="new", Body=b"new")
    first.start()
    assert first.client(OWNER_ROOT).get_object(Bucket=shared_bucket, Key="new")["Body"].read() == b"new"
