"""A remote store over TLS: its certificate counts, and who says that it does."""

import pytest
from harness.callers import OWNER_ROOT, STRANGER_ROOT
from harness.certificates import DAY, Authority, self_signed
from harness.doctor import CLEAN, examine, kinds
from harness.proxy import Proxy
from harness.remote import BUCKET, HUGE, LARGE, PROMISES, gateway, keeper, put, read
from harness.server import StartFailed


@pytest.fixture
def store(tmp_path):
    with keeper(tmp_path / "store") as server:
        yield server


@pytest.fixture
def authority():
    return Authority("authority of the store")


@pytest.fixture
def proxy(tmp_path, store, authority):
    with Proxy(store, authority.serve(tmp_path / "chain.pem")) as between:
        yield between


@pytest.mark.parametrize("named_by", ["BUCKLER_BLOBS_CA_FILE", "SSL_CERT_FILE"])
def test_store_whose_authority_is_trusted(tmp_path, proxy, authority, named_by):
    trusted = {named_by: str(authority.write(tmp_path / "authority.pem")), "BUCKLER_BLOBS_ALLOW_HTTP": "false"}
    with gateway(tmp_path, proxy.endpoint, **trusted) as server:
        server.client(OWNER_ROOT).create_bucket(Bucket=BUCKET)
        for key, body in (("large", LARGE), ("huge", HUGE)):
            put(server, key, body)
            assert read(server, key) == body
            assert read(server, key, Range="bytes=-3") == body[-3:]
        server.stop()
        status, report = examine(server, "--deep")
        assert (status, kinds(report)) == (CLEAN, [])
        assert set(report["promises_kept"]) == PROMISES
    assert proxy.requests


@pytest.mark.parametrize("wrong", ["nobody's", "another's", "expired", "of another name", "its own"])
def test_store_whose_certificate_does_not_count_is_refused(tmp_path, store, authority, wrong):
    chain, own = tmp_path / "chain.pem", tmp_path / "authority.pem"
    authority.write(own)
    said = "UnknownIssuer"
    if wrong == "another's":
        Authority("authority of another").write(own)
    trusted = {} if wrong == "nobody's" else {"BUCKLER_BLOBS_CA_FILE": str(own)}
    if wrong == "expired":
        authority.serve(chain, ends_in=-DAY)
        said = "certificate expired"
    elif wrong == "of another name":
        authority.serve(chain, host="elsewhere.example.com")
        said = "not valid for name"
    elif wrong == "its own":
        self_signed(chain)
        said = "invalid peer certificate"
    else:
        authority.serve(chain)
    with Proxy(store, chain) as proxy:
        with pytest.raises(StartFailed) as failed:
            gateway(tmp_path, proxy.endpoint, **trusted).start()
        assert failed.value.status == 2
        assert "blob store `s3://blobs/stores/one`" in failed.value.stderr and said in failed.value.stderr, failed.value
        assert STRANGER_ROOT.secret_key not in failed.value.stderr
        assert proxy.requests == []


def test_plain_connections_are_taken_only_where_they_are_allowed(tmp_path, store):
    with pytest.raises(StartFailed, match="blob store `s3://blobs/stores/one`"):
        gateway(tmp_path, store.endpoint, BUCKLER_BLOBS_ALLOW_HTTP="false").start()


@pytest.mark.parametrize(
    ("content", "said"), [(None, "No such file"), (b"no certificate\n", "it holds no certificates in PEM form")]
)
def test_file_without_authorities_is_refused(tmp_path, proxy, content, said):
    file = tmp_path / "authority.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(StartFailed) as failed:
        gateway(tmp_path, proxy.endpoint, BUCKLER_BLOBS_CA_FILE=str(file)).start()
    assert failed.value.status == 2 and said in failed.value.stderr and str(file) in failed.value.stderr
