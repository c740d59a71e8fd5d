"""`X-Forwarded-For` and `X-Forwarded-Proto` count when a trusted proxy sends them, and from nobody else."""

import pytest
from harness.callers import OWNER_ROOT, OWNER_USER, seed
from harness.expect import answered
from harness.policies import allow, policy
from harness.server import Server, StartFailed
from harness.sigv4 import Request, sign
from harness.wire import ask, exchange, host_of

CLIENT = "203.0.113.9"


@pytest.fixture(scope="module")
def behind_proxy(tmp_path_factory):
    """A server that was told of its proxy by its configuration file."""
    folder = tmp_path_factory.mktemp("proxy")
    (folder / "seed.toml").write_text(seed())
    (folder / "buckler.toml").write_text('trusted_proxies = ["127.0.0.1", "192.0.2.0/24"]\n')
    with Server(folder, "--data", "data", "--accounts", "seed.toml") as running:
        yield running


def open_to(server, name, condition):
    """A bucket whose only Allow has this condition."""
    owner = server.client(OWNER_ROOT)
    owner.create_bucket(Bucket=name)
    owner.delete_public_access_block(Bucket=name)
    owner.put_bucket_policy(Bucket=name, Policy=policy(allow("*", "s3:ListBucket", name, Condition=condition)))
    return f"/{name}"


def test_headers_of_anyone_else_mean_nothing(server):
    to_client = open_to(server, "proxies-not-trusted", {"IpAddress": {"aws:SourceIp": CLIENT}})
    forged = [("X-Forwarded-For", CLIENT), ("X-Forwarded-Proto", "https")]
    answered(ask(server, "GET", to_client, OWNER_USER, headers=forged), 403, "AccessDenied")
    to_tls = open_to(server, "proxies-not-trusted-tls", {"Bool": {"aws:SecureTransport": "true"}})
    answered(ask(server, "GET", to_tls, OWNER_USER, headers=forged), 403, "AccessDenied")
    answered(ask(server, "GET", to_tls, None, headers=forged), 403, "AccessDenied")


def test_a_trusted_proxy_names_the_client(behind_proxy):
    to_client = open_to(behind_proxy, "proxies-trusted", {"IpAddress": {"aws:SourceIp": CLIENT}})
    for addresses, status in [
        (CLIENT, 200),
        # What the client itself sent, and a second proxy.
        (f"10.9.9.9, {CLIENT}, 192.0.2.7", 200),
        (f"{CLIENT}, 198.51.100.1", 403),
        (f"{CLIENT}, unknown", 403),
    ]:
        answer = ask(behind_proxy, "GET", to_client, OWNER_USER, headers=[("X-Forwarded-For", addresses)])
        assert answer.status == status, (addresses, answer)
    assert ask(behind_proxy, "GET", to_client, OWNER_USER).status == 403


def test_the_signed_host_is_that_of_the_host_header(behind_proxy):
    target = open_to(behind_proxy, "proxies-host", {"Bool": {"aws:SecureTransport": "true"}})
    over_tls = [("X-Forwarded-Proto", "https")]
    with_other_host = [*over_tls, ("X-Forwarded-Host", "s3.example.com"), ("X-Forwarded-Port", "443")]
    for headers in (over_tls, with_other_host):
        assert ask(behind_proxy, "GET", target, OWNER_USER, headers=headers).status == 200
    # A proxy that passes `Host` on: the client signed its public name.
    request = Request("GET", target, over_tls)
    sign(request, OWNER_USER, "s3.example.com")
    assert exchange(behind_proxy, request).status == 200
    request.set("Host", host_of(behind_proxy)).set("X-Forwarded-Host", "s3.example.com")
    answered(exchange(behind_proxy, request), 403, "SignatureDoesNotMatch")


def test_the_location_of_an_upload_is_where_its_client_finds_it(behind_proxy):
    behind_proxy.client(OWNER_ROOT).create_bucket(Bucket="proxies-uploads")
    for headers, scheme in (([], "http"), ([("X-Forwarded-Proto", "https")], "https")):
        begun = ask(behind_proxy, "POST", "/proxies-uploads/k?uploads", OWNER_ROOT, headers=headers)
        target = f"/proxies-uploads/k?uploadId={begun.element('UploadId')}"
        etag = ask(behind_proxy, "PUT", f"{target}&partNumber=1", OWNER_ROOT, headers=headers).header("etag")
        part = f"<Part><PartNumber>1</PartNumber><ETag>{etag}</ETag></Part>"
        body = f"<CompleteMultipartUpload>{part}</CompleteMultipartUpload>".encode()
        done = answered(ask(behind_proxy, "POST", target, OWNER_ROOT, body, headers), 200)
        assert done.element("Location") == f"{scheme}://{host_of(behind_proxy)}/proxies-uploads/k"


def test_what_is_no_range_is_refused_at_start(tmp_path):
    for wrong in ("proxy.example.com", "10.0.0.0/33"):
        with pytest.raises(StartFailed) as failed:
            Server(tmp_path, "--ephemeral", "--trusted-proxies", f"127.0.0.1,{wrong}").start()
        assert "`--trusted-proxies` is" in failed.value.stderr
        assert "addresses and ranges like 10.0.0.0/8" in failed.value.stderr
