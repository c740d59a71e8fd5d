"""Browser forms: POST on a bucket, with boto3's presigned policies."""

import json

import pytest
import urllib3
from harness.acls import canonical_id, set_ownership
from harness.callers import OWNER_ADMIN, OWNER_ROOT, OWNER_USER
from harness.expect import answered
from harness.sessions import own_session
from harness.wire import Answer
from urllib3.filepost import encode_multipart_formdata

ANSWER_OF_POLICY = "Invalid according to Policy: "


def send(url, body, content_type):
    answer = urllib3.request("POST", url, body=body, headers={"Content-Type": content_type}, redirect=False, retries=False)
    return Answer(answer.status, list(answer.headers.items()), answer.data)


def post(form, fields=None, body=b"bytes", name="cat.jpg", drop=(), files=1):
    """Sends the form with a file, as a browser does."""
    sent = [(field, value) for field, value in {**form["fields"], **(fields or {})}.items() if field not in drop]
    return send(form["url"], *encode_multipart_formdata([*sent, *[("file", (name, body))] * files]))


def outcome(answer):
    return answer.status, answer.code, answer.message


def form_of(client, bucket, key="a key", conditions=(), fields=None, seconds=60):
    return client.generate_presigned_post(
        bucket, key, Fields=dict(fields or {}), Conditions=[*({n: v} for n, v in (fields or {}).items()), *conditions],
        ExpiresIn=seconds,
    )  # fmt: skip


def test_a_form_writes_an_object(bucket, owner_root):
    answer = post(form_of(owner_root, bucket, "dir/${filename}", fields={"Content-Type": "image/jpeg", "x-amz-meta-a": "1"}))
    answered(answer, 204)
    stored = owner_root.get_object(Bucket=bucket, Key="dir/cat.jpg")
    assert stored["Body"].read() == b"bytes"
    assert (stored["ContentType"], stored["Metadata"]) == ("image/jpeg", {"a": "1"})
    assert answer.header("etag") == stored["ETag"] and answer.header("x-amz-checksum-type") == "FULL_OBJECT"
    assert answer.header("location").endswith(f"/{bucket}/dir/cat.jpg") and answer.header("x-amz-checksum-crc64nvme")
    assert answer.header("x-amz-server-side-encryption") == "AES256"


@pytest.mark.parametrize("size", [0, 1, 65_536, 65_537, 5_000_001])
def test_files_of_all_sizes_come_whole(bucket, owner_root, size):
    body = (b"--boundary\r\n-" * (size // 13 + 1))[:size]
    assert post(form_of(owner_root, bucket), body=body).status == 204
    assert owner_root.get_object(Bucket=bucket, Key="a key")["Body"].read() == body


def test_the_answer_that_was_asked_for(bucket, owner_root):
    created = post(form_of(owner_root, bucket, fields={"success_action_status": "201"}))
    assert created.status == 201 and created.header("content-type") == "application/xml"
    etag = owner_root.head_object(Bucket=bucket, Key="a key")["ETag"]
    assert [created.element(name) for name in ("Bucket", "Key", "ETag")] == [bucket, "a key", etag]
    assert created.element("Location") == created.header("location")
    empty = post(form_of(owner_root, bucket, fields={"success_action_status": "200"}))
    assert (empty.status, empty.body) == (200, b"")
    assert post(form_of(owner_root, bucket, fields={"success_action_status": "404"})).status == 204
    sent_on = post(form_of(owner_root, bucket, fields={"success_action_redirect": "http://example.com/x"}))
    assert sent_on.status == 303
    tag = etag.strip('"')
    assert sent_on.header("location") == f"http://example.com/x?bucket={bucket}&key=a%20key&etag=%22{tag}%22"
    assert post(form_of(owner_root, bucket, fields={"success_action_redirect": "nowhere"})).status == 204


def test_what_the_policy_does_not_allow(bucket, owner_root):
    form = form_of(owner_root, bucket, conditions=[["starts-with", "$x-amz-meta-a", "b"]])
    refused = 403, "AccessDenied"
    failed = 'Policy Condition failed: ["starts-with", "$x-amz-meta-a", "b"]'
    answered(post(form, {"x-amz-meta-a": "c"}), *refused, ANSWER_OF_POLICY + failed)
    extra = post(form, {"x-amz-meta-a": "b", "acl": "private"})
    assert outcome(extra) == (*refused, ANSWER_OF_POLICY + "Extra input fields: acl")
    expired = post(form_of(owner_root, bucket, seconds=-1))
    assert outcome(expired) == (*refused, ANSWER_OF_POLICY + "Policy expired.")
    assert "Contents" not in owner_root.list_objects_v2(Bucket=bucket)
    assert post(form, {"x-amz-meta-a": "bc"}).status == 204


def test_the_size_of_the_file(bucket, owner_root):
    form = form_of(owner_root, bucket, conditions=[["content-length-range", 2, 100_000]])
    small = post(form, body=b"1")
    assert outcome(small)[:2] == (400, "EntityTooSmall")
    assert (small.element("ProposedSize"), small.element("MinSizeAllowed")) == ("1", "2")
    large = post(form, body=b"1" * 300_000)
    assert outcome(large)[:2] == (400, "EntityTooLarge")
    assert (large.element("ProposedSize"), large.element("MaxSizeAllowed")) == ("300000", "100000")
    assert "Contents" not in owner_root.list_objects_v2(Bucket=bucket)
    assert post(form, body=b"1" * 100_000).status == 204


def test_the_signature(bucket, owner_root):
    form = form_of(owner_root, bucket)
    assert outcome(post(form, {"x-amz-signature": "0" * 64}))[:2] == (403, "SignatureDoesNotMatch")
    unknown = form["fields"]["x-amz-credential"].replace(OWNER_ROOT.access_key, "AKIANOBODY000000")
    assert outcome(post(form, {"x-amz-credential": unknown}))[:2] == (403, "InvalidAccessKeyId")
    elsewhere = form["fields"]["x-amz-credential"].replace("us-east-1", "a")
    wrong = post(form, {"x-amz-credential": elsewhere})
    assert outcome(wrong)[:2] == (400, "InvalidArgument") and wrong.element("ArgumentName") == "x-amz-credential"
    assert outcome(post(form, {"x-amz-algorithm": "x"})) == (400, "InvalidArgument", "Only AWS4-HMAC-SHA256 is supported")
    # AWS: the names as they stand in its messages, and an empty value, as recorded.
    for field in ("X-Amz-Signature", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Algorithm"):
        message = f"Bucket POST must contain a field named '{field}'.  If it is specified, please check the order of the fields."
        missing = post(form, drop=[field.lower()])
        assert outcome(missing) == (400, "InvalidArgument", message)
        assert (missing.element("ArgumentName"), missing.element("ArgumentValue")) == (field, "")
    missing = post(form, drop=["key"])
    assert outcome(missing)[:2] == (400, "InvalidArgument") and missing.element("ArgumentName") == "key"
    unsigned = {"url": form["url"], "fields": {name: form["fields"][name] for name in ("key", "policy")}}
    assert outcome(post(unsigned)) == (403, "AccessDenied", "Access Denied")
    assert "Contents" not in owner_root.list_objects_v2(Bucket=bucket)


def test_what_is_no_form(bucket, owner_root):
    form = form_of(owner_root, bucket)
    plain = send(form["url"], b"key=k", "application/x-www-form-urlencoded")
    assert outcome(plain)[:2] == (412, "PreconditionFailed")
    assert plain.element("Condition") == "Bucket POST must be of the enclosure-type multipart/form-data"
    nameless = b'--x\r\nContent-Disposition: form-data; name=""; filename="a"\r\n\r\n' + b"a" * 33_000 + b"\r\n--x--\r\n"
    broken_off = b'--x\r\nContent-Disposition: form-data; name="key"\r\n\r\nk'
    for broken in (b"", b"--x", b"--x\r\n\r\n", broken_off, nameless, nameless.replace(b'name=""; ', b"")):
        answer = send(form["url"], broken, "multipart/form-data; boundary=x")
        assert outcome(answer)[:2] == (400, "MalformedPOSTRequest"), broken
    no_file = post(form, files=0)
    assert outcome(no_file)[:2] == (400, "InvalidArgument") and no_file.element("ArgumentValue") == "0"
    two = post(form, files=2)
    assert outcome(two)[:2] == (400, "InvalidArgument") and two.element("ArgumentValue") == "2"
    much = post(form, {"x-ignore-me": "x" * 21_000})
    assert outcome(much)[:2] == (400, "MaxPostPreDataLengthExceededError")
    assert "Contents" not in owner_root.list_objects_v2(Bucket=bucket)


def test_who_may(server, bucket, owner_root, owner_user):
    """The bucket's policy decides as for PutObject, on what the form says."""
    arn = f"arn:aws:s3:::{bucket}/a key"
    refused = post(form_of(owner_user, bucket))
    assert outcome(refused)[:2] == (403, "AccessDenied")
    assert "s3:PutObject" in outcome(refused)[2] and OWNER_USER.arn in outcome(refused)[2]
    allow = {"Effect": "Allow", "Principal": "*", "Action": "s3:PutObject", "Resource": arn}
    by_form = {"StringEquals": {"s3:authType": "POST", "s3:x-amz-acl": "bucket-owner-full-control"}}
    owner_root.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [
        {**allow, "Condition": by_form}, {**allow, "Action": "s3:PutObjectAcl", "Condition": by_form}]}))  # fmt: skip
    assert outcome(post(form_of(owner_user, bucket)))[:2] == (403, "AccessDenied")
    form = form_of(owner_user, bucket, fields={"acl": "bucket-owner-full-control"})
    assert post(form).status == 204
    anonymous = {"url": form["url"], "fields": {"key": "a key"}}
    assert outcome(post(anonymous))[:2] == (403, "AccessDenied")
    owner_root.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [allow]}))
    assert post(anonymous).status == 204


def test_forms_have_acls(bucket, owner_root, anonymous, stranger_root):
    refused = post(form_of(owner_root, bucket, fields={"acl": "public-read"}))
    assert outcome(refused)[:2] == (400, "AccessControlListNotSupported")
    set_ownership(owner_root, bucket, "BucketOwnerPreferred")
    assert post(form_of(owner_root, bucket, fields={"acl": "public-read"})).status == 204
    assert anonymous.get_object(Bucket=bucket, Key="a key")["Body"].read() == b"bytes"
    owner_root.put_bucket_acl(Bucket=bucket, ACL="public-read-write")
    # The writer owns what it does not give away.
    assert post(form_of(stranger_root, bucket, "kept")).status == 204
    assert post(form_of(stranger_root, bucket, "given", fields={"acl": "bucket-owner-full-control"})).status == 204
    for key, owner in (("kept", stranger_root), ("given", owner_root)):
        listed = owner_root.list_objects(Bucket=bucket, Prefix=key)["Contents"][0]
        assert listed["Owner"]["ID"] == canonical_id(owner)
        assert owner.get_object(Bucket=bucket, Key=key)["Body"].read() == b"bytes"


def test_versions_tags_and_checksums(bucket, owner_root):
    owner_root.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    tags = "<Tagging><TagSet><Tag><Key>a</Key><Value>b c</Value></Tag></TagSet></Tagging>"
    answer = post(form_of(owner_root, bucket, fields={"tagging": tags, "x-amz-checksum-crc32": "BXg7pQ=="}))
    assert outcome(answer)[:2] == (400, "BadDigest")
    answer = post(form_of(owner_root, bucket, fields={"tagging": tags}))
    assert answer.status == 204
    version = answer.header("x-amz-version-id")
    assert owner_root.get_object_tagging(Bucket=bucket, Key="a key", VersionId=version)["TagSet"] == [{"Key": "a", "Value": "b c"}]
    assert outcome(post(form_of(owner_root, bucket, fields={"tagging": "<x/>"})))[:2] == (400, "MalformedXML")


def test_temporary_credentials(server, bucket, owner_root):
    caller = server.client(own_session(server, OWNER_ADMIN))
    form = form_of(caller, bucket)
    assert post(form).status == 204
    assert outcome(post(form, drop=["x-amz-security-token"]))[:2] == (403, "InvalidAccessKeyId")
