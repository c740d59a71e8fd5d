"""PutBucketVersioning, GetBucketVersioning, and what versions mean to every operation on objects."""

import re

import pytest
from harness.callers import OWNER_ROOT, OWNER_USER, STRANGER_ROOT
from harness.digests import content_md5
from harness.expect import answered, no_identity_policy, refused
from harness.policies import allow, arn, deny, policy, principal_of
from harness.versions import delete, enable, history, put, suspend
from harness.wire import ask

XMLNS = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
ID = re.compile(r"[A-Za-z0-9._-]{32}")
UNKNOWN = "A" * 32
MALFORMED = "Invalid version id specified"


@pytest.fixture
def versioned(bucket, owner_root):
    enable(owner_root, bucket)
    return bucket


def configure(server, bucket, body, caller=OWNER_ROOT):
    return ask(server, "PUT", f"/{bucket}?versioning", caller, body.encode() if isinstance(body, str) else body)


def headers_of(answer):
    return answer["ResponseMetadata"]["HTTPHeaders"]


def body_of(client, bucket, key, **more):
    return client.get_object(Bucket=bucket, Key=key, **more)["Body"].read()


def test_configuration_comes_back(server, bucket):
    def get():
        answer = answered(ask(server, "GET", f"/{bucket}?versioning", OWNER_ROOT), 200)
        assert answer.header("content-type") is None
        return answer.body.decode().removeprefix(DECLARATION)

    assert get() == f"<VersioningConfiguration {XMLNS}/>"
    for status in ("Enabled", "Suspended", "Enabled"):
        document = f"<VersioningConfiguration {XMLNS}><Status>{status}</Status></VersioningConfiguration>"
        done = answered(configure(server, bucket, document), 200)
        assert done.body == b""
        assert get() == document


def test_mfa_delete_is_shown_once_it_was_named_and_cannot_be_enabled(server, bucket):
    def configuration(mfa):
        return (
            f"<VersioningConfiguration><Status>Enabled</Status><MfaDelete>{mfa}</MfaDelete></VersioningConfiguration>"
        )

    answered(
        configure(server, bucket, configuration("Enabled")),
        403, "AccessDenied", "Mfa Authentication must be used for this request",
    )  # fmt: skip
    answered(configure(server, bucket, configuration("Disabled")), 200)
    answer = ask(server, "GET", f"/{bucket}?versioning", OWNER_ROOT)
    assert answer.body.endswith(
        b"<Status>Enabled</Status><MfaDelete>Disabled</MfaDelete></VersioningConfiguration>"
    ), answer


@pytest.mark.parametrize(
    "body, code",
    [
        ("<VersioningConfiguration/>", "IllegalVersioningConfigurationException"),
        (
            "<VersioningConfiguration><MfaDelete>Disabled</MfaDelete></VersioningConfiguration>",
            "IllegalVersioningConfigurationException",
        ),
        ("<VersioningConfiguration><Status>Off</Status></VersioningConfiguration>", "MalformedXML"),
        ("<VersioningConfiguration><Status>enabled</Status></VersioningConfiguration>", "MalformedXML"),
        ("<VersioningConfiguration><Status/></VersioningConfiguration>", "MalformedXML"),
        ("<VersioningConfiguration><Status>Enabled</Status>", "MalformedXML"),
        ("<Versioning><Status>Enabled</Status></Versioning>", "MalformedXML"),
        (b"\xff<VersioningConfiguration/>", "MalformedXML"),
        (b"", "MissingRequestBodyError"),
        ("<VersioningConfiguration>" + " " * 1024 + "</VersioningConfiguration>", "MaxMessageLengthExceeded"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_bad_configurations(server, bucket, body, code):
    answered(configure(server, bucket, body), 400, code)
    assert b"Status" not in ask(server, "GET", f"/{bucket}?versioning", OWNER_ROOT).body


def test_configuration_takes_its_own_permissions(server, bucket, owner_root, owner_user):
    document = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
    for caller in (STRANGER_ROOT, None):
        answered(configure(server, bucket, document, caller), 403, "AccessDenied")
    message = no_identity_policy(OWNER_USER, "s3:GetBucketVersioning", arn(bucket))
    refused(lambda: owner_user.get_bucket_versioning(Bucket=bucket), 403, "AccessDenied", message)
    owner_root.put_bucket_policy(
        Bucket=bucket, Policy=policy(allow(principal_of(OWNER_USER), "s3:PutBucketVersioning", bucket))
    )
    enable(owner_user, bucket)
    refused(lambda: owner_user.get_bucket_versioning(Bucket=bucket), 403, "AccessDenied", message)


def test_every_write_is_a_version(versioned, owner_root):
    ids = [put(owner_root, versioned, "k", body) for body in (b"1", b"2", b"3")]
    assert all(ID.fullmatch(id) for id in ids) and len(set(ids)) == 3
    for id, body in zip(ids, (b"1", b"2", b"3"), strict=True):
        got = owner_root.get_object(Bucket=versioned, Key="k", VersionId=id)
        assert (got["Body"].read(), got["VersionId"]) == (body, id)
        assert owner_root.head_object(Bucket=versioned, Key="k", VersionId=id)["VersionId"] == id
    latest = owner_root.get_object(Bucket=versioned, Key="k")
    assert (latest["Body"].read(), latest["VersionId"]) == (b"3", ids[2])
    assert history(owner_root, versioned) == [("k", id, False, id == ids[2]) for id in reversed(ids)]


def test_large_versions_keep_their_bytes_until_they_are_deleted(versioned, owner_root):
    first, second = b"a" * 200_000, b"b" * 200_000
    ids = [put(owner_root, versioned, "k", body) for body in (first, second)]
    assert body_of(owner_root, versioned, "k", VersionId=ids[0]) == first
    delete(owner_root, versioned, "k", VersionId=ids[1])
    assert body_of(owner_root, versioned, "k") == first


def test_unversioned_bucket_shows_no_version(bucket, owner_root):
    stored = owner_root.put_object(Bucket=bucket, Key="k", Body=b"1")
    assert "x-amz-version-id" not in headers_of(stored)
    for read in (owner_root.get_object, owner_root.head_object):
        assert "x-amz-version-id" not in headers_of(read(Bucket=bucket, Key="k"))
    assert body_of(owner_root, bucket, "k", VersionId="null") == b"1"
    refused(lambda: owner_root.get_object(Bucket=bucket, Key="x", VersionId="null"), 404, "NoSuchVersion")
    gone = headers_of(delete(owner_root, bucket, "k"))
    assert "x-amz-version-id" not in gone and "x-amz-delete-marker" not in gone


def test_objects_of_before_are_the_null_version(bucket, owner_root):
    owner_root.put_object(Bucket=bucket, Key="k", Body=b"old")
    enable(owner_root, bucket)
    assert owner_root.get_object(Bucket=bucket, Key="k")["VersionId"] == "null"
    new = put(owner_root, bucket, "k", b"new")
    assert body_of(owner_root, bucket, "k", VersionId="null") == b"old"
    delete(owner_root, bucket, "k", VersionId=new)
    assert body_of(owner_root, bucket, "k") == b"old"


def test_suspended_writes_replace_the_null_version(versioned, owner_root):
    kept = put(owner_root, versioned, "k", b"kept")
    suspend(owner_root, versioned)
    for body in (b"1", b"2"):
        # AWS: PutObject says nothing, reads say `null`.
        assert put(owner_root, versioned, "k", body) is None
        assert owner_root.get_object(Bucket=versioned, Key="k")["VersionId"] == "null"
    copied = owner_root.copy_object(Bucket=versioned, Key="copy", CopySource=f"{versioned}/k")
    assert copied["VersionId"] == "null" and "CopySourceVersionId" not in copied
    assert body_of(owner_root, versioned, "k", VersionId=kept) == b"kept"
    entries = history(owner_root, versioned, Prefix="k")
    assert entries == [("k", "null", False, True), ("k", kept, False, False)]
    enable(owner_root, versioned)
    new = put(owner_root, versioned, "k", b"3")
    entries = history(owner_root, versioned, Prefix="k")
    assert [id for _, id, _, _ in entries] == [new, "null", kept]


def test_deletion_makes_a_marker(versioned, owner_root):
    version = put(owner_root, versioned, "k", b"1")
    first = delete(owner_root, versioned, "k")
    assert first["DeleteMarker"] is True and ID.fullmatch(first["VersionId"])
    second = delete(owner_root, versioned, "k")
    assert second["DeleteMarker"] is True and second["VersionId"] != first["VersionId"]
    absent = delete(owner_root, versioned, "never")
    assert absent["DeleteMarker"] is True
    assert "Contents" not in owner_root.list_objects_v2(Bucket=versioned)
    assert body_of(owner_root, versioned, "k", VersionId=version) == b"1"
    for marker in (second, first):
        gone = delete(owner_root, versioned, "k", VersionId=marker["VersionId"])
        assert (gone["DeleteMarker"], gone["VersionId"]) == (True, marker["VersionId"])
    assert body_of(owner_root, versioned, "k") == b"1"
    gone = headers_of(delete(owner_root, versioned, "k", VersionId=version))
    assert gone["x-amz-version-id"] == version and "x-amz-delete-marker" not in gone


def test_suspended_deletion_makes_the_null_marker(bucket, owner_root):
    put(owner_root, bucket, "k", b"null")
    enable(owner_root, bucket)
    kept = put(owner_root, bucket, "k", b"kept")
    suspend(owner_root, bucket)
    for _ in range(2):
        marker = delete(owner_root, bucket, "k")
        assert (marker["DeleteMarker"], marker["VersionId"]) == (True, "null")
    assert history(owner_root, bucket) == [("k", kept, False, False), ("k", "null", True, True)]
    gone = delete(owner_root, bucket, "k", VersionId="null")
    assert (gone["DeleteMarker"], gone["VersionId"]) == (True, "null")
    assert body_of(owner_root, bucket, "k") == b"kept"


def test_reads_of_a_delete_marker(server, versioned, owner_root):
    put(owner_root, versioned, "k", b"1")
    marker = delete(owner_root, versioned, "k")["VersionId"]
    current = ask(server, "GET", f"/{versioned}/k", OWNER_ROOT)
    answered(current, 404, "NoSuchKey", "The specified key does not exist.", Key="k")
    assert (current.header("x-amz-delete-marker"), current.header("x-amz-version-id")) == ("true", marker)
    head = ask(server, "HEAD", f"/{versioned}/k", OWNER_ROOT)
    assert (head.status, head.header("x-amz-delete-marker")) == (404, "true")
    for method in ("GET", "HEAD"):
        answer = ask(server, method, f"/{versioned}/k?versionId={marker}", OWNER_ROOT)
        assert (answer.status, answer.header("allow")) == (405, "DELETE")
        assert answer.header("x-amz-delete-marker") == "true" and answer.header("last-modified")
    by_id = ask(server, "GET", f"/{versioned}/k?versionId={marker}", OWNER_ROOT)
    answered(
        by_id,
        405, "MethodNotAllowed", "The specified method is not allowed against this resource.",
        Method="GET", ResourceType="DeleteMarker",
    )  # fmt: skip


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_version_ids_that_are_none(server, versioned, owner_root, method):
    put(owner_root, versioned, "k", b"1")

    def with_id(id, bucket=versioned):
        return ask(server, method, f"/{bucket}/k?versionId={id}", OWNER_ROOT)

    answered(with_id("x"), 400, "InvalidArgument", MALFORMED, ArgumentName="versionId", ArgumentValue="x")
    empty = "Version id cannot be the empty string"
    answered(with_id(""), 400, "InvalidArgument", empty, ArgumentName="versionId")
    answered(with_id("", "no-such-bucket"), 400, "InvalidArgument", empty)
    if method == "GET":
        message = "The specified version does not exist."
        answered(with_id(UNKNOWN), 404, "NoSuchVersion", message, Key="k", VersionId=UNKNOWN)
    else:
        answer = answered(with_id(UNKNOWN), 204)
        assert (answer.header("x-amz-version-id"), answer.header("x-amz-delete-marker")) == (UNKNOWN, None)


def test_conditional_writes_look_at_the_current_version(versioned, owner_root):
    first = owner_root.put_object(Bucket=versioned, Key="k", Body=b"1")
    second = owner_root.put_object(Bucket=versioned, Key="k", Body=b"2")

    def conditional(**condition):
        return owner_root.put_object(Bucket=versioned, Key="k", Body=b"3", **condition)

    refused(lambda: conditional(IfNoneMatch="*"), 412, "PreconditionFailed", Condition="If-None-Match")
    refused(lambda: conditional(IfMatch=first["ETag"]), 412, "PreconditionFailed", Condition="If-Match")
    third = conditional(IfMatch=second["ETag"])
    delete(owner_root, versioned, "k")
    refused(lambda: conditional(IfMatch=third["ETag"]), 404, "NoSuchKey")
    refused(lambda: delete(owner_root, versioned, "k", IfMatch=third["ETag"]), 404, "NoSuchKey")
    assert len(history(owner_root, versioned)) == 4
    conditional(IfNoneMatch="*")
    assert len(history(owner_root, versioned)) == 5


def test_copies_by_version(server, versioned, owner_root):
    first = put(owner_root, versioned, "k", b"1")
    second = put(owner_root, versioned, "k", b"2")
    latest = owner_root.copy_object(Bucket=versioned, Key="copy", CopySource=f"{versioned}/k")
    assert latest["CopySourceVersionId"] == second and ID.fullmatch(latest["VersionId"])
    old = owner_root.copy_object(
        Bucket=versioned, Key="copy", CopySource={"Bucket": versioned, "Key": "k", "VersionId": first}
    )
    assert old["CopySourceVersionId"] == first
    assert body_of(owner_root, versioned, "copy") == b"1"
    # A version by its id may be copied onto its own key: that brings it back.
    owner_root.copy_object(Bucket=versioned, Key="k", CopySource=f"{versioned}/k?versionId={first}")
    assert body_of(owner_root, versioned, "k") == b"1"

    marker = delete(owner_root, versioned, "k")["VersionId"]

    def copy(source):
        return ask(server, "PUT", f"/{versioned}/x", OWNER_ROOT, headers=[("x-amz-copy-source", source)])

    deleted = answered(copy(f"{versioned}/k"), 404, "NoSuchKey", Key="k")
    assert (deleted.header("x-amz-delete-marker"), deleted.header("x-amz-version-id")) == ("true", marker)
    message = "The source of a copy request may not specifically refer to a delete marker by version id."
    answered(copy(f"{versioned}/k?versionId={marker}"), 400, "InvalidRequest", message)
    answered(copy(f"{versioned}/k?versionId={UNKNOWN}"), 404, "NoSuchVersion")
    answered(copy(f"{versioned}/k?versionId=x"), 400, "InvalidRequest", "Invalid Request")


def test_a_copy_of_the_null_version_names_it_only_when_asked_by_name(bucket, owner_root):
    put(owner_root, bucket, "k", b"1")
    enable(owner_root, bucket)
    implicit = owner_root.copy_object(Bucket=bucket, Key="copy", CopySource=f"{bucket}/k")
    assert "CopySourceVersionId" not in implicit
    explicit = owner_root.copy_object(Bucket=bucket, Key="copy", CopySource=f"{bucket}/k?versionId=null")
    assert explicit["CopySourceVersionId"] == "null"


def test_tags_are_of_one_version(server, versioned, owner_root):
    first = put(owner_root, versioned, "k", b"1", Tagging="a=1")
    second = put(owner_root, versioned, "k", b"2")

    def tags(**version):
        got = owner_root.get_object_tagging(Bucket=versioned, Key="k", **version)
        return got["VersionId"], got["TagSet"]

    assert tags() == (second, [])
    assert tags(VersionId=first) == (first, [{"Key": "a", "Value": "1"}])
    done = owner_root.put_object_tagging(
        Bucket=versioned, Key="k", VersionId=first, Tagging={"TagSet": [{"Key": "b", "Value": "2"}]}
    )
    assert done["VersionId"] == first
    assert tags(VersionId=first) == (first, [{"Key": "b", "Value": "2"}])
    gone = owner_root.delete_object_tagging(Bucket=versioned, Key="k", VersionId=first)
    assert gone["VersionId"] == first and tags(VersionId=first) == (first, [])
    answered(ask(server, "GET", f"/{versioned}/k?tagging&versionId={UNKNOWN}", OWNER_ROOT), 404, "NoSuchVersion")
    marker = delete(owner_root, versioned, "k")["VersionId"]
    for query in ("tagging", f"tagging&versionId={marker}"):
        for method in ("GET", "DELETE"):
            answered(
                ask(server, method, f"/{versioned}/k?{query}", OWNER_ROOT),
                405, "MethodNotAllowed", ResourceType="DeleteMarker",
            )  # fmt: skip


def test_batches(server, versioned, owner_root):
    version = put(owner_root, versioned, "a", b"1")
    gone = put(owner_root, versioned, "b", b"1")
    answer = owner_root.delete_objects(
        Bucket=versioned,
        Delete={
            "Objects": [
                {"Key": "a"},
                {"Key": "a"},
                {"Key": "b", "VersionId": gone},
                {"Key": "b", "VersionId": UNKNOWN},
                {"Key": "b", "VersionId": "x"},
            ]
        },
    )
    made, by_id, unknown = sorted(answer["Deleted"], key=lambda entry: (entry["Key"], entry.get("VersionId") != gone))
    assert made["DeleteMarker"] is True and ID.fullmatch(made["DeleteMarkerVersionId"]) and "VersionId" not in made
    assert by_id == {"Key": "b", "VersionId": gone}
    assert unknown == {"Key": "b", "VersionId": UNKNOWN}
    # AWS: a batch has no version of a malformed id; DeleteObject refuses the id.
    unknown = "The specified version does not exist."
    error = {"Key": "b", "VersionId": "x", "Code": "NoSuchVersion", "Message": unknown}
    assert answer["Errors"] == [error]
    marker = made["DeleteMarkerVersionId"]
    entries = [("a", version, False, False), ("a", marker, True, True)]
    assert history(owner_root, versioned) == entries
    answer = owner_root.delete_objects(
        Bucket=versioned, Delete={"Objects": [{"Key": "a", "VersionId": marker}, {"Key": "a", "VersionId": version}]}
    )
    assert sorted(answer["Deleted"], key=lambda entry: "DeleteMarker" in entry) == [
        {"Key": "a", "VersionId": version},
        {"Key": "a", "VersionId": marker, "DeleteMarker": True, "DeleteMarkerVersionId": marker},
    ]
    suspend(owner_root, versioned)
    answer = owner_root.delete_objects(Bucket=versioned, Delete={"Objects": [{"Key": "a"}]})
    assert answer["Deleted"] == [{"Key": "a", "DeleteMarker": True, "DeleteMarkerVersionId": "null"}]


def test_bucket_with_versions_left_is_not_empty(versioned, owner_root):
    marker = delete(owner_root, versioned, "k")["VersionId"]
    message = "The bucket you tried to delete is not empty. You must delete all versions in the bucket."
    refused(lambda: owner_root.delete_bucket(Bucket=versioned), 409, "BucketNotEmpty", message)
    delete(owner_root, versioned, "k", VersionId=marker)
    owner_root.delete_bucket(Bucket=versioned)


def test_versions_are_read_and_deleted_by_permissions_of_their_own(versioned, owner_root, owner_user):
    first = put(owner_root, versioned, "k", b"1")
    put(owner_root, versioned, "k", b"2")
    objects = f"{versioned}/*"
    owner_root.put_bucket_policy(
        Bucket=versioned,
        Policy=policy(allow(principal_of(OWNER_USER), ["s3:GetObject", "s3:DeleteObject"], objects)),
    )
    assert body_of(owner_user, versioned, "k") == b"2"

    def denied(call, action):
        message = no_identity_policy(OWNER_USER, action, arn(f"{versioned}/k"))
        refused(call, 403, "AccessDenied", message)

    denied(lambda: body_of(owner_user, versioned, "k", VersionId=first), "s3:GetObjectVersion")
    denied(lambda: delete(owner_user, versioned, "k", VersionId=first), "s3:DeleteObjectVersion")
    denied(
        lambda: owner_user.get_object_tagging(Bucket=versioned, Key="k", VersionId=first), "s3:GetObjectVersionTagging"
    )
    batch = owner_user.delete_objects(Bucket=versioned, Delete={"Objects": [{"Key": "k", "VersionId": first}]})
    assert batch["Errors"][0]["Code"] == "AccessDenied"
    delete(owner_user, versioned, "k")
    owner_root.put_bucket_policy(
        Bucket=versioned,
        Policy=policy(allow(principal_of(OWNER_USER), ["s3:GetObjectVersion", "s3:DeleteObjectVersion"], objects)),
    )
    assert body_of(owner_user, versioned, "k", VersionId=first) == b"1"
    # The permission for versions is none for the latest.
    denied(lambda: delete(owner_user, versioned, "k"), "s3:DeleteObject")
    delete(owner_user, versioned, "k", VersionId=first)


def test_the_bypass_header_needs_its_permission_with_a_version_id(server, versioned, owner_root):
    version = put(owner_root, versioned, "k", b"1")
    owner_root.put_bucket_policy(
        Bucket=versioned,
        Policy=policy(
            allow(principal_of(OWNER_USER), ["s3:DeleteObject", "s3:DeleteObjectVersion"], f"{versioned}/*")
        ),
    )
    bypass = [("x-amz-bypass-governance-retention", "true")]
    message = no_identity_policy(OWNER_USER, "s3:BypassGovernanceRetention", arn(f"{versioned}/k"))
    for id in (version, UNKNOWN):
        answer = ask(server, "DELETE", f"/{versioned}/k?versionId={id}", OWNER_USER, headers=bypass)
        answered(answer, 403, "AccessDenied", message)
    answered(ask(server, "DELETE", f"/{versioned}/k", OWNER_USER, headers=bypass), 204)
    answered(ask(server, "DELETE", f"/{versioned}/k?versionId={version}", OWNER_USER), 204)


def test_a_batch_is_judged_on_the_versions_it_names(server, versioned, owner_root):
    """What a policy says of `s3:VersionId` holds in a batch, too."""
    kept, other = (put(owner_root, versioned, "k", body) for body in (b"1", b"2"))
    owner_root.put_bucket_policy(
        Bucket=versioned,
        Policy=policy(
            allow(principal_of(OWNER_USER), "s3:DeleteObjectVersion", f"{versioned}/*"),
            deny(
                "*", "s3:DeleteObjectVersion", f"{versioned}/*", Condition={"StringEquals": {"s3:VersionId": kept}}
            ),
        ),
    )
    entries = "".join(f"<Object><Key>k</Key><VersionId>{id}</VersionId></Object>" for id in (kept, other))
    body = f"<Delete>{entries}</Delete>".encode()
    answer = ask(server, "POST", f"/{versioned}?delete", OWNER_USER, body, [("Content-MD5", content_md5(body))])
    assert answer.status == 200 and answer.body.count(b"<Error>") == 1, answer
    assert [id for _, id, _, _ in history(owner_root, versioned)] == [kept]


def test_a_key_whose_latest_is_a_marker_is_hidden_from_those_who_may_not_list(versioned, owner_root, owner_reader):
    put(owner_root, versioned, "k", b"1")
    delete(owner_root, versioned, "k")
    refused(lambda: owner_reader.get_object(Bucket=versioned, Key="k"), 403, "AccessDenied")


def test_a_seed_enables_versioning(own_server):
    file = own_server.folder / "seed.toml"
    file.write_text(file.read_text() + '  [[account.bucket]]\n  name = "seeded"\n  versioning = true\n')
    for _ in range(2):
        own_server.start()
        # The last account of the seed.
        client = own_server.client(STRANGER_ROOT)
        assert client.get_bucket_versioning(Bucket="seeded")["Status"] == "Enabled"
        assert ID.fullmatch(put(client, "seeded", "k"))
        own_server.stop()
