"""First start, restart, refusals, and the end."""

import json
import os
import pathlib
import re
import sqlite3
import stat
import subprocess
import sys

import pytest
from botocore.exceptions import EndpointConnectionError
from harness.callers import OWNER_ROOT, Caller, seed
from harness.expect import refused
from harness.server import Server, StartFailed, environment, run_to_end
from harness.wire import ask


@pytest.fixture
def first(backend, tmp_path):
    """A server without a seed, not yet started."""
    prepared = Server(tmp_path, "--data", "data", *backend())
    yield prepared
    if prepared.process:
        prepared.__exit__()


def printed_keys(text):
    found = re.search(r"^account +(\d{12})\naccess key +(\S+)\nsecret key +(\S+)  \(shown once\)$", text, re.M)
    assert found, text
    return Caller(account=found[1], access_key=found[2], secret_key=found[3])


def start_and_read(server):
    """Starts; the printed text is whole once the secret key is there and the server has ended or is ready."""
    server.start()
    assert server.stdout.settled.wait(10)
    return server


def test_first_start_prints_keys_once_and_lines_that_work(first, tmp_path):
    start_and_read(first)
    # The end of the process is the end of its output; the lines are tried against the same data afterwards.
    port = first.port
    assert first.stop() == 0
    text = first.stdout.text
    root = printed_keys(text)
    assert root.access_key.startswith("AKIA") and len(root.access_key) == 20 and len(root.secret_key) == 40
    lines = [line.strip() for line in text.splitlines() if line.strip().startswith(("export ", "aws "))]
    assert any("s3api put-bucket-policy" in line for line in lines), text

    first._listen = f"127.0.0.1:{port}"
    first.start()
    path = f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-e", "-c", "\n".join(lines)],
        env=environment(tmp_path, {"PATH": path, "AWS_MAX_ATTEMPTS": "1"}), capture_output=True, text=True, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, (lines, done.stderr)
    buckets = [entry["Name"] for entry in first.client(root).list_buckets()["Buckets"]]
    assert len(buckets) == 1
    stored = json.loads(first.client(root).get_bucket_policy(Bucket=buckets[0])["Policy"])
    assert stored["Statement"][0]["Effect"] == "Allow"
    assert "secret" not in first.stdout.text + first.stderr.text
    assert first.stop() == 0
    assert root.secret_key not in first.stdout.text + first.stderr.text


def test_restart_keeps_the_keys_and_the_data_folder_is_private(first):
    start_and_read(first)
    root = printed_keys(first.stdout.text)
    first.client(root).create_bucket(Bucket="kept")
    assert first.stop() == 0
    assert stat.S_IMODE(first.data.stat().st_mode) & 0o077 == 0
    secret = root.secret_key.encode()
    for folder, _, files in os.walk(first.data):
        for name in files:
            assert secret not in (pathlib.Path(folder) / name).read_bytes(), "the secret lies open"
    first.start()
    assert [entry["Name"] for entry in first.client(root).list_buckets()["Buckets"]] == ["kept"]


def test_two_servers_on_one_data_folder_are_refused(tmp_path):
    with Server(tmp_path, "--data", "data") as running:
        assert running.stdout.settled.wait(10)
        second = Server(tmp_path, "--data", "data")
        with pytest.raises(StartFailed) as failed:
            second.start()
        assert failed.value.status == 2
        assert_one_sentence(failed.value.stderr)
        assert ask(running, "GET", "/_buckler/health").status == 200


def assert_one_sentence(stderr):
    lines = [line for line in stderr.splitlines() if line]
    assert len(lines) == 1 and len(lines[0]) > 20, stderr
    assert "panicked" not in stderr


MALFORMED_SEEDS = {
    "syntax": "[[account",
    "unknown member": '[[account]]\nid = "111111111111"\ncolour = "blue"',
    "id": '[[account]]\nid = "1234"\nroot = { access_key = "AKIA1234567890123456", secret_key = "s" }',
    "policy": '[[account]]\nid = "111111111111"\n[[account.user]]\nname = "a"\npolicies = ["arn:aws:iam::aws:policy/No"]',
    "bucket policy": "[[account]]\nid = \"111111111111\"\n[[account.bucket]]\nname = \"abc\"\npolicy = '{'",
    "bucket name": '[[account]]\nid = "111111111111"\n[[account.bucket]]\nname = "A"',
    "twice": '[[account]]\nid = "111111111111"\n[[account]]\nid = "111111111111"',
}
BAD_CONFIGURATIONS = {
    "flag": (["--no-such-flag"], {}),
    "listen": (["--listen", "nowhere"], {}),
    "listen port": (["--listen", "127.0.0.1:99999"], {}),
    "listen elsewhere": (["--listen", "192.0.2.1:0"], {}),
    "database": (["--database", "mysql://localhost/x"], {}),
    "database server": (["--database", "postgres://127.0.0.1:1/x"], {}),
    "blobs": (["--blobs", "ftp://x"], {}),
    "region": (["--region", "US EAST"], {}),
    "domain": (["--domain", "not a domain"], {}),
    "accounts": (["--accounts", "missing.toml"], {}),
    "config": (["--config", "missing.toml"], {}),
    "ephemeral with database": (["--ephemeral", "--database", "sqlite://rows.sqlite"], {}),
    "half a key": ([], {"BUCKLER_ROOT_ACCESS_KEY": "AKIA1234567890123456"}),
    "half a minio key": ([], {"MINIO_ROOT_PASSWORD": "secret"}),
    "bucket": ([], {"BUCKLER_BUCKETS": "Not_A_Bucket"}),
    "environment": ([], {"BUCKLER_LISTEN": "nowhere"}),
    "ownership": (["--new-bucket-ownership", "Nobody"], {}),
    "log": (["--log", "=,="], {}),
    "data is a file": (["--data", "file"], {}),
}


@pytest.mark.parametrize("name", BAD_CONFIGURATIONS)
def test_bad_configuration_is_one_sentence_and_creates_nothing(tmp_path, name):
    arguments, env = BAD_CONFIGURATIONS[name]
    (tmp_path / "file").write_text("")
    listen = [] if "--listen" in arguments or "BUCKLER_LISTEN" in env else ["--listen", "127.0.0.1:0"]
    done = run_to_end(tmp_path, "serve", *listen, *arguments, env=env)
    assert (done.returncode, done.stdout) == (2, ""), done
    if name != "flag":
        assert_one_sentence(done.stderr)
    assert os.listdir(tmp_path) == ["file"], done.stderr


@pytest.mark.parametrize("name", MALFORMED_SEEDS)
def test_a_malformed_seed_is_one_sentence_and_creates_nothing(tmp_path, name):
    (tmp_path / "seed.toml").write_text(MALFORMED_SEEDS[name])
    done = run_to_end(tmp_path, "serve", "--listen", "127.0.0.1:0", "--accounts", "seed.toml")
    assert (done.returncode, done.stdout) == (2, ""), done
    assert_one_sentence(done.stderr)
    assert os.listdir(tmp_path) == ["seed.toml"]


@pytest.mark.parametrize("text", ['listen = "nowhere"', "listen = 1", 'colour = "blue"', "listen ="])
def test_a_bad_config_file_is_one_sentence_and_creates_nothing(tmp_path, text):
    (tmp_path / "buckler.toml").write_text(text)
    done = run_to_end(tmp_path, "serve")
    assert (done.returncode, done.stdout) == (2, ""), done
    assert_one_sentence(done.stderr)
    assert os.listdir(tmp_path) == ["buckler.toml"]


def test_an_address_in_use_is_refused_before_anything_is_made(tmp_path, server):
    done = run_to_end(tmp_path, "serve", "--listen", f"{server.host}:{server.port}")
    assert done.returncode == 2
    assert_one_sentence(done.stderr)
    assert os.listdir(tmp_path) == []


# Configuration


def test_flag_beats_variable_beats_file(tmp_path):
    (tmp_path / "buckler.toml").write_text('listen = "127.0.0.1:0"\nregion = "eu-file-1"\ndata = "data-of-file"\n')

    def region(*arguments, env=None):
        with Server(tmp_path, *arguments, env=env, listen=None) as running:
            answer = ask(running, "GET", "/", OWNER_ROOT, region="nowhere-1")
            return answer.element("Region")

    assert region() == "eu-file-1"
    assert region(env={"BUCKLER_REGION": "eu-variable-1"}) == "eu-variable-1"
    assert region("--region", "eu-flag-1", env={"BUCKLER_REGION": "eu-variable-1"}) == "eu-flag-1"
    assert (tmp_path / "data-of-file").is_dir() and not (tmp_path / "buckler-data").exists()


def test_everything_by_variables(tmp_path, backend):
    (tmp_path / "seed.toml").write_text(seed())
    env = {"BUCKLER_LISTEN": "127.0.0.1:0", "BUCKLER_DATA": "by-variable", "BUCKLER_ACCOUNTS": "seed.toml"}
    if database := backend():
        env["BUCKLER_DATABASE"] = database[1]
    with Server(tmp_path, env=env, listen=None) as running:
        running.client(OWNER_ROOT).create_bucket(Bucket="by-variable")
    assert (tmp_path / "by-variable").is_dir()


@pytest.mark.parametrize(
    "names", [("BUCKLER_ROOT_ACCESS_KEY", "BUCKLER_ROOT_SECRET_KEY"), ("MINIO_ROOT_USER", "MINIO_ROOT_PASSWORD")]
)
def test_root_keys_and_buckets_from_the_environment(first, names):
    root = Caller(account="x", access_key="minioadmin", secret_key="minioadmin-secret")
    first.env = {names[0]: root.access_key, names[1]: root.secret_key, "BUCKLER_BUCKETS": "one,two"}
    for _ in range(2):
        first.start()
        assert [entry["Name"] for entry in first.client(root).list_buckets()["Buckets"]] == ["one", "two"]
        assert first.stop() == 0
        assert root.secret_key not in first.stderr.text


def test_seed_makes_accounts_users_and_buckets_and_may_be_applied_again(tmp_path, backend):
    with_buckets = seed() + """
  [[account.bucket]]
  name = "closed"
  [[account.bucket]]
  name = "open"
  public_access_block = false
  policy = '''{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::open/*"}]}'''
"""
    from harness.callers import ANONYMOUS, STRANGER_ADMIN, STRANGER_ROOT

    (tmp_path / "seed.toml").write_text(with_buckets)
    prepared = Server(tmp_path, "--data", "data", "--accounts", "seed.toml", *backend())
    with prepared:
        pass
    with prepared.start() as running:
        root = running.client(STRANGER_ROOT)
        assert [entry["Name"] for entry in root.list_buckets()["Buckets"]] == ["closed", "open"]
        assert all(root.get_public_access_block(Bucket="closed")["PublicAccessBlockConfiguration"].values())
        running.client(STRANGER_ADMIN).put_object(Bucket="open", Key="k", Body=b"bytes")
        assert running.client(ANONYMOUS).get_object(Bucket="open", Key="k")["Body"].read() == b"bytes"


def test_ephemeral_keeps_nothing_and_has_the_well_known_keys(tmp_path):
    known = Caller("x", access_key="AKIAIOSFODNN7EXAMPLE", secret_key="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    for _ in range(2):
        with Server(tmp_path, "--ephemeral") as running:
            client = running.client(known)
            assert client.list_buckets()["Buckets"] == []
            client.create_bucket(Bucket="abc")
            client.put_object(Bucket="abc", Key="k", Body=b"x" * 1_000_000)
            assert client.get_object(Bucket="abc", Key="k")["ContentLength"] == 1_000_000
            assert running.stop() == 0
    assert os.listdir(tmp_path) == []


def test_new_buckets_can_start_open(tmp_path):
    (tmp_path / "seed.toml").write_text(seed())
    with Server(tmp_path, "--accounts", "seed.toml", "--new-bucket-public-access-block", "false") as running:
        client = running.client(OWNER_ROOT)
        client.create_bucket(Bucket="abc")
        refused(lambda: client.get_public_access_block(Bucket="abc"), 404, "NoSuchPublicAccessBlockConfiguration")


def test_a_region_of_its_own(tmp_path):
    (tmp_path / "seed.toml").write_text(seed())
    with Server(tmp_path, "--accounts", "seed.toml", "--region", "eu-central-1") as running:
        client = running.client(OWNER_ROOT, region="eu-central-1")
        refused(
            lambda: client.create_bucket(Bucket="abc"),
            400, "IllegalLocationConstraintException",
            "The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.",
        )  # fmt: skip
        here = {"LocationConstraint": "eu-central-1"}
        client.create_bucket(Bucket="abc", CreateBucketConfiguration=here)
        assert client.get_bucket_location(Bucket="abc")["LocationConstraint"] == "eu-central-1"
        assert client.head_bucket(Bucket="abc")["BucketRegion"] == "eu-central-1"
        refused(
            lambda: client.create_bucket(Bucket="abc", CreateBucketConfiguration=here),
            409, "BucketAlreadyOwnedByYou",
            "Your previous request to create the named bucket succeeded and you already own it.", BucketName="abc",
        )  # fmt: skip


def test_buckets_as_host_names(tmp_path):
    from harness.sigv4 import Request, sign
    from harness.wire import exchange

    (tmp_path / "seed.toml").write_text(seed())
    with Server(tmp_path, "--accounts", "seed.toml", "--domain", "s3.example.com") as running:
        running.client(OWNER_ROOT).create_bucket(Bucket="a.b")

        def send(method, host, target, body=b""):
            request = Request(method, target, [("Content-Length", str(len(body)))] if body else [], body)
            sign(request, OWNER_ROOT, host)
            return exchange(running, request)

        assert send("PUT", "a.b.s3.example.com", "/k", b"bytes").status == 200
        assert send("GET", "A.B.S3.Example.COM:9000", "/k").body == b"bytes"
        assert send("GET", "s3.example.com", "/a.b/k").body == b"bytes"
        assert send("GET", "a.b.s3.example.com", "/a.b/k").code == "NoSuchKey"
        assert b"<ListBucketResult" in send("GET", "a.b.s3.example.com", "/").body
        assert b"<ListAllMyBucketsResult" in send("GET", "s3.example.com", "/").body


# The schema


def test_a_newer_schema_is_refused_and_left_alone(own_server, postgres, request):
    own_server.start()
    assert own_server.stop() == 0
    insert = "INSERT INTO schema_versions (version) VALUES (1000000)"
    if "--database" in own_server.arguments:
        postgres.sql(own_server.arguments[own_server.arguments.index("--database") + 1], insert)
    else:
        (file,) = own_server.data.glob("*.sqlite")
        with sqlite3.connect(file) as database:
            database.execute(insert)
        database.close()
    with pytest.raises(StartFailed) as failed:
        own_server.start()
    assert failed.value.status == 2
    assert_one_sentence(failed.value.stderr)
    assert "newer" in failed.value.stderr


# The end


def test_sigterm_lets_a_download_finish(own_server):
    size = 64 << 20
    own_server.start()
    client = own_server.client(OWNER_ROOT)
    client.create_bucket(Bucket="drained")
    client.put_object(Bucket="drained", Key="k", Body=b"x" * size)
    body = client.get_object(Bucket="drained", Key="k")["Body"]
    first = body.read(1000)
    own_server.process.terminate()
    rest = body.read()
    assert len(first) + len(rest) == size and set(rest) == {ord("x")}
    assert own_server.wait(30) == 0
    with pytest.raises(EndpointConnectionError):
        client.list_buckets()


def test_sigterm_lets_an_upload_finish(own_server):
    from harness.sigv4 import Request, sign
    from harness.wire import Connection, host_of

    own_server.start()
    own_server.client(OWNER_ROOT).create_bucket(Bucket="drained")
    request = Request("PUT", "/drained/k", [("Expect", "100-continue")])
    sign(request, OWNER_ROOT, host_of(own_server), payload="UNSIGNED-PAYLOAD")
    request.headers.append(("Content-Length", "1000000"))
    with Connection(own_server) as connection:
        # 100 Continue says that the server is in the middle of it.
        assert connection.send(request.to_bytes()).interim() == 100
        own_server.process.terminate()
        assert connection.send(bytes(1_000_000)).answer().status == 200
    assert own_server.wait(30) == 0
    own_server.start()
    assert own_server.client(OWNER_ROOT).head_object(Bucket="drained", Key="k")["ContentLength"] == 1_000_000


def test_sigint_and_idle_connections(own_server):
    own_server.start()
    client = own_server.client(OWNER_ROOT)
    client.list_buckets()
    own_server.process.send_signal(2)
    assert own_server.wait(30) == 0


def test_version_and_help(tmp_path):
    version = run_to_end(tmp_path, "--version")
    assert (version.returncode, version.stdout.split()[0]) == (0, "buckler")
    shown = run_to_end(tmp_path, "serve", "--help")
    assert shown.returncode == 0
    for flag in ("--listen", "--data", "--database", "--accounts", "--region", "--domain", "--ephemeral"):
        assert flag in shown.stdout
    assert os.listdir(tmp_path) == []
