"""The aws CLI."""

import json
import os
import pathlib
import subprocess
import sys

import pytest
from harness.callers import OWNER_ROOT, OWNER_USER
from harness.policies import allow, policy, principal_of
from harness.server import environment
from harness.wire import ask


@pytest.fixture
def aws(server, tmp_path):
    """Runs `aws` as a caller; returns what it printed, or, with `fails`, its complaint."""

    # Left to itself, version 1 of the CLI presigns with Signature Version 2.
    config = tmp_path / "aws-config"
    config.write_text("[default]\ns3 =\n  signature_version = s3v4\n")

    def run(*arguments, caller=OWNER_ROOT, fails=False):
        variables = {
            "PATH": f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}",
            "AWS_ACCESS_KEY_ID": caller.access_key,
            "AWS_SECRET_ACCESS_KEY": caller.secret_key,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": server.endpoint,
            "AWS_MAX_ATTEMPTS": "1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": str(config),
        }
        done = subprocess.run(
            ["aws", *map(str, arguments)],
            env=environment(tmp_path, variables), cwd=tmp_path, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert (done.returncode != 0) == fails, (arguments, done.stdout, done.stderr)
        return done.stderr if fails else done.stdout

    return run


def test_the_line_of_the_readme_changes_what_others_may_do(aws, bucket, tmp_path):
    (tmp_path / "file").write_text("bytes")
    aws("s3", "cp", "file", f"s3://{bucket}/file")
    complaint = aws("s3", "cp", f"s3://{bucket}/file", "got", caller=OWNER_USER, fails=True)
    assert "403" in complaint
    granted = policy(allow(principal_of(OWNER_USER), "s3:GetObject", f"{bucket}/*"))
    assert aws("s3api", "put-bucket-policy", "--bucket", bucket, "--policy", granted) == ""
    aws("s3", "cp", f"s3://{bucket}/file", "got", caller=OWNER_USER)
    assert (tmp_path / "got").read_text() == "bytes"
    shown = json.loads(aws("s3api", "get-bucket-policy", "--bucket", bucket))
    assert json.loads(shown["Policy"])["Statement"][0]["Principal"] == {"AWS": OWNER_USER.arn}
    malformed = aws("s3api", "put-bucket-policy", "--bucket", bucket, "--policy", "{}", fails=True)
    assert "(MalformedPolicy)" in malformed and "Missing required field Statement" in malformed
    assert aws("s3api", "delete-bucket-policy", "--bucket", bucket) == ""
    missing = aws("s3api", "get-bucket-policy", "--bucket", bucket, fails=True)
    assert "(NoSuchBucketPolicy)" in missing and "The bucket policy does not exist" in missing


def test_make_list_and_remove_a_bucket(aws):
    made = json.loads(aws("s3api", "create-bucket", "--bucket", "made-by-cli"))
    assert made["Location"] == "/made-by-cli"
    assert "made-by-cli" in aws("s3", "ls")
    assert aws("s3", "rb", "s3://made-by-cli") == "remove_bucket: made-by-cli\n"


def test_copy_list_sync_and_remove(aws, bucket, tmp_path):
    source = tmp_path / "source"
    (source / "sub folder").mkdir(parents=True)
    # Below the CLI's threshold of 8 MB for multipart uploads.
    contents = {"a": os.urandom(7 << 20), "empty": b"", "sub folder/ä+b": b"text"}
    for name, content in contents.items():
        (source / name).write_bytes(content)
        # Dates of objects have whole seconds: a file of the same second would count as newer than its copy.
        os.utime(source / name, (1_700_000_000, 1_700_000_000))
    aws("s3", "sync", "source", f"s3://{bucket}/to")
    assert aws("s3", "sync", "source", f"s3://{bucket}/to") == "", "nothing has changed"
    listed = aws("s3", "ls", "--recursive", f"s3://{bucket}/")
    assert [line.split(maxsplit=3)[3] for line in listed.splitlines()] == [f"to/{name}" for name in sorted(contents)]
    assert "PRE sub folder/" in aws("s3", "ls", f"s3://{bucket}/to/")
    aws("s3", "cp", "--recursive", f"s3://{bucket}/to", "back")
    assert {str(path.relative_to(tmp_path / "back")): path.read_bytes() for path in (tmp_path / "back").rglob("*") if path.is_file()} == contents
    aws("s3", "mv", f"s3://{bucket}/to/a", f"s3://{bucket}/moved")
    aws("s3", "rm", "--recursive", f"s3://{bucket}/")
    assert aws("s3", "ls", f"s3://{bucket}/") == ""


def test_presign(aws, server, bucket, owner_root):
    owner_root.put_object(Bucket=bucket, Key="a key", Body=b"bytes")
    url = aws("s3", "presign", f"s3://{bucket}/a key").strip()
    target = url.removeprefix(server.endpoint)
    got = ask(server, "GET", target)
    assert (got.status, got.body) == (200, b"bytes")
    assert ask(server, "GET", target.replace("a%20key", "b")).code == "SignatureDoesNotMatch"
    assert ask(server, "GET", f"/{bucket}/a%20key").code == "AccessDenied"


def test_put_object_with_each_checksum(aws, bucket, tmp_path):
    (tmp_path / "file").write_bytes(b"bytes")
    for algorithm in ("CRC32", "SHA1", "SHA256"):
        put = json.loads(
            aws("s3api", "put-object", "--bucket", bucket, "--key", algorithm, "--body", "file", "--checksum-algorithm", algorithm)
        )  # fmt: skip
        assert put[f"Checksum{algorithm}"] and put["ServerSideEncryption"] == "AES256"


def test_twenty_mebibytes_go_up_in_parts_and_come_back(aws, bucket, tmp_path):
    data = os.urandom(20 * 1024 * 1024)
    (tmp_path / "big").write_bytes(data)
    aws("s3", "cp", "big", f"s3://{bucket}/big")
    head = json.loads(aws("s3api", "head-object", "--bucket", bucket, "--key", "big"))
    assert head["ETag"].endswith('-3"') and head["ContentLength"] == len(data)
    aws("s3", "cp", f"s3://{bucket}/big", "got")
    assert (tmp_path / "got").read_bytes() == data
    aws("s3", "mv", f"s3://{bucket}/big", f"s3://{bucket}/moved")
    aws("s3", "cp", f"s3://{bucket}/moved", "moved")
    assert (tmp_path / "moved").read_bytes() == data
