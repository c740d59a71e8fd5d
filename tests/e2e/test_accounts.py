"""`buckler account`: accounts made and changed while the server runs, and while it does not."""

import json
import os
import stat

import pytest
from harness.callers import OWNER_ROOT, OWNER_USER, STRANGER_ROOT, Caller
from harness.expect import refused
from harness.server import run_to_end


@pytest.fixture
def running(own_server):
    """A server of the test's own, and how to call the program beside it."""
    with own_server.start() as server:
        yield server


def account(server, *arguments, status=0):
    """Runs `buckler account … --json` with the server's own store."""
    store = [text for text in server.arguments if text not in ("--accounts", "seed.toml")]
    ran = run_to_end(server.folder, "account", *arguments, "--json", *store)
    assert ran.returncode == status, ran.stderr
    if status:
        return ran.stderr.strip()
    return json.loads(ran.stdout)


def root_of(key):
    return Caller(account=key["account"], access_key=key["access_key"], secret_key=key["secret_key"])


def buckets(server, caller):
    return server.client(caller).list_buckets()["Buckets"]


def test_a_new_account_works_at_once(running):
    made = account(running, "create", "--name", "third", "--id", "333333333333")
    assert made["account"] == "333333333333" and made["access_key"].startswith("AKIA")
    root = root_of(made)
    assert buckets(running, root) == []
    assert running.client(root, "sts").get_caller_identity()["Account"] == "333333333333"
    listed = {one["id"]: one for one in account(running, "list")}
    assert set(listed) == {"111111111111", "222222222222", "333333333333"}
    shown = account(running, "show", "333333333333")[0]
    assert shown == listed["333333333333"]
    assert shown["name"] == "third" and shown["status"] == "enabled"
    assert shown["root_keys"] == [{"access_key": made["access_key"], "status": "active"}]
    assert listed["111111111111"]["users"] > 0 == listed["333333333333"]["users"]
    random = account(running, "create", "--name", "fourth")
    assert buckets(running, root_of(random)) == []


def test_mistakes_are_a_sentence(running):
    taken = account(running, "create", "--name", "again", "--id", "111111111111", status=2)
    assert taken == "buckler: there is an account 111111111111 already"
    for command in ("show", "disable", "enable", "rotate-root-key"):
        unknown = account(running, command, "999999999999", status=2)
        assert unknown == "buckler: there is no account 999999999999"
        assert "is no account id" in account(running, command, "12", status=2)


def test_a_disabled_account_is_let_in_nowhere_and_keeps_what_it_has(running):
    bucket = "kept-while-disabled"
    running.client(OWNER_ROOT).create_bucket(Bucket=bucket)
    session = running.client(OWNER_ROOT, "sts").get_session_token()["Credentials"]
    temporary = Caller(
        access_key=session["AccessKeyId"],
        secret_key=session["SecretAccessKey"],
        session_token=session["SessionToken"],
    )
    account(running, "disable", "111111111111")
    for caller in (OWNER_ROOT, OWNER_USER, temporary):
        refused(lambda: buckets(running, caller), 403, "InvalidAccessKeyId")
        refused(running.client(caller, "sts").get_caller_identity, 403, "InvalidClientTokenId")
    assert buckets(running, STRANGER_ROOT) == []
    account(running, "enable", "111111111111")
    assert [one["Name"] for one in buckets(running, OWNER_ROOT)] == [bucket]


def test_a_root_key_is_rotated(running):
    first = account(running, "rotate-root-key", "111111111111")
    refused(lambda: buckets(running, OWNER_ROOT), 403, "InvalidAccessKeyId")
    assert buckets(running, root_of(first)) == []
    second = account(running, "rotate-root-key", "111111111111")
    refused(lambda: buckets(running, root_of(first)), 403, "InvalidAccessKeyId")
    assert buckets(running, root_of(second)) == []
    keys = account(running, "show", "111111111111")[0]["root_keys"]
    assert sorted(key["status"] for key in keys) == ["active", "inactive"]


def test_root_keys_are_disabled_and_a_start_does_not_enable_them(running):
    account(running, "disable-root-keys", "111111111111")
    refused(lambda: buckets(running, OWNER_ROOT), 403, "InvalidAccessKeyId")
    refused(lambda: buckets(running, OWNER_USER), 403, "AccessDenied")
    # The seed declares this key; what the operator has done since stays.
    running.stop()
    running.start()
    refused(lambda: buckets(running, OWNER_ROOT), 403, "InvalidAccessKeyId")
    account(running, "enable-root-keys", "111111111111")
    assert buckets(running, OWNER_ROOT) == []


def test_the_program_does_it_itself_while_no_server_runs(running):
    running.stop()
    made = account(running, "create", "--name", "third", "--id", "333333333333")
    running.start()
    assert buckets(running, root_of(made)) == []


def test_a_folder_without_a_store_is_not_made_into_one(tmp_path):
    ran = run_to_end(tmp_path, "account", "list", "--data", "nothing")
    assert ran.returncode == 2 and "there is no store in `nothing`" in ran.stderr
    assert not (tmp_path / "nothing").exists()


def test_the_socket_is_the_owners_alone_and_goes_with_the_server(running):
    socket = running.data / "admin.sock"
    if "--database" in running.arguments:
        assert not socket.exists()
        return
    assert stat.S_IMODE(os.stat(socket).st_mode) == 0o600
    running.stop()
    assert not socket.exists()
