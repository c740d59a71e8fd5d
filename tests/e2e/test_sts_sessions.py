"""Sessions that are no role's: GetCallerIdentity, GetSessionToken, GetFederationToken, and their credentials at S3."""

import dataclasses
import datetime
import urllib.request

import pytest
from harness.callers import (
    OWNER_ADMIN,
    OWNER_DENIED,
    OWNER_ROOT,
    OWNER_USER,
    STRANGER_ADMIN,
    STRANGER_ROOT,
)
from harness.expect import denial, refused
from harness.policies import allow, deny, policy, principal_of
from harness.sessions import federated, granting, own_session

READ_ALL = granting("s3:GetObject", "*")


@pytest.fixture
def filled(bucket, owner_root):
    """A bucket with an object."""
    owner_root.put_object(Bucket=bucket, Key="k", Body=b"bytes")
    return bucket


def read(server, caller, bucket):
    return server.client(caller).get_object(Bucket=bucket, Key="k")["Body"].read()


def identity(server, caller):
    answer = server.client(caller, "sts").get_caller_identity()
    return answer["UserId"], answer["Account"], answer["Arn"]


def test_everybody_learns_who_they_are(server):
    assert identity(server, OWNER_ROOT) == ("111111111111", "111111111111", OWNER_ROOT.arn)
    user_id, account, arn = identity(server, OWNER_USER)
    assert (account, arn) == (OWNER_USER.account, OWNER_USER.arn)
    assert user_id.startswith("AIDA") and len(user_id) == 21
    # A session of one's own has one's own name.
    assert identity(server, own_session(server, OWNER_USER)) == (user_id, account, arn)
    assert identity(server, own_session(server, OWNER_ROOT)) == identity(server, OWNER_ROOT)
    bob = federated(server, OWNER_ROOT, "bob")
    assert identity(server, bob) == ("111111111111:bob", "111111111111", "arn:aws:sts::111111111111:federated-user/bob")


def test_session_has_the_users_own_permissions(server, filled):
    session = own_session(server, OWNER_ADMIN)
    assert session.access_key.startswith("ASIA") and len(session.access_key) == 20
    assert len(session.secret_key) == 40 and len(session.session_token) < 4096
    assert read(server, session, filled) == b"bytes"
    denied = own_session(server, OWNER_DENIED)
    message = denial(
        OWNER_DENIED, "s3:GetObject", f"arn:aws:s3:::{filled}/k", "with an explicit deny in an identity-based policy"
    )
    refused(lambda: read(server, denied, filled), 403, "AccessDenied", message)


def test_session_lasts_as_long_as_asked_and_roots_an_hour(server):
    def seconds(caller, **parameters):
        answer = server.client(caller, "sts").get_session_token(**parameters)
        left = answer["Credentials"]["Expiration"] - datetime.datetime.now(datetime.timezone.utc)
        return left.total_seconds()

    for caller, parameters, expected in [
        (OWNER_USER, {}, 43200),
        (OWNER_USER, {"DurationSeconds": 900}, 900),
        (OWNER_ROOT, {}, 3600),
        (OWNER_ROOT, {"DurationSeconds": 7200}, 3600),
    ]:
        assert abs(seconds(caller, **parameters) - expected) < 60
    unchecked = server.client(OWNER_USER, "sts", parameter_validation=False)
    for wrong in (899, 129601):
        refused(lambda: unchecked.get_session_token(DurationSeconds=wrong), 400, "ValidationError")


def test_presigned_url_carries_its_token(server, filled):
    session = own_session(server, OWNER_ADMIN)
    url = server.client(session).generate_presigned_url("get_object", Params={"Bucket": filled, "Key": "k"})
    assert "X-Amz-Security-Token=" in url
    with urllib.request.urlopen(url) as answer:
        assert answer.read() == b"bytes"


def test_tokens_that_are_not_the_keys_are_refused(server, filled):
    session, other = own_session(server, OWNER_ADMIN), own_session(server, OWNER_ADMIN)

    def check(status, code, **changes):
        changed = dataclasses.replace(session, **changes)
        return refused(lambda: read(server, changed, filled), status, code)

    invalid = "The provided token is malformed or otherwise invalid."
    token = session.session_token
    middle = len(token) // 2
    for wrong in (
        other.session_token,
        "nonsense",
        token[:-1],
        token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1 :],
    ):
        answer = check(400, "InvalidToken", session_token=wrong)
        assert answer["Error"]["Message"] == invalid
        assert answer["Error"]["Token-0"] == wrong
    check(403, "InvalidAccessKeyId", session_token="")
    check(403, "SignatureDoesNotMatch", secret_key=other.secret_key)
    # A long-term key has no token.
    check(400, "InvalidToken", access_key=OWNER_ADMIN.access_key, secret_key=OWNER_ADMIN.secret_key)


def test_calls_have_words_of_their_own_for_the_same(server):
    session, other = own_session(server, OWNER_ADMIN), own_session(server, OWNER_ADMIN)
    for changes, code in [
        ({"session_token": other.session_token}, "InvalidClientTokenId"),
        ({"session_token": ""}, "InvalidClientTokenId"),
        ({"secret_key": other.secret_key}, "SignatureDoesNotMatch"),
    ]:
        changed = dataclasses.replace(session, **changes)
        refused(lambda: server.client(changed, "sts").get_caller_identity(), 403, code)


def test_temporary_credentials_do_not_make_more_of_themselves(server):
    for caller in (own_session(server, OWNER_ADMIN), federated(server, OWNER_ROOT, "bob", Policy=READ_ALL)):
        sts = server.client(caller, "sts")
        message = "Cannot call GetSessionToken with session credentials"
        refused(sts.get_session_token, 403, "AccessDenied", message)
        refused(lambda: sts.get_federation_token(Name="carol"), 403, "AccessDenied")
        refused(server.client(caller, "iam").get_user, 403, "InvalidClientTokenId")


def test_federated_user_has_what_both_the_session_policy_and_the_issuer_allow(server, filled, owner_root):
    owner_root.put_object(Bucket=filled, Key="other", Body=b"")
    only_k = granting("s3:GetObject", f"{filled}/k")
    # Root may do everything, so the session's policy alone limits it.
    bob = federated(server, OWNER_ROOT, "bob", Policy=only_k)
    assert read(server, bob, filled) == b"bytes"
    message = denial(
        bob, "s3:GetObject", f"arn:aws:s3:::{filled}/other", "because no session policy allows the s3:GetObject action"
    )
    refused(lambda: server.client(bob).get_object(Bucket=filled, Key="other"), 403, "AccessDenied", message)
    # Without a session policy there is nothing.
    refused(lambda: read(server, federated(server, OWNER_ROOT, "bob"), filled), 403, "AccessDenied")
    # A managed policy serves as well.
    managed = federated(
        server, OWNER_ROOT, "bob", PolicyArns=[{"arn": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}]
    )
    assert read(server, managed, filled) == b"bytes"


def test_federation_needs_permission(server):
    arn = "arn:aws:sts::111111111111:federated-user/bob"
    message = (
        f"User: {OWNER_USER.arn} is not authorized to perform: sts:GetFederationToken on resource: {arn} "
        "because no identity-based policy allows the sts:GetFederationToken action"
    )
    sts = server.client(OWNER_USER, "sts")
    refused(lambda: sts.get_federation_token(Name="bob"), 403, "AccessDenied", message)


def test_bucket_policy_names_a_federated_user(server, filled, owner_root):
    bob = federated(server, OWNER_ROOT, "bob")
    refused(lambda: read(server, bob, filled), 403, "AccessDenied")
    named = policy(allow({"AWS": bob.arn}, "s3:GetObject", f"{filled}/*"))
    owner_root.put_bucket_policy(Bucket=filled, Policy=named)
    assert read(server, bob, filled) == b"bytes"
    carol = federated(server, OWNER_ROOT, "carol")
    refused(lambda: read(server, carol, filled), 403, "AccessDenied")


def test_conditions_know_temporary_credentials(server, filled, owner_root):
    session = own_session(server, OWNER_ADMIN)
    old = {"DateGreaterThan": {"aws:TokenIssueTime": "2099-01-01T00:00:00Z"}}
    without_mfa = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
    only_temporary = {"Bool": {"aws:MultiFactorAuthPresent": "false"}}
    for condition, of_session, of_user in [
        ({"DateLessThan": {"aws:TokenIssueTime": "2099-01-01T00:00:00Z"}}, False, True),
        (old, True, True),
        (without_mfa, False, False),
        (only_temporary, False, True),
    ]:
        statement = deny(principal_of(OWNER_ADMIN), "s3:GetObject", f"{filled}/*")
        owner_root.put_bucket_policy(Bucket=filled, Policy=policy(statement | {"Condition": condition}))
        for caller, allowed in ((session, of_session), (OWNER_ADMIN, of_user)):
            if allowed:
                assert read(server, caller, filled) == b"bytes"
            else:
                refused(lambda: read(server, caller, filled), 403, "AccessDenied")


def test_session_tags_are_principal_tags(server, filled, owner_root):
    tagged = federated(server, OWNER_ROOT, "bob", Policy=READ_ALL, Tags=[{"Key": "Team", "Value": "blue"}])
    plain = federated(server, OWNER_ROOT, "bob", Policy=READ_ALL)
    statement = deny("*", "s3:GetObject", f"{filled}/*")
    condition = {"StringNotEquals": {"aws:PrincipalTag/team": "blue", "aws:PrincipalType": "Account"}}
    owner_root.put_bucket_policy(Bucket=filled, Policy=policy(statement | {"Condition": condition}))
    assert read(server, tagged, filled) == b"bytes"
    refused(lambda: read(server, plain, filled), 403, "AccessDenied")


def test_policies_and_tags_have_bounds(server):
    sts = server.client(OWNER_ROOT, "sts")

    def ask(code, **parameters):
        return refused(lambda: sts.get_federation_token(Name="bob", **parameters), 400, code)

    ask("MalformedPolicyDocument", Policy="{}")
    ask("ValidationError", Policy="{" + " " * 2048)
    ask("ValidationError", PolicyArns=[{"arn": "arn:aws:iam::aws:policy/Nope"}])
    ask("ValidationError", Tags=[{"Key": "a", "Value": "1"}, {"Key": "A", "Value": "2"}])
    many = [{"Key": f"{n:064x}"[::-1], "Value": f"{n * 7919:0256x}"[::-1]} for n in range(50)]
    assert sts.get_federation_token(Name="bob", Tags=many[:3])["PackedPolicySize"] > 0
    assert "PackedPolicySize" not in sts.get_federation_token(Name="bob")


def test_access_key_tells_its_account(server):
    sts = server.client(OWNER_ROOT, "sts")
    for caller in (OWNER_USER, STRANGER_ADMIN, own_session(server, STRANGER_ROOT)):
        assert sts.get_access_key_info(AccessKeyId=caller.access_key)["Account"] == caller.account
    refused(lambda: sts.get_access_key_info(AccessKeyId="NOBODYHASTHISKEY"), 400, "ValidationError")


def test_what_is_not_in_says_so(server):
    sts = server.client(OWNER_ROOT, "sts")
    task = {"arn": "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy"}
    refused(
        lambda: sts.assume_root(TargetPrincipal="222222222222", TaskPolicyArn=task), 501, "NotImplemented"
    )
