"""The seed file's identities: made once, changed where they differ, never taken away."""

import json
import re

import pytest
from harness.expect import denial, refused
from harness.callers import Caller
from harness.server import Server, run_to_end

HOME = "111111111111"
ROOT = Caller(HOME, "", "AKIAROOT00000000", "root secret")
ALICE = Caller(HOME, "staff/alice", "AKIAALICE0000000", "alice's secret")
READERS = f"arn:aws:iam::{HOME}:policy/teams/readers"
FENCE = f"arn:aws:iam::{HOME}:policy/fence"


def allow(action, resource="*"):
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": statement})


TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"AWS": ALICE.arn}, "Action": "sts:AssumeRole"},
    }
)


def seed(readers=allow("s3:GetObject"), extra=""):
    return f"""
[[account]]
id = "{HOME}"
root = {{ access_key = "{ROOT.access_key}", secret_key = "{ROOT.secret_key}" }}
  [[account.policy]]
  name = "readers"
  path = "/teams/"
  description = "reads objects"
  document = '{readers}'
  tags = {{ team = "blue" }}
  [[account.policy]]
  name = "fence"
  document = '{allow(["s3:GetObject", "s3:PutObject"])}'
  [[account.user]]
  name = "alice"
  path = "/staff/"
  access_key = "{ALICE.access_key}"
  secret_key = "{ALICE.secret_key}"
  permissions_boundary = "{FENCE}"
  tags = {{ desk = "7" }}
  [[account.group]]
  name = "team"
  path = "/blue/"
  members = ["alice"]
  policies = ["{READERS}"]
  inline = {{ name = "more", document = '{allow(["s3:PutObject", "s3:ListBucket"])}' }}
  [[account.role]]
  name = "worker"
  path = "/work/"
  description = "works"
  trust = '{TRUST}'
  permissions_boundary = "{FENCE}"
  policies = ["{READERS}"]
  tags = {{ team = "blue" }}
  [[account.bucket]]
  name = "photos"
{extra}"""


@pytest.fixture
def seeded(backend, tmp_path):
    (tmp_path / "seed.toml").write_text(seed())
    with Server(tmp_path, "--data", "data", "--accounts", "seed.toml", "--log", "info", *backend()) as running:
        yield running


def again(running, folder, text):
    assert running.stop() == 0
    (folder / "seed.toml").write_text(text)
    running.start()


def applied(running):
    """What the last start said of each thing, and its totals."""
    lines = re.sub(r"\x1b\[\d+m", "", running.stderr.text).splitlines()
    said = [line.split("the accounts file ")[1] for line in lines if "the accounts file " in line]
    return said, next(line for line in reversed(lines) if "accounts applied" in line)


def test_groups_policies_boundaries_and_tags_are_as_declared(seeded):
    iam = seeded.client(ROOT, "iam")
    policy = iam.get_policy(PolicyArn=READERS)["Policy"]
    assert policy["Description"] == "reads objects" and policy["DefaultVersionId"] == "v1"
    assert policy["Tags"] == [{"Key": "team", "Value": "blue"}]
    user = iam.get_user(UserName="alice")["User"]
    assert user["Arn"] == ALICE.arn
    assert user["PermissionsBoundary"]["PermissionsBoundaryArn"] == FENCE
    assert user["Tags"] == [{"Key": "desk", "Value": "7"}]
    group = iam.get_group(GroupName="team")
    assert group["Group"]["Arn"] == f"arn:aws:iam::{HOME}:group/blue/team"
    assert [member["UserName"] for member in group["Users"]] == ["alice"]
    attached = iam.list_attached_group_policies(GroupName="team")["AttachedPolicies"]
    assert [policy["PolicyArn"] for policy in attached] == [READERS]
    assert iam.list_group_policies(GroupName="team")["PolicyNames"] == ["more"]
    role = iam.get_role(RoleName="worker")["Role"]
    assert role["Arn"] == f"arn:aws:iam::{HOME}:role/work/worker" and role["Description"] == "works"
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == FENCE
    assert role["Tags"] == [{"Key": "team", "Value": "blue"}]


def test_what_is_declared_decides(seeded):
    """Through the group alice may put and list; her boundary lets her put, and not list."""
    alice = seeded.client(ALICE)
    alice.put_object(Bucket="photos", Key="k", Body=b"bytes")
    assert alice.get_object(Bucket="photos", Key="k")["Body"].read() == b"bytes"
    refused(
        lambda: alice.list_objects_v2(Bucket="photos"), 403, "AccessDenied",
        denial(ALICE, "s3:ListBucket", "arn:aws:s3:::photos", "because no permissions boundary allows the s3:ListBucket action"),
    )  # fmt: skip
    answer = seeded.client(ALICE, "sts").assume_role(RoleArn=f"arn:aws:iam::{HOME}:role/work/worker", RoleSessionName="work")
    keys = answer["Credentials"]
    arn = answer["AssumedRoleUser"]["Arn"]
    worker = Caller(HOME, "", keys["AccessKeyId"], keys["SecretAccessKey"], (), "", keys["SessionToken"], arn)
    assert seeded.client(worker).get_object(Bucket="photos", Key="k")["Body"].read() == b"bytes"
    refused(lambda: seeded.client(worker).put_object(Bucket="photos", Key="k", Body=b""), 403, "AccessDenied")


def test_applied_again_it_changes_nothing_and_changed_it_says_what(seeded, tmp_path):
    said, total = applied(seeded)
    assert f"made group team of account {HOME}" in said
    assert f"made membership of user alice in group team of account {HOME}" in said
    again(seeded, tmp_path, seed())
    said, total = applied(seeded)
    assert said == [] and "created=0 changed=0" in total, (said, total)
    again(seeded, tmp_path, seed(allow("s3:GetObject*")).replace('desk = "7"', 'desk = "8"'))
    said, total = applied(seeded)
    assert said == [f"changed policy readers of account {HOME}", f"changed tags of user alice of account {HOME}"]
    assert "created=0 changed=2" in total
    iam = seeded.client(ROOT, "iam")
    assert iam.get_policy(PolicyArn=READERS)["Policy"]["DefaultVersionId"] == "v2"


def test_the_oldest_version_of_a_policy_makes_room(seeded, tmp_path):
    for number in range(5):
        again(seeded, tmp_path, seed(allow("s3:GetObject", f"arn:aws:s3:::b{number}/*")))
    versions = seeded.client(ROOT, "iam").list_policy_versions(PolicyArn=READERS)["Versions"]
    assert [version["VersionId"] for version in versions] == ["v6", "v5", "v4", "v3", "v2"]
    assert versions[0]["IsDefaultVersion"]


def test_it_takes_nothing_away(seeded, tmp_path):
    iam = seeded.client(ROOT, "iam")
    iam.tag_user(UserName="alice", Tags=[{"Key": "room", "Value": "12"}])
    iam.create_group(GroupName="others")
    iam.add_user_to_group(GroupName="others", UserName="alice")
    again(seeded, tmp_path, f'[[account]]\nid = "{HOME}"\n  [[account.user]]\n  name = "alice"\n  path = "/staff/"\n')
    iam = seeded.client(ROOT, "iam")
    user = iam.get_user(UserName="alice")["User"]
    assert user["PermissionsBoundary"]["PermissionsBoundaryArn"] == FENCE
    assert {tag["Key"]: tag["Value"] for tag in user["Tags"]} == {"desk": "7", "room": "12"}
    groups = iam.list_groups_for_user(UserName="alice")["Groups"]
    assert [group["GroupName"] for group in groups] == ["others", "team"]
    assert iam.get_role(RoleName="worker")["Role"]["RoleName"] == "worker"


@pytest.mark.parametrize(
    "change, sentence",
    [
        (("members = [\"alice\"]", "members = [\"carl\"]"), f"account {HOME}, group team: there is no user `carl`"),
        ((READERS, f"{READERS}2"), f"account {HOME}, group team: there is no attached policy `{READERS}2`"),
        (('path = "/teams/"', 'path = "/other/"'), f"account {HOME}, policy readers: there is a managed policy `readers` already"),
        (('path = "/work/"', 'path = "/play/"'), f"account {HOME}, role worker: it is there under the path `/work/`, which stays"),
        (("staff/alice", "staff/nobody"), f"account {HOME}, role worker: trust: "),
    ],
)  # fmt: skip
def test_a_mistake_that_only_the_store_knows_names_its_place(seeded, tmp_path, change, sentence):
    assert seeded.stop() == 0
    (tmp_path / "seed.toml").write_text(seed().replace(*change))
    ended = run_to_end(tmp_path, "serve", *seeded.arguments, "--listen", "127.0.0.1:0")
    assert ended.returncode == 2
    assert sentence in ended.stderr, ended.stderr
