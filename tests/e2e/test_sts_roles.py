"""AssumeRole: who may, for how long, within what, and what the session is then."""

import itertools
import json

import pytest
from harness.callers import Caller, seed
from harness.expect import denial, refused
from harness.policies import allow, deny, policy
from harness.server import Server
from harness.sessions import federated, granting, in_session, own_session

HOME, ABROAD = "333333333333", "444444444444"
_numbers = itertools.count(1)


def caller(account, user=""):
    name = f"{account[:4]}{user or 'root'}".upper().ljust(16, "0")
    return Caller(account, user, f"AKIA{name}", f"secret/of+{account}/{user}")


ROOT, NAMED, OTHER, DELEGATE = caller(HOME), caller(HOME, "named"), caller(HOME, "other"), caller(HOME, "delegate")
GUEST, GUEST_WITHOUT = caller(ABROAD, "guest"), caller(ABROAD, "without")
READER = f"arn:aws:iam::{HOME}:role/team/reader"


def role_arn(name):
    return f"arn:aws:iam::{HOME}:role/{name}"


def trust(principal, *actions, **members):
    statement = {"Effect": "Allow", "Principal": principal, "Action": list(actions) or ["sts:AssumeRole"], **members}
    return json.dumps({"Version": "2012-10-17", "Statement": statement})


def identity(action, resource="*", effect="Allow"):
    statement = {"Effect": effect, "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": statement})


EVERYBODY_NAMED = {"AWS": [NAMED.arn, GUEST.arn, GUEST_WITHOUT.arn]}
TAGGING = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
S3 = identity("s3:*")
# Name, further members, trust policy, permissions.
ROLES = [
    ("reader", 'path = "/team/"', trust(EVERYBODY_NAMED), identity(["s3:GetObject", "s3:ListBucket"])),
    ("by-account", "", trust({"AWS": [HOME, ABROAD]}), S3),
    (
        "external",
        "",
        trust({"AWS": NAMED.arn}, Condition={"StringEquals": {"sts:ExternalId": "seven"}}),
        S3,
    ),
    ("tagged", "", trust({"AWS": NAMED.arn}, *TAGGING), S3),
    ("long", "max_session_seconds = 43200", trust({"AWS": [NAMED.arn, READER]}), S3),
    ("chained", "", trust({"AWS": [READER, role_arn("tagged")]}, *TAGGING), S3),
    ("bounded", 'permissions_boundary = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"', trust({"AWS": NAMED.arn}), S3),
    ("own-tags", "", trust({"AWS": NAMED.arn}), identity("s3:*", "arn:aws:s3:::*/${aws:PrincipalTag/none}")),
    ("assumes", "", trust({"AWS": NAMED.arn}), identity(["sts:AssumeRole", "iam:GetUser"])),
    ("by-anybody-here", "", trust({"AWS": HOME}), S3),
]


def users():
    return [
        (ROOT, None),
        (NAMED, None),
        (OTHER, None),
        (DELEGATE, identity("sts:AssumeRole", role_arn("by-account"))),
        (caller(ABROAD), None),
        (GUEST, identity("sts:AssumeRole")),
        (GUEST_WITHOUT, None),
    ]


def seeded_text():
    lines = []
    for one, inline in users():
        key = f'access_key = "{one.access_key}"', f'secret_key = "{one.secret_key}"'
        if not one.user:
            if lines:
                # Users come first: roles trust them.
                pass
            lines += ["[[account]]", f'id = "{one.account}"', f"root = {{ {', '.join(key)} }}"]
            continue
        lines += ["  [[account.user]]", f'  name = "{one.user}"', *key]
        if inline:
            lines.append(f"  inline = {{ name = \"inline\", document = '''{inline}''' }}")
    abroad = lines.index(f'id = "{ABROAD}"') - 1
    roles = []
    for name, members, trusted, permissions in ROLES:
        roles += ["  [[account.role]]", f'  name = "{name}"', f"  trust = '''{trusted}'''", members]
        roles.append(f"  inline = {{ name = \"inline\", document = '''{permissions}''' }}")
    return seed() + "\n".join(lines[:abroad] + roles + lines[abroad:]) + "\n"


@pytest.fixture(scope="module")
def server(backend, tmp_path_factory):
    """A server whose accounts have roles."""
    folder = tmp_path_factory.mktemp("roles")
    (folder / "seed.toml").write_text(seeded_text())
    with Server(folder, "--data", "data", "--accounts", "seed.toml", *backend()) as running:
        yield running


@pytest.fixture
def filled(server):
    """A bucket of the role's account with two objects."""
    name = f"roles-{next(_numbers)}"
    root = server.client(ROOT)
    root.create_bucket(Bucket=name)
    for key in ("k", "other"):
        root.put_object(Bucket=name, Key=key, Body=b"bytes")
    return name


def assume(server, who, role, session="work", **parameters):
    """The answer of AssumeRole, and the caller that it makes."""
    sts = server.client(who, "sts")
    answer = sts.assume_role(RoleArn=role, RoleSessionName=session, **parameters)
    return answer, in_session(answer, HOME, answer["AssumedRoleUser"]["Arn"])


def not_allowed(who, role, action="sts:AssumeRole"):
    return f"User: {who.arn} is not authorized to perform: {action} on resource: {role}"


def read(server, who, bucket, key="k"):
    return server.client(who).get_object(Bucket=bucket, Key=key)["Body"].read()


def test_a_user_of_another_account_reads_under_a_session_policy(server, filled):
    refused(lambda: read(server, GUEST, filled), 403, "AccessDenied", "Access Denied")
    only_k = granting("s3:GetObject", f"{filled}/k")
    answer, session = assume(server, GUEST, READER, Policy=only_k)
    assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{HOME}:assumed-role/reader/work"
    assert answer["AssumedRoleUser"]["AssumedRoleId"].endswith(":work")
    assert 0 < answer["PackedPolicySize"] <= 100
    assert read(server, session, filled) == b"bytes"
    reason = "because no session policy allows the s3:GetObject action"
    message = denial(session, "s3:GetObject", f"arn:aws:s3:::{filled}/other", reason)
    refused(lambda: read(server, session, filled, "other"), 403, "AccessDenied", message)
    # The session policy grants nothing of its own.
    _, session = assume(server, GUEST, READER, Policy=granting("s3:*", f"{filled}/*"))
    reason = "because no identity-based policy allows the s3:PutObject action"
    message = denial(session, "s3:PutObject", f"arn:aws:s3:::{filled}/new", reason)
    refused(lambda: server.client(session).put_object(Bucket=filled, Key="new"), 403, "AccessDenied", message)


def test_who_may_assume_a_role(server):
    for who, role, allowed in [
        # Named by ARN in the same account: the trust policy suffices.
        (NAMED, READER, True),
        (OTHER, READER, False),
        # The account is trusted: an identity policy is needed, too.
        (DELEGATE, role_arn("by-account"), True),
        (NAMED, role_arn("by-account"), False),
        # Another account: both sides, always.
        (GUEST, READER, True),
        (GUEST_WITHOUT, READER, False),
        (GUEST, role_arn("by-account"), True),
        (GUEST, role_arn("external"), False),
        # Nobody learns whether there is such a role.
        (NAMED, role_arn("missing"), False),
        (NAMED, role_arn("reader"), False),
    ]:
        if allowed:
            assume(server, who, role)
        else:
            refused(lambda: assume(server, who, role), 403, "AccessDenied", not_allowed(who, role))
    by_root = "Roles may not be assumed by root accounts."
    refused(lambda: assume(server, ROOT, READER), 403, "AccessDenied", by_root)
    bob = federated(server, ROOT, "bob", Policy=identity("sts:*"))
    refused(lambda: assume(server, bob, READER), 403, "AccessDenied")
    # A session of one's own may do what one may.
    assume(server, own_session(server, NAMED), READER)


def test_parameters_have_awss_faults(server):
    refused(lambda: assume(server, NAMED, "arn:aws:iam::1:role/reader"), 400, "ValidationError", "arn:aws:iam::1:role/reader is invalid")
    message = (
        "1 validation error detected: Value 'a:b' at 'roleSessionName' failed to satisfy constraint: "
        r"Member must satisfy regular expression pattern: [\w+=,.@-]*"
    )
    refused(lambda: assume(server, NAMED, READER, "a:b"), 400, "ValidationError", message)
    too_long = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
    refused(lambda: assume(server, NAMED, READER, DurationSeconds=3601), 400, "ValidationError", too_long)
    assume(server, NAMED, role_arn("long"), DurationSeconds=43200)
    refused(lambda: assume(server, NAMED, READER, Policy="{}"), 400, "MalformedPolicyDocument")
    missing = [{"arn": f"arn:aws:iam::{HOME}:policy/missing"}]
    refused(lambda: assume(server, NAMED, READER, PolicyArns=missing), 400, "ValidationError")
    factor = {"SerialNumber": f"arn:aws:iam::{HOME}:mfa/named", "TokenCode": "123456"}
    refused(lambda: assume(server, NAMED, READER, **factor), 403, "AccessDenied")


def test_the_trust_policy_has_to_allow_whatever_identity_policies_say(server):
    """An administrator of the account is let into no role that does not trust him."""
    iam = server.client(ROOT, "iam")
    iam.create_user(UserName="administrator")
    iam.attach_user_policy(UserName="administrator", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    key = iam.create_access_key(UserName="administrator")["AccessKey"]
    administrator = Caller(HOME, "administrator", key["AccessKeyId"], key["SecretAccessKey"])
    role = role_arn("external")
    for parameters in ({}, {"ExternalId": "seven"}):
        refused(
            lambda: assume(server, administrator, role, **parameters),
            403,
            "AccessDenied",
            not_allowed(administrator, role),
        )


def test_the_external_id_must_be_the_one(server):
    role = role_arn("external")
    assume(server, NAMED, role, ExternalId="seven")
    for parameters in ({}, {"ExternalId": "eight"}):
        refused(lambda: assume(server, NAMED, role, **parameters), 403, "AccessDenied", not_allowed(NAMED, role))


def test_the_session_is_the_role(server, filled):
    _, session = assume(server, NAMED, READER, "night-shift")
    who = server.client(session, "sts").get_caller_identity()
    assert who["Arn"] == f"arn:aws:sts::{HOME}:assumed-role/reader/night-shift" and who["Account"] == HOME
    role_id, name = who["UserId"].split(":")
    assert role_id.startswith("AROA") and len(role_id) == 21 and name == "night-shift"
    root = server.client(ROOT)
    for key, value in [
        # The role's ARN with its path, though the session's has none.
        ("aws:PrincipalArn", READER),
        ("aws:PrincipalType", "AssumedRole"),
        ("aws:userid", who["UserId"]),
        ("aws:PrincipalAccount", HOME),
        ("aws:MultiFactorAuthPresent", "false"),
    ]:
        statement = deny("*", "s3:GetObject", f"{filled}/*", Condition={"StringEquals": {key: value}})
        root.put_bucket_policy(Bucket=filled, Policy=policy(statement))
        refused(lambda: read(server, session, filled), 403, "AccessDenied")
    absent = {"Null": {"aws:username": "true", "aws:SourceIdentity": "true", "aws:FederatedProvider": "true"}}
    root.put_bucket_policy(Bucket=filled, Policy=policy(deny("*", "s3:GetObject", f"{filled}/*", Condition=absent)))
    refused(lambda: read(server, session, filled), 403, "AccessDenied")
    root.delete_bucket_policy(Bucket=filled)
    assert read(server, session, filled) == b"bytes"


def test_bucket_policies_name_roles_and_sessions(server, filled):
    root = server.client(ROOT)
    _, session = assume(server, NAMED, role_arn("assumes"), "one", Policy=identity("s3:ListBucket"))
    _, other = assume(server, NAMED, role_arn("assumes"), "two")
    put = lambda principal: root.put_bucket_policy(
        Bucket=filled, Policy=policy(allow({"AWS": principal}, "s3:GetObject", f"{filled}/*"))
    )
    refused(lambda: read(server, session, filled), 403, "AccessDenied")
    # The role: within its sessions' policies. The session: whatever they say.
    put(role_arn("assumes"))
    assert read(server, other, filled) == b"bytes"
    refused(lambda: read(server, session, filled), 403, "AccessDenied")
    put(session.arn)
    assert read(server, session, filled) == b"bytes"
    refused(lambda: read(server, other, filled), 403, "AccessDenied")
    shown = json.loads(root.get_bucket_policy(Bucket=filled)["Policy"])
    assert shown["Statement"][0]["Principal"] == {"AWS": session.arn}


def test_a_boundary_limits_the_sessions_of_its_role(server, filled):
    _, session = assume(server, NAMED, role_arn("bounded"))
    assert read(server, session, filled) == b"bytes"
    reason = "because no permissions boundary allows the s3:PutObject action"
    message = denial(session, "s3:PutObject", f"arn:aws:s3:::{filled}/new", reason)
    refused(lambda: server.client(session).put_object(Bucket=filled, Key="new"), 403, "AccessDenied", message)


def test_tags_and_source_identity_need_their_own_permissions(server, filled):
    tags = [{"Key": "team", "Value": "blue"}]
    refused(
        lambda: assume(server, NAMED, READER, Tags=tags), 403, "AccessDenied", not_allowed(NAMED, READER, "sts:TagSession")
    )
    refused(
        lambda: assume(server, NAMED, READER, SourceIdentity="Nora"),
        403,
        "AccessDenied",
        not_allowed(NAMED, READER, "sts:SetSourceIdentity"),
    )
    answer, session = assume(server, NAMED, role_arn("tagged"), Tags=tags, SourceIdentity="Nora")
    assert answer["SourceIdentity"] == "Nora"
    root = server.client(ROOT)
    wrong = {"StringNotEquals": {"aws:PrincipalTag/Team": "blue", "aws:SourceIdentity": "Nora"}}
    statement = deny({"AWS": role_arn("tagged")}, "s3:GetObject", f"{filled}/*", Condition=wrong)
    root.put_bucket_policy(Bucket=filled, Policy=policy(statement))
    assert read(server, session, filled) == b"bytes"
    _, plain = assume(server, NAMED, role_arn("tagged"))
    refused(lambda: read(server, plain, filled), 403, "AccessDenied")


def test_a_chain_of_roles_lasts_an_hour_and_hands_on_what_is_transitive(server):
    tags = [{"Key": "team", "Value": "blue"}, {"Key": "desk", "Value": "7"}]
    parameters = {"Tags": tags, "TransitiveTagKeys": ["team"], "SourceIdentity": "Nora"}
    _, first = assume(server, NAMED, role_arn("tagged"), **parameters)
    answer, second = assume(server, first, role_arn("chained"), Tags=[{"Key": "desk", "Value": "8"}])
    assert answer["SourceIdentity"] == "Nora"
    assert second.arn == f"arn:aws:sts::{HOME}:assumed-role/chained/work"
    conflict = [{"Key": "TEAM", "Value": "red"}]
    refused(lambda: assume(server, first, role_arn("chained"), Tags=conflict), 400, "ValidationError")
    refused(lambda: assume(server, first, role_arn("chained"), SourceIdentity="Olga"), 403, "AccessDenied")
    _, reader = assume(server, NAMED, READER)
    hour = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
    refused(lambda: assume(server, reader, role_arn("long"), DurationSeconds=3601), 400, "ValidationError", hour)
    assume(server, reader, role_arn("long"), DurationSeconds=3600)
    for name in ("get_session_token", "get_federation_token"):
        call = getattr(server.client(reader, "sts"), name)
        parameters = {"Name": "bob"} if name == "get_federation_token" else {}
        refused(lambda: call(**parameters), 403, "AccessDenied")


def test_old_sessions_are_revoked_by_a_deny_on_their_issue_time(server, filled):
    """What AWS's console attaches as AWSRevokeOlderSessions, here by the bucket's owner."""
    _, session = assume(server, NAMED, READER)
    assert read(server, session, filled) == b"bytes"
    older = {"DateLessThan": {"aws:TokenIssueTime": "2199-01-01T00:00:00Z"}}
    statement = deny({"AWS": READER}, "s3:*", f"{filled}/*", Condition=older)
    server.client(ROOT).put_bucket_policy(Bucket=filled, Policy=policy(statement))
    reason = "with an explicit deny in a resource-based policy"
    message = denial(session, "s3:GetObject", f"arn:aws:s3:::{filled}/k", reason)
    refused(lambda: read(server, session, filled), 403, "AccessDenied", message)


def test_a_refusal_tells_why_to_those_who_may_decode_it(server):
    role = role_arn("external")
    response = refused(lambda: assume(server, NAMED, role, ExternalId="eight"), 403, "AccessDenied")
    encoded = response["ResponseMetadata"]["HTTPHeaders"]["x-buckler-authorization-message"]
    decode = lambda who: server.client(who, "sts").decode_authorization_message(EncodedMessage=encoded)
    message = json.loads(decode(ROOT)["DecodedMessage"])
    assert message["allowed"] is False and message["explicitDeny"] is False
    context = message["context"]
    assert context["principal"]["arn"] == NAMED.arn
    assert (context["action"], context["resource"]) == ("sts:AssumeRole", role)
    keys = {entry["key"]: entry["values"]["items"] for entry in context["conditions"]["items"]}
    assert keys["sts:externalid"] == [{"value": "eight"}]
    refused(lambda: decode(NAMED), 403, "AccessDenied")
    # Another account's message is none, and of another account's role there is none.
    refused(lambda: decode(caller(ABROAD)), 400, "InvalidAuthorizationMessageException")
    response = refused(lambda: assume(server, GUEST_WITHOUT, READER), 403, "AccessDenied")
    assert "x-buckler-authorization-message" not in response["ResponseMetadata"]["HTTPHeaders"]


def test_the_seed_is_applied_again_without_change(server):
    """Roles keep their ids, so that bucket policies and sessions of theirs go on."""
    _, session = assume(server, NAMED, READER)
    before = server.client(session, "sts").get_caller_identity()["UserId"]
    server.stop()
    server.start()
    assert server.client(session, "sts").get_caller_identity()["UserId"] == before
