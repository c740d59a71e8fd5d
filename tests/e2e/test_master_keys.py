"""Rotation of the master key: what an older key sealed goes on until the key is taken away."""

import json

import pytest
from harness.callers import OWNER_ADMIN, OWNER_ROOT, Caller
from harness.expect import refused
from harness.server import StartFailed, run_to_end
from harness.sessions import own_session

OLD, NEW = "1a" * 32, "2b" * 32
MASTER_KEY = "BUCKLER_MASTER_KEY"


def account(server, keys, *arguments, status=0):
    ran = run_to_end(server.folder, "account", *arguments, "--json", *server.storage, env={MASTER_KEY: keys})
    assert ran.returncode == status, ran.stderr
    assert OLD not in ran.stdout + ran.stderr and NEW not in ran.stdout + ran.stderr
    return ran.stderr.strip() if status else json.loads(ran.stdout)


def restart(server, keys):
    assert server.stop() == 0
    assert OLD not in server.stderr.text and NEW not in server.stderr.text
    return server.start(**{MASTER_KEY: keys})


def new_user(server, name):
    """A user who may do everything, with a key that no seed knows."""
    iam = server.client(OWNER_ROOT, "iam")
    iam.create_user(UserName=name)
    iam.attach_user_policy(UserName=name, PolicyArn="arn:aws:iam::aws:policy/AmazonS3FullAccess")
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return Caller(OWNER_ROOT.account, name, key["AccessKeyId"], key["SecretAccessKey"])


def works(server, caller):
    server.client(caller).list_buckets()
    return True


def kept(server, keys):
    return [(key["role"], key["secrets"]) for key in account(server, keys, "master-keys")]


def test_access_keys_and_sessions_survive_a_rotation(own_server):
    own_server.start(**{MASTER_KEY: OLD})
    user = new_user(own_server, "before")
    session = own_session(own_server, OWNER_ADMIN)
    bucket = own_server.client(OWNER_ROOT)
    bucket.create_bucket(Bucket="uploads")
    upload = bucket.create_multipart_upload(Bucket="uploads", Key="k")["UploadId"]
    secrets = kept(own_server, OLD)[0][1]
    # The new key seals from here on, and the old one opens what there is.
    both = f"{NEW},{OLD}"
    restart(own_server, both)
    assert works(own_server, user) and works(own_server, session)
    own_server.client(OWNER_ROOT).abort_multipart_upload(Bucket="uploads", Key="k", UploadId=upload)
    own_server.client(OWNER_ROOT).abort_multipart_upload(Bucket="uploads", Key="k", UploadId=upload)
    later, later_session = new_user(own_server, "after"), own_session(own_server, OWNER_ADMIN)
    assert kept(own_server, both) == [("seals", 1), ("opens", secrets)]
    rotated = account(own_server, both, "rotate-master-key")
    assert rotated.startswith(f"{secrets} secrets sealed anew under master key ")
    assert kept(own_server, both) == [("seals", secrets + 1), ("opens", 0)]
    assert account(own_server, both, "rotate-master-key").startswith("0 secrets sealed anew")
    assert works(own_server, user) and works(own_server, later) and works(own_server, session)
    # Without the old key, all access keys go on; sessions that it sealed are over.
    restart(own_server, NEW)
    assert works(own_server, user) and works(own_server, later) and works(own_server, later_session)
    refused(lambda: works(own_server, session), 400, "InvalidToken", "The provided token is malformed or otherwise invalid.")
    refused(own_server.client(session, "sts").get_caller_identity, 403, "InvalidClientTokenId")


def test_a_key_that_is_still_needed_is_missed_at_start(own_server):
    own_server.start(**{MASTER_KEY: OLD})
    assert own_server.stop() == 0
    with pytest.raises(StartFailed) as failed:
        own_server.start(**{MASTER_KEY: NEW})
    assert failed.value.status == 2
    assert "sealed under another master key" in failed.value.stderr


def test_what_no_key_opens_is_refused_and_told(own_server):
    """A server that has lost a key goes on for all others; nothing of it is a 500."""
    own_server.start(**{MASTER_KEY: f"{OLD}"})
    assert own_server.stop() == 0
    own_server.start(**{MASTER_KEY: f"{NEW} {OLD}"})
    lost = new_user(own_server, "lost")
    restart(own_server, OLD)
    assert works(own_server, OWNER_ADMIN)
    refused(lambda: works(own_server, lost), 403, "InvalidAccessKeyId")
    assert [role for role, _ in kept(own_server, OLD)] == ["seals", "missing"]
    told = account(own_server, OLD, "rotate-master-key", status=2)
    assert "1 cannot be opened, because these keys are not given: " in told


def test_the_key_file_holds_several_keys(own_server):
    if "--database" in own_server.arguments:
        pytest.skip("the file is the same beside either database")
    own_server.start()
    user = new_user(own_server, "file")
    assert own_server.stop() == 0
    file = own_server.data / "master.key"
    old = file.read_text()
    file.write_text(f"{NEW}\n{old}")
    own_server.start()
    ran = run_to_end(own_server.folder, "account", "rotate-master-key", *own_server.storage)
    assert ran.returncode == 0, ran.stderr
    assert own_server.stop() == 0
    file.write_text(f"{NEW}\n")
    own_server.start()
    assert works(own_server, user)


@pytest.mark.parametrize("keys", ["", "1a", f"{OLD},{OLD}", f"{OLD},x", ",".join(f"{n:02x}" * 32 for n in range(9))])
def test_lists_of_keys_that_are_none(own_server, keys):
    with pytest.raises(StartFailed) as failed:
        own_server.start(**{MASTER_KEY: keys})
    assert failed.value.status == 2
    assert failed.value.stderr.startswith("buckler: BUCKLER_MASTER_KEY: ")
    assert OLD not in failed.value.stderr
