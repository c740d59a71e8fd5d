"""`buckler policy`: findings in a file, and decisions from files and from the rows of a server."""

import json
import subprocess

import pytest
from harness.acls import set_ownership
from harness.callers import OWNER_ACCOUNT, OWNER_ADMIN, OWNER_DENIED, OWNER_ROOT, OWNER_USER, STRANGER_ROOT, STRANGER_USER
from harness.policies import allow, arn, deny, policy, principal_of
from harness.server import binary, environment, run_to_end

GOOD = policy(allow(principal_of(OWNER_USER), "s3:GetObject", "b/*"))


@pytest.fixture
def write(tmp_path):
    """Writes a file in the working folder and returns its name."""

    def write(name, text):
        (tmp_path / name).write_text(text)
        return name

    return write


@pytest.fixture
def check(tmp_path):
    """Runs `buckler policy check`."""
    return lambda *arguments: run_to_end(tmp_path, "policy", "check", *arguments)


@pytest.fixture
def explain(tmp_path):
    """Runs `buckler policy explain`."""
    return lambda *arguments: run_to_end(tmp_path, "policy", "explain", *arguments)


def test_a_good_policy_has_no_findings(check, write):
    done = check(write("good.json", GOOD), "--bucket", "b")
    assert (done.returncode, done.stdout) == (0, ""), done
    assert done.stderr == "good.json: accepted, not public\n"


def test_findings_have_their_place(check, write):
    text = '{"Version": "2012-10-17",\n "Statement": {"Effect": "Allow", "Principal": "*",\n  "Action": "s3:GetObjekt", "Resource": "arn:aws:s3:::b/*"}}\n'
    done = check(write("bad.json", text))
    assert done.returncode == 1
    assert done.stdout == "bad.json:3:13: ERROR INVALID_ACTION there is no action `s3:GetObjekt`; `s3:GetObject` is one\n"
    assert done.stderr == "bad.json: refused with MalformedPolicy: Policy has invalid action, 1 error\n"


def test_strict_minds_every_finding(check, write):
    name = write("public.json", policy(allow("*", "s3:GetObject", "b/*")))
    done = check(name)
    assert done.returncode == 0 and ": SECURITY_WARNING PUBLIC_ACCESS " in done.stdout
    assert done.stderr == "public.json: accepted, 1 security warning, public\n"
    assert check(name, "--strict").returncode == 1


def test_standard_input_and_json(tmp_path):
    done = subprocess.run(
        [binary(), "policy", "check", "-", "--kind", "identity", "--format", "json"],
        cwd=tmp_path, env=environment(tmp_path), input='{"Statement": []}', capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    assert done.returncode == 1 and done.stderr == ""
    found = json.loads(done.stdout)
    assert (found["file"], found["kind"], found["refusal"]) == ("<stdin>", "identity", "Syntax errors in policy.")
    codes = {finding["code"]: finding for finding in found["findings"]}
    assert set(codes) == {"MISSING_VERSION", "MISSING_STATEMENT"}
    assert codes["MISSING_STATEMENT"]["start"] == {"line": 1, "column": 15}
    assert codes["MISSING_STATEMENT"]["path"] == "Statement" and codes["MISSING_STATEMENT"]["learn_more"]


def test_who_brings_a_policy_hears_of_a_lockout(check, write):
    condition = {"ArnNotEquals": {"aws:PrincipalArn": OWNER_ADMIN.arn}}
    name = write("lock.json", policy(deny("*", "s3:*", "b", "b/*", Condition=condition)))
    as_user = check(name, "--principal", OWNER_USER.arn, "--bucket-owner", OWNER_ACCOUNT)
    assert f"BUCKET_POLICY_LOCKOUT after this `{OWNER_USER.arn}` can no longer change the policy" in as_user.stdout
    as_admin = check(name, "--principal", OWNER_ADMIN.arn, "--bucket-owner", OWNER_ACCOUNT)
    assert as_admin.stdout == ""


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        (["missing.json"], "buckler: `missing.json` cannot be read: No such file or directory (os error 2)\n"),
        (["x", "--kind", "queue"], "buckler: invalid value 'queue' for '--kind <KIND>': takes bucket, identity, session, trust or boundary\n"),
        ([], "buckler: the following required arguments were not provided: <FILE>\n"),
    ],
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_one_sentence(check, arguments, sentence):
    done = check(*arguments)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", sentence)


def test_explain_from_files(explain, write):
    question = [
        "--bucket-policy", write("bucket.json", policy(deny("*", "s3:*", "b/*", Sid="Tls", Condition={"Bool": {"aws:SecureTransport": "false"}}))),
        "--identity-policy", write("own.json", json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}})),
        "--principal", OWNER_USER.arn, "--action", "s3:GetObject", "--resource", arn("b/k"),
    ]  # fmt: skip
    allowed = explain(*question, "--context", "aws:SecureTransport=true")
    assert allowed.returncode == 0, allowed
    assert allowed.stdout.startswith("allowed: identity-based policy own.json, statement 0\n")
    refused = explain(*question, "--context", "aws:SecureTransport=false")
    assert refused.returncode == 1
    assert refused.stdout.startswith("denied: explicit deny in the resource-based policy, statement 0 (Tls)\n")
    assert "Bool aws:SecureTransport [false] holds: the request has [false]" in refused.stdout
    assert f"User: {OWNER_USER.arn} is not authorized to perform: s3:GetObject" in refused.stdout
    absent = explain(*question)
    assert absent.returncode == 0 and "missing   aws:SecureTransport" in absent.stdout


def test_explain_another_account_with_limits(explain, write):
    everything = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
    nothing = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:*", "Resource": "*"}})
    question = [
        "--bucket-policy", write("bucket.json", policy(allow(principal_of(STRANGER_USER), "s3:GetObject", "b/*"))),
        "--identity-policy", write("all.json", everything), "--principal", STRANGER_USER.arn,
        "--action", "s3:GetObject", "--resource", arn("b/k"), "--bucket-owner", OWNER_ACCOUNT,
    ]  # fmt: skip
    assert explain(*question).returncode == 0
    bounded = explain(*question, "--boundary", write("none.json", nothing), "--format", "json")
    assert bounded.returncode == 1
    found = json.loads(bounded.stdout)
    # Details are for the owner's account only.
    assert (found["allowed"], found["message"]) == (False, "Access Denied")
    layers = {layer["policyType"]: layer["verdict"] for layer in found["explanation"]["layers"]}
    assert "implicitDeny" in layers.values() and "allow" in layers.values()
    session = explain(*question, "--session-policy", "none.json")
    assert session.returncode == 1 and "denied: no session policy allows it" in session.stdout


def test_explain_who_may_assume_a_role(explain, write):
    role = f"arn:aws:iam::{OWNER_ACCOUNT}:role/reader"
    trust = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": principal_of(OWNER_USER),
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": "7"}},
        },
    }
    question = ["--trust-policy", write("trust.json", json.dumps(trust)), "--action", "sts:AssumeRole", "--resource", role]
    user = ["--principal", OWNER_USER.arn]
    assert explain(*question, *user, "--context", "sts:ExternalId=7").returncode == 0
    assert explain(*question, *user).returncode == 1
    root = explain(*question, "--principal", OWNER_ACCOUNT, "--context", "sts:ExternalId=7")
    assert root.returncode == 1 and "root users cannot assume roles" in root.stdout


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["--principal", "alice"], "`--principal` is `alice` but takes"),
        (["--action", "s3:GetObjekt"], "`--action` is `s3:GetObjekt` but takes"),
        (["--context", "nothing"], "`--context` is `nothing` but takes KEY=VALUE"),
        (["--block-public-access", "some"], "`--block-public-access` is `some` but takes"),
        (["--bucket-policy", "bad.json"], "`bad.json` is not accepted: This policy contains invalid Json"),
        (["--data", "nowhere"], "cannot open the database"),
        (["--data", "data", "--bucket-policy", "bad.json"], "cannot be used with"),
    ],
)
def test_explain_refuses_in_one_sentence(explain, write, arguments, words):
    write("bad.json", "{")
    defaults = {"--principal": OWNER_USER.arn, "--action": "s3:GetObject", "--resource": arn("b/k")}
    for name, value in defaults.items():
        if name not in arguments:
            arguments = [*arguments, name, value]
    done = explain(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr and done.stderr.startswith("buckler: ") and done.stderr.count("\n") == 1


def store_of(server):
    """The arguments that name the rows of a server."""
    if "--database" in server.arguments:
        at = server.arguments.index("--database")
        return server.arguments[at : at + 2]
    return ["--data", server.data]


def test_explain_from_the_rows_of_a_running_server(server, bucket, owner_root, tmp_path):
    store = store_of(server)

    def ask(caller, action="s3:GetObject", *more):
        return run_to_end(
            tmp_path, "policy", "explain", *store, "--principal", caller.arn, "--action", action, "--resource", arn(f"{bucket}/k"), *more
        )

    implicit = ask(OWNER_USER)
    assert implicit.returncode == 1 and implicit.stdout.startswith("denied: no identity-based policy allows it\n"), implicit
    owner_root.put_bucket_policy(Bucket=bucket, Policy=policy(allow(principal_of(OWNER_USER), "s3:GetObject", f"{bucket}/*", Sid="Read")))
    granted = ask(OWNER_USER)
    assert granted.returncode == 0, granted
    assert granted.stdout.startswith("allowed: resource-based policy, statement 0 (Read)\n")
    denied = ask(OWNER_DENIED)
    assert denied.returncode == 1 and denied.stdout.startswith("denied: explicit deny in the identity-based policy")
    assert ask(OWNER_ADMIN, "s3:PutObject").returncode == 0
    stranger = ask(STRANGER_USER)
    assert stranger.returncode == 1 and "  message   Access Denied\n" in stranger.stdout
    owner_root.delete_bucket_policy(Bucket=bucket)
    assert ask(OWNER_USER).returncode == 1


def test_explain_knows_acls_and_owners(server, bucket, owner_root, stranger_root, tmp_path):
    def ask(caller, action, resource):
        question = ["--principal", caller.arn, "--action", action, "--resource", arn(resource)]
        return run_to_end(tmp_path, "policy", "explain", *store_of(server), *question)

    set_ownership(owner_root, bucket, "ObjectWriter")
    owner_root.put_object(Bucket=bucket, Key="k", Body=b"", ACL="authenticated-read")
    granted = ask(STRANGER_ROOT, "s3:GetObject", f"{bucket}/k")
    assert granted.returncode == 0 and granted.stdout.startswith("allowed: ACL"), granted
    assert ask(STRANGER_ROOT, "s3:ListBucket", bucket).returncode == 1
    owner_root.put_bucket_acl(Bucket=bucket, ACL="public-read-write")
    assert ask(STRANGER_ROOT, "s3:ListBucket", bucket).returncode == 0
    stranger_root.put_object(Bucket=bucket, Key="foreign", Body=b"")
    foreign = ask(OWNER_ROOT, "s3:GetObject", f"{bucket}/foreign")
    assert foreign.returncode == 1 and "the object is another account's" in foreign.stdout, foreign
    owner_root.put_bucket_acl(Bucket=bucket, ACL="private")
    set_ownership(owner_root, bucket, "BucketOwnerEnforced")
    assert ask(OWNER_ROOT, "s3:GetObject", f"{bucket}/foreign").returncode == 0
    assert ask(STRANGER_ROOT, "s3:GetObject", f"{bucket}/k").returncode == 1


def test_explain_says_what_is_not_in_the_store(server, tmp_path):
    store = store_of(server)
    ask = ["policy", "explain", *store, "--action", "s3:GetObject"]
    nobody = run_to_end(tmp_path, *ask, "--principal", f"arn:aws:iam::{OWNER_ACCOUNT}:user/nobody", "--resource", arn("b/k"))
    assert (nobody.returncode, nobody.stderr) == (2, f"buckler: there is no user `arn:aws:iam::{OWNER_ACCOUNT}:user/nobody` in this store\n")
    bucket = run_to_end(tmp_path, *ask, "--principal", OWNER_USER.arn, "--resource", arn("no-such-bucket/k"))
    assert (bucket.returncode, bucket.stderr) == (2, "buckler: there is no bucket `no-such-bucket` in this store\n")
    assert not list(tmp_path.iterdir()), "a question leaves nothing behind"


def test_explain_groups_boundaries_and_roles_of_a_running_server(server, new_bucket, tmp_path):
    store, bucket, root = store_of(server), new_bucket(), server.client(OWNER_ROOT, "iam")
    suffix = bucket.removeprefix("bucket-")
    everything = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}})
    reading = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}})

    def ask(principal, action, resource):
        arguments = ["--principal", principal, "--action", action, "--resource", resource]
        return run_to_end(tmp_path, "policy", "explain", *store, *arguments)

    user = root.create_user(UserName=f"grace-{suffix}", Tags=[{"Key": "Team", "Value": "red"}])["User"]
    root.create_group(GroupName=f"all-{suffix}")
    root.put_group_policy(GroupName=f"all-{suffix}", PolicyName="all", PolicyDocument=everything)
    root.add_user_to_group(GroupName=f"all-{suffix}", UserName=user["UserName"])
    assert ask(user["Arn"], "s3:PutObject", arn(f"{bucket}/k")).returncode == 0
    condition = {"StringEquals": {"aws:PrincipalTag/team": "red"}}
    server.client(OWNER_ROOT).put_bucket_policy(Bucket=bucket, Policy=policy(deny("*", "s3:DeleteObject", f"{bucket}/*", Condition=condition)))
    tagged = ask(user["Arn"], "s3:DeleteObject", arn(f"{bucket}/k"))
    assert "StringEquals aws:PrincipalTag/team [red] holds: the request has [red]" in tagged.stdout, tagged
    boundary = root.create_policy(PolicyName=f"read-{suffix}", PolicyDocument=reading)["Policy"]["Arn"]
    root.put_user_permissions_boundary(UserName=user["UserName"], PermissionsBoundary=boundary)
    bounded = ask(user["Arn"], "s3:PutObject", arn(f"{bucket}/k"))
    assert bounded.returncode == 1 and bounded.stdout.startswith("denied: no permissions boundary allows it\n"), bounded

    trust = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": user["Arn"]}, "Action": "sts:AssumeRole"}}
    role = root.create_role(Path="/team/", RoleName=f"app-{suffix}", AssumeRolePolicyDocument=json.dumps(trust))["Role"]
    root.put_role_policy(RoleName=role["RoleName"], PolicyName="all", PolicyDocument=everything)
    session = f"arn:aws:sts::{OWNER_ACCOUNT}:assumed-role/{role['RoleName']}/s1"
    for principal in (session, role["Arn"]):
        assert ask(principal, "s3:PutObject", arn(f"{bucket}/k")).returncode == 0, principal
    root.delete_user_permissions_boundary(UserName=user["UserName"])
    assumed = ask(user["Arn"], "sts:AssumeRole", role["Arn"])
    assert assumed.returncode == 0 and "resource-based policy" in assumed.stdout, assumed
    assert ask(OWNER_USER.arn, "sts:AssumeRole", role["Arn"]).returncode == 1
