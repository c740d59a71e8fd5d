"""What an answer should be."""

import re

import pytest
from botocore.exceptions import ClientError

DENIED = "Access Denied"


def refused(call, status, code, message=None, **elements):
    """Calls; the SDK must raise with this status, code, message and further elements of the error."""
    with pytest.raises(ClientError) as raised:
        call()
    response = raised.value.response
    error = response["Error"]
    found = {name: error.get(name) for name in elements}
    got = (response["ResponseMetadata"]["HTTPStatusCode"], error["Code"], found)
    assert got == (status, code, elements), response
    if message is not None:
        assert error.get("Message") == message, response
    return response


def answered(answer, status, code=None, message=None, **elements):
    """The same for a raw answer."""
    found = {name: answer.element(name.replace("__", "-")) for name in elements}
    got = (answer.status, answer.code if status >= 300 else None, found)
    assert got == (status, code, elements), answer
    if message is not None:
        assert answer.message == message, answer
    if code:
        assert_error_form(answer)
    return answer


def assert_error_form(answer):
    """An error body as S3 writes it: no namespace, no Resource, ids equal to the headers."""
    text = answer.body.decode()
    assert re.match(r'(<\?xml version="1\.0" encoding="UTF-8"\?>\n)?<Error><Code>', text), text
    assert "<Resource>" not in text and "xmlns" not in text, text
    assert answer.header("content-type") == "application/xml", answer
    assert answer.element("RequestId") == answer.header("x-amz-request-id") is not None, answer
    assert answer.element("HostId") == answer.header("x-amz-id-2") is not None, answer


def denial(caller, action, resource, reason):
    """AccessDenied in AWS's words."""
    return f'User: {caller.arn} is not authorized to perform: {action} on resource: "{resource}" {reason}'


def no_identity_policy(caller, action, resource):
    return denial(caller, action, resource, f"because no identity-based policy allows the {action} action")
