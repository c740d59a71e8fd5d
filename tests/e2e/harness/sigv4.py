"""Signature Version 4, written from its description, so that requests can also be signed wrongly.

Source: "Authenticating Requests (AWS Signature Version 4)", Amazon S3 API Reference.
"""

import datetime
import hashlib
import hmac
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()
UNSIGNED = "UNSIGNED-PAYLOAD"


@dataclass
class Request:
    """A request as it goes over the wire: `target` and header values are sent as they stand."""

    method: str
    target: str
    headers: list = field(default_factory=list)
    body: bytes = b""

    def header(self, name):
        return next((value for known, value in self.headers if known.lower() == name.lower()), None)

    def set(self, name, value):
        """Replaces or adds a header."""
        self.headers = [pair for pair in self.headers if pair[0].lower() != name.lower()]
        self.headers.append((name, value))
        return self

    def drop(self, name):
        self.headers = [pair for pair in self.headers if pair[0].lower() != name.lower()]
        return self

    def to_bytes(self):
        head = f"{self.method} {self.target} HTTP/1.1\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in self.headers)
        return head.encode("utf-8", "surrogateescape") + b"\r\n" + self.body


@dataclass
class Signing:
    """What signed a request, for the signatures of its chunks."""

    key: bytes
    timestamp: str
    scope: str
    signature: str

    def chunk(self, data):
        """The signature of the next chunk."""
        return self._next("AWS4-HMAC-SHA256-PAYLOAD", EMPTY_SHA256, hashlib.sha256(data).hexdigest())

    def trailer(self, lines):
        """The signature of the trailer."""
        return self._next("AWS4-HMAC-SHA256-TRAILER", hashlib.sha256(lines.encode()).hexdigest())

    def _next(self, name, *hashes):
        text = "\n".join([name, self.timestamp, self.scope, self.signature, *hashes])
        self.signature = _hmac(self.key, text).hex()
        return self.signature


def sign(
    request, caller, host, *, payload=None, now=None, region="us-east-1", service="s3",
    terminal="aws4_request", scope_date=None, signed=None, secret=None,
):  # fmt: skip
    """Adds Host, date, payload hash and Authorization. `payload` is the value of x-amz-content-sha256."""
    timestamp = timestamp_of(now)
    payload = payload or hashlib.sha256(request.body).hexdigest()
    request.set("Host", host) if not request.header("host") else None
    request.set("x-amz-date", timestamp)
    request.set("x-amz-content-sha256", payload)
    names = signed or sorted({name.lower() for name, _ in request.headers} - {"connection", "transfer-encoding"})
    scope = f"{scope_date or timestamp[:8]}/{region}/{service}/{terminal}"
    path, _, query = request.target.partition("?")
    signing = _signing(request, caller, secret, path, query, names, payload, timestamp, scope)
    request.set(
        "Authorization",
        f"AWS4-HMAC-SHA256 Credential={caller.access_key}/{scope}, "
        f"SignedHeaders={';'.join(names)}, Signature={signing.signature}",
    )
    return signing


def presign(
    request, caller, host, *, expires="60", now=None, region="us-east-1", service="s3",
    terminal="aws4_request", scope_date=None, algorithm="AWS4-HMAC-SHA256",
):  # fmt: skip
    """Adds the six parameters to the target; headers that are there already are signed."""
    timestamp = timestamp_of(now)
    request.set("Host", host)
    names = sorted(name.lower() for name, _ in request.headers)
    scope = f"{scope_date or timestamp[:8]}/{region}/{service}/{terminal}"
    path, _, query = request.target.partition("?")
    parameters = {
        "X-Amz-Algorithm": algorithm,
        "X-Amz-Credential": f"{caller.access_key}/{scope}",
        "X-Amz-Date": timestamp,
        "X-Amz-Expires": expires,
        "X-Amz-SignedHeaders": ";".join(names),
    }
    added = "&".join(f"{name}={quote(value, safe='')}" for name, value in parameters.items())
    query = f"{query}&{added}" if query else added
    signing = _signing(request, caller, None, path, query, names, UNSIGNED, timestamp, scope)
    request.target = f"{path}?{query}&X-Amz-Signature={signing.signature}"
    return signing


def signed_chunks(signing, chunks, trailer=None):
    """The body of STREAMING-AWS4-HMAC-SHA256-PAYLOAD, or of its form with a trailer."""
    body = b""
    for data in [*chunks, b""]:
        body += f"{len(data):x};chunk-signature={signing.chunk(data)}\r\n".encode()
        body += data + b"\r\n" if data else b""
    if trailer:
        name, value = trailer
        body += f"{name}:{value}\r\nx-amz-trailer-signature:{signing.trailer(f'{name}:{value}' + chr(10))}\r\n".encode()
    return body + b"\r\n"


def unsigned_chunks(chunks, trailer=None):
    """The body of STREAMING-UNSIGNED-PAYLOAD-TRAILER."""
    body = b"".join(f"{len(data):x}\r\n".encode() + data + b"\r\n" for data in chunks) + b"0\r\n"
    if trailer:
        body += f"{trailer[0]}:{trailer[1]}\r\n".encode()
    return body + b"\r\n"


def canonical_request(request, path, query, names, payload):
    """What is signed of a request. `query` may be in any order and spelling."""
    values = {}
    for name, value in request.headers:
        values.setdefault(name.lower(), []).append(" ".join(str(value).split()))
    return "\n".join(
        [
            request.method,
            # Encoded once, whatever the spelling in the target; never normalised otherwise.
            _encode(path, safe="/-_.~"),
            _canonical_query(query),
            "".join(f"{name}:{','.join(values.get(name, ['']))}\n" for name in names),
            ";".join(names),
            payload,
        ]
    )


def _signing(request, caller, secret, path, query, names, payload, timestamp, scope):
    canonical = canonical_request(request, path, query, names, payload)
    digest = hashlib.sha256(canonical.encode("utf-8", "surrogateescape")).hexdigest()
    date, region, service, terminal = scope.split("/")
    key = f"AWS4{secret or caller.secret_key}".encode()
    for part in (date, region, service, terminal):
        key = _hmac(key, part)
    text = "\n".join(["AWS4-HMAC-SHA256", timestamp, scope, digest])
    return Signing(key, timestamp, scope, _hmac(key, text).hex())


def _canonical_query(query):
    pairs = []
    for part in query.split("&") if query else []:
        name, _, value = part.partition("=")
        pairs.append((_encode(name, safe="-_.~"), _encode(value, safe="-_.~")))
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def _encode(text, safe):
    return quote(unquote(text, errors="surrogateescape"), safe=safe, errors="surrogateescape")


def timestamp_of(now):
    """A time as signatures write it; of this moment if there is none."""
    now = now or datetime.datetime.now(datetime.timezone.utc)
    return now.strftime("%Y%m%dT%H%M%SZ")


def _hmac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
