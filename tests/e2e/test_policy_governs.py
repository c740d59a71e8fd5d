"""The headline: a policy that is put is stored, and governs the next request."""

import pytest
from harness.callers import (
    ANONYMOUS,
    OWNER_ADMIN,
    OWNER_ROOT,
    OWNER_USER,
    STRANGER_ADMIN,
    STRANGER_ROOT,
    STRANGER_USER,
)
from harness.expect import DENIED, denial, no_identity_policy, refused
from harness.policies import allow, arn, deny, policy, principal_of


@pytest.fixture
def stored(bucket, owner_root):
    """A bucket with one object, `folder/key`."""
    owner_root.put_object(Bucket=bucket, Key="folder/key", Body=b"bytes")
    return bucket


def reads(client, bucket):
    return client.get_object(Bucket=bucket, Key="folder/key")["Body"].read()


@pytest.mark.parametrize(
    "caller, principal",
    [
        (OWNER_USER, principal_of(OWNER_USER)),
        (OWNER_USER, "*"),
        (OWNER_USER, {"AWS": "*"}),
        (STRANGER_ROOT, principal_of(STRANGER_ROOT)),
        (STRANGER_ROOT, {"AWS": "222222222222"}),
        (STRANGER_ROOT, "*"),
        (STRANGER_ADMIN, principal_of(STRANGER_ADMIN)),
        (STRANGER_ADMIN, {"AWS": "222222222222"}),
        (ANONYMOUS, "*"),
        (ANONYMOUS, {"AWS": "*"}),
    ],
)
def test_allow_governs_the_next_request(server, stored, owner_root, caller, principal):
    client = server.client(caller)
    refused(lambda: reads(client, stored), 403, "AccessDenied")
    owner_root.put_bucket_policy(Bucket=stored, Policy=policy(allow(principal, "s3:GetObject", f"{stored}/*")))
    assert reads(client, stored) == b"bytes"
    refused(lambda: client.put_object(Bucket=stored, Key="folder/key", Body=b""), 403, "AccessDenied")
    owner_root.delete_bucket_policy(Bucket=stored)
    refused(lambda: reads(client, stored), 403, "AccessDenied")
    assert reads(owner_root, stored) == b"bytes"


@pytest.mark.parametrize("caller", [OWNER_ROOT, OWNER_ADMIN])
def test_explicit_deny_beats_identity_and_root(server, stored, owner_root, caller):
    client = server.client(caller)
    assert reads(client, stored) == b"bytes"
    owner_root.put_bucket_policy(Bucket=stored, Policy=policy(deny("*", "s3:GetObject", f"{stored}/*")))
    message = denial(
        caller, "s3:GetObject", arn(f"{stored}/folder/key"), "with an explicit deny in a resource-based policy"
    )
    refused(lambda: reads(client, stored), 403, "AccessDenied", message)
    owner_root.delete_bucket_policy(Bucket=stored)
    assert reads(client, stored) == b"bytes"


def test_explicit_deny_beats_allow_in_the_same_policy(stored, owner_root, anonymous):
    both = policy(
        allow("*", "s3:GetObject", f"{stored}/*"),
        deny("*", "s3:GetObject", f"{stored}/folder/*"),
    )
    owner_root.put_object(Bucket=stored, Key="other", Body=b"other")
    owner_root.put_bucket_policy(Bucket=stored, Policy=both)
    assert anonymous.get_object(Bucket=stored, Key="other")["Body"].read() == b"other"
    refused(lambda: reads(anonymous, stored), 403, "AccessDenied", DENIED)


def test_account_principal_only_delegates_within_its_own_account(stored, owner_root, owner_user, owner_admin):
    owner_root.put_bucket_policy(
        Bucket=stored, Policy=policy(allow(principal_of(OWNER_ROOT), "s3:GetObject", f"{stored}/*"))
    )
    refused(lambda: reads(owner_user, stored), 403, "AccessDenied")
    assert reads(owner_admin, stored) == b"bytes"


def test_deny_on_the_account_hits_all_its_users(stored, owner_root, owner_admin):
    owner_root.put_bucket_policy(
        Bucket=stored, Policy=policy(deny(principal_of(OWNER_ROOT), "s3:GetObject", f"{stored}/*"))
    )
    refused(lambda: reads(owner_admin, stored), 403, "AccessDenied")


@pytest.mark.parametrize("principal", [principal_of(STRANGER_USER), {"AWS": "222222222222"}, "*"])
def test_foreign_user_needs_both_sides(stored, owner_root, stranger_user, principal):
    owner_root.put_bucket_policy(Bucket=stored, Policy=policy(allow(principal, "s3:GetObject", f"{stored}/*")))
    refused(lambda: reads(stranger_user, stored), 403, "AccessDenied", DENIED)


def test_foreign_user_with_identity_allow_needs_the_bucket_policy(stored, stranger_admin):
    refused(lambda: reads(stranger_admin, stored), 403, "AccessDenied", DENIED)


def test_same_account_user_without_any_allow_reads_why(stored, owner_user):
    message = no_identity_policy(OWNER_USER, "s3:GetObject", arn(f"{stored}/folder/key"))
    refused(lambda: reads(owner_user, stored), 403, "AccessDenied", message)


def test_identity_deny_beats_bucket_policy_allow(stored, owner_root, owner_denied):
    from harness.callers import OWNER_DENIED

    owner_root.put_bucket_policy(Bucket=stored, Policy=policy(allow("*", "s3:GetObject", f"{stored}/*")))
    response = refused(lambda: reads(owner_denied, stored), 403, "AccessDenied")
    message = denial(
        OWNER_DENIED, "s3:GetObject", arn(f"{stored}/folder/key"), "with an explicit deny in an identity-based policy"
    )
    # Since 2026 AWS may add the ARN of the policy.
    assert response["Error"]["Message"].split(", with policy ARN:")[0] == message


def test_anonymous_denial_is_plain(stored, anonymous):
    refused(lambda: reads(anonymous, stored), 403, "AccessDenied", DENIED)


def test_a_replaced_policy_is_replaced_as_a_whole(stored, owner_root, stranger_root):
    to_read = policy(allow(principal_of(STRANGER_ROOT), "s3:GetObject", f"{stored}/*"))
    to_list = policy(allow(principal_of(STRANGER_ROOT), "s3:ListBucket", stored))
    owner_root.put_bucket_policy(Bucket=stored, Policy=to_read)
    assert reads(stranger_root, stored) == b"bytes"
    owner_root.put_bucket_policy(Bucket=stored, Policy=to_list)
    refused(lambda: reads(stranger_root, stored), 403, "AccessDenied")
    assert stranger_root.list_objects_v2(Bucket=stored)["KeyCount"] == 1


def test_resource_pattern_confines_to_its_keys(stored, owner_root, stranger_root):
    owner_root.put_object(Bucket=stored, Key="folder/kex", Body=b"kex")
    owner_root.put_object(Bucket=stored, Key="folders", Body=b"folders")
    owner_root.put_bucket_policy(
        Bucket=stored, Policy=policy(allow(principal_of(STRANGER_ROOT), "s3:Get*", f"{stored}/folder/ke?"))
    )
    assert reads(stranger_root, stored) == b"bytes"
    assert stranger_root.get_object(Bucket=stored, Key="folder/kex")["Body"].read() == b"kex"
    refused(lambda: stranger_root.get_object(Bucket=stored, Key="folders"), 403, "AccessDenied")


def test_not_action_and_not_resource_grant_the_rest(stored, owner_root, stranger_root):
    owner_root.put_object(Bucket=stored, Key="secret", Body=b"secret")
    everything_but = {
        "Effect": "Allow",
        "Principal": principal_of(STRANGER_ROOT),
        "NotAction": "s3:DeleteObject",
        "NotResource": arn(f"{stored}/secret"),
    }
    owner_root.put_bucket_policy(Bucket=stored, Policy=policy(everything_but))
    assert reads(stranger_root, stored) == b"bytes"
    refused(lambda: stranger_root.get_object(Bucket=stored, Key="secret"), 403, "AccessDenied")
    refused(lambda: stranger_root.delete_object(Bucket=stored, Key="folder/key"), 403, "AccessDenied")


def test_not_principal_deny_spares_who_is_named(stored, owner_root, owner_admin, stranger_root):
    spared = {
        "Effect": "Deny",
        "NotPrincipal": principal_of(OWNER_ROOT, OWNER_ADMIN),
        "Action": "s3:GetObject",
        "Resource": arn(f"{stored}/*"),
    }
    granted = allow(principal_of(STRANGER_ROOT), "s3:GetObject", f"{stored}/*")
    owner_root.put_bucket_policy(Bucket=stored, Policy=policy(granted, spared))
    assert reads(owner_admin, stored) == b"bytes"
    assert reads(owner_root, stored) == b"bytes"
    refused(lambda: reads(stranger_root, stored), 403, "AccessDenied")


@pytest.mark.parametrize(
    "condition, allowed",
    [
        ({"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}, True),
        ({"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "127.0.0.1"]}}, True),
        ({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, False),
        ({"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, True),
        ({"NotIpAddress": {"aws:SourceIp": "::/0"}}, True),
        ({"Bool": {"aws:SecureTransport": "false"}}, True),
        ({"Bool": {"aws:SecureTransport": True}}, False),
        ({"Null": {"aws:Referer": "true"}}, True),
        ({"Null": {"aws:Referer": "false"}}, False),
        ({"StringEquals": {"aws:PrincipalAccount": "222222222222"}}, True),
        ({"StringEquals": {"aws:principalaccount": "111111111111"}}, False),
        ({"StringNotEquals": {"aws:Referer": "https://example.com/"}}, True),
        ({"StringLike": {"aws:UserAgent": "*Boto3*"}}, True),
        ({"StringLike": {"aws:Referer": "*"}}, False),
        ({"StringEqualsIfExists": {"aws:Referer": "x"}}, True),
        ({"StringEquals": {"s3:authType": "REST-HEADER", "s3:signatureversion": "AWS4-HMAC-SHA256"}}, True),
        ({"StringEquals": {"s3:authType": "REST-QUERY-STRING"}}, False),
    ],
)
def test_conditions_hold_or_not(stored, owner_root, stranger_root, condition, allowed):
    granted = allow(principal_of(STRANGER_ROOT), "s3:GetObject", f"{stored}/*", Condition=condition)
    owner_root.put_bucket_policy(Bucket=stored, Policy=policy(granted))
    if allowed:
        assert reads(stranger_root, stored) == b"bytes"
    else:
        refused(lambda: reads(stranger_root, stored), 403, "AccessDenied", DENIED)


def test_prefix_condition_confines_listings(stored, owner_root, stranger_root):
    granted = allow(
        principal_of(STRANGER_ROOT), "s3:ListBucket", stored, Condition={"StringLike": {"s3:prefix": "folder/*"}}
    )
    owner_root.put_bucket_policy(Bucket=stored, Policy=policy(granted))
    assert stranger_root.list_objects_v2(Bucket=stored, Prefix="folder/")["KeyCount"] == 1
    refused(lambda: stranger_root.list_objects_v2(Bucket=stored), 403, "AccessDenied", DENIED)
    refused(lambda: stranger_root.list_objects_v2(Bucket=stored, Prefix="other/"), 403, "AccessDenied", DENIED)


def test_existing_tag_condition_reads_the_object_s_tags(stored, owner_root, stranger_root):
    granted = allow(
        principal_of(STRANGER_ROOT),
        "s3:GetObject",
        f"{stored}/*",
        Condition={"StringEquals": {"s3:ExistingObjectTag/security": "public"}},
    )
    owner_root.put_bucket_policy(Bucket=stored, Policy=policy(granted))
    refused(lambda: reads(stranger_root, stored), 403, "AccessDenied", DENIED)
    owner_root.put_object_tagging(
        Bucket=stored, Key="folder/key", Tagging={"TagSet": [{"Key": "security", "Value": "public"}]}
    )
    assert reads(stranger_root, stored) == b"bytes"


def test_presigned_url_has_its_signer_s_permissions_when_used(server, stored, owner_root, owner_user):
    from harness.wire import ask

    url = owner_user.generate_presigned_url("get_object", Params={"Bucket": stored, "Key": "folder/key"})
    target = url.removeprefix(server.endpoint)
    answer = ask(server, "GET", target)
    assert (answer.status, answer.code) == (403, "AccessDenied")
    granted = allow(principal_of(OWNER_USER), "s3:GetObject", f"{stored}/*")
    owner_root.put_bucket_policy(Bucket=stored, Policy=policy(granted))
    assert ask(server, "GET", target).body == b"bytes"
    owner_root.delete_bucket_policy(Bucket=stored)
    assert ask(server, "GET", target).status == 403
