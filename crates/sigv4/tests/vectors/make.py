#!/usr/bin/env python3
"""Makes the request vectors of this folder; the tests read only its output, which is kept in the repository.

    make.py <aws-c-auth>/tests/aws-signing-test-suite

- aws-suite, aws-suite-v4a: AWS's own signing test suite, copied byte for byte (awslabs/aws-c-auth, Apache-2.0).
- s3-examples: the examples of the Amazon S3 API Reference, whose signatures are published.
- botocore: requests signed by botocore.
- v2-examples, v2-botocore: the same two for Signature Version 2.

Each case is a folder: case.txt (`name: value` lines), request.txt (signed), canonical-request.txt,
string-to-sign.txt, signature.txt. Version 2 has no canonical request.
"""

import base64
import datetime
import hashlib
import hmac
import json
import pathlib
import re
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
        if content is not None:
            (folder / file).write_bytes(content)


# What the suite has that is not S3's: paths are normalised there, folded headers are no longer HTTP, and a token
# added after signing is refused by S3 as an x-amz- header that is not signed.
NOT_S3 = {"get-header-value-multiline", "post-sts-header-after"}


def aws_suite(root, suite):
    for case in sorted((root / ("v4a" if suite.endswith("v4a") else "v4")).iterdir()):
        name = case.name
        if name.endswith("-normalized") or name in NOT_S3:
            continue
        context = json.loads((case / "context.json").read_text())
        for kind in ("header", "query"):
            if not (case / f"{kind}-signed-request.txt").exists():
                continue
            read = lambda what: (case / f"{kind}-{what}.txt").read_bytes()
            stamp = context["timestamp"].replace("-", "").replace(":", "")
            about = {
                "why": f"AWS's published case {name}, signed in the {kind}",
                "source": f"awslabs/aws-c-auth tests/aws-signing-test-suite/{case.parent.name}/{name}",
                "now": stamp,
                "region": context["region"],
                "service": context["service"],
                "secret": context["credentials"]["secret_access_key"],
            }
            if case.parent.name == "v4":
                signature = read("signature")
            else:
                # Each signature is another; the request's own is the one that counts.
                signature = re.search(rb"Signature=([0-9a-f]+)", read("signed-request"))[1]
            write(suite, f"{name}-{kind}", about, read("signed-request"), read("canonical-request"),
                  read("string-to-sign"), signature)


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


def v2_sign(to_sign):
    return base64.b64encode(hmac.new(SECRET.encode(), to_sign.encode(), hashlib.sha1).digest()).decode()


def v2_write(suite, name, why, source, now, host_bucket, request, to_sign, signature):
    about = {"why": why, "source": source, "now": now, "region": "us-east-1", "service": "s3", "secret": SECRET, "version": "2"}
    if host_bucket:
        about["host-bucket"] = host_bucket
    write(suite, name, about, request, None, to_sign.encode(), signature.encode())


def v2_examples():
    """Name, now, host, bucket of the host, head, string to sign, the published signature."""
    path_style, virtual = "s3.amazonaws.com", "johnsmith.s3.amazonaws.com"
    puppy = "/photos/puppy.jpg"
    upload = ("User-Agent: curl/7.15.5\nDate: Tue, 27 Mar 2007 21:06:08 +0000\nx-amz-acl: public-read\n"
              "content-type: application/x-download\nContent-MD5: 4gJE4saaMU4BqNR0kLY+lw==\n"
              "X-Amz-Meta-ReviewedBy: joe@johnsmith.net\nX-Amz-Meta-ReviewedBy: jane@johnsmith.net\n"
              "X-Amz-Meta-FileChecksum: 0x02661779\nX-Amz-Meta-ChecksumAlgorithm: crc32\n"
              "Content-Disposition: attachment; filename=database.dat\nContent-Encoding: gzip\n")
    upload_lines = ("x-amz-acl:public-read\nx-amz-meta-checksumalgorithm:crc32\nx-amz-meta-filechecksum:0x02661779\n"
                    "x-amz-meta-reviewedby:joe@johnsmith.net,jane@johnsmith.net\n")
    cases = [
        ("object-get", "20070327T193642Z", virtual, "johnsmith", f"GET {puppy}", "Date: Tue, 27 Mar 2007 19:36:42 +0000\n",
         f"GET\n\n\nTue, 27 Mar 2007 19:36:42 +0000\n/johnsmith{puppy}", "bWq2s1WEIj+Ydj0vQ697zp+IXMU="),
        ("object-put", "20070327T211545Z", virtual, "johnsmith", f"PUT {puppy}",
         "Content-Type: image/jpeg\nDate: Tue, 27 Mar 2007 21:15:45 +0000\n",
         f"PUT\n\nimage/jpeg\nTue, 27 Mar 2007 21:15:45 +0000\n/johnsmith{puppy}", "MyyxeRY7whkBe+bq8fHCL/2kKUg="),
        ("list", "20070327T194241Z", virtual, "johnsmith", "GET /?prefix=photos&max-keys=50&marker=puppy",
         "User-Agent: Mozilla/5.0\nDate: Tue, 27 Mar 2007 19:42:41 +0000\n",
         "GET\n\n\nTue, 27 Mar 2007 19:42:41 +0000\n/johnsmith/", "htDYFYduRNen8P9ZfE/s9SuKy0U="),
        ("fetch-acl", "20070327T194446Z", virtual, "johnsmith", "GET /?acl", "Date: Tue, 27 Mar 2007 19:44:46 +0000\n",
         "GET\n\n\nTue, 27 Mar 2007 19:44:46 +0000\n/johnsmith/?acl", "c2WLPFtWHVgbEmeEG93a4cG37dM="),
        ("delete", "20070327T212026Z", path_style, None, f"DELETE /johnsmith{puppy}",
         "User-Agent: dotnet\nDate: Tue, 27 Mar 2007 21:20:27 +0000\nx-amz-date: Tue, 27 Mar 2007 21:20:26 +0000\n",
         f"DELETE\n\n\n\nx-amz-date:Tue, 27 Mar 2007 21:20:26 +0000\n/johnsmith{puppy}", "R4dJ53KECjStyBO5iTBJZ4XVOaI="),
        ("upload", "20070327T210608Z", "static.johnsmith.net:8080", "static.johnsmith.net", "PUT /db-backup.dat.gz", upload,
         "PUT\n4gJE4saaMU4BqNR0kLY+lw==\napplication/x-download\nTue, 27 Mar 2007 21:06:08 +0000\n" + upload_lines
         + "/static.johnsmith.net/db-backup.dat.gz", "ilyl83RwaSoYIEdixDQcA4OnAnc="),
        ("list-all-my-buckets", "20070328T012959Z", path_style, None, "GET /", "Date: Wed, 28 Mar 2007 01:29:59 +0000\n",
         "GET\n\n\nWed, 28 Mar 2007 01:29:59 +0000\n/", "qGdzdERIC03wnaRNKh6OqZehG9s="),
        ("unicode-keys", "20070328T014949Z", path_style, None, "GET /dictionary/fran%C3%A7ais/pr%c3%a9f%c3%a8re",
         "Date: Wed, 28 Mar 2007 01:49:49 +0000\n",
         "GET\n\n\nWed, 28 Mar 2007 01:49:49 +0000\n/dictionary/fran%C3%A7ais/pr%c3%a9f%c3%a8re",
         "DNEZGsoieTZ92F3bUfSPQcbGmlM="),
    ]
    source = "Amazon S3 User Guide, 'Signing and authenticating REST requests', Signature Version 2"
    for name, now, host, bucket, line, head, to_sign, published in cases:
        assert v2_sign(to_sign) == published, name
        request = f"{line} HTTP/1.1\nHost: {host}\n{head}Authorization: AWS AKIAIOSFODNN7EXAMPLE:{published}\n\n"
        v2_write("v2-examples", name, f"the documentation's example {name}", source, now, bucket, request.encode(), to_sign, published)
    to_sign = f"GET\n\n\n1175139620\n/johnsmith{puppy}"
    assert v2_sign(to_sign) == "NpgCjnDzrM+WFzoENXmpNDUsSn8="
    query = "AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D&Expires=1175139620"
    request = f"GET {puppy}?{query} HTTP/1.1\nHost: {virtual}\n\n"
    v2_write("v2-examples", "query-string", "the documentation's example of a URL", source, "20070329T000000Z", "johnsmith",
             request.encode(), to_sign, v2_sign(to_sign))


def v2_botocore():
    seconds = int(datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc).timestamp())
    plain = botocore.credentials.Credentials("AKIAIOSFODNN7EXAMPLE", SECRET)
    session = botocore.credentials.Credentials("ASIAIOSFODNN7EXAMPLE", SECRET, "IQoJb3JpZ2luX2VjEXAMPLE//token+with/odd==")

    def case(name, signer_class, credentials, method, target, headers):
        request = botocore.awsrequest.AWSRequest(method, "http://s3.example.com:9000" + target, headers=headers)
        signer = signer_class(credentials)
        texts = []

        def sign_string(text):
            texts.append(text)
            return v2_sign(text)

        date = mock.patch("botocore.auth.formatdate", lambda **_: "Fri, 02 Jan 2026 03:04:05 GMT")
        with date, mock.patch("botocore.auth.time.time", lambda: seconds), mock.patch.object(signer, "sign_string", sign_string):
            signer.add_auth(request)
        prepared = request.prepare()
        sent = prepared.url.split("s3.example.com:9000", 1)[1]
        lines = [f"{method} {sent} HTTP/1.1", "Host: s3.example.com:9000"]
        for key, value in prepared.headers.items():
            # A URL's headers are in it; its holder sends Content-Type alone.
            if key.lower() == "content-type" or not ("Query" in signer_class.__name__ or key.lower() in ("host", "content-length")):
                lines.append(f"{key}: {value}")
        v2_write("v2-botocore", name, f"botocore signs {name}", f"botocore {botocore.__version__}", "20260102T030405Z", None,
                 ("\n".join(lines) + "\n\n").encode(), texts[0], v2_sign(texts[0]))

    for kind, signer in (("header", botocore.auth.HmacV1Auth), ("query", botocore.auth.HmacV1QueryAuth)):
        for name, path in PATHS.items():
            case(f"path-{name}-{kind}", signer, plain, "GET", path, {})
        for name, text in QUERIES.items():
            case(f"query-{name}-{kind}", signer, plain, "GET", "/bucket/?" + text, {})
        case(f"version-{kind}", signer, plain, "GET", "/bucket/key?versionId=a%2Fb%2B&partNumber=3&response-content-type=a%2Fb%3B%20c", {})
        case(f"token-{kind}", signer, session, "GET", "/bucket/key", {})
        meta = {"x-amz-meta-Name": "  two   spaces  ", "x-amz-acl": "private", "Content-Type": "text/plain"}
        case(f"metadata-{kind}", signer, plain, "PUT", "/bucket/key", meta)


if __name__ == "__main__":
    aws_suite(pathlib.Path(sys.argv[1]), "aws-suite")
    aws_suite(pathlib.Path(sys.argv[1]), "aws-suite-v4a")
    s3_examples()
    botocore_cases()
    v2_examples()
    v2_botocore()
