"""Answers that AWS was recorded to give where its documentation says nothing, or something else."""

import json

import pytest
from harness.callers import ANONYMOUS, OWNER_ROOT, OWNER_USER, STRANGER_ROOT
from harness.digests import content_md5
from harness.expect import DENIED, answered, no_identity_policy, refused
from harness.policies import allow, arn, policy, principal_of
from harness.sigv4 import Request, presign
from harness.versions import delete, enable, put
from harness.wire import ask, exchange, host_of
from test_post_forms import form_of, outcome, post, send
from urllib3.filepost import encode_multipart_formdata

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
    made = answered(ask(server, "PUT", "/of-the-old-name", OWNER_ROOT, document), 200)
    assert made.header("location") == f"http://of-the-old-name.{host_of(server)}/"
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


def test_what_is_not_built_is_refused_first_to_those_who_may_not(server, stored, owner_root):
    requests = [("GET", "?cors", "s3:GetBucketCORS"), ("PUT", "?tagging", "s3:PutBucketTagging"),
                ("DELETE", "?lifecycle", "s3:PutLifecycleConfiguration"), ("GET", "/k?retention", "s3:GetObjectRetention")]  # fmt: skip
    for method, query, action in requests:
        body = b"<x/>" if method == "PUT" else b""

        def call(caller, method=method, query=query, body=body):
            return ask(server, method, f"/{stored}{query}", caller, body)

        resource = arn(f"{stored}/k" if query.startswith("/") else stored)
        answered(call(OWNER_USER), 403, "AccessDenied", no_identity_policy(OWNER_USER, action, resource))
        for caller in (None, STRANGER_ROOT):
            answered(call(caller), 403, "AccessDenied", DENIED)
        answered(call(OWNER_ROOT), 501, "NotImplemented")
    granted = allow(principal_of(STRANGER_ROOT), "s3:GetBucketCORS", stored)
    owner_root.put_bucket_policy(Bucket=stored, Policy=policy(granted))
    answered(ask(server, "GET", f"/{stored}?cors", STRANGER_ROOT), 501, "NotImplemented")


def test_a_malformed_batch_is_refused_before_its_digest(server, stored):
    wrong = [("Content-MD5", content_md5(b"other"))]
    for body, code in ((b"<x/>", "MalformedXML"), (b"<Delete><Object><Key>k</Key></Object></Delete>", "BadDigest")):
        answered(ask(server, "POST", f"/{stored}?delete", OWNER_ROOT, body, wrong), 400, code)


def test_a_plus_in_a_copy_source_is_a_space(server, bucket, owner_root):
    for key in ("a b", "a+b"):
        owner_root.put_object(Bucket=bucket, Key=key, Body=key.encode())
    for source, copied in (("a+b", b"a b"), ("a%20b", b"a b"), ("a%2Bb", b"a+b")):
        headers = [("x-amz-copy-source", f"{bucket}%2F{source}")]
        answered(ask(server, "PUT", f"/{bucket}/copy", OWNER_ROOT, headers=headers), 200)
        assert owner_root.get_object(Bucket=bucket, Key="copy")["Body"].read() == copied


# Presigned URLs and forms


def test_conditions_in_a_presigned_url_count(server, bucket):
    request = Request("PUT", f"/{bucket}/k?If-None-Match=%2A", [("Content-Length", "0")])
    presign(request, OWNER_ROOT, host_of(server))
    request.set("Content-Length", "0")
    answered(exchange(server, request), 200)
    answered(exchange(server, request), 412, "PreconditionFailed", Condition="If-None-Match")


def test_a_body_beside_a_presigned_get_is_passed_over(server, stored):
    request = Request("GET", f"/{stored}/k")
    presign(request, OWNER_ROOT, host_of(server))
    request.body = b"get body is ignored by AWS"
    request.set("Content-Length", str(len(request.body)))
    assert answered(exchange(server, request), 200).body == b"bytes"


@pytest.mark.parametrize(
    "condition", [["eq", "success_action_redirect", "http://localhost/x"], ["content-length-range", "test", "10"]]
)
def test_conditions_that_no_form_meets(bucket, owner_root, condition):
    form = form_of(owner_root, bucket, conditions=[condition])
    shown = json.dumps(condition)
    message = f"Invalid according to Policy: Policy Condition failed: {shown}"
    assert outcome(post(form)) == (403, "AccessDenied", message)


def test_a_file_without_a_name_leaves_the_word_for_it(bucket, owner_root):
    form = form_of(owner_root, bucket, "dir/${filename}")
    body, content_type = encode_multipart_formdata([*form["fields"].items(), ("file", "bytes")])
    assert send(form["url"], body, content_type).status == 204
    assert owner_root.get_object(Bucket=bucket, Key="dir/${filename}")["Body"].read() == b"bytes"
