"""What is accepted as a policy, what is refused, and what comes back."""

import json
import pathlib

import pytest
from harness.callers import OWNER_ROOT, STRANGER_ROOT
from harness.expect import answered, refused
from harness.policies import allow, deny, policy, principal_of
from harness.wire import ask

VECTORS = json.loads((pathlib.Path(__file__).parent.parent / "vectors" / "malformed-policies.json").read_text())
BUCKET = VECTORS["meta"]["bucket"]
LIMIT_BYTES = 20480


@pytest.fixture(scope="module")
def example_bucket(server):
    """The bucket of the vectors."""
    owner = server.client(OWNER_ROOT)
    owner.create_bucket(Bucket=BUCKET)
    owner.delete_public_access_block(Bucket=BUCKET)
    return BUCKET


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_recorded_answers(server, example_bucket, case):
    server.client(OWNER_ROOT).delete_bucket_policy(Bucket=example_bucket)
    body = case["body"].encode("utf-8", "surrogatepass")
    answer = ask(server, "PUT", f"/{example_bucket}?policy", OWNER_ROOT, body)
    expected = case["expected"]
    # A code that is recorded with a message nobody saw stands by its code alone.
    message = None if "message_status" in case else expected.get("message")
    answered(answer, expected["http_status"], expected.get("code"), message)
    stored = ask(server, "GET", f"/{example_bucket}?policy", OWNER_ROOT)
    if expected["http_status"] == 204:
        assert stored.status == 200
        if "get_bucket_policy_body" in expected:
            assert stored.body.decode() == expected["get_bucket_policy_body"]
    else:
        answered(stored, 404, "NoSuchBucketPolicy")


def of_size(bucket, size):
    """A policy in normal form of exactly that many bytes."""
    def text(filler):
        granted = {"Sid": filler, **allow(principal_of(STRANGER_ROOT), "s3:GetObject", f"{bucket}/*")}
        return json.dumps({"Version": "2012-10-17", "Statement": [granted]}, separators=(",", ":"))

    return text("x" * (size - len(text(""))))


def test_limit_counts_the_normal_form(bucket, owner_root):
    largest = of_size(bucket, LIMIT_BYTES)
    assert len(largest) == LIMIT_BYTES
    owner_root.put_bucket_policy(Bucket=bucket, Policy=largest)
    assert owner_root.get_bucket_policy(Bucket=bucket)["Policy"] == largest
    spread = json.dumps(json.loads(largest), indent=400)
    assert len(spread) > LIMIT_BYTES
    owner_root.put_bucket_policy(Bucket=bucket, Policy=spread)
    assert owner_root.get_bucket_policy(Bucket=bucket)["Policy"] == largest


def test_over_the_limit_is_refused_and_the_old_policy_stays(bucket, owner_root):
    owner_root.put_bucket_policy(Bucket=bucket, Policy=of_size(bucket, 1000))
    refused(
        lambda: owner_root.put_bucket_policy(Bucket=bucket, Policy=of_size(bucket, LIMIT_BYTES + 1)),
        400, "MalformedPolicy", "Normalized policy document exceeds the maximum allowed size of 20480 bytes",
    )  # fmt: skip
    assert owner_root.get_bucket_policy(Bucket=bucket)["Policy"] == of_size(bucket, 1000)


def test_normal_form_orders_members_and_collapses_arrays(bucket, owner_root):
    sent = """{ "Statement": { "Condition": {"Bool": {"aws:SecureTransport": [false]}, "NumericLessThan": {"s3:signatureAge": 600000}},
        "Resource": ["arn:aws:s3:::%s/*"], "Action": ["s3:GetObject", "s3:PutObject"],
        "Principal": {"AWS": ["222222222222"]}, "Effect": "Allow", "Sid": "" }, "Id": "an id", "Version": "2012-10-17" }""" % bucket
    owner_root.put_bucket_policy(Bucket=bucket, Policy=sent)
    assert owner_root.get_bucket_policy(Bucket=bucket)["Policy"] == (
        '{"Version":"2012-10-17","Id":"an id","Statement":[{"Sid":"","Effect":"Allow",'
        '"Principal":{"AWS":"arn:aws:iam::222222222222:root"},"Action":["s3:GetObject","s3:PutObject"],'
        f'"Resource":"arn:aws:s3:::{bucket}/*",'
        '"Condition":{"Bool":{"aws:SecureTransport":"false"},"NumericLessThan":{"s3:signatureAge":"600000"}}}]}'
    )


def test_what_comes_back_can_be_put_again(bucket, owner_root):
    sent = policy(
        allow(principal_of(STRANGER_ROOT), ["s3:Get*", "s3:List*"], bucket, f"{bucket}/*"),
        deny("*", "s3:DeleteObject", f"{bucket}/keep/*"),
        Id="both",
    )
    owner_root.put_bucket_policy(Bucket=bucket, Policy=sent)
    first = owner_root.get_bucket_policy(Bucket=bucket)["Policy"]
    owner_root.put_bucket_policy(Bucket=bucket, Policy=first)
    assert owner_root.get_bucket_policy(Bucket=bucket)["Policy"] == first


def test_text_of_any_language_survives(bucket, owner_root):
    sent = {"Sid": "ä \"q\" \\ \u2028 日本 😀", **allow(principal_of(STRANGER_ROOT), "s3:GetObject", f"{bucket}/schlüssel/*")}
    owner_root.put_bucket_policy(Bucket=bucket, Policy=policy(sent))
    assert json.loads(owner_root.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"] == [sent]
