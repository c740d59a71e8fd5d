"""Every condition key: a request that has it, and one that does not. The table is `tests/vectors/context-keys.json`."""

import base64
import hashlib
import json
import pathlib

import pytest
from harness.callers import ANONYMOUS, OWNER_ISSUER, OWNER_ROOT, OWNER_USER, STRANGER_ROOT, Caller, seed
from harness.policies import allow, policy
from harness.server import Server
from harness.sessions import federated, granting, in_session, own_session
from harness.sigv4 import Request, presign
from harness.wire import ask, exchange, host_of

ROOT = pathlib.Path(__file__).parent.parent
TABLE = json.loads((ROOT / "vectors" / "context-keys.json").read_text())
ROWS = TABLE["rows"]
KEYS = json.loads((ROOT.parent / "crates/policy/data/s3-actions.json").read_text())["condition_keys"]
BUCKET = "context-keys"


def family(key):
    return key.partition("/")[0]


def test_every_key_is_in_the_table():
    supplied = {family(row["key"]) for row in ROWS}
    not_supplied = {family(key) for key in TABLE["not_supplied"]}
    assert supplied | not_supplied == {family(key) for key in KEYS}
    assert not supplied & not_supplied


def in_bucket(text):
    return text.replace("{bucket}", BUCKET)


def conditional(row, operator, value):
    """The policies' documents: of the bucket, or of the caller."""
    actions = row["actions"]
    condition = {operator: {row["key"]: in_bucket(value)}}
    if row.get("identity"):
        statements = [{"Effect": "Allow", "Action": actions, "Resource": "*", "Condition": condition}]
        statements += [{"Effect": "Allow", "Action": action, "Resource": "*"} for action in row.get("also", [])]
        return json.dumps({"Version": "2012-10-17", "Statement": statements})
    resource = BUCKET if actions == ["s3:ListBucket"] else f"{BUCKET}/*"
    statements = [allow("*", actions, resource, Condition=condition)]
    statements += [allow("*", action, resource) for action in row.get("also", [])]
    return policy(*statements)


def documents(row):
    """What is asked under which policy: (name of the policy, document, request, whether it is allowed)."""
    operator, value = row["operator"], row["value"]
    cases = [("holds", conditional(row, operator, value), row["holds"], True)]
    if "fails" in row:
        cases.append(("holds", conditional(row, operator, value), row["fails"], False))
    if "other_value" in row:
        cases.append(("other", conditional(row, operator, row["other_value"]), row["holds"], False))
    if row.get("absent"):
        absent = conditional(row, "Null", "true")
        cases += [("absent", absent, row["fails"], True), ("absent", absent, row["holds"], False)]
    return cases


def owner_of(row, name):
    """The user whose own policy it is."""
    number = ROWS.index(row)
    key = f"AKIAKEYS{number:03}{name}".upper().ljust(20, "0")
    return Caller("222222222222", f"key-{number}-{name}", key, f"secret-{number}-{name}")


@pytest.fixture(scope="module")
def server(backend, tmp_path_factory):
    """A server behind a proxy, with a user for each policy that is a user's own, and a bucket."""
    folder = tmp_path_factory.mktemp("context-keys")
    users = []
    for row in ROWS:
        if row.get("identity"):
            for name, document in {name: document for name, document, _, _ in documents(row)}.items():
                user = owner_of(row, name)
                users.append(
                    f'[[account.user]]\nname = "{user.user}"\naccess_key = "{user.access_key}"\n'
                    f'secret_key = "{user.secret_key}"\npolicies = []\n'
                    f"inline = {{ name = \"inline\", document = '''{document}''' }}\n"
                )
    # The users follow the last account of the seed, which is the strangers'.
    (folder / "seed.toml").write_text(seed() + "\n".join(users))
    arguments = ["--data", "data", "--accounts", "seed.toml", "--trusted-proxies", "127.0.0.0/8", *backend()]
    with Server(folder, *arguments) as running:
        owner = running.client(OWNER_ROOT)
        owner.create_bucket(Bucket=BUCKET)
        owner.delete_public_access_block(Bucket=BUCKET)
        for key in ("plain", "retagged"):
            owner.put_object(Bucket=BUCKET, Key=key, Body=b"")
        owner.put_object(Bucket=BUCKET, Key="tagged", Body=b"", Tagging="a=1")
        yield running


def send(server, request, caller):
    target = in_bucket(request["target"])
    if not target.startswith("/"):
        target = f"/{BUCKET}{target}" if target[:1] in ("", "?") else f"/{BUCKET}/{target}"
    headers = [(name, in_bucket(value)) for name, value in request.get("headers", {}).items()]
    if caller.session_token:
        headers.append(("x-amz-security-token", caller.session_token))
    body = request.get("body", "").encode()
    if request.get("md5"):
        headers.append(("Content-MD5", base64.b64encode(hashlib.md5(body).digest()).decode()))
    if request.get("sign") == "presigned":
        presigned = Request(request["method"], target, headers, body)
        presign(presigned, caller, host_of(server))
        return exchange(server, presigned)
    return ask(server, request["method"], target, None if caller == ANONYMOUS else caller, body, headers)


@pytest.fixture(scope="module")
def callers(server):
    """Who sends the requests of the table."""
    tags = [{"Key": "Team", "Value": "red"}]
    return {
        "user": OWNER_USER,
        "session": own_session(server, OWNER_USER),
        "federated": federated(server, OWNER_ISSUER, "red", Policy=granting("s3:ListBucket", BUCKET), Tags=tags),
        "role session": role_session(server),
        "foreign root": STRANGER_ROOT,
        "anonymous": ANONYMOUS,
    }


def role_session(server):
    """A session `it` of the role team/context-keys."""
    iam = server.client(OWNER_ROOT, "iam")
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": OWNER_USER.arn},
        "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"],
    }
    role = iam.create_role(RoleName="context-keys", Path="/team/", AssumeRolePolicyDocument=policy(trust))["Role"]
    answer = server.client(OWNER_USER, "sts").assume_role(
        RoleArn=role["Arn"], RoleSessionName="it", SourceIdentity="someone"
    )
    return in_session(answer, OWNER_ROOT.account, answer["AssumedRoleUser"]["Arn"])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['key']} {row['operator']} {row['value']}"[:60])
def test_key(server, callers, row):
    owner = server.client(OWNER_ROOT)
    for name, document, request, allowed in documents(row):
        if row.get("identity"):
            caller = owner_of(row, name)
            if row["actions"][0] == "s3:PutObject":
                # Another account's user: the bucket's side agrees to everything.
                owner.put_bucket_policy(Bucket=BUCKET, Policy=policy(allow("*", "s3:*", f"{BUCKET}/*")))
        else:
            caller = callers[request.get("as", "user")]
            owner.put_bucket_policy(Bucket=BUCKET, Policy=document)
        answer = send(server, request, caller)
        # What comes after the decision does not matter here: a 404, a 412, a setting that is missing.
        is_refused = answer.status == 403
        assert is_refused == (not allowed), (document, request, answer)
        assert answer.code in (None, "AccessDenied") or not is_refused, answer
