"""PutBucketPolicy, GetBucketPolicy, DeleteBucketPolicy, GetBucketPolicyStatus: who may, and what is answered."""

import json

import pytest
from harness.callers import (
    ANONYMOUS,
    OWNER_ACCOUNT,
    OWNER_ADMIN,
    OWNER_ROOT,
    OWNER_USER,
    STRANGER_ACCOUNT,
    STRANGER_ADMIN,
    STRANGER_ROOT,
    STRANGER_USER,
)
from harness.digests import ALGORITHMS, checksum, content_md5, header
from harness.expect import DENIED, answered, denial, no_identity_policy, refused
from harness.policies import allow, arn, deny, policy, principal_of
from harness.wire import ask

THREE = ["s3:PutBucketPolicy", "s3:GetBucketPolicy", "s3:DeleteBucketPolicy"]
ALL_FOUR = [*THREE, "s3:GetBucketPolicyStatus"]
CALLS = {
    "put": ("s3:PutBucketPolicy", lambda client, bucket: client.put_bucket_policy(Bucket=bucket, Policy=harmless(bucket))),
    "get": ("s3:GetBucketPolicy", lambda client, bucket: client.get_bucket_policy(Bucket=bucket)),
    "delete": ("s3:DeleteBucketPolicy", lambda client, bucket: client.delete_bucket_policy(Bucket=bucket)),
    "status": ("s3:GetBucketPolicyStatus", lambda client, bucket: client.get_bucket_policy_status(Bucket=bucket)),
}
three_operations = pytest.mark.parametrize("operation", ["put", "get", "delete"])
four_operations = pytest.mark.parametrize("operation", CALLS)


def harmless(bucket):
    return policy(allow(principal_of(STRANGER_ROOT), "s3:GetObject", f"{bucket}/*"))


def call(operation, client, bucket):
    return CALLS[operation][1](client, bucket)


def status_of(response):
    return response["ResponseMetadata"]["HTTPStatusCode"]


# Answers


def test_success_answers(server, bucket):
    body = harmless(bucket).encode()
    put = answered(ask(server, "PUT", f"/{bucket}?policy", OWNER_ROOT, body), 204)
    assert (put.body, put.header("content-length"), put.header("content-type")) == (b"", None, None)
    assert put.header("x-amz-request-id") and put.header("x-amz-id-2") and put.header("server") == "AmazonS3"
    got = answered(ask(server, "GET", f"/{bucket}?policy", OWNER_ROOT), 200)
    assert (json.loads(got.body), got.header("content-type")) == (json.loads(body), "application/json")
    status = answered(ask(server, "GET", f"/{bucket}?policyStatus", OWNER_ROOT), 200)
    assert status.body == (
        b'<?xml version="1.0" encoding="UTF-8"?>\n'
        b'<PolicyStatus xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsPublic>false</IsPublic></PolicyStatus>'
    )
    for _ in range(2):
        deleted = answered(ask(server, "DELETE", f"/{bucket}?policy", OWNER_ROOT), 204)
        assert deleted.body == b""


@pytest.mark.parametrize("operation", ["get", "status"])
def test_no_policy_is_404(bucket, owner_root, operation):
    refused(
        lambda: call(operation, owner_root, bucket),
        404, "NoSuchBucketPolicy", "The bucket policy does not exist", BucketName=bucket,
    )  # fmt: skip


@four_operations
def test_missing_bucket_is_404_for_everyone(server, operation):
    for caller in (OWNER_ROOT, OWNER_USER, STRANGER_ROOT, ANONYMOUS):
        refused(
            lambda: call(operation, server.client(caller), "no-such-bucket"),
            404, "NoSuchBucket", "The specified bucket does not exist", BucketName="no-such-bucket",
        )  # fmt: skip


# Who may


@four_operations
def test_without_permission_403(server, bucket, owner_root, operation):
    owner_root.put_bucket_policy(Bucket=bucket, Policy=harmless(bucket))
    action = CALLS[operation][0]
    for caller, message in (
        (OWNER_USER, no_identity_policy(OWNER_USER, action, arn(bucket))),
        (STRANGER_ROOT, DENIED),
        (STRANGER_ADMIN, DENIED),
        (STRANGER_USER, DENIED),
        (ANONYMOUS, DENIED),
    ):
        refused(lambda: call(operation, server.client(caller), bucket), 403, "AccessDenied", message)


@four_operations
def test_owner_user_with_permission_succeeds(server, bucket, owner_root, operation):
    granted = policy(allow(principal_of(OWNER_USER), ALL_FOUR, bucket))
    for caller in (OWNER_ADMIN, OWNER_USER):
        owner_root.put_bucket_policy(Bucket=bucket, Policy=granted)
        assert status_of(call(operation, server.client(caller), bucket)) == (204 if operation in ("put", "delete") else 200)


@three_operations
@pytest.mark.parametrize("caller", [STRANGER_ROOT, STRANGER_ADMIN])
def test_permitted_foreign_identity_gets_405(server, bucket, owner_root, operation, caller):
    owner_root.put_bucket_policy(Bucket=bucket, Policy=policy(allow({"AWS": STRANGER_ACCOUNT}, ALL_FOUR, bucket)))
    before = owner_root.get_bucket_policy(Bucket=bucket)["Policy"]
    refused(
        lambda: call(operation, server.client(caller), bucket),
        405, "MethodNotAllowed", "The specified method is not allowed against this resource.",
        Method={"put": "PUT", "get": "GET", "delete": "DELETE"}[operation], ResourceType="BUCKETPOLICY",
    )  # fmt: skip
    assert owner_root.get_bucket_policy(Bucket=bucket)["Policy"] == before


@three_operations
def test_permitted_anonymous_gets_405(bucket, owner_root, anonymous, operation):
    owner_root.put_bucket_policy(Bucket=bucket, Policy=policy(allow("*", ALL_FOUR, bucket)))
    refused(lambda: call(operation, anonymous, bucket), 405, "MethodNotAllowed")


def test_foreign_user_without_identity_allow_gets_403_not_405(bucket, owner_root, stranger_user):
    owner_root.put_bucket_policy(Bucket=bucket, Policy=policy(allow(principal_of(STRANGER_USER), ALL_FOUR, bucket)))
    refused(lambda: stranger_user.get_bucket_policy(Bucket=bucket), 403, "AccessDenied", DENIED)


def test_permitted_foreign_identity_reads_the_policy_status(bucket, owner_root, stranger_root):
    owner_root.put_bucket_policy(
        Bucket=bucket, Policy=policy(allow(principal_of(STRANGER_ROOT), "s3:GetBucketPolicyStatus", bucket))
    )
    assert stranger_root.get_bucket_policy_status(Bucket=bucket)["PolicyStatus"] == {"IsPublic": False}


# The root user of the owner's account


@pytest.mark.parametrize("principal", ["*", principal_of(OWNER_ROOT), {"AWS": OWNER_ACCOUNT}], ids=str)
@pytest.mark.parametrize("confirm", [None, True, False])
def test_owner_root_is_never_refused_by_the_policy(bucket, owner_root, owner_admin, principal, confirm):
    locked = policy(deny(principal, ALL_FOUR, bucket))
    flag = {} if confirm is None else {"ConfirmRemoveSelfBucketAccess": confirm}
    owner_root.put_bucket_policy(Bucket=bucket, Policy=locked, **flag)
    assert json.loads(owner_root.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"][0]["Effect"] == "Deny"
    for operation in ("put", "get", "delete"):
        refused(lambda: call(operation, owner_admin, bucket), 403, "AccessDenied")
    owner_root.put_bucket_policy(Bucket=bucket, Policy=locked, **flag)
    owner_root.delete_bucket_policy(Bucket=bucket)
    owner_admin.put_bucket_policy(Bucket=bucket, Policy=harmless(bucket))


def test_owner_root_put_get_delete_and_nothing_else_despite_deny(bucket, owner_root):
    owner_root.put_object(Bucket=bucket, Key="k", Body=b"")
    owner_root.put_bucket_policy(Bucket=bucket, Policy=policy(deny("*", "s3:*", bucket, f"{bucket}/*")))
    explicit = "with an explicit deny in a resource-based policy"
    for denied, action, resource in (
        (lambda: owner_root.get_bucket_policy_status(Bucket=bucket), "s3:GetBucketPolicyStatus", bucket),
        (lambda: owner_root.get_public_access_block(Bucket=bucket), "s3:GetBucketPublicAccessBlock", bucket),
        (lambda: owner_root.list_objects_v2(Bucket=bucket), "s3:ListBucket", bucket),
        (lambda: owner_root.get_object(Bucket=bucket, Key="k"), "s3:GetObject", f"{bucket}/k"),
        (lambda: owner_root.delete_object(Bucket=bucket, Key="k"), "s3:DeleteObject", f"{bucket}/k"),
        (lambda: owner_root.delete_bucket(Bucket=bucket), "s3:DeleteBucket", bucket),
    ):
        refused(denied, 403, "AccessDenied", denial(OWNER_ROOT, action, arn(resource), explicit))
    owner_root.delete_bucket_policy(Bucket=bucket)
    owner_root.delete_object(Bucket=bucket, Key="k")


def test_a_policy_that_locks_its_writer_out_is_stored(bucket, owner_root, owner_admin):
    owner_admin.put_bucket_policy(Bucket=bucket, Policy=policy(deny(principal_of(OWNER_ADMIN), THREE, bucket)))
    message = denial(
        OWNER_ADMIN, "s3:DeleteBucketPolicy", arn(bucket), "with an explicit deny in a resource-based policy"
    )
    refused(lambda: owner_admin.delete_bucket_policy(Bucket=bucket), 403, "AccessDenied", message)
    owner_root.delete_bucket_policy(Bucket=bucket)
    owner_admin.delete_bucket_policy(Bucket=bucket)


# x-amz-expected-bucket-owner


@four_operations
def test_expected_owner_must_be_the_owner(server, bucket, owner_root, operation):
    owner_root.put_bucket_policy(Bucket=bucket, Policy=harmless(bucket))
    method = {"put": "PUT", "get": "GET", "delete": "DELETE", "status": "GET"}[operation]
    target = f"/{bucket}?{'policyStatus' if operation == 'status' else 'policy'}"
    body = harmless(bucket).encode() if operation == "put" else b""

    def expecting(account):
        return ask(server, method, target, OWNER_ROOT, body, [("x-amz-expected-bucket-owner", account)])

    answered(expecting(STRANGER_ACCOUNT), 403, "AccessDenied", DENIED)
    for wrong in ("0000", "0000000000020", "abcd", "aa000000000$", "invalid"):
        answered(
            expecting(wrong),
            400, "InvalidBucketOwnerAWSAccountID",
            f"The value of the expected bucket owner parameter must be an AWS Account ID... [{wrong}]",
        )  # fmt: skip
    assert json.loads(owner_root.get_bucket_policy(Bucket=bucket)["Policy"]) == json.loads(harmless(bucket))
    assert expecting(OWNER_ACCOUNT).status in (200, 204)


# Integrity of the body


def put_policy(server, bucket, headers, **signing):
    return ask(server, "PUT", f"/{bucket}?policy", OWNER_ROOT, harmless(bucket).encode(), headers, **signing)


def test_no_checksum_is_needed(server, bucket):
    answered(put_policy(server, bucket, []), 204)
    answered(put_policy(server, bucket, [], payload="UNSIGNED-PAYLOAD"), 204)


def test_content_md5_is_verified(server, bucket, owner_root):
    right = content_md5(harmless(bucket).encode())
    answered(put_policy(server, bucket, [("Content-MD5", right)]), 204)
    owner_root.delete_bucket_policy(Bucket=bucket)
    answered(
        put_policy(server, bucket, [("Content-MD5", content_md5(b"other"))]),
        400, "BadDigest", "The Content-MD5 you specified did not match what we received.",
    )  # fmt: skip
    answered(
        put_policy(server, bucket, [("Content-MD5", "not base64")]),
        400, "InvalidDigest", "The Content-MD5 you specified was invalid.", Content__MD5="not base64",
    )  # fmt: skip
    refused(lambda: owner_root.get_bucket_policy(Bucket=bucket), 404, "NoSuchBucketPolicy")


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_each_checksum_is_verified(server, bucket, owner_root, algorithm):
    name, right = header(algorithm), checksum(algorithm, harmless(bucket).encode())
    answered(put_policy(server, bucket, [(name, right), ("x-amz-sdk-checksum-algorithm", algorithm)]), 204)
    answered(put_policy(server, bucket, [(name, right)]), 204)
    owner_root.delete_bucket_policy(Bucket=bucket)
    answered(
        put_policy(server, bucket, [(name, checksum(algorithm, b"other"))]),
        400, "BadDigest", f"The {algorithm} you specified did not match the calculated checksum.",
    )  # fmt: skip
    for malformed in ("AA==", "not base64"):
        answered(
            put_policy(server, bucket, [(name, malformed)]),
            400, "InvalidRequest", f"Value for {name} header is invalid.",
        )  # fmt: skip
    refused(lambda: owner_root.get_bucket_policy(Bucket=bucket), 404, "NoSuchBucketPolicy")


def test_named_algorithm_needs_a_checksum(server, bucket):
    answered(
        put_policy(server, bucket, [("x-amz-sdk-checksum-algorithm", "CRC32")]),
        400, "InvalidRequest",
        "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
    )  # fmt: skip


def test_individual_checksum_rules_over_the_named_algorithm(server, bucket):
    """ "If you provide an individual checksum, Amazon S3 ignores any provided ChecksumAlgorithm parameter." """
    right = checksum("SHA256", harmless(bucket).encode())
    headers = [(header("SHA256"), right), ("x-amz-sdk-checksum-algorithm", "CRC32")]
    answered(put_policy(server, bucket, headers), 204)
    headers = [(header("SHA256"), checksum("SHA256", b"other")), ("x-amz-sdk-checksum-algorithm", "CRC32")]
    answered(put_policy(server, bucket, headers), 400, "BadDigest")


def test_one_checksum_only_and_of_a_known_kind(server, bucket):
    body = harmless(bucket).encode()
    two = [(header(name), checksum(name, body)) for name in ("CRC32", "SHA256")]
    answered(
        put_policy(server, bucket, two),
        400, "InvalidRequest", "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
    )  # fmt: skip
    answered(
        put_policy(server, bucket, [("x-amz-checksum-foo", "AAAAAA==")]),
        400, "InvalidRequest", "The algorithm type you specified in x-amz-checksum- header is invalid.",
    )  # fmt: skip


def test_payload_hash_beats_a_wrong_checksum(server, bucket, owner_root):
    mismatch = put_policy(server, bucket, [(header("CRC32"), "AAAAAA==")], payload="0" * 64)
    answered(
        mismatch,
        400, "XAmzContentSHA256Mismatch",
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
        ClientComputedContentSHA256="0" * 64,
        S3ComputedContentSHA256=ALGORITHMS["SHA256"](harmless(bucket).encode()).hex(),
    )  # fmt: skip
    refused(lambda: owner_root.get_bucket_policy(Bucket=bucket), 404, "NoSuchBucketPolicy")


@pytest.mark.parametrize("algorithm", ["CRC32", "SHA1", "SHA256"])
def test_the_sdk_sends_the_checksum_it_is_asked_for(bucket, owner_root, algorithm):
    owner_root.put_bucket_policy(Bucket=bucket, Policy=harmless(bucket), ChecksumAlgorithm=algorithm)
    assert json.loads(owner_root.get_bucket_policy(Bucket=bucket)["Policy"]) == json.loads(harmless(bucket))
