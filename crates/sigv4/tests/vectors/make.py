#!/usr/bin/env python3
"""Makes the request vectors of this folder; the tests read only its output, which is kept in the repository.

    make.py <aws-c-auth>/tests/aws-signing-test-suite/v4

- aws-suite: AWS's own signing test suite, copied byte for byte (awslabs/aws-c-auth, Apache-2.0).
- s3-examples: the examples of the Amazon S3 API Reference, whose signatures are published.
- botocore: requests signed by botocore.

Each case is a folder: case.txt (`name: value` lines), request.txt (signed), canonical-request.txt,
string-to-sign.txt, signature.txt.
"""

import datetime
import hashlib
import hmac
import json
import pathlib
import sys
from unittest import mock

import botocore.auth
import botocore.awsrequest
import botocore.credentials

HERE = pathlib.Path(__file__).parent
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
SUITE_SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
EMPTY = hashlib.sha256(b"").hexdigest()


def write(suite, name, about, request, canonical, to_sign, signature):
    folder = HERE / suite / name
    folder.mkdir(parents=True, exist_ok=True)
    about = "".join(f"{key}: {value}\n" for key, value in about.items())
    for file, content in {
        "case.txt": about.encode(),
        "request.txt": request,
        "canonical-request.txt": canonical,
        "string-to-sign.txt": to_sign,
        "signature.txt": signature,
    }.items():
        (folder / file).write_bytes(content)


# What the suite has that is not S3's: paths are normalised there, folded headers are no longer HTTP, and a token
# added after signing is refused by S3 as an x-amz- header that is not signed.
NOT_S3 = {"get-header-value-multiline", "post-sts-header-after"}


def aws_suite(root):
    for case in sorted(root.iterdir()):
        name = case.name
        if name.endswith("-normalized") or name in NOT_S3:
            continue
        context = json.loads((case / "context.json").read_text())
        for kind in ("header", "query"):
            read = lambda what: (case / f"{kind}-{what}.txt").read_bytes()
            stamp = context["timestamp"].replace("-", "").replace(":", "")
            about = {
                "why": f"AWS's published case {name}, signed in the {kind}",
                "source": f"awslabs/aws-c-auth tests/aws-signing-test-suite/v4/{name}",
                "now": stamp,
                "region": context["region"],
                "service": context["service"],
                "secret": context["credentials"]["secret_access_key"],
            }
            write("aws-suite", f"{name}-{kind}", about, read("signed-request"), read("canonical-request"),
                  read("string-to-sign"), read("signature"))


def s3_examples():
    def sign(stamp, canonical):
        scope = f"{stamp[:8]}/us-east-1/s3/aws4_request"
        to_sign = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        key = ("AWS4" + SECRET).encode()
        for part in scope.split("/"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return to_sign, hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()

    stamp = "20130524T000000Z"
    host = "examplebucket.s3.amazonaws.com"
    credential = "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request"
    put_hash = hashlib.sha256(b"Welcome to Amazon S3.").hexdigest()
    cases = [
        ("get-object", "GET", "/test.txt", "", [("range", "bytes=0-9")], EMPTY,
         "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
        ("put-object", "PUT", "/test$file.text", "",
         [("date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")], put_hash,
         "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
        ("get-bucket-lifecycle", "GET", "/", "lifecycle", [], EMPTY,
         "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        ("list-objects", "GET", "/", "max-keys=2&prefix=J", [], EMPTY,
         "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ]
    for name, method, path, query, extra, body_hash, published in cases:
        headers = sorted([("host", host), ("x-amz-content-sha256", body_hash), ("x-amz-date", stamp)] + extra)
        names = ";".join(key for key, _ in headers)
        lines = "".join(f"{key}:{value}\n" for key, value in headers)
        canonical_path = path.replace("$", "%24")
        canonical_query = "lifecycle=" if query == "lifecycle" else query
        canonical = f"{method}\n{canonical_path}\n{canonical_query}\n{lines}\n{names}\n{body_hash}"
        to_sign, signature = sign(stamp, canonical)
        assert signature == published, name
        target = path + ("?" + query if query else "")
        request = f"{method} {target} HTTP/1.1\n{lines}"
        request += f"Authorization: AWS4-HMAC-SHA256 Credential={credential},SignedHeaders={names},Signature={signature}\n\n"
        about = {"why": f"the documentation's example {name}",
                 "source": "Amazon S3 API Reference, 'Signature Calculations for the Authorization Header'",
                 "now": stamp, "region": "us-east-1", "service": "s3", "secret": SECRET}
        write("s3-examples", name, about, request.encode(), canonical.encode(), to_sign.encode(), signature.encode())

    query = ("X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" + credential.replace("/", "%2F") +
             f"&X-Amz-Date={stamp}&X-Amz-Expires=86400&X-Amz-SignedHeaders=host")
    canonical = f"GET\n/test.txt\n{query}\nhost:{host}\n\nhost\nUNSIGNED-PAYLOAD"
    to_sign, signature = sign(stamp, canonical)
    assert signature == "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
    request = f"GET /test.txt?{query}&X-Amz-Signature={signature} HTTP/1.1\nHost: {host}\n\n"
    about = {"why": "the documentation's example of a presigned URL",
             "source": "Amazon S3 API Reference, 'Authenticating Requests: Using Query Parameters'",
             "now": "20130524T120000Z", "region": "us-east-1", "service": "s3", "secret": SECRET}
    write("s3-examples", "presigned-get-object", about, request.encode(), canonical.encode(), to_sign.encode(), signature.encode())


PATHS = {
    "double-slash": "/bucket/a//b", "parent": "/bucket/../x", "dot": "/bucket/./x/.", "space": "/bucket/a%20b",
    "plus": "/bucket/a%2Bb", "umlaut": "/bucket/%C3%BC", "tilde": "/bucket/~", "percent": "/bucket/%25",
    "star": "/bucket/%2A", "brackets": "/bucket/%28a%29%21%27%5B%5D", "cjk": "/bucket/%E6%97%A5%E6%9C%AC/%F0%9F%98%80",
    "trailing-slash": "/bucket/dir/", "semicolon-comma": "/bucket/a%3Bb%2Cc%3Dd%40e%3Af%26g%24h",
    "percent-escape-in-key": "/bucket/%252F", "line-feed": "/bucket/a%0Ab", "leading-slash": "/bucket//", "root": "/",
}
QUERIES = {
    "list-v2": "list-type=2&prefix=a%2Fb%20c&delimiter=%2F&max-keys=7", "unicode": "prefix=%C3%BC~%2A%2B&list-type=2",
    "subresource": "policy", "valueless-and-empty": "uploads&b=&a", "repeated": "a=2&a=1&A=0",
    "equals-in-value": "continuation-token=1%3D%3D&list-type=2",
}


def botocore_cases():
    now = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)
    plain = botocore.credentials.Credentials("AKIAIOSFODNN7EXAMPLE", SECRET)
    session = botocore.credentials.Credentials("ASIAIOSFODNN7EXAMPLE", SECRET, "IQoJb3JpZ2luX2VjEXAMPLE//token+with/odd==")

    def case(name, signer_class, credentials, method, target, headers, body=b"", region="eu-central-1", service="s3", **options):
        request = botocore.awsrequest.AWSRequest(method, "https://s3.example.com:9000" + target, headers=headers, data=body)
        signer = signer_class(credentials, service, region, **options)
        stages = {}

        def keep(what):
            original = getattr(signer, what)

            def kept(*arguments):
                stages[what] = original(*arguments)
                return stages[what]

            return mock.patch.object(signer, what, kept)

        with mock.patch("botocore.auth.get_current_datetime", lambda *_: now), \
                keep("canonical_request"), keep("string_to_sign"), keep("signature"):
            signer.add_auth(request)
        prepared = request.prepare()
        sent = prepared.url.split("s3.example.com:9000", 1)[1]
        lines = [f"{method} {sent} HTTP/1.1", "Host: s3.example.com:9000"]
        for key, value in prepared.headers.items():
            if key.lower() in ("host", "content-length"):
                continue
            value = value.decode() if isinstance(value, bytes) else value
            lines.append(f"{key}: {value}")
        about = {"why": f"botocore signs {name}", "source": f"botocore {botocore.__version__}",
                 "now": "20260102T030405Z", "region": region, "service": service, "secret": SECRET}
        write("botocore", name, about, ("\n".join(lines) + "\n\n").encode() + body,
              stages["canonical_request"].encode(), stages["string_to_sign"].encode(), stages["signature"].encode())

    header, query = botocore.auth.S3SigV4Auth, botocore.auth.S3SigV4QueryAuth
    for name, path in PATHS.items():
        case(f"path-{name}-header", header, plain, "GET", path, {})
        case(f"path-{name}-query", query, plain, "GET", path, {}, expires=900)
    for name, text in QUERIES.items():
        case(f"query-{name}-header", header, plain, "GET", "/bucket?" + text, {})
        case(f"query-{name}-query", query, plain, "GET", "/bucket?" + text, {}, expires=604800)
    case("token-header", header, session, "GET", "/bucket/key", {})
    case("token-query", query, session, "GET", "/bucket/key", {}, expires=1)
    meta = {"x-amz-meta-Name": "  two   spaces  ", "x-amz-acl": "private", "Content-Type": "text/plain", "If-Match": '"a  b"'}
    case("metadata-header", header, plain, "PUT", "/bucket/key", meta, b"body")
    case("metadata-query", query, plain, "PUT", "/bucket/key", {"x-amz-meta-name": "v", "Content-Type": "text/plain"}, expires=60)
    case("iam-query-protocol", botocore.auth.SigV4Auth, plain, "POST", "/",
         {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}, b"Action=ListUsers&Version=2010-05-08", "us-east-1", "iam")
    case("sts-with-token", botocore.auth.SigV4Auth, session, "POST", "/",
         {"Content-Type": "application/x-www-form-urlencoded"}, b"Action=GetCallerIdentity&Version=2011-06-15", "us-east-1", "sts")


if __name__ == "__main__":
    aws_suite(pathlib.Path(sys.argv[1]))
    s3_examples()
    botocore_cases()
