"""IAM and STS on the endpoint of S3: which requests are calls, and how a call is refused."""

import re

import pytest
from harness.callers import OWNER_ROOT, Caller
from harness.expect import refused
from harness.wire import ask

FORM = (("content-type", "application/x-www-form-urlencoded"),)
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}"


def call(server, method="POST", target="/", body=b"", headers=FORM):
    return ask(server, method, target, body=body, headers=headers)


def test_an_error_has_the_form_of_the_service(server):
    answer = call(server, body=b"Action=GetUser&Version=2010-05-08")
    assert answer.status == 403 and answer.header("content-type") == "text/xml"
    text = answer.body.decode()
    assert re.fullmatch(
        r'<ErrorResponse xmlns="https://iam\.amazonaws\.com/doc/2010-05-08/"><Error><Type>Sender</Type>'
        r"<Code>MissingAuthenticationToken</Code><Message>Request is missing Authentication Token</Message></Error>"
        rf"<RequestId>{UUID}</RequestId></ErrorResponse>",
        text,
    ), text
    assert answer.element("RequestId") == answer.header("x-amzn-requestid")


@pytest.mark.parametrize(
    "form, code, message",
    [
        (b"Action=Nope&Version=2010-05-08", "InvalidAction", "Could not find operation Nope for version 2010-05-08"),
        (b"Action=GetUser", "InvalidAction", "Could not find operation GetUser for version NO_VERSION_SPECIFIED"),
    ],
)
def test_what_is_no_call_is_told_before_the_signature(server, form, code, message):
    answer = call(server, body=form)
    assert (answer.status, answer.code) == (400, code), answer
    assert answer.message == message
    answer = call(server, "GET", "/?" + form.decode(), headers=())
    assert (answer.status, answer.code) == (400, code), answer


def test_a_form_that_cannot_be_read_is_refused(server):
    answer = call(server, body=b"Action=GetUser&x=%ff")
    assert (answer.status, answer.code) == (400, "MalformedQueryString"), answer


def test_the_root_of_the_endpoint_stays_s3s(server):
    # Without an action, and without a signature for another service.
    answer = call(server, body=b"a=b")
    assert (answer.status, answer.code) == (405, "MethodNotAllowed")
    assert answer.header("x-amz-request-id")
    assert server.client(OWNER_ROOT).list_buckets()["Owner"]


def test_a_body_beyond_its_bound_is_refused(server):
    answer = call(server, body=b"Action=GetUser&x=" + b"x" * (1024 * 1024))
    assert (answer.status, answer.code) == (413, "RequestEntityTooLarge")


def test_unknown_keys_and_wrong_secrets_have_iams_codes(server):
    nobody = Caller("1" * 12, "", "AKIANOBODY0000000000", "secret")
    refused(
        lambda: server.client(nobody, "iam").list_users(),
        403,
        "InvalidClientTokenId",
        "The security token included in the request is invalid.",
    )
    wrong = Caller(OWNER_ROOT.account, "", OWNER_ROOT.access_key, "wrong")
    refused(lambda: server.client(wrong, "iam").list_users(), 403, "SignatureDoesNotMatch")


def test_parameters_out_of_bounds_are_named(server):
    iam = server.client(OWNER_ROOT, "iam", parameter_validation=False)
    refused(
        lambda: iam.create_user(UserName="a/b", Path="no"),
        400,
        "ValidationError",
        "2 validation errors detected: Value 'no' at 'path' failed to satisfy constraint: Member must satisfy regular "
        r"expression pattern: (\u002F)|(\u002F[\u0021-\u007E]+\u002F); Value 'a/b' at 'userName' failed to satisfy "
        r"constraint: Member must satisfy regular expression pattern: [\w+=,.@-]+",
    )
    refused(
        lambda: iam.list_users(MaxItems=1001),
        400,
        "ValidationError",
        "1 validation error detected: Value '1001' at 'maxItems' failed to satisfy constraint: "
        "Member must have value less than or equal to 1000",
    )
