"""ListObjects and ListObjectsV2."""

import re

import pytest
from harness.callers import OWNER_ROOT, OWNER_USER
from harness.expect import answered, no_identity_policy, refused
from harness.policies import arn
from harness.wire import ask

KEYS = ["a", "b/1", "b/2", "b/c/3", "d/4", "e", "ä", "日本"]
XMLNS = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'


@pytest.fixture
def filled(bucket, owner_root):
    for key in reversed(KEYS):
        owner_root.put_object(Bucket=bucket, Key=key, Body=b"x")
    return bucket


def keys_of(page):
    return [entry["Key"] for entry in page.get("Contents", [])]


def groups_of(page):
    return [entry["Prefix"] for entry in page.get("CommonPrefixes", [])]


def both(client):
    return client.list_objects, client.list_objects_v2


def test_keys_come_in_byte_order(filled, owner_root):
    for listing in both(owner_root):
        assert keys_of(listing(Bucket=filled)) == sorted(KEYS, key=str.encode)


def test_delimiter_and_prefix(filled, owner_root):
    for listing in both(owner_root):
        page = listing(Bucket=filled, Delimiter="/")
        assert (keys_of(page), groups_of(page)) == (["a", "e", "ä", "日本"], ["b/", "d/"])
        page = listing(Bucket=filled, Delimiter="/", Prefix="b/")
        assert (keys_of(page), groups_of(page)) == (["b/1", "b/2"], ["b/c/"])
        page = listing(Bucket=filled, Prefix="b/")
        assert (keys_of(page), groups_of(page)) == (["b/1", "b/2", "b/c/3"], [])
        page = listing(Bucket=filled, Delimiter="/c/")
        assert groups_of(page) == ["b/c/"]
        page = listing(Bucket=filled, Prefix="nothing")
        assert (keys_of(page), groups_of(page), page["IsTruncated"]) == ([], [], False)


def test_v2_pages_meet_each_key_once(filled, owner_root):
    for size in (1, 2, 3, 7, 8, 9):
        seen, token = [], {}
        while token is not None:
            page = owner_root.list_objects_v2(Bucket=filled, MaxKeys=size, **token)
            assert page["KeyCount"] == len(keys_of(page)) <= size
            seen += keys_of(page)
            token = {"ContinuationToken": page["NextContinuationToken"]} if page["IsTruncated"] else None
        assert seen == sorted(KEYS, key=str.encode), size


def test_v2_pages_with_delimiter_meet_each_group_once(filled, owner_root):
    for size in (1, 2, 3, 6):
        seen, token = [], {}
        while token is not None:
            page = owner_root.list_objects_v2(Bucket=filled, MaxKeys=size, Delimiter="/", **token)
            entries = keys_of(page) + groups_of(page)
            assert page["KeyCount"] == len(entries) <= size
            seen += entries
            token = {"ContinuationToken": page["NextContinuationToken"]} if page["IsTruncated"] else None
        assert sorted(seen) == sorted(["a", "b/", "d/", "e", "ä", "日本"]), size


def test_v1_pages_by_marker(filled, owner_root):
    seen, marker = [], ""
    while True:
        page = owner_root.list_objects(Bucket=filled, MaxKeys=3, Marker=marker)
        assert "NextMarker" not in page
        seen += keys_of(page)
        if not page["IsTruncated"]:
            break
        marker = seen[-1]
    assert seen == sorted(KEYS, key=str.encode)


def test_v1_next_marker_exists_with_a_delimiter(filled, owner_root):
    page = owner_root.list_objects(Bucket=filled, MaxKeys=2, Delimiter="/")
    assert (keys_of(page), groups_of(page), page["NextMarker"]) == (["a"], ["b/"], "b/")
    page = owner_root.list_objects(Bucket=filled, MaxKeys=2, Delimiter="/", Marker=page["NextMarker"])
    assert (keys_of(page), groups_of(page), page["NextMarker"]) == (["e"], ["d/"], "e")


def test_markers_are_exclusive_and_need_not_exist(filled, owner_root):
    assert keys_of(owner_root.list_objects(Bucket=filled, Marker="b/2"))[0] == "b/c/3"
    assert keys_of(owner_root.list_objects_v2(Bucket=filled, StartAfter="b/2x"))[0] == "b/c/3"
    page = owner_root.list_objects(Bucket=filled, Marker="b/1", Delimiter="/")
    assert groups_of(page) == ["d/"]


def test_a_token_beats_start_after(filled, owner_root):
    first = owner_root.list_objects_v2(Bucket=filled, MaxKeys=1, StartAfter="a")
    assert (keys_of(first), first["StartAfter"]) == (["b/1"], "a")
    second = owner_root.list_objects_v2(
        Bucket=filled, MaxKeys=1, StartAfter="e", ContinuationToken=first["NextContinuationToken"]
    )
    assert keys_of(second) == ["b/2"]
    assert second["ContinuationToken"] == first["NextContinuationToken"] and "StartAfter" not in second


def test_max_keys_is_echoed_as_sent(filled, owner_root):
    for listing in both(owner_root):
        page = listing(Bucket=filled, MaxKeys=5000)
        assert (page["MaxKeys"], len(keys_of(page))) == (5000, len(KEYS))
        page = listing(Bucket=filled, MaxKeys=0)
        assert (page["MaxKeys"], keys_of(page), page["IsTruncated"]) == (0, [], False)
        assert listing(Bucket=filled)["MaxKeys"] == 1000


@pytest.mark.parametrize("list_type", ["", "list-type=2&"])
def test_bad_parameters(server, filled, list_type):
    def listing(query, bucket=filled):
        return ask(server, "GET", f"/{bucket}?{list_type}{query}", OWNER_ROOT)

    integer = "Provided max-keys not an integer or within integer range"
    answered(listing("max-keys=x"), 400, "InvalidArgument", integer, ArgumentName="max-keys", ArgumentValue="x")
    answered(listing("max-keys=99999999999"), 400, "InvalidArgument", integer)
    answered(listing("max-keys=x", "no-such-bucket"), 400, "InvalidArgument", integer)
    answered(
        listing("max-keys=-1"),
        400, "InvalidArgument", "Argument maxKeys must be an integer between 0 and 2147483647", ArgumentName="maxKeys",
    )  # fmt: skip
    answered(listing("max-keys=-1", "no-such-bucket"), 404, "NoSuchBucket")
    answered(
        listing("encoding-type=base64"),
        400, "InvalidArgument", "Invalid Encoding Method specified in Request", ArgumentName="encoding-type",
    )  # fmt: skip
    assert listing("max-keys=").element("MaxKeys") == "1000"


def test_bad_tokens(server, filled):
    for token in ("", "x", "AAAA"):
        answered(
            ask(server, "GET", f"/{filled}?list-type=2&continuation-token={token}", OWNER_ROOT),
            400, "InvalidArgument", "The continuation token provided is incorrect",
            ArgumentName="continuation-token", ArgumentValue=None,
        )  # fmt: skip


def test_parameters_of_the_other_version_are_refused(server, filled):
    answered(ask(server, "GET", f"/{filled}?list-type=2&marker=a", OWNER_ROOT), 400, "InvalidArgument")
    answered(ask(server, "GET", f"/{filled}?start-after=a", OWNER_ROOT), 400, "InvalidArgument")
    answered(ask(server, "GET", f"/{filled}?continuation-token=a", OWNER_ROOT), 400, "InvalidArgument")


def test_owner_is_shown_always_by_v1_and_on_request_by_v2(filled, owner_root):
    canonical_id = owner_root.list_buckets()["Owner"]["ID"]
    assert owner_root.list_objects(Bucket=filled)["Contents"][0]["Owner"] == {"ID": canonical_id}
    assert "Owner" not in owner_root.list_objects_v2(Bucket=filled)["Contents"][0]
    with_owner = owner_root.list_objects_v2(Bucket=filled, FetchOwner=True)
    assert with_owner["Contents"][0]["Owner"] == {"ID": canonical_id}


def test_element_order(server, filled):
    date = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z")
    v1 = ask(server, "GET", f"/{filled}?delimiter=/&max-keys=2", OWNER_ROOT)
    v2 = ask(server, "GET", f"/{filled}?list-type=2&delimiter=/&max-keys=2&start-after=0", OWNER_ROOT)
    owner = v1.element("ID")
    token = v2.element("NextContinuationToken")
    contents = (
        "<Contents><Key>a</Key><LastModified>DATE</LastModified>"
        "<ETag>&quot;9dd4e461268c8034f5c8564e155c67a6&quot;</ETag>"
        "<ChecksumAlgorithm>CRC32</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType><Size>1</Size>OWNER"
        "<StorageClass>STANDARD</StorageClass></Contents><CommonPrefixes><Prefix>b/</Prefix></CommonPrefixes>"
        "</ListBucketResult>"
    )
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult {XMLNS}><Name>{filled}</Name><Prefix></Prefix>'

    def plain(answer):
        return date.sub("DATE", answer.body.decode()).replace("<Prefix/>", "<Prefix></Prefix>").replace("<Marker/>", "<Marker></Marker>")

    assert plain(v1) == (
        f"{head}<Marker></Marker><NextMarker>b/</NextMarker><MaxKeys>2</MaxKeys><Delimiter>/</Delimiter>"
        f"<IsTruncated>true</IsTruncated>" + contents.replace("OWNER", f"<Owner><ID>{owner}</ID></Owner>")
    )
    assert plain(v2) == (
        f"{head}<StartAfter>0</StartAfter><NextContinuationToken>{token}</NextContinuationToken><KeyCount>2</KeyCount>"
        f"<MaxKeys>2</MaxKeys><Delimiter>/</Delimiter><IsTruncated>true</IsTruncated>" + contents.replace("OWNER", "")
    )
    assert (v1.header("content-type"), v2.header("content-type")) == ("application/xml", "application/xml")


def test_url_encoding(server, bucket, owner_root):
    for key in ("a b+c/é&<", "control\x04"):
        owner_root.put_object(Bucket=bucket, Key=key, Body=b"")
    answer = ask(server, "GET", f"/{bucket}?list-type=2&encoding-type=url", OWNER_ROOT)
    assert answer.element("EncodingType") == "url"
    body = answer.body.decode()
    assert "<Key>a+b%2Bc/%C3%A9%26%3C</Key>" in body, body
    assert "<Key>control%04</Key>" in body, body
    plain = ask(server, "GET", f"/{bucket}?list-type=2", OWNER_ROOT).body.decode()
    assert "<Key>a b+c/é&amp;&lt;</Key>" in plain and "<Key>control&#x4;</Key>" in plain, plain


def test_unknown_parameters_are_ignored(server, filled):
    for query in ("?session", "?foo", "?x-id=ListObjects", "?list-type=3"):
        answer = answered(ask(server, "GET", f"/{filled}{query}", OWNER_ROOT), 200)
        assert b"<ListBucketResult" in answer.body and b"<KeyCount>" not in answer.body


def test_more_than_a_thousand_keys(bucket, owner_root):
    from concurrent.futures import ThreadPoolExecutor

    keys = [f"{number:05}" for number in range(1005)]
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda key: owner_root.put_object(Bucket=bucket, Key=key, Body=b""), keys))
    page = owner_root.list_objects_v2(Bucket=bucket)
    assert (keys_of(page), page["IsTruncated"]) == (keys[:1000], True)
    rest = owner_root.list_objects_v2(Bucket=bucket, ContinuationToken=page["NextContinuationToken"])
    assert (keys_of(rest), rest["IsTruncated"]) == (keys[1000:], False)


def test_permission_and_missing_bucket(filled, owner_root, owner_user):
    for client_listing in both(owner_user):
        message = no_identity_policy(OWNER_USER, "s3:ListBucket", arn(filled))
        refused(lambda: client_listing(Bucket=filled), 403, "AccessDenied", message)
    for listing in both(owner_root):
        refused(lambda: listing(Bucket="no-such-bucket"), 404, "NoSuchBucket", BucketName="no-such-bucket")


def test_a_bucket_with_a_trailing_slash_is_the_bucket(server, filled):
    assert answered(ask(server, "GET", f"/{filled}/?list-type=2", OWNER_ROOT), 200).element("KeyCount") == str(len(KEYS))
