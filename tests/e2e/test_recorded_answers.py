"""Answers that AWS was recorded to give where its documentation says nothing, or something else."""

import pytest
from harness.callers import ANONYMOUS, OWNER_ROOT
from harness.digests import content_md5
from harness.expect import answered, refused
from harness.policies import allow, policy
from harness.versions import delete, enable, put
from harness.wire import ask

NOT_IMPLEMENTED = "A header you provided implies functionality that is not implemented"


@pytest.fixture
def stored(bucket, owner_root):
    owner_root.put_object(Bucket=bucket, Key="k", Body=b"bytes")
    return bucket


# Conditions of writes


@pytest.mark.parametrize(
    "conditions, header, more",
    [
        ({"If-Match": "*"}, "If-Match", "We don't accept the provided value of If-Match header for this API"),
        (
            {"If-None-Match": '"etag"'},
            "If-None-Match",
            "We don't accept the provided value of If-None-Match header for this API",
        ),
        (
            {"If-None-Match": "*", "If-Match": '"etag"'},
            "If-Match,If-None-Match",
            "Multiple conditional request headers present in the request",
        ),
    ],
)
def test_conditions_that_writes_do_not_take(server, stored, conditions, header, more):
    for key in ("k", "missing"):
        for copied in ([], [("x-amz-copy-source", f"{stored}/k")]):
            body = b"" if copied else b"new"
            headers = [*conditions.items(), *copied]
            answer = ask(server, "PUT", f"/{stored}/{key}", OWNER_ROOT, body, headers)
            answered(answer, 501, "NotImplemented", NOT_IMPLEMENTED, Header=header, additionalMessage=more)


# Buckets


def test_a_constraint_of_the_old_name_stays(server, owner_root):
    document = b"<CreateBucketConfiguration><LocationConstraint>EU</LocationConstraint></CreateBucketConfiguration>"
    answered(ask(server, "PUT", "/of-the-old-name", OWNER_ROOT, document), 200)
    assert owner_root.get_bucket_location(Bucket="of-the-old-name")["LocationConstraint"] == "EU"
    assert owner_root.head_bucket(Bucket="of-the-old-name")["BucketRegion"] == "eu-west-1"
    [listed] = owner_root.list_buckets(Prefix="of-the-old-name")["Buckets"]
    assert listed["BucketRegion"] == "eu-west-1"


def test_own_bucket_of_another_region_again_is_409(owner_root):
    def create(region):
        owner_root.create_bucket(
            Bucket="of-another-region", CreateBucketConfiguration={"LocationConstraint": region}
        )

    create("us-west-1")
    for region in ("us-west-1", "us-east-2"):
        refused(lambda: create(region), 409, "BucketAlreadyOwnedByYou", BucketName="of-another-region")  # noqa: B023


def test_lists_name_the_region(server, stored):
    for query in ("", "?list-type=2"):
        answer = answered(ask(server, "GET", f"/{stored}{query}", OWNER_ROOT), 200)
        assert answer.header("x-amz-bucket-region") == "us-east-1"


def test_owners_are_not_shown_to_anonymous_callers(server, stored, owner_root):
    owner_root.put_bucket_policy(Bucket=stored, Policy=policy(allow("*", "s3:ListBucket", stored)))
    entry = server.client(ANONYMOUS).list_objects(Bucket=stored)["Contents"][0]
    assert "Owner" not in entry and entry["StorageClass"] == "STANDARD"
    assert "Owner" in owner_root.list_objects(Bucket=stored)["Contents"][0]


def test_an_empty_token_lists_buckets_from_the_beginning(server, stored):
    first = ask(server, "GET", "/?max-buckets=1", OWNER_ROOT)
    again = ask(server, "GET", "/?max-buckets=1&continuation-token=", OWNER_ROOT)
    assert answered(again, 200).body == first.body


# Versions


def test_a_marker_by_its_id_is_named_in_the_refusal(server, bucket, owner_root):
    enable(owner_root, bucket)
    put(owner_root, bucket, "k")
    marker = delete(owner_root, bucket, "k")["VersionId"]
    for method in ("GET", "HEAD"):
        answer = ask(server, method, f"/{bucket}/k?versionId={marker}", OWNER_ROOT)
        assert (answer.status, answer.header("x-amz-version-id")) == (405, marker)


def test_a_batch_knows_no_version_of_a_malformed_id(server, stored, owner_root):
    body = b"<Delete><Object><Key>k</Key><VersionId>x</VersionId></Object></Delete>"
    answer = ask(server, "POST", f"/{stored}?delete", OWNER_ROOT, body, [("Content-MD5", content_md5(body))])
    assert answered(answer, 200).body.endswith(
        b"<Error><Key>k</Key><VersionId>x</VersionId><Code>NoSuchVersion</Code>"
        b"<Message>The specified version does not exist.</Message></Error></DeleteResult>"
    )
    owner_root.head_object(Bucket=stored, Key="k")


# Tags


def test_a_document_without_a_set_takes_the_tags_away(server, stored, owner_root):
    owner_root.put_object_tagging(Bucket=stored, Key="k", Tagging={"TagSet": [{"Key": "a", "Value": "1"}]})
    answered(ask(server, "PUT", f"/{stored}/k?tagging", OWNER_ROOT, b"<Tagging/>"), 200)
    assert owner_root.get_object_tagging(Bucket=stored, Key="k")["TagSet"] == []


@pytest.mark.parametrize(
    "tag, elements",
    [
        (("Key1,Key2", "v"), {"TagKey": "Key1,Key2", "TagValue": None}),
        (("aws:k", "v"), {"TagKey": "aws:k", "TagValue": None}),
        (("k", "v1,v2"), {"TagKey": "k", "TagValue": "v1,v2"}),
    ],
)
def test_refused_tags_are_named(server, stored, tag, elements):
    body = f"<Tagging><TagSet><Tag><Key>{tag[0]}</Key><Value>{tag[1]}</Value></Tag></TagSet></Tagging>".encode()
    answered(ask(server, "PUT", f"/{stored}/k?tagging", OWNER_ROOT, body), 400, "InvalidTag", **elements)


def test_an_equals_sign_in_a_value_of_the_header_is_escaped(server, stored, owner_root):
    text = "key1=val1,key2=val2"
    answer = ask(server, "PUT", f"/{stored}/k", OWNER_ROOT, b"new", [("x-amz-tagging", text)])
    answered(answer, 400, "InvalidArgument", ArgumentName="x-amz-tagging", ArgumentValue=text)
    answered(ask(server, "PUT", f"/{stored}/k", OWNER_ROOT, b"new", [("x-amz-tagging", "a=b%3Dc")]), 200)
    assert owner_root.get_object_tagging(Bucket=stored, Key="k")["TagSet"] == [{"Key": "a", "Value": "b=c"}]


def test_tags_of_a_missing_key_are_refused_with_the_bucket_in_the_key_on_reads_alone(server, stored):
    key = {"GET": f"{stored}/missing", "PUT": "missing", "DELETE": "missing"}
    for method, shown in key.items():
        body = b"<Tagging/>" if method == "PUT" else b""
        answered(ask(server, method, f"/{stored}/missing?tagging", OWNER_ROOT, body), 404, "NoSuchKey", Key=shown)


# Copies, uploads, bodies


def test_a_bad_copy_source_is_refused_by_the_name_of_the_header(server, stored):
    answer = ask(server, "PUT", f"/{stored}/copy", OWNER_ROOT, headers=[("x-amz-copy-source", "wrongformat")])
    answered(
        answer,
        400, "InvalidArgument", "Invalid copy source object key",
        ArgumentName="x-amz-copy-source", ArgumentValue="x-amz-copy-source",
    )  # fmt: skip


def test_a_part_that_begins_behind_its_source(stored, owner_root):
    upload = owner_root.create_multipart_upload(Bucket=stored, Key="new")["UploadId"]

    def copy(first, last):
        return owner_root.upload_part_copy(
            Bucket=stored, Key="new", UploadId=upload, PartNumber=1, CopySource=f"{stored}/k",
            CopySourceRange=f"bytes={first}-{last}",
        )  # fmt: skip

    message = "The specified copy range is invalid for the source object size"
    refused(lambda: copy(100, 200), 400, "InvalidRequest", message, ArgumentName=None)
    message = "Range specified is not valid for source object of size: 5"
    refused(lambda: copy(0, 100), 400, "InvalidArgument", message, ArgumentName="x-amz-copy-source-range")


def test_an_upload_is_completed_with_a_body(server, stored, owner_root):
    upload = owner_root.create_multipart_upload(Bucket=stored, Key="new")["UploadId"]
    answer = ask(server, "POST", f"/{stored}/new?uploadId={upload}", OWNER_ROOT)
    answered(answer, 400, "InvalidRequest", "You must specify at least one part")


def test_digests_of_a_wrong_md5(server, stored, owner_root):
    upload = owner_root.create_multipart_upload(Bucket=stored, Key="new")["UploadId"]
    claimed = [("Content-MD5", content_md5(b"other"))]
    calculated = content_md5(b"body")
    in_hex = "795f3202b17cb6bc3d4b771d8c6c9eaf"
    for target, expected in ((f"/{stored}/k", in_hex), (f"/{stored}/new?uploadId={upload}&partNumber=1", content_md5(b"other"))):
        answer = ask(server, "PUT", target, OWNER_ROOT, b"body", claimed)
        answered(answer, 400, "BadDigest", ExpectedDigest=expected, CalculatedDigest=calculated)


def test_an_unknown_storage_class_is_named(server, stored):
    answer = ask(server, "PUT", f"/{stored}/k", OWNER_ROOT, b"new", [("x-amz-storage-class", "OUTPOSTS")])
    answered(answer, 400, "InvalidStorageClass", StorageClassRequested="OUTPOSTS")


def test_words_of_rfc_2047_are_kept_as_what_they_say(server, bucket):
    sent = {
        "q": ("=?UTF-8?Q?actually-ascii?=", "actually-ascii"),
        "b": ("=?UTF-8?B?YWJj?=", "abc"),
        "foreign": ("=?UTF-8?Q?=C3=84M=C3=84Z=C3=95=C3=91_S3?=", "=?UTF-8?Q?=C3=84M=C3=84Z=C3=95=C3=91_S3?="),
        "binary": ("=?UTF-8?B?AAECAw==?=", "=?UTF-8?B?AAECAw==?="),
        "other": ("=?latin1?Q?a?=", "=?latin1?Q?a?="),
    }
    headers = [(f"x-amz-meta-{name}", value) for name, (value, _) in sent.items()]
    answered(ask(server, "PUT", f"/{bucket}/k", OWNER_ROOT, b"", headers), 200)
    read = ask(server, "HEAD", f"/{bucket}/k", OWNER_ROOT)
    assert {name: read.header(f"x-amz-meta-{name}") for name in sent} == {name: back for name, (_, back) in sent.items()}


# Routing


def test_uploads_of_a_key(server, stored):
    message = "Key is not expected for the GET method ?uploads subresource"
    answered(ask(server, "GET", f"/{stored}/k?uploads", OWNER_ROOT), 400, "InvalidRequest", message)
    answered(ask(server, "GET", "/no-such-bucket/k?uploads", OWNER_ROOT), 404, "NoSuchBucket")


def test_a_missing_bucket_comes_before_what_is_not_built(server, stored):
    for query in ("cors", "replication", "lifecycle"):
        answered(ask(server, "GET", f"/no-such-bucket?{query}", OWNER_ROOT), 404, "NoSuchBucket")
        answered(ask(server, "GET", f"/{stored}?{query}", OWNER_ROOT), 501, "NotImplemented")
