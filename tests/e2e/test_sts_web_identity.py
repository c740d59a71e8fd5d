"""AssumeRoleWithWebIdentity, with a provider on this machine, and the provider's rows in IAM."""

import itertools
import json
import time

import pytest
from conftest import seeded_server
from harness.callers import ANONYMOUS, OWNER_ROOT, OWNER_USER
from harness.expect import refused
from harness.identity_provider import IdentityProvider
from harness.sessions import granting, in_session

_numbers = itertools.count(1)
SAID_NO = "Not authorized to perform sts:AssumeRoleWithWebIdentity"


@pytest.fixture(scope="module")
def server(backend, tmp_path_factory):
    """A server that takes providers without TLS."""
    folder = tmp_path_factory.mktemp("oidc")
    with seeded_server(folder, "--oidc-over-http", "true", *backend()) as running:
        yield running


@pytest.fixture
def provider():
    provider = IdentityProvider()
    yield provider
    provider.close()


@pytest.fixture
def iam(server):
    return server.client(OWNER_ROOT, "iam")


@pytest.fixture
def provider_arn(iam, provider):
    """The provider, known to the owner's account."""
    made = iam.create_open_id_connect_provider(Url=provider.issuer, ClientIDList=["app"])
    return made["OpenIDConnectProviderArn"]


def trust(provider_arn, condition=None, actions="sts:AssumeRoleWithWebIdentity"):
    statement = {"Effect": "Allow", "Principal": {"Federated": provider_arn}, "Action": actions}
    if condition:
        statement["Condition"] = condition
    return json.dumps({"Version": "2012-10-17", "Statement": statement})


@pytest.fixture
def new_role(iam):
    def make(document, permissions=None):
        name = f"web-{next(_numbers)}"
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]
        if permissions:
            iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=permissions)
        return role

    return make


@pytest.fixture
def assume(server):
    """Calls without a signature, as the holders of tokens do."""
    sts = server.client(ANONYMOUS, "sts")

    def call(role, token, **parameters):
        return sts.assume_role_with_web_identity(
            RoleArn=role["Arn"], RoleSessionName="session", WebIdentityToken=token, **parameters
        )

    return call


def test_a_token_opens_its_role_and_the_session_reads(server, provider, provider_arn, new_role, assume, bucket):
    server.client(OWNER_ROOT).put_object(Bucket=bucket, Key="k", Body=b"bytes")
    role = new_role(trust(provider_arn), granting("s3:GetObject", f"{bucket}/*"))
    answer = assume(role, provider.token())
    assert answer["SubjectFromWebIdentityToken"] == "alice"
    assert (answer["Audience"], answer["Provider"]) == ("app", provider_arn)
    session_arn = f"arn:aws:sts::111111111111:assumed-role/{role['RoleName']}/session"
    assert answer["AssumedRoleUser"] == {"AssumedRoleId": f"{role['RoleId']}:session", "Arn": session_arn}
    session = in_session(answer, "111111111111", session_arn)
    assert server.client(session).get_object(Bucket=bucket, Key="k")["Body"].read() == b"bytes"
    assert server.client(session, "sts").get_caller_identity()["Arn"] == session_arn
    refused(lambda: server.client(session).put_object(Bucket=bucket, Key="k"), 403, "AccessDenied")


def test_conditions_ask_the_token(provider, provider_arn, new_role, assume):
    key = provider.name
    for condition, claims, allowed in [
        ({"StringEquals": {f"{key}:sub": "alice", f"{key}:aud": "app"}}, {}, True),
        ({"StringEquals": {f"{key}:sub": "bob"}}, {}, False),
        ({"StringLike": {f"{key}:sub": "repo:org/*"}}, {"sub": "repo:org/name"}, True),
        ({"StringEquals": {f"{key}:azp": "app"}}, {"aud": "account", "azp": "app"}, True),
        ({"StringEquals": {f"{key}:azp": "app"}}, {}, False),
        ({"ForAnyValue:StringEquals": {f"{key}:amr": "mfa"}}, {"amr": ["pwd", "mfa"]}, True),
        ({"StringEquals": {"other.example:sub": "alice"}}, {}, False),
        ({"StringEquals": {"sts:RoleSessionName": "session"}}, {}, True),
    ]:
        role, token = new_role(trust(provider_arn, condition)), provider.token(**claims)
        if allowed:
            assume(role, token)
        else:
            refused(lambda: assume(role, token), 403, "AccessDenied", SAID_NO)


def test_each_fault_of_a_token_has_awss_words(provider, provider_arn, new_role, assume):
    role, now = new_role(trust(provider_arn)), int(time.time())

    def check(token, code, message=None, status=400):
        return refused(lambda: assume(role, token), status, code, message)

    expired = check(provider.token(exp=now - 10), "ExpiredTokenException")["Error"]["Message"]
    assert expired.startswith("Token expired: current date/time ")
    assert expired.endswith(f" must be before the expiration date/time {now - 10}")
    check(provider.token(aud="another"), "InvalidIdentityToken", "Incorrect token audience")
    check(provider.token(sub=""), "InvalidIdentityToken", "Missing a required claim: sub")
    check("no.to.ken", "InvalidIdentityToken")
    token = provider.token()
    check(token[:-8] + "AAAAAAAA", "InvalidIdentityToken")
    header, _, signature = token.split(".")
    other = provider.token(sub="mallory").split(".")[1]
    check(f"{header}.{other}.{signature}", "InvalidIdentityToken")
    foreign = IdentityProvider()
    try:
        message = f"No OpenIDConnect provider found in your account for {foreign.issuer}"
        check(foreign.token(), "InvalidIdentityToken", message)
    finally:
        foreign.close()
    check(provider.token(sub="x" * 300), "IDPRejectedClaim", status=403)
    assume(role, token)


def test_a_provider_that_does_not_answer_is_named_so(iam, provider, provider_arn, new_role, assume):
    role = new_role(trust(provider_arn))
    provider.is_broken = True
    refused(lambda: assume(role, provider.token()), 400, "IDPCommunicationError")
    provider.is_broken = False
    assume(role, provider.token())
    # Known keys are not asked for again.
    asked = provider.key_requests
    assume(role, provider.token())
    assert provider.key_requests == asked


def test_only_the_trusted_provider_opens_the_role(iam, provider, provider_arn, new_role, assume):
    other = IdentityProvider(path="/realms/other")
    try:
        iam.create_open_id_connect_provider(Url=other.issuer, ClientIDList=["app"])
        role = new_role(trust(provider_arn))
        refused(lambda: assume(role, other.token()), 403, "AccessDenied", SAID_NO)
    finally:
        other.close()
    missing = role | {"Arn": role["Arn"] + "-missing"}
    refused(lambda: assume(missing, provider.token()), 403, "AccessDenied", SAID_NO)


def test_tags_and_source_identity_of_a_token_need_their_own_permissions(server, provider, provider_arn, new_role, assume):
    token = provider.token(
        **{
            "https://aws.amazon.com/tags": {"principal_tags": {"team": ["blue"]}, "transitive_tag_keys": ["team"]},
            "https://aws.amazon.com/source_identity": "alice",
        }
    )
    refused(lambda: assume(new_role(trust(provider_arn)), token), 403, "AccessDenied")
    actions = ["sts:AssumeRoleWithWebIdentity", "sts:TagSession", "sts:SetSourceIdentity"]
    condition = {"StringEquals": {"aws:RequestTag/team": "blue", "sts:SourceIdentity": "alice"}}
    answer = assume(new_role(trust(provider_arn, condition, actions)), token)
    assert answer["SourceIdentity"] == "alice" and answer["PackedPolicySize"] > 0


def test_a_deleted_provider_is_trusted_no_longer(iam, provider, provider_arn, new_role, assume):
    role = new_role(trust(provider_arn))
    assume(role, provider.token())
    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=provider_arn)
    refused(lambda: assume(role, provider.token()), 400, "InvalidIdentityToken")


def test_providers_are_kept_as_terraform_wants_them(iam, provider):
    url = f"https://idp-{next(_numbers)}.example.com/realm"
    name, thumbprint = url.removeprefix("https://"), "a0" * 20
    made = iam.create_open_id_connect_provider(
        Url=url, ClientIDList=["one"], ThumbprintList=[thumbprint], Tags=[{"Key": "team", "Value": "blue"}]
    )
    arn = made["OpenIDConnectProviderArn"]
    assert arn == f"arn:aws:iam::111111111111:oidc-provider/{name}"
    assert made["Tags"] == [{"Key": "team", "Value": "blue"}]
    refused(
        lambda: iam.create_open_id_connect_provider(Url=url),
        409,
        "EntityAlreadyExists",
        f"Provider with url {url} already exists.",
    )

    def shown():
        found = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
        return {key: found[key] for key in ("Url", "ClientIDList", "ThumbprintList", "Tags")}

    expected = {"Url": name, "ClientIDList": ["one"], "ThumbprintList": [thumbprint]}
    assert shown() == expected | {"Tags": [{"Key": "team", "Value": "blue"}]}
    assert {"Arn": arn} in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    for _ in range(2):
        iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID="two")
    iam.update_open_id_connect_provider_thumbprint(OpenIDConnectProviderArn=arn, ThumbprintList=["b1" * 20])
    iam.tag_open_id_connect_provider(
        OpenIDConnectProviderArn=arn, Tags=[{"Key": "team", "Value": "red"}, {"Key": "n", "Value": ""}]
    )
    iam.untag_open_id_connect_provider(OpenIDConnectProviderArn=arn, TagKeys=["n"])
    tags = iam.list_open_id_connect_provider_tags(OpenIDConnectProviderArn=arn)["Tags"]
    assert tags == [{"Key": "team", "Value": "red"}]
    changed = {"Url": name, "ClientIDList": ["one", "two"], "ThumbprintList": ["b1" * 20]}
    assert shown() == changed | {"Tags": tags}
    for _ in range(2):
        iam.remove_client_id_from_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID="one")
    assert shown()["ClientIDList"] == ["two"]
    for _ in range(2):
        iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    refused(
        lambda: iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn),
        404,
        "NoSuchEntity",
        f"OpenIDConnect Provider not found for arn {arn}",
    )


def test_providers_are_their_accounts_and_need_permission(server, iam):
    stranger = server.client(OWNER_USER, "iam")
    message = (
        f"User: {OWNER_USER.arn} is not authorized to perform: iam:CreateOpenIDConnectProvider on resource: "
        "arn:aws:iam::111111111111:oidc-provider/idp.example.com because no identity-based policy allows "
        "the iam:CreateOpenIDConnectProvider action"
    )
    refused(
        lambda: stranger.create_open_id_connect_provider(Url="https://idp.example.com"), 403, "AccessDenied", message
    )
    for url in ("ftp://idp.example.com", "https://idp.example.com?x=1", "https://"):
        refused(lambda: iam.create_open_id_connect_provider(Url=url), 400, "InvalidInput")
