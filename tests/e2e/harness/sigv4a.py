"""Signature Version 4A, written from its description: ECDSA over P-256 in plain integers, so that requests and chunks can
be signed wrongly, too.

Source: "AWS Signature Version 4A", AWS IAM User Guide; FIPS 186-5; SP 800-108.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from urllib.parse import quote

from .sigv4 import EMPTY_SHA256, UNSIGNED, canonical_request, timestamp_of

ALGORITHM = "AWS4-ECDSA-P256-SHA256"
SIGNATURE_DIGITS_MAX = 144

# The curve: y² = x³ - 3x + b over the field of P, with the generator G of order N.
P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)


def private_key(access_key, secret_key):
    """The scalar of a secret."""
    for counter in range(1, 255):
        fixed = b"\0\0\0\1" + ALGORITHM.encode() + b"\0" + access_key.encode() + bytes([counter]) + b"\0\0\1\0"
        candidate = int.from_bytes(hmac.digest(b"AWS4A" + secret_key.encode(), fixed, "sha256"), "big")
        if candidate <= N - 2:
            return candidate + 1
    raise AssertionError("no key in 254 candidates")


def sign_text(key, text):
    """A signature in hex DER."""
    digest = int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
    while True:
        k = secrets.randbelow(N - 1) + 1
        r = _times(k)[0] % N
        s = pow(k, -1, N) * (digest + r * key) % N
        if r and s:
            return _der(r, s).hex()


@dataclass
class Signing:
    """What signed a request, for the signatures of its chunks."""

    key: int
    timestamp: str
    scope: str
    signature: str

    def chunk(self, data):
        """The signature of the next chunk, padded."""
        return self._next("PAYLOAD", EMPTY_SHA256, hashlib.sha256(data).hexdigest())

    def trailer(self, lines):
        """The signature of the trailer, padded."""
        return self._next("TRAILER", hashlib.sha256(lines.encode()).hexdigest())

    def _next(self, name, *hashes):
        text = "\n".join([f"{ALGORITHM}-{name}", self.timestamp, self.scope, self.signature, *hashes])
        self.signature = sign_text(self.key, text)
        return self.signature.ljust(SIGNATURE_DIGITS_MAX, "*")


def sign(request, caller, host, *, payload=None, region_set="*", service="s3", scope=None, signed=None):
    """Adds Host, date, payload hash, region set and Authorization."""
    timestamp = timestamp_of(None)
    payload = payload or hashlib.sha256(request.body).hexdigest()
    request.set("Host", host)
    request.set("x-amz-date", timestamp)
    request.set("x-amz-content-sha256", payload)
    if region_set is not None:
        request.set("x-amz-region-set", region_set)
    names = signed or sorted({name.lower() for name, _ in request.headers})
    scope = scope or f"{timestamp[:8]}/{service}/aws4_request"
    path, _, query = request.target.partition("?")
    signing = _signing(request, caller, canonical_request(request, path, query, names, payload), timestamp, scope)
    request.set(
        "Authorization",
        f"{ALGORITHM} Credential={caller.access_key}/{scope}, SignedHeaders={';'.join(names)}, "
        f"Signature={signing.signature}",
    )
    return signing


def presign(request, caller, host, *, region_set="*"):
    """Adds the seven parameters to the target."""
    timestamp = timestamp_of(None)
    request.set("Host", host)
    scope = f"{timestamp[:8]}/s3/aws4_request"
    parameters = {
        "X-Amz-Algorithm": ALGORITHM,
        "X-Amz-Credential": f"{caller.access_key}/{scope}",
        "X-Amz-Date": timestamp,
        "X-Amz-Expires": "60",
        "X-Amz-SignedHeaders": "host",
    }
    if region_set is not None:
        parameters["X-Amz-Region-Set"] = region_set
    path, _, query = request.target.partition("?")
    query = "&".join(filter(None, [query, *(f"{name}={quote(value, safe='')}" for name, value in parameters.items())]))
    signing = _signing(request, caller, canonical_request(request, path, query, ["host"], UNSIGNED), timestamp, scope)
    request.target = f"{path}?{query}&X-Amz-Signature={signing.signature}"
    return signing


def _signing(request, caller, canonical, timestamp, scope):
    key = private_key(caller.access_key, caller.secret_key)
    text = "\n".join([ALGORITHM, timestamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    return Signing(key, timestamp, scope, sign_text(key, text))


def _add(a, b):
    if a is None or b is None:
        return a or b
    if a[0] == b[0]:
        if (a[1] + b[1]) % P == 0:
            return None
        slope = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, P) % P
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, P) % P
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def _times(scalar):
    """The generator, so many times."""
    total, double = None, G
    while scalar:
        if scalar & 1:
            total = _add(total, double)
        double = _add(double, double)
        scalar >>= 1
    return total


def _der(*integers):
    parts = b"".join(b"\2" + bytes([len(raw)]) + raw for raw in (n.to_bytes(n.bit_length() // 8 + 1, "big") for n in integers))
    return b"\x30" + bytes([len(parts)]) + parts
