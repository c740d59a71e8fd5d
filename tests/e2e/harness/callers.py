"""Who calls: two accounts, their roots and users, and nobody."""

import json
from dataclasses import dataclass

OWNER_ACCOUNT = "111111111111"
STRANGER_ACCOUNT = "222222222222"
FULL_ACCESS = "arn:aws:iam::aws:policy/AmazonS3FullAccess"


@dataclass(frozen=True)
class Caller:
    """Someone with a key, or nobody."""

    account: str = ""
    user: str = ""
    access_key: str = ""
    secret_key: str = ""
    policies: tuple = ()
    inline: str = ""
    # Of temporary credentials: the token, and the session's own ARN.
    session_token: str = ""
    session_arn: str = ""

    @property
    def arn(self):
        if self.session_arn:
            return self.session_arn
        return f"arn:aws:iam::{self.account}:" + (f"user/{self.user}" if self.user else "root")

    def __repr__(self):
        return self.arn if self.account else "anonymous"


def _caller(account, user="", policies=(), inline=""):
    name = f"{account[:4]}{user or 'root'}".upper().ljust(16, "0")
    return Caller(account, user, f"AKIA{name}", f"secret/of+{account}/{user}", policies, inline)


def _statements(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


OWNER_ROOT = _caller(OWNER_ACCOUNT)
# Allowed everything by an identity-based policy.
OWNER_ADMIN = _caller(OWNER_ACCOUNT, "alice", (FULL_ACCESS,))
# Allowed nothing by an identity-based policy.
OWNER_USER = _caller(OWNER_ACCOUNT, "bob")
# Allowed everything but one action, which is denied.
OWNER_DENIED = _caller(
    OWNER_ACCOUNT,
    "carol",
    (FULL_ACCESS,),
    _statements({"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}),
)
# Allowed to read objects, and nothing else: a missing key stays hidden from them.
OWNER_READER = _caller(
    OWNER_ACCOUNT,
    "dora",
    (),
    _statements({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::*/*"}),
)
# Allowed everything in S3, and to make federated users.
OWNER_ISSUER = _caller(
    OWNER_ACCOUNT,
    "gwen",
    (FULL_ACCESS,),
    _statements({"Effect": "Allow", "Action": ["sts:GetFederationToken", "sts:TagSession"], "Resource": "*"}),
)
# Allowed everything in S3 but to put a bucket policy.
OWNER_NO_POLICIES = _caller(
    OWNER_ACCOUNT,
    "hans",
    (FULL_ACCESS,),
    _statements({"Effect": "Deny", "Action": "s3:PutBucketPolicy", "Resource": "*"}),
)
STRANGER_ROOT = _caller(STRANGER_ACCOUNT)
STRANGER_ADMIN = _caller(STRANGER_ACCOUNT, "erik", (FULL_ACCESS,))
STRANGER_USER = _caller(STRANGER_ACCOUNT, "fred")
ANONYMOUS = Caller()

_ALL = (
    OWNER_ROOT,
    OWNER_ADMIN,
    OWNER_USER,
    OWNER_DENIED,
    OWNER_READER,
    OWNER_ISSUER,
    OWNER_NO_POLICIES,
    STRANGER_ROOT,
    STRANGER_ADMIN,
    STRANGER_USER,
)


def seed():
    """The text of the `--accounts` file that makes them."""
    lines = []
    for caller in _ALL:
        if not caller.user:
            lines += [
                "[[account]]",
                f'id = "{caller.account}"',
                f'name = "account-{caller.account[0]}"',
                f'email = "{caller.account}@example.com"',
                f'root = {{ access_key = "{caller.access_key}", secret_key = "{caller.secret_key}" }}',
            ]
            continue
        lines += [
            "  [[account.user]]",
            f'  name = "{caller.user}"',
            f'  access_key = "{caller.access_key}"',
            f'  secret_key = "{caller.secret_key}"',
            f"  policies = {json.dumps(caller.policies)}",
        ]
        if caller.inline:
            lines.append(f"  inline = {{ name = \"inline\", document = '''{caller.inline}''' }}")
    return "\n".join(lines) + "\n"
