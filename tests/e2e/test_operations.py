"""Every operation of S3's model is recognised; what is not built answers 501, and is never mistaken for another."""

import pathlib

import botocore.session
import pytest
from botocore.exceptions import ClientError
from harness.callers import ANONYMOUS, OWNER_ROOT, STRANGER_ROOT
from harness.expect import answered, assert_error_form
from harness.wire import ask

MODEL = botocore.session.get_session().get_service_model("s3")

README = pathlib.Path(__file__).parents[2] / "README.md"


def operations_of_the_readme():
    """What this server does, by the table of the README, which a test of the server compares with the dispatcher."""
    _, _, table = README.read_text().partition("<!-- operations")
    rows, _, _ = table.partition("| not yet")
    names = {name for row in rows.splitlines()[4:] for name in row.strip("| ").rpartition("| ")[2].split(", ")}
    assert "PutBucketPolicy" in names
    # The browser form is no operation of the SDKs.
    return names - {"", "PostObject"}


IMPLEMENTED = operations_of_the_readme()
# Operations of other endpoints: here their requests mean something else (facts: s3-behaviour.md 2.2).
ELSEWHERE = {
    "CreateSession",  # `?session` is an unknown parameter: ListObjects
    "ListDirectoryBuckets",  # the same request as ListBuckets
    "WriteGetObjectResponse",  # a bucket that cannot have that name
}


def minimal(shape, bucket):
    """The least that the SDK accepts for a shape."""
    if shape.type_name == "structure":
        required = shape.required_members or list(shape.members)[:1]
        return {name: minimal(shape.members[name], bucket) for name in required}
    if shape.type_name == "list":
        return [minimal(shape.member, bucket)]
    if shape.type_name == "map":
        return {}
    if shape.type_name == "string":
        if shape.enum:
            return shape.enum[0]
        return {"BucketName": bucket, "ObjectKey": "k", "CopySource": f"{bucket}/k"}.get(shape.name, "x" * shape.metadata.get("min", 1))
    return {"integer": 1, "long": 1, "boolean": True, "timestamp": 0, "blob": b""}[shape.type_name]


@pytest.fixture(scope="module")
def kept(server):
    """A bucket with one object that no unbuilt operation may touch."""
    owner = server.client(OWNER_ROOT)
    owner.create_bucket(Bucket="operations")
    owner.put_object(Bucket="operations", Key="k", Body=b"bytes")
    return "operations"


def call(client, operation, bucket):
    shape = MODEL.operation_model(operation).input_shape
    parameters = minimal(shape, bucket) if shape and shape.required_members else {}
    return client._make_api_call(operation, parameters)


@pytest.mark.parametrize("operation", sorted(set(MODEL.operation_names) - IMPLEMENTED - ELSEWHERE))
def test_unbuilt_operations_answer_501(server, kept, operation):
    owner = server.client(OWNER_ROOT)
    with pytest.raises(ClientError) as raised:
        call(owner, operation, kept)
    response = raised.value.response
    got = (response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"])
    assert got == (501, "NotImplemented"), response
    assert response["Error"]["Message"]
    assert [entry["Key"] for entry in owner.list_objects_v2(Bucket=kept)["Contents"]] == ["k"]
    assert owner.get_object(Bucket=kept, Key="k")["Body"].read() == b"bytes"


def test_the_model_has_what_is_implemented():
    assert len(MODEL.operation_names) == 111 and IMPLEMENTED | ELSEWHERE <= set(MODEL.operation_names)


def test_operations_of_other_endpoints(server, kept):
    assert b"<ListBucketResult" in answered(ask(server, "GET", f"/{kept}?session", OWNER_ROOT), 200).body
    answered(ask(server, "POST", "/WriteGetObjectResponse", OWNER_ROOT), 400, "InvalidBucketName")
    answered(
        ask(server, "PUT", f"/{kept}/new?renameObject", OWNER_ROOT, headers=[("x-amz-rename-source", "k")]),
        501, "NotImplemented",
    )  # fmt: skip


def test_conflicting_subresources(server, kept):
    for caller in (OWNER_ROOT, None):
        answered(
            ask(server, "GET", f"/{kept}?policy&acl", caller),
            400, "InvalidArgument", "Conflicting query string parameters: acl, policy",
            ArgumentName="ResourceType", ArgumentValue="acl",
        )  # fmt: skip


@pytest.mark.parametrize("query", ["policy", "acl", "tagging", "versioning", "cors"])
def test_head_with_a_subresource_is_405(server, kept, query):
    for bucket in (kept, "no-such-bucket"):
        answer = ask(server, "HEAD", f"/{bucket}?{query}", OWNER_ROOT)
        assert (answer.status, answer.body) == (405, b"")
        assert answer.header("allow")


def test_head_with_an_unknown_name_is_head_bucket(server, kept):
    answered(ask(server, "HEAD", f"/{kept}?foo", OWNER_ROOT), 200)


@pytest.mark.parametrize(
    "method, target, resource",
    [
        ("PUT", "/", "SERVICE"),
        ("DELETE", "/", "SERVICE"),
        ("POST", "/{bucket}?policy", "BUCKETPOLICY"),
        ("PUT", "/{bucket}?policyStatus", "POLICY_STATUS"),
        ("POST", "/{bucket}?cors", "CORS"),
        ("PUT", "/{bucket}?location", "LOCATION"),
        ("POST", "/{bucket}?publicAccessBlock", "PUBLIC_ACCESS_BLOCK"),
        ("POST", "/{bucket}/k", "OBJECT"),
        ("PATCH", "/{bucket}/k", "OBJECT"),
        ("POST", "/{bucket}/k?tagging", "OBJECT_TAGGING"),
        ("PUT", "/{bucket}/k?uploadId=x", "UPLOAD"),
    ],
)
def test_wrong_method_is_405(server, kept, method, target, resource):
    answer = ask(server, method, target.format(bucket=kept), OWNER_ROOT)
    answered(
        answer,
        405, "MethodNotAllowed", "The specified method is not allowed against this resource.",
        Method=method, ResourceType=resource,
    )  # fmt: skip
    assert answer.header("allow")


@pytest.mark.parametrize("query", ["policy", "location", "cors", "versioning"])
def test_bucket_subresources_on_a_key_answer_for_the_bucket(server, kept, query):
    on_key = ask(server, "GET", f"/{kept}/k?{query}", OWNER_ROOT)
    on_bucket = ask(server, "GET", f"/{kept}?{query}", OWNER_ROOT)
    assert (on_key.status, on_key.code) == (on_bucket.status, on_bucket.code)
    assert on_key.body[:60] == on_bucket.body[:60]


def test_selectors_with_and_without_value_are_the_same_and_case_matters(server, kept):
    for query in ("policy", "policy=", "policy=x"):
        answered(ask(server, "GET", f"/{kept}?{query}", OWNER_ROOT), 404, "NoSuchBucketPolicy")
    assert b"<ListBucketResult" in ask(server, "GET", f"/{kept}?Policy", OWNER_ROOT).body


@pytest.mark.parametrize(
    "target, message",
    [
        ("/{bucket}?partNumber=1", "Object must have a valid key name."),
        ("/{bucket}?uploadId=x", "A key must be specified"),
    ],
)
def test_object_parameters_on_a_bucket(server, kept, target, message):
    answered(ask(server, "GET", target.format(bucket=kept), OWNER_ROOT), 400, "InvalidRequest", message)


def test_version_id_on_a_bucket(server, kept):
    answered(
        ask(server, "GET", f"/{kept}?versionId=x", OWNER_ROOT),
        400, "InvalidArgument", "This operation does not accept a version-id.",
    )  # fmt: skip


def test_body_where_none_belongs(server, kept):
    answer = ask(server, "GET", f"/{kept}/k", OWNER_ROOT, b"body", [("Content-Length", "4")])
    answered(answer, 400, "UnexpectedContent", "This request does not support content")


def test_a_method_http_does_not_know(server, kept):
    answer = ask(server, "BREW", f"/{kept}/k", OWNER_ROOT)
    answered(answer, 400, "BadRequest", "An error occurred when parsing the HTTP request.")


def test_unbuilt_operations_are_no_way_around_the_decision(server, kept):
    """Whoever may not do it learns no more than that."""
    for caller in (STRANGER_ROOT, ANONYMOUS):
        answer = ask(server, "PUT", f"/{kept}?acl", caller if caller.account else None, b"<x/>")
        assert answer.status in (403, 501), answer
        assert_error_form(answer)


def test_health(server):
    assert ask(server, "GET", "/_buckler/health").status == 200
