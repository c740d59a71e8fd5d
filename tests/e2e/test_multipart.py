"""Multipart uploads: their life, their errors, and the objects that they become."""

import base64
import hashlib
import io
import re

import pytest
from boto3.s3.transfer import TransferConfig
from harness.callers import OWNER_ADMIN, OWNER_ROOT, OWNER_USER, STRANGER_ADMIN, STRANGER_ROOT, STRANGER_USER
from harness.digests import checksum
from harness.expect import answered, refused
from harness.policies import allow, deny, policy, principal_of
from harness.wire import ask

MIB = 1024 * 1024
PART = 5 * MIB
NO_UPLOAD = (
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed."
)
NO_PART = (
    "One or more of the specified parts could not be found.  The part may not have been uploaded, "
    "or the specified entity tag may not match the part's entity tag."
)


def block(letter, size=PART):
    return letter.encode() * size


def md5(data):
    return hashlib.md5(data).hexdigest()


def composite_etag(*parts):
    return f'"{hashlib.md5(b"".join(hashlib.md5(part).digest() for part in parts)).hexdigest()}-{len(parts)}"'


@pytest.fixture
def s3(server):
    """The owner, with a client that sends a checksum only where an operation demands one."""
    return server.client(OWNER_ROOT, request_checksum_calculation="when_required")


class Upload:
    """An upload of one key."""

    def __init__(self, client, bucket, key="k", **arguments):
        self.client, self.at = client, {"Bucket": bucket, "Key": key}
        self.created = client.create_multipart_upload(**self.at, **arguments)
        self.at["UploadId"] = self.created["UploadId"]
        self.path = f"/{bucket}/{key}?uploadId={self.at['UploadId']}"

    def part(self, number, data, **arguments):
        """Uploads a part, and returns what names it when the upload is completed."""
        answer = self.client.upload_part(**self.at, PartNumber=number, Body=data, **arguments)
        named = {name: value for name, value in answer.items() if name.startswith("Checksum")}
        return {"PartNumber": number, "ETag": answer["ETag"], **named}

    def complete(self, *parts, **arguments):
        return self.client.complete_multipart_upload(**self.at, MultipartUpload={"Parts": list(parts)}, **arguments)

    def abort(self, client=None):
        return (client or self.client).abort_multipart_upload(**self.at)

    def document(self, *parts):
        return "".join(
            ["<CompleteMultipartUpload>"]
            + [f"<Part><PartNumber>{n}</PartNumber><ETag>{etag}</ETag></Part>" for n, etag in parts]
            + ["</CompleteMultipartUpload>"]
        ).encode()


def read(client, bucket, key="k", **arguments):
    return client.get_object(Bucket=bucket, Key=key, **arguments)


def test_the_location_escapes_slashes(server, s3, bucket):
    """Source: aws-sdk-js 811, aws-sdk-go 1385; beyond ASCII, recordings of LocalStack's tests."""
    upload = Upload(s3, bucket, f"{bucket}/a b+é—")
    done = upload.complete(upload.part(1, b""))
    assert done["Location"] == f"http://{server.host}:{server.port}/{bucket}/{bucket}%2Fa+b%2B%C3%A9%E2%80%94"


def test_parts_become_one_object(server, s3, bucket):
    parts = [block("a"), block("b", PART + 1), b"end"]
    upload = Upload(
        s3, bucket, ContentType="text/plain", CacheControl="no-store", Metadata={"a": "b"}, Tagging="t=1",
    )  # fmt: skip
    assert upload.created["ServerSideEncryption"] == "AES256" and "ChecksumAlgorithm" not in upload.created
    names = [upload.part(number, data) for number, data in enumerate(parts, 1)]
    assert [name["ETag"] for name in names] == [f'"{md5(data)}"' for data in parts]
    refused(lambda: read(s3, bucket), 404, "NoSuchKey")
    done = upload.complete(*names)
    assert (done["Bucket"], done["Key"], done["ETag"]) == (bucket, "k", composite_etag(*parts))
    assert done["Location"] == f"http://{server.host}:{server.port}/{bucket}/k" and done["ServerSideEncryption"] == "AES256"
    whole = b"".join(parts)
    assert (done["ChecksumCRC64NVME"], done["ChecksumType"]) == (checksum("CRC64NVME", whole), "FULL_OBJECT")
    got = read(s3, bucket, ChecksumMode="ENABLED")
    assert got["Body"].read() == whole and got["ContentLength"] == len(whole)
    assert (got["ContentType"], got["CacheControl"], got["Metadata"]) == ("text/plain", "no-store", {"a": "b"})
    assert (got["TagCount"], got["ETag"], got["ChecksumType"]) == (1, done["ETag"], "FULL_OBJECT")
    assert "PartsCount" not in got
    listed = s3.list_objects_v2(Bucket=bucket)["Contents"][0]
    assert (listed["ETag"], listed["Size"]) == (done["ETag"], len(whole))
    assert s3.list_multipart_uploads(Bucket=bucket).get("Uploads") is None


def test_ranges_and_parts_are_read_across_the_seams(s3, bucket):
    parts = [block("a"), block("b"), b"0123456789"]
    upload = Upload(s3, bucket)
    upload.complete(*(upload.part(number, data) for number, data in zip((2, 7, 10_000), parts)))
    whole = b"".join(parts)
    for first, last in ((0, 0), (PART - 2, PART + 1), (PART, PART), (2 * PART - 1, 2 * PART + 3), (1, len(whole) - 1)):
        got = read(s3, bucket, Range=f"bytes={first}-{last}")
        assert got["Body"].read() == whole[first : last + 1], (first, last)
        assert got["ContentRange"] == f"bytes {first}-{last}/{len(whole)}"
    assert read(s3, bucket, Range="bytes=-12")["Body"].read() == whole[-12:]
    refused(lambda: read(s3, bucket, Range=f"bytes={len(whole)}-"), 416, "InvalidRange")
    at = 0
    for number, data in enumerate(parts, 1):
        for get in (read, lambda client, bucket, **more: client.head_object(Bucket=bucket, Key="k", **more)):
            got = get(s3, bucket, PartNumber=number)
            assert got["ResponseMetadata"]["HTTPStatusCode"] == 206
            assert (got["PartsCount"], got["ContentLength"]) == (3, len(data))
            assert got["ContentRange"] == f"bytes {at}-{at + len(data) - 1}/{len(whole)}"
            if "Body" in got:
                assert got["Body"].read() == data
        at += len(data)
    beyond = refused(lambda: read(s3, bucket, PartNumber=4), 416, "InvalidPartNumber")
    assert (beyond["Error"]["PartNumberRequested"], beyond["Error"]["ActualPartCount"]) == ("4", "3")
    refused(lambda: s3.head_object(Bucket=bucket, Key="k", PartNumber=4), 416, "416")


def test_a_part_is_replaced_whole_or_not_at_all(server, s3, bucket):
    upload = Upload(s3, bucket)
    first = upload.part(1, b"first")
    bad = [("content-md5", base64.b64encode(bytes(16)).decode())]
    path = upload.path + "&partNumber=1"
    answered(ask(server, "PUT", path, OWNER_ROOT, headers=bad, body=b"other"), 400, "BadDigest")
    assert s3.list_parts(**upload.at)["Parts"][0]["ETag"] == first["ETag"]
    second = upload.part(1, b"second")
    error = refused(lambda: upload.complete(first), 400, "InvalidPart", NO_PART)["Error"]
    assert (error["UploadId"], error["PartNumber"], error["ETag"]) == (upload.at["UploadId"], "1", md5(b"first"))
    upload.complete(second)
    assert read(s3, bucket)["Body"].read() == b"second"


def test_refused_completions(server, s3, bucket):
    upload = Upload(s3, bucket)
    small, large = upload.part(1, b"small"), upload.part(2, b"large")
    error = refused(
        lambda: upload.complete(small, large), 400, "EntityTooSmall",
        "Your proposed upload is smaller than the minimum allowed size",
    )["Error"]  # fmt: skip
    assert (error["ProposedSize"], error["MinSizeAllowed"], error["PartNumber"]) == ("5", "5242880", "1")
    assert error["ETag"] == md5(b"small")
    refused(
        lambda: upload.complete(large, small), 400, "InvalidPartOrder",
        "The list of parts was not in ascending order. Parts must be ordered by part number.",
        UploadId=upload.at["UploadId"],
    )  # fmt: skip
    refused(lambda: upload.complete(large, large), 400, "InvalidPartOrder")
    refused(lambda: upload.complete({"PartNumber": 3, "ETag": md5(b"x")}), 400, "InvalidPart", NO_PART)
    refused(lambda: upload.complete({"PartNumber": 20_000, "ETag": "x"}), 400, "InvalidPart", NO_PART)
    refused(lambda: upload.complete({"PartNumber": 0, "ETag": "x"}), 400, "InvalidArgument", "PartNumber must be >= 1")
    refused(
        lambda: upload.complete(large, MpuObjectSize=6), 400, "InvalidRequest",
        "The provided 'x-amz-mp-object-size' header value 6 does not match what was computed: 5",
    )  # fmt: skip
    nothing = ask(server, "POST", upload.path, OWNER_ROOT)
    assert answered(nothing, 400, "InvalidRequest", "You must specify at least one part").body.startswith(b"<Error>")
    for body in (b"<x/>", b"<CompleteMultipartUpload/>", b"<CompleteMultipartUpload><Part/></CompleteMultipartUpload>",
                 upload.document(("x", "y")), upload.document((1, "\xff")).replace(b"\xc3", b"")):  # fmt: skip
        answer = answered(ask(server, "POST", upload.path, OWNER_ROOT, body=body), 400, "MalformedXML")
        assert answer.body.startswith(b"<Error>"), body
    too_many = upload.document(*((n, "x") for n in range(1, 10_002)))
    answered(ask(server, "POST", upload.path, OWNER_ROOT, body=too_many), 400, "InvalidArgument")
    for value, text in (("-3", "less than zero: '-3'"), ("x", "invalid: 'x'")):
        headers = [("x-amz-mp-object-size", value)]
        answer = ask(server, "POST", upload.path, OWNER_ROOT, headers=headers, body=upload.document((2, large["ETag"])))
        answered(answer, 400, "InvalidRequest", f"Value for x-amz-mp-object-size header is {text}")
    for headers, message in (
        ([("x-amz-checksum-foo", "AAAAAA==")], "The algorithm type you specified in x-amz-checksum- header is invalid."),
        ([("x-amz-checksum-crc32", "AAAA")], "Value for x-amz-checksum-crc32 header is invalid."),
        ([("x-amz-checksum-crc32", "AAAAAA==-0")], "Value for x-amz-checksum-crc32 header is invalid."),
        (
            [("x-amz-checksum-crc32", "AAAAAA=="), ("x-amz-checksum-sha1", "x")],
            "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
        ),
    ):
        answer = ask(server, "POST", upload.path, OWNER_ROOT, headers=headers, body=upload.document((2, large["ETag"])))
        answered(answer, 400, "InvalidRequest", message)
    # Nothing of all this has changed anything.
    assert len(s3.list_parts(**upload.at)["Parts"]) == 2
    answer = ask(server, "POST", upload.path, OWNER_ROOT, body=upload.document((2, md5(b"large"))))
    assert answered(answer, 200).body.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<CompleteMultipartUploadResult')


def test_an_identical_completion_is_answered_again_while_its_object_is_there(s3, bucket):
    upload = Upload(s3, bucket)
    parts = [upload.part(1, block("a")), upload.part(2, b"end")]
    done = upload.complete(*parts)
    again = upload.complete(*parts, IfNoneMatch="*", MpuObjectSize=1)
    assert again["ETag"] == done["ETag"] and "ChecksumCRC64NVME" not in again
    refused(lambda: upload.complete(parts[0]), 404, "NoSuchUpload", NO_UPLOAD, UploadId=upload.at["UploadId"])
    assert upload.abort()["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert read(s3, bucket)["ETag"] == done["ETag"]
    s3.put_object(Bucket=bucket, Key="k", Body=b"new")
    refused(lambda: upload.complete(*parts), 404, "NoSuchUpload")


def test_aborting(server, s3, bucket, new_bucket):
    upload = Upload(s3, bucket)
    upload.part(1, b"x")
    for _ in range(2):
        assert upload.abort()["ResponseMetadata"]["HTTPStatusCode"] == 204
    for call in (
        lambda: upload.part(1, b"x"),
        lambda: upload.complete({"PartNumber": 1, "ETag": "x"}),
        lambda: s3.list_parts(**upload.at),
    ):
        refused(call, 404, "NoSuchUpload", NO_UPLOAD, UploadId=upload.at["UploadId"])
    made_up = upload.at["UploadId"][:-3] + "AAA"
    for id in ("x", "", made_up):
        answered(ask(server, "DELETE", f"/{bucket}/k?uploadId={id}", OWNER_ROOT), 404, "NoSuchUpload", UploadId=id)
    # Of another key, and of another bucket.
    for place in (f"{bucket}/other", f"{new_bucket()}/k"):
        path = f"/{place}?uploadId={upload.at['UploadId']}"
        answered(ask(server, "DELETE", path, OWNER_ROOT), 404, "NoSuchUpload")


def test_a_bucket_with_uploads_is_deleted_with_them(s3, new_bucket):
    bucket = new_bucket()
    upload = Upload(s3, bucket)
    upload.part(1, block("a"))
    s3.delete_bucket(Bucket=bucket)
    s3.create_bucket(Bucket=bucket)
    refused(upload.abort, 404, "NoSuchUpload")
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=bucket)


@pytest.mark.parametrize("algorithm", ["CRC32", "CRC32C", "SHA1", "SHA256", "SHA512", "XXHASH64"])
def test_composite_checksums(server, s3, bucket, algorithm):
    parts = [block("a"), b"end"]
    upload = Upload(s3, bucket, ChecksumAlgorithm=algorithm)
    assert (upload.created["ChecksumAlgorithm"], upload.created["ChecksumType"]) == (algorithm, "COMPOSITE")
    member, header = f"Checksum{algorithm}", f"x-amz-checksum-{algorithm.lower()}"
    sums = [checksum(algorithm, data) for data in parts]
    names = []
    for number, (data, value) in enumerate(zip(parts, sums), 1):
        answer = ask(
            server, "PUT", f"{upload.path}&partNumber={number}", OWNER_ROOT, headers=[(header, value)], body=data
        )
        assert answered(answer, 200).header(header) == value
        names.append({"PartNumber": number, "ETag": answer.header("etag"), member: value})
    listed = s3.list_parts(**upload.at)
    assert (listed["ChecksumAlgorithm"], listed["ChecksumType"]) == (algorithm, "COMPOSITE")
    assert [part[member] for part in listed["Parts"]] == sums
    lower = algorithm.lower()
    answered(
        ask(server, "PUT", f"{upload.path}&partNumber=3", OWNER_ROOT, body=b"x"), 400, "InvalidRequest",
        f"Checksum Type mismatch occurred, expected checksum Type: {lower}, actual checksum Type: null",
    )  # fmt: skip
    refused(
        lambda: upload.complete(*({"PartNumber": n["PartNumber"], "ETag": n["ETag"]} for n in names)),
        400, "InvalidRequest",
        f"The upload was created using a {lower} checksum. The complete request must include the checksum for each "
        "part. It was missing for part 1 in the request.",
    )  # fmt: skip
    refused(lambda: upload.complete(names[0], {**names[1], member: sums[0]}), 400, "InvalidPart", NO_PART)
    refused(
        lambda: upload.complete(*names, **{member: sums[0] + "-2"}), 400, "BadDigest",
        f"The {lower} you specified did not match the calculated checksum.",
    )  # fmt: skip
    # A part named with another algorithm's checksum, and the other mode. Source: recordings of LocalStack's tests.
    other = "MD5"
    refused(
        lambda: upload.complete(names[0], {**{k: names[1][k] for k in ("PartNumber", "ETag")}, f"Checksum{other}": checksum(other, b"")}),
        400, "BadDigest", f"The {other.lower()} you specified for part 2 did not match what we received.",
    )  # fmt: skip
    refused(
        lambda: upload.complete(*names, ChecksumType="FULL_OBJECT"), 400, "InvalidRequest",
        "The upload was created using the COMPOSITE checksum mode. The complete request must use the same checksum "
        "mode.",
    )  # fmt: skip
    whole = checksum(algorithm, b"".join(base64.b64decode(value) for value in sums))
    done = upload.complete(*names, **{member: whole + "-2"})
    assert (done[member], done["ChecksumType"]) == (whole + "-2", "COMPOSITE")
    head = s3.head_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")
    assert (head[member], head["ChecksumType"]) == (whole + "-2", "COMPOSITE")
    second = s3.head_object(Bucket=bucket, Key="k", PartNumber=2)
    assert (second[member], second["ChecksumType"]) == (sums[1], "COMPOSITE")


@pytest.mark.parametrize("algorithm", ["CRC32", "CRC32C", "CRC64NVME"])
def test_full_object_checksums(s3, bucket, algorithm):
    parts = [block("a"), block("b"), b"end"]
    upload = Upload(s3, bucket, ChecksumAlgorithm=algorithm, ChecksumType="FULL_OBJECT")
    names = [upload.part(number, data) for number, data in enumerate(parts, 1)]
    member, whole = f"Checksum{algorithm}", checksum(algorithm, b"".join(parts))
    refused(
        lambda: upload.complete(*names, ChecksumType="COMPOSITE"), 400, "InvalidRequest",
        "The upload was created using the FULL_OBJECT checksum mode. The complete request must use the same checksum "
        "mode.",
    )  # fmt: skip
    wrong = checksum(algorithm, b"other")
    mismatch = f"The {algorithm.lower()} you specified did not match the calculated checksum."
    refused(lambda: upload.complete(*names, **{member: wrong}, ChecksumType="FULL_OBJECT"), 400, "BadDigest", mismatch)
    # Without a type, a checksum is of its algorithm's default type; and of another algorithm it is wrong at any rate.
    # Source: recordings of LocalStack's tests.
    if algorithm != "CRC64NVME":
        refused(lambda: upload.complete(*names, **{member: whole}), 400, "BadDigest", mismatch)
    other = {"ChecksumSHA1": checksum("SHA1", b"".join(parts))}
    refused(lambda: upload.complete(*names, **other), 400, "BadDigest", mismatch)
    # A wrong checksum beats a missing part; a wrong entity tag beats the checksum.
    missing = {"PartNumber": 9, "ETag": "x"}
    refused(lambda: upload.complete(*names, missing, **{member: wrong}), 400, "BadDigest", mismatch)
    stale = {**names[0], "ETag": "x"}
    refused(lambda: upload.complete(stale, *names[1:], **{member: wrong}), 400, "InvalidPart")
    done = upload.complete(*names, **{member: whole}, ChecksumType="FULL_OBJECT", MpuObjectSize=2 * PART + 3)
    assert (done[member], done["ChecksumType"]) == (whole, "FULL_OBJECT")
    # A part of it has no checksum to show, and attributes no parts. Source: recordings of LocalStack's tests.
    part = s3.get_object(Bucket=bucket, Key="k", PartNumber=3, ChecksumMode="ENABLED")
    assert part["Body"].read() == b"end" and member not in part and "ChecksumType" not in part
    attributes = s3.get_object_attributes(Bucket=bucket, Key="k", ObjectAttributes=["ObjectParts", "Checksum"])
    assert attributes["ObjectParts"] == {"TotalPartsCount": 3} and attributes["Checksum"][member] == whole


def test_a_part_that_is_all_there_is_shows_the_full_checksum(s3, bucket):
    upload = Upload(s3, bucket, ChecksumAlgorithm="CRC32C", ChecksumType="FULL_OBJECT")
    upload.complete(upload.part(1, b"bytes"))
    head = s3.head_object(Bucket=bucket, Key="k", PartNumber=1, ChecksumMode="ENABLED")
    assert (head["ChecksumCRC32C"], head["ChecksumType"]) == (checksum("CRC32C", b"bytes"), "FULL_OBJECT")
    assert head["PartsCount"] == 1


def test_an_upload_without_algorithm_has_no_checksum_mode(s3, bucket):
    """Source: recordings of LocalStack's tests."""
    upload = Upload(s3, bucket)
    part = upload.part(1, b"aaa")
    for mode in ("FULL_OBJECT", "COMPOSITE"):
        refused(
            lambda: upload.complete(part, ChecksumType=mode), 400, "InvalidRequest",
            "The upload was created using the null checksum mode. The complete request must use the same checksum mode.",
        )  # fmt: skip
    refused(lambda: upload.complete({**part, "ChecksumSHA256": checksum("SHA256", b"aaa")}), 400, "InvalidPart", NO_PART)
    refused(lambda: upload.complete(part, ChecksumCRC64NVME=checksum("CRC64NVME", b"b")), 400, "BadDigest")
    done = upload.complete(part, ChecksumCRC32C=checksum("CRC32C", b"other") + "-2")
    assert (done["ChecksumCRC64NVME"], done["ChecksumType"]) == (checksum("CRC64NVME", b"aaa"), "FULL_OBJECT")


def test_parts_of_composite_objects_are_shown_page_by_page(server, s3, bucket):
    parts = [block("a"), b"end"]
    upload = Upload(s3, bucket, ChecksumAlgorithm="SHA256")
    names = [upload.part(n, data, ChecksumSHA256=checksum("SHA256", data)) for n, data in enumerate(parts, 1)]
    upload.complete(*names)

    def attributes(**more):
        return s3.get_object_attributes(Bucket=bucket, Key="k", ObjectAttributes=["ObjectParts"], **more)["ObjectParts"]

    def shown(*numbers):
        every = [{"PartNumber": n, "Size": len(d), "ChecksumSHA256": checksum("SHA256", d)} for n, d in enumerate(parts, 1)]
        return [every[number - 1] for number in numbers]

    assert attributes() == {
        "TotalPartsCount": 2, "PartNumberMarker": 0, "NextPartNumberMarker": 2, "MaxParts": 1000, "IsTruncated": False,
        "Parts": shown(1, 2),
    }  # fmt: skip
    assert attributes(MaxParts=1) == {
        "TotalPartsCount": 2, "PartNumberMarker": 0, "NextPartNumberMarker": 1, "MaxParts": 1, "IsTruncated": True,
        "Parts": shown(1),
    }  # fmt: skip
    assert attributes(MaxParts=1, PartNumberMarker=1)["Parts"] == shown(2)
    assert attributes(MaxParts=1, PartNumberMarker=10) == {
        "TotalPartsCount": 2, "PartNumberMarker": 10, "NextPartNumberMarker": 0, "MaxParts": 1, "IsTruncated": False,
    }  # fmt: skip


def test_checksums_that_do_not_exist(s3, bucket):
    for arguments, message in (
        ({"ChecksumType": "COMPOSITE"},
         "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header."),
        ({"ChecksumAlgorithm": "SHA256", "ChecksumType": "FULL_OBJECT"},
         "The FULL_OBJECT checksum type cannot be used with the sha256 checksum algorithm."),
        ({"ChecksumAlgorithm": "CRC64NVME", "ChecksumType": "COMPOSITE"},
         "The COMPOSITE checksum type cannot be used with the crc64nvme checksum algorithm."),
    ):  # fmt: skip
        refused(
            lambda: s3.create_multipart_upload(Bucket=bucket, Key="k", **arguments), 400, "InvalidRequest", message
        )


def test_conditions_are_judged_when_the_upload_is_completed(s3, bucket):
    upload = Upload(s3, bucket)
    part = upload.part(1, b"new")
    refused(lambda: upload.complete(part, IfMatch="x"), 404, "NoSuchKey")
    put = s3.put_object(Bucket=bucket, Key="k", Body=b"old")
    refused(lambda: upload.complete(part, IfNoneMatch="*"), 412, "PreconditionFailed", Condition="If-None-Match")
    refused(lambda: upload.complete(part, IfMatch="x"), 412, "PreconditionFailed", Condition="If-Match")
    # The condition holds, but of an object that came after the upload.
    error = refused(lambda: upload.complete(part, IfMatch=put["ETag"]), 409, "ConditionalRequestConflict")["Error"]
    assert (error["Condition"], error["Key"]) == ("If-Match", "k")
    assert read(s3, bucket)["Body"].read() == b"old"
    second = Upload(s3, bucket)
    second.complete(second.part(1, b"new"), IfMatch=put["ETag"])
    assert read(s3, bucket)["Body"].read() == b"new"


def test_parts_are_copied_from_objects(server, s3, bucket, new_bucket):
    other = new_bucket()
    source = block("a") + block("b")
    s3.put_object(Bucket=other, Key="so ur/ce+", Body=source)
    upload = Upload(s3, bucket, ChecksumAlgorithm="CRC32")
    at = {**upload.at, "CopySource": {"Bucket": other, "Key": "so ur/ce+"}}
    first = s3.upload_part_copy(**at, PartNumber=1)["CopyPartResult"]
    assert first["ETag"] == f'"{md5(source)}"' and first["ChecksumCRC32"] == checksum("CRC32", source)
    second = s3.upload_part_copy(**at, PartNumber=2, CopySourceRange=f"bytes={PART - 3}-{PART + 2}")["CopyPartResult"]
    assert second["ETag"] == f'"{md5(b"aaabbb")}"'
    form = (
        "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the "
        "zero-based offsets of the first and last bytes to copy"
    )
    size = len(source)
    for value, message in (
        ("bytes=0-", form), ("bytes=-5", form), ("0-1", form), ("bytes=2-1", form), ("bytes=0-1,3-4", form),
        (f"bytes=0-{size}", f"Range specified is not valid for source object of size: {size}"),
        ("bytes=0-99999999999999999999", f"Range specified is not valid for source object of size: {size}"),
    ):  # fmt: skip
        refused(
            lambda: s3.upload_part_copy(**at, PartNumber=3, CopySourceRange=value), 400, "InvalidArgument", message,
            ArgumentName="x-amz-copy-source-range", ArgumentValue=value,
        )  # fmt: skip
    for value in (f"bytes={size}-{size}", f"bytes={2 * size}-{3 * size}", "bytes=99999999999999999999-99999999999999999999"):
        refused(
            lambda: s3.upload_part_copy(**at, PartNumber=3, CopySourceRange=value), 400, "InvalidRequest",
            "The specified copy range is invalid for the source object size",
        )  # fmt: skip
    # The form is judged before anything is looked for.
    headers = [("x-amz-copy-source", f"{other}/none"), ("x-amz-copy-source-range", "bytes=1-")]
    answer = ask(server, "PUT", f"/{bucket}/k?partNumber=1&uploadId=none", OWNER_ROOT, headers=headers)
    answered(answer, 400, "InvalidArgument", form, ArgumentName="x-amz-copy-source-range", ArgumentValue="bytes=1-")
    assert answer.body.startswith(b"<Error>")
    refused(lambda: s3.upload_part_copy(**at, PartNumber=3, CopySourceIfMatch="x"), 412, "PreconditionFailed")
    refused(lambda: s3.upload_part_copy(**{**at, "CopySource": f"{other}/none"}, PartNumber=3), 404, "NoSuchKey")
    refused(
        lambda: s3.upload_part_copy(**{**at, "CopySource": f"{other}/so ur/ce+?versionId=x"}, PartNumber=3),
        400, "InvalidArgument", "Invalid version id specified",
    )  # fmt: skip
    names = [{"PartNumber": n, **part} for n, part in ((1, first), (2, second))]
    upload.complete(*({k: v for k, v in n.items() if k != "LastModified"} for n in names))
    assert read(s3, bucket)["Body"].read() == source + b"aaabbb"


def test_an_object_of_parts_is_copied_whole(s3, bucket):
    parts = [block("a"), block("b"), b"end"]
    upload = Upload(s3, bucket, ChecksumAlgorithm="SHA256")
    sums = [checksum("SHA256", data) for data in parts]
    names = [upload.part(n, data, ChecksumSHA256=value) for n, (data, value) in enumerate(zip(parts, sums), 1)]
    upload.complete(*names)
    copied = s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "k"})["CopyObjectResult"]
    whole = b"".join(parts)
    assert copied["ETag"] == f'"{md5(whole)}"'
    assert (copied["ChecksumSHA256"], copied["ChecksumType"]) == (checksum("SHA256", whole), "FULL_OBJECT")
    got = read(s3, bucket, "copy")
    assert got["Body"].read() == whole
    assert "PartsCount" not in read(s3, bucket, "copy", PartNumber=1)
    # A small object of one part becomes a small object.
    small = Upload(s3, bucket, "small")
    small.complete(small.part(1, b"tiny"))
    s3.copy_object(Bucket=bucket, Key="tiny", CopySource={"Bucket": bucket, "Key": "small"})
    assert read(s3, bucket, "tiny")["Body"].read() == b"tiny"


def test_parts_are_listed_page_by_page(server, s3, bucket):
    upload = Upload(s3, bucket, StorageClass="STANDARD_IA")
    for number in (300, 1, 2, 10_000):
        upload.part(number, str(number).encode())
    pages = s3.get_paginator("list_parts").paginate(**upload.at, PaginationConfig={"PageSize": 3})
    numbers = [[part["PartNumber"] for part in page["Parts"]] for page in pages]
    assert numbers == [[1, 2, 300], [10_000]]
    page = s3.list_parts(**upload.at, MaxParts=2)
    assert (page["IsTruncated"], page["NextPartNumberMarker"], page["MaxParts"]) == (True, 2, 2)
    assert (page["StorageClass"], page["PartNumberMarker"]) == ("STANDARD_IA", 0)
    assert page["Owner"]["ID"] == page["Initiator"]["ID"] == s3.list_buckets()["Owner"]["ID"]
    assert s3.list_parts(**upload.at, PartNumberMarker=10_000).get("Parts") is None
    raw = answered(ask(server, "GET", f"{upload.path}&max-parts=5000&part-number-marker=", OWNER_ROOT), 200)
    assert (raw.element("MaxParts"), raw.element("IsTruncated")) == ("1000", "false")
    names = re.findall(r"<(\w+)>", raw.body.decode().split("<Part>")[0])
    assert names == [
        "Bucket", "Key", "UploadId", "Initiator", "ID", "Owner", "ID", "StorageClass", "PartNumberMarker",
        "NextPartNumberMarker", "MaxParts", "IsTruncated",
    ]  # fmt: skip
    for query, message in (
        ("max-parts=x", "Provided max-parts not an integer or within integer range"),
        ("max-parts=-1", "Argument max-parts must be an integer between 0 and 2147483647"),
        ("part-number-marker=y", "Provided part-number-marker not an integer or within integer range"),
    ):
        answered(ask(server, "GET", f"{upload.path}&{query}", OWNER_ROOT), 400, "InvalidArgument", message)
        # Before the upload is looked for.
        answered(ask(server, "GET", f"/{bucket}/k?uploadId=x&{query}", OWNER_ROOT), 400, "InvalidArgument", message)


def test_uploads_are_listed_page_by_page(server, s3, bucket):
    keys = ["a", "a", "b/1", "b/2", "c d"]
    ids = [Upload(s3, bucket, key).at["UploadId"] for key in keys]
    for size in (1, 2, 3, 1000):
        pages = s3.get_paginator("list_multipart_uploads").paginate(Bucket=bucket, PaginationConfig={"PageSize": size})
        found = [(upload["Key"], upload["UploadId"]) for page in pages for upload in page.get("Uploads", [])]
        assert found == list(zip(keys, ids)), size
    page = s3.list_multipart_uploads(Bucket=bucket, Delimiter="/")
    assert [upload["Key"] for upload in page["Uploads"]] == ["a", "a", "c d"]
    assert [group["Prefix"] for group in page["CommonPrefixes"]] == ["b/"]
    page = s3.list_multipart_uploads(Bucket=bucket, Prefix="b/", MaxUploads=1)
    assert (page["IsTruncated"], page["NextKeyMarker"], page["NextUploadIdMarker"]) == (True, "b/1", ids[2])
    page = s3.list_multipart_uploads(Bucket=bucket, KeyMarker="a", UploadIdMarker=ids[0])
    assert [upload["UploadId"] for upload in page["Uploads"]] == ids[1:]
    s3.abort_multipart_upload(Bucket=bucket, Key="a", UploadId=ids[0])
    page = s3.list_multipart_uploads(Bucket=bucket, KeyMarker="a", UploadIdMarker=ids[0])
    assert [upload["UploadId"] for upload in page["Uploads"]] == ids[1:]
    raw = answered(ask(server, "GET", f"/{bucket}?uploads&encoding-type=url&prefix=c", OWNER_ROOT), 200)
    assert raw.element("Key") == "c+d" and raw.element("NextKeyMarker") == "c+d"
    # A common prefix is no marker, but of a page that another follows.
    page = s3.list_multipart_uploads(Bucket=bucket, Delimiter="/", Prefix="b")
    assert (page["NextKeyMarker"], page["NextUploadIdMarker"], page["IsTruncated"]) == ("", "", False)
    page = s3.list_multipart_uploads(Bucket=bucket, Delimiter="/", KeyMarker="a", MaxUploads=1)
    assert (page["NextKeyMarker"], page["IsTruncated"]) == ("b/", True)
    page = s3.list_multipart_uploads(Bucket=bucket, Delimiter="/")
    assert (page["NextKeyMarker"], page["NextUploadIdMarker"]) == ("c d", ids[4])
    for query, message in (
        ("key-marker=a&upload-id-marker=x", "Invalid uploadId marker"),
        (f"key-marker=a&upload-id-marker={ids[2]}", "Invalid uploadId marker"),
        (f"key-marker={'a' * 1025}&upload-id-marker={ids[2]}", "Invalid uploadId marker"),
        ("max-uploads=x", "Provided max-uploads not an integer or within integer range"),
        ("encoding-type=x", "Invalid Encoding Method specified in Request"),
    ):
        answered(ask(server, "GET", f"/{bucket}?uploads&{query}", OWNER_ROOT), 400, "InvalidArgument", message)
    answered(ask(server, "GET", f"/{bucket}?uploads&upload-id-marker=x", OWNER_ROOT), 200)
    empty = answered(ask(server, "GET", f"/{bucket}?uploads&prefix=none", OWNER_ROOT), 200)
    assert re.findall(r"<(\w+)>", empty.body.decode()) == [
        "Bucket", "KeyMarker", "UploadIdMarker", "NextKeyMarker", "NextUploadIdMarker", "Prefix", "MaxUploads",
        "IsTruncated",
    ]  # fmt: skip


def test_who_may_do_what_to_an_upload(server, s3, bucket):
    put = allow(principal_of(OWNER_USER, STRANGER_USER), "s3:PutObject", f"{bucket}/*")
    # A user of another account needs its own account's leave as well.
    s3.put_bucket_policy(Bucket=bucket, Policy=policy(put, allow(principal_of(STRANGER_ADMIN), "s3:PutObject", f"{bucket}/*")))
    initiator = server.client(OWNER_USER)
    upload = Upload(initiator, bucket)
    upload.part(1, b"x")
    shown = initiator.list_parts(**upload.at)
    assert shown["Initiator"]["ID"] == OWNER_USER.arn
    # Somebody else, with all rights to put: neither lists nor aborts; root and those who are allowed do.
    foreign = server.client(STRANGER_ADMIN)
    refused(lambda: foreign.list_parts(**upload.at), 403, "AccessDenied")
    refused(lambda: upload.abort(foreign), 403, "AccessDenied")
    refused(lambda: initiator.list_multipart_uploads(Bucket=bucket), 403, "AccessDenied")
    assert server.client(OWNER_ADMIN).list_parts(**upload.at)["Parts"]
    # An unknown upload is 404 for those without rights, too.
    nobody = server.client(STRANGER_ROOT)
    refused(lambda: nobody.list_parts(**{**upload.at, "UploadId": "x"}), 404, "NoSuchUpload")
    refused(lambda: nobody.list_parts(**upload.at), 403, "AccessDenied")
    # The initiator's account root may abort what its user began; an explicit Deny stops the initiator.
    theirs = Upload(foreign, bucket, "theirs")
    denied = deny(principal_of(STRANGER_ADMIN), "s3:AbortMultipartUpload", f"{bucket}/*")
    granted = allow(principal_of(STRANGER_ADMIN), "s3:PutObject", f"{bucket}/*")
    s3.put_bucket_policy(Bucket=bucket, Policy=policy(put, granted, denied))
    refused(theirs.abort, 403, "AccessDenied")
    assert foreign.list_parts(**theirs.at)["ResponseMetadata"]["HTTPStatusCode"] == 200
    theirs.abort(nobody)
    upload.abort()


def test_policies_see_the_encryption_that_the_upload_was_created_with(server, s3, bucket):
    condition = {"StringNotEquals": {"s3:x-amz-server-side-encryption": "AES256"}}
    denied = deny("*", "s3:PutObject", f"{bucket}/*", Condition=condition)
    s3.put_bucket_policy(Bucket=bucket, Policy=policy(denied))
    client = server.client(OWNER_ADMIN)
    refused(lambda: Upload(client, bucket), 403, "AccessDenied")
    upload = Upload(client, bucket, ServerSideEncryption="AES256", ChecksumAlgorithm="CRC32")
    upload.complete(upload.part(1, b"x"))


def test_a_part_may_have_a_checksum_where_the_upload_has_none(owner_admin, bucket):
    upload = Upload(owner_admin, bucket)
    part = upload.part(1, b"bytes")
    assert part["ChecksumCRC32"] == checksum("CRC32", b"bytes")
    assert "ChecksumAlgorithm" not in owner_admin.list_parts(**upload.at)
    # It was verified, and is not the upload's.
    refused(lambda: upload.complete(part), 400, "InvalidPart", NO_PART)
    done = upload.complete({"PartNumber": 1, "ETag": part["ETag"]})
    assert done["ChecksumCRC64NVME"] == checksum("CRC64NVME", b"bytes")


def test_transfers_of_boto3(owner_admin, bucket):
    data = bytes(range(256)) * (20 * MIB // 256) + b"end"
    config = TransferConfig(multipart_threshold=PART, multipart_chunksize=PART, max_concurrency=3)
    owner_admin.upload_fileobj(io.BytesIO(data), bucket, "big", Config=config)
    head = owner_admin.head_object(Bucket=bucket, Key="big")
    assert head["ETag"].endswith('-5"') and head["ContentLength"] == len(data)
    got = io.BytesIO()
    owner_admin.download_fileobj(bucket, "big", got, Config=config)
    assert got.getvalue() == data
    owner_admin.copy({"Bucket": bucket, "Key": "big"}, bucket, "copy", Config=config)
    assert read(owner_admin, bucket, "copy")["Body"].read() == data
    # An upload that was cut off goes on where it was.
    upload = Upload(owner_admin, bucket, "resumed")
    upload.part(1, data[:PART])
    there = {part["PartNumber"] for part in owner_admin.list_parts(**upload.at)["Parts"]}
    for number in set(range(1, 6)) - there:
        upload.part(number, data[(number - 1) * PART : number * PART])
    fields = ("PartNumber", "ETag", "ChecksumCRC32")
    parts = owner_admin.list_parts(**upload.at)["Parts"]
    upload.complete(*({name: part[name] for name in fields if name in part} for part in parts))
    assert read(owner_admin, bucket, "resumed")["Body"].read() == data


def test_an_object_of_parts_that_is_overwritten_is_read_to_its_end(s3, bucket):
    parts = [block("a"), block("b"), block("c")]
    upload = Upload(s3, bucket)
    upload.complete(*(upload.part(number, data) for number, data in enumerate(parts, 1)))
    body = read(s3, bucket)["Body"]
    begun = body.read(1000)
    s3.put_object(Bucket=bucket, Key="k", Body=b"new")
    assert begun + body.read() == b"".join(parts)
    assert read(s3, bucket)["Body"].read() == b"new"
