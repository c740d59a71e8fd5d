"""Where the keys of OpenID Connect providers come from: over HTTPS, from whom somebody vouches for, within bounds."""

import itertools
import json
import threading

import pytest
from conftest import seeded_server
from harness.callers import ANONYMOUS, OWNER_ROOT
from harness.certificates import DAY, Authority, self_signed
from harness.expect import refused
from harness.identity_provider import IdentityProvider
from harness.server import StartFailed

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def authority():
    """Whom the operator trusts."""
    return Authority("trusted by the operator")


@pytest.fixture(scope="module")
def stranger():
    """Whom nobody trusts."""
    return Authority("trusted by nobody")


@pytest.fixture(scope="module")
def server(tmp_path_factory, authority):
    folder = tmp_path_factory.mktemp("keys")
    authority.write(folder / "ca.pem")
    with seeded_server(folder, "--ca-file", "ca.pem", "--log", "warn") as running:
        yield running


@pytest.fixture
def new_provider():
    made = []

    def make(certificate):
        made.append(IdentityProvider(certificate=certificate, host="localhost"))
        return made[-1]

    yield make
    for provider in made:
        provider.close()


@pytest.fixture
def assume(server):
    """Makes a provider and a role that trusts it, and gives the call that a holder of a token makes."""

    def prepare(provider, thumbprints=()):
        iam = server.client(OWNER_ROOT, "iam")
        made = iam.create_open_id_connect_provider(
            Url=provider.issuer, ClientIDList=["app"], ThumbprintList=list(thumbprints)
        )
        statement = {
            "Effect": "Allow",
            "Principal": {"Federated": made["OpenIDConnectProviderArn"]},
            "Action": "sts:AssumeRoleWithWebIdentity",
        }
        document = json.dumps({"Version": "2012-10-17", "Statement": statement})
        role = iam.create_role(RoleName=f"keys-{next(_numbers)}", AssumeRolePolicyDocument=document)["Role"]
        sts = server.client(ANONYMOUS, "sts")

        def call():
            return sts.assume_role_with_web_identity(
                RoleArn=role["Arn"], RoleSessionName="session", WebIdentityToken=provider.token()
            )

        return call

    return prepare


def unreachable(server, call, reason):
    """The caller is told nothing of why; the log is."""
    refused(call, 400, "IDPCommunicationError", "Unable to communicate with the identity provider.")
    server.stderr.wait_for(reason)


def test_keys_come_from_whom_the_operator_trusts(authority, new_provider, assume, tmp_path):
    provider = new_provider(authority.serve(tmp_path / "server.pem"))
    call = assume(provider)
    assert call()["Provider"].endswith(provider.name)
    assert provider.requests == ["/realms/test/.well-known/openid-configuration", "/realms/test/keys"]
    call()
    assert provider.key_requests == 1


def test_a_thumbprint_does_not_count_where_an_authority_vouches(authority, new_provider, assume, tmp_path):
    call = assume(new_provider(authority.serve(tmp_path / "server.pem")), ["0" * 40])
    assert call()["Audience"] == "app"


def test_nobody_vouches_for_a_stranger(server, stranger, new_provider, assume, tmp_path):
    provider = new_provider(stranger.serve(tmp_path / "server.pem"))
    unreachable(server, assume(provider), f"UnknownIssuer.*{provider.issuer}")
    assert provider.requests == []


def test_a_thumbprint_vouches_for_a_stranger(server, stranger, new_provider, assume, tmp_path):
    """Of the last certificate that is shown; one of several is enough, in any letter case."""
    provider = new_provider(stranger.serve(tmp_path / "server.pem"))
    assert assume(provider, ["0" * 40, stranger.thumbprint.upper()])()["Audience"] == "app"
    other = new_provider(stranger.serve(tmp_path / "other.pem"))
    unreachable(server, assume(other, ["0" * 40]), f"UnknownIssuer.*{other.issuer}")
    assert other.requests == []


def test_a_thumbprint_vouches_for_who_vouches_for_himself(new_provider, assume, tmp_path):
    thumbprint = self_signed(tmp_path / "server.pem")
    assert assume(new_provider(tmp_path / "server.pem"), [thumbprint])()["Audience"] == "app"


def test_the_thumbprints_of_one_account_serve_no_other(server, stranger, new_provider, assume, tmp_path):
    """Of two providers of one issuer only one is vouched for; keys that were had for it are not lent."""
    provider = new_provider(stranger.serve(tmp_path / "server.pem"))
    assert assume(provider, [stranger.thumbprint])()["Audience"] == "app"
    iam = server.client(OWNER_ROOT, "iam")
    arn = next(
        entry["Arn"]
        for entry in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
        if entry["Arn"].endswith(provider.name)
    )
    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    unreachable(server, assume(provider), provider.issuer)


@pytest.mark.parametrize("vouched", ["authority", "thumbprint"])
@pytest.mark.parametrize("fault", [{"host": "elsewhere.example"}, {"ends_in": -DAY}])
def test_other_names_and_expired_certificates(
    server, authority, stranger, new_provider, assume, tmp_path, vouched, fault
):
    by = authority if vouched == "authority" else stranger
    provider = new_provider(by.serve(tmp_path / "server.pem", **fault))
    reason = "not valid for name" if "host" in fault else "expired"
    unreachable(server, assume(provider, [by.thumbprint]), f"{reason}.*{provider.issuer}")
    assert provider.requests == []


def test_redirects_are_not_followed(server, authority, new_provider, assume, tmp_path):
    elsewhere = new_provider(authority.serve(tmp_path / "elsewhere.pem"))
    provider = new_provider(authority.serve(tmp_path / "server.pem"))

    def redirect(handler):
        handler.send_response(302)
        handler.send_header("Location", elsewhere.issuer + "/.well-known/openid-configuration")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    provider.instead = redirect
    unreachable(server, assume(provider), "status 302")
    assert elsewhere.requests == []


def test_keys_are_not_fetched_without_tls(server, authority, new_provider, assume, tmp_path):
    plain = IdentityProvider()
    try:
        provider = new_provider(authority.serve(tmp_path / "server.pem"))
        provider.keys_at = plain.issuer + "/keys"
        unreachable(server, assume(provider), "discovery document is not one of this provider")
        assert plain.requests == []
    finally:
        plain.close()


def test_an_answer_without_end_is_cut(server, authority, new_provider, assume, tmp_path):
    provider = new_provider(authority.serve(tmp_path / "server.pem"))
    sent = []

    def endless(handler):
        handler.send_response(200)
        handler.end_headers()
        chunk = b" " * 0x10000
        while True:
            handler.wfile.write(chunk)
            sent.append(len(chunk))

    provider.instead = endless
    unreachable(server, assume(provider), "answer cannot be read")
    # What the sockets hold beside the 256 KiB that are read.
    assert sum(sent) < 64 << 20


def test_an_answer_that_does_not_come_is_not_waited_for(server, authority, new_provider, assume, tmp_path):
    provider = new_provider(authority.serve(tmp_path / "server.pem"))
    over = threading.Event()
    provider.instead = lambda handler: over.wait(60)
    try:
        unreachable(server, assume(provider), "no answer in 10 seconds")
    finally:
        over.set()


def test_a_new_key_of_the_provider_is_not_asked_for_at_once_again(authority, new_provider, assume, tmp_path):
    """Tokens that name keys which nobody has do not become as many requests to the provider."""
    provider = new_provider(authority.serve(tmp_path / "server.pem"))
    call = assume(provider)
    call()
    provider.key_id = "second"
    for _ in range(3):
        refused(call, 400, "InvalidIdentityToken")
    assert provider.key_requests == 1


@pytest.mark.parametrize("pem", ["", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_a_file_without_certificates_ends_the_start(own_server, pem):
    (own_server.folder / "ca.pem").write_text(pem)
    own_server.arguments += ["--ca-file", "ca.pem"]
    with pytest.raises(StartFailed) as failed:
        own_server.start()
    assert failed.value.status == 2
    assert failed.value.stderr == "buckler: the CA file `ca.pem`: it holds no certificates of authorities in PEM form"
