"""ListObjectVersions."""

import itertools
import re

import pytest
from harness.callers import OWNER_ROOT, OWNER_USER
from harness.expect import answered, no_identity_policy, refused
from harness.policies import allow, arn, policy, principal_of
from harness.versions import delete, enable, history, put
from harness.wire import ask

XMLNS = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'


@pytest.fixture
def filled(bucket, owner_root):
    """Histories of three, two and one entries, one of them a marker, and a null version."""
    put(owner_root, bucket, "a", b"null")
    enable(owner_root, bucket)
    put(owner_root, bucket, "a", b"1")
    delete(owner_root, bucket, "a")
    for key in ("d/1", "d/1", "d/2", "é"):
        put(owner_root, bucket, key, b"1")
    return bucket


def pages(client, bucket, size, **more):
    """Pages by their markers."""
    marker = {}
    while True:
        page = client.list_object_versions(Bucket=bucket, MaxKeys=size, **marker, **more)
        yield page
        if not page["IsTruncated"]:
            assert "NextKeyMarker" not in page
            return
        marker = {"KeyMarker": page["NextKeyMarker"]}
        if "NextVersionIdMarker" in page:
            marker["VersionIdMarker"] = page["NextVersionIdMarker"]


def ids(page):
    entries = page.get("Versions", []) + page.get("DeleteMarkers", [])
    return [(entry["Key"], entry["VersionId"]) for entry in entries]


def test_the_document(server, filled):
    answer = answered(ask(server, "GET", f"/{filled}?versions", OWNER_ROOT), 200)
    assert answer.header("content-type") == "application/xml"
    text = answer.body.decode()
    owner = r"<Owner><ID>[0-9a-f]{64}</ID></Owner>"
    date = r"<LastModified>[0-9T:.-]+\.000Z</LastModified>"

    def version(key, id, latest, size):
        return (
            rf"<Version><Key>{key}</Key><VersionId>{id}</VersionId><IsLatest>{latest}</IsLatest>{date}"
            rf"<ETag>&quot;[0-9a-f]{{32}}&quot;</ETag><ChecksumAlgorithm>CRC\w+</ChecksumAlgorithm>"
            rf"<ChecksumType>FULL_OBJECT</ChecksumType><Size>{size}</Size>{owner}"
            rf"<StorageClass>STANDARD</StorageClass></Version>"
        )

    id = r"[A-Za-z0-9._-]{32}"
    expected = (
        re.escape(f'<?xml version="1.0" encoding="UTF-8"?>\n<ListVersionsResult {XMLNS}>')
        + rf"<Name>{filled}</Name><Prefix></Prefix><KeyMarker></KeyMarker><VersionIdMarker></VersionIdMarker>"
        r"<MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>"
        rf"<DeleteMarker><Key>a</Key><VersionId>{id}</VersionId><IsLatest>true</IsLatest>{date}{owner}</DeleteMarker>"
        + version("a", id, "false", 1)
        + version("a", "null", "false", 4)
        + version("d/1", id, "true", 1)
        + version("d/1", id, "false", 1)
        + version("d/2", id, "true", 1)
        + version("é", id, "true", 1)
        + "</ListVersionsResult>"
    )
    assert re.fullmatch(expected, text), text


def test_pages_of_every_size_meet_every_version_once(filled, owner_root):
    whole = owner_root.list_object_versions(Bucket=filled)
    for size in (1, 2, 3, 6):
        found = list(pages(owner_root, filled, size))
        assert all(len(ids(page)) <= size for page in found)
        # botocore sorts the two kinds into two lists; each keeps its order.
        for kind in ("Versions", "DeleteMarkers"):
            entries = itertools.chain.from_iterable(page.get(kind, []) for page in found)
            assert list(entries) == whole[kind], (size, kind)


def test_groups(filled, owner_root):
    page = owner_root.list_object_versions(Bucket=filled, Delimiter="/")
    assert [prefix["Prefix"] for prefix in page["CommonPrefixes"]] == ["d/"]
    assert [key for key, _ in ids(page)] == ["a", "a", "é", "a"]
    for size in (1, 2, 3):
        found = list(pages(owner_root, filled, size, Delimiter="/"))
        groups = [prefix["Prefix"] for page in found for prefix in page.get("CommonPrefixes", [])]
        assert groups == ["d/"] and sum(len(ids(page)) for page in found) == 4
    page = owner_root.list_object_versions(Bucket=filled, Delimiter="/", MaxKeys=4)
    assert page["NextKeyMarker"] == "d/" and "NextVersionIdMarker" not in page
    page = owner_root.list_object_versions(Bucket=filled, Prefix="d/")
    assert [key for key, _ in ids(page)] == ["d/1", "d/1", "d/2"]
    page = owner_root.list_object_versions(Bucket=filled, Delimiter="1")
    assert [prefix["Prefix"] for prefix in page["CommonPrefixes"]] == ["d/1"]


def test_key_marker_alone_passes_all_versions_of_the_key(filled, owner_root):
    page = owner_root.list_object_versions(Bucket=filled, KeyMarker="a")
    assert [key for key, _ in ids(page)] == ["d/1", "d/1", "d/2", "é"]
    page = owner_root.list_object_versions(Bucket=filled, KeyMarker="a", VersionIdMarker="null")
    assert [key for key, _ in ids(page)] == ["d/1", "d/1", "d/2", "é"]


def test_deleting_page_by_page_empties_the_bucket(filled, owner_root):
    """The marker of each page after the first names a version that is gone."""
    for _ in range(3):
        put(owner_root, filled, "a", b"more")
    for page in pages(owner_root, filled, 2):
        entries = [{"Key": key, "VersionId": id} for key, id in ids(page)]
        gone = owner_root.delete_objects(Bucket=filled, Delete={"Objects": entries})
        assert "Errors" not in gone
    assert history(owner_root, filled) == []
    owner_root.delete_bucket(Bucket=filled)


def test_encoding(server, bucket, owner_root):
    enable(owner_root, bucket)
    put(owner_root, bucket, "a b/é&\x01")
    answer = ask(server, "GET", f"/{bucket}?versions&encoding-type=url&prefix=a%20b&key-marker=a%20a", OWNER_ROOT)
    text = answer.body.decode()
    assert "<Key>a+b/%C3%A9%26%01</Key>" in text and "<EncodingType>url</EncodingType>" in text
    assert "<Prefix>a+b</Prefix>" in text and "<KeyMarker>a+a</KeyMarker>" in text
    assert [key for key, _, _, _ in history(owner_root, bucket)] == ["a b/é&\x01"]


def test_max_keys(filled, owner_root):
    page = owner_root.list_object_versions(Bucket=filled, MaxKeys=0)
    assert (page["MaxKeys"], ids(page), page["IsTruncated"]) == (0, [], False)
    assert owner_root.list_object_versions(Bucket=filled, MaxKeys=5000)["MaxKeys"] == 5000


def test_bad_parameters(server, filled):
    def listing(query, bucket=filled):
        return ask(server, "GET", f"/{bucket}?versions&{query}", OWNER_ROOT)

    def bad(query, message, **elements):
        answered(listing(query), 400, "InvalidArgument", message, **elements)

    marker = "version-id-marker"
    bad(f"{marker}=null", "A version-id marker cannot be specified without a key marker.", ArgumentName=marker)
    bad(f"key-marker=a&{marker}=", "A version-id marker cannot be empty.", ArgumentName=marker)
    bad(f"key-marker=a&{marker}=x", "Invalid version id specified", ArgumentName=marker, ArgumentValue="x")
    bad("max-keys=-1", "max-keys cannot be negative", ArgumentName="max-keys", ArgumentValue=None)
    integer = "Provided max-keys not an integer or within integer range"
    bad("max-keys=x", integer, ArgumentName="max-keys", ArgumentValue="x")
    answered(listing("max-keys=x", "no-such-bucket"), 400, "InvalidArgument", integer)
    bad("encoding-type=x", "Invalid Encoding Method specified in Request", ArgumentName="encoding-type")
    answered(listing("prefix=a", "no-such-bucket"), 404, "NoSuchBucket")


def test_listing_versions_is_a_permission_of_its_own(filled, owner_root, owner_user):
    owner_root.put_bucket_policy(
        Bucket=filled, Policy=policy(allow(principal_of(OWNER_USER), "s3:ListBucket", filled))
    )
    message = no_identity_policy(OWNER_USER, "s3:ListBucketVersions", arn(filled))
    refused(lambda: owner_user.list_object_versions(Bucket=filled), 403, "AccessDenied", message)
    within = {"StringEquals": {"s3:prefix": "d/"}}
    owner_root.put_bucket_policy(
        Bucket=filled,
        Policy=policy(allow(principal_of(OWNER_USER), "s3:ListBucketVersions", filled, Condition=within)),
    )
    assert len(ids(owner_user.list_object_versions(Bucket=filled, Prefix="d/"))) == 3
    refused(lambda: owner_user.list_object_versions(Bucket=filled), 403, "AccessDenied", message)
