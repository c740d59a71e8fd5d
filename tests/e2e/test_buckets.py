"""CreateBucket, HeadBucket, DeleteBucket, ListBuckets, GetBucketLocation."""

import itertools

import pytest
from harness.callers import ANONYMOUS, OWNER_ADMIN, OWNER_ROOT, OWNER_USER, STRANGER_ROOT
from harness.expect import DENIED, answered, no_identity_policy, refused
from harness.policies import allow, arn, policy, principal_of
from harness.wire import ask

XMLNS = "http://s3.amazonaws.com/doc/2006-03-01/"
_names = (f"named-{number}" for number in itertools.count(1))


@pytest.fixture
def name():
    """A name that no bucket has."""
    return next(_names)


# CreateBucket


def test_create_answers_its_location(server, name):
    made = answered(ask(server, "PUT", f"/{name}", OWNER_ROOT), 200)
    assert (made.body, made.header("location")) == (b"", f"/{name}")


def test_own_bucket_again_is_200_in_us_east_1_and_changes_nothing(bucket, owner_root):
    owner_root.put_object(Bucket=bucket, Key="k", Body=b"bytes")
    again = owner_root.create_bucket(Bucket=bucket)
    assert again["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert owner_root.get_object(Bucket=bucket, Key="k")["Body"].read() == b"bytes"
    refused(lambda: owner_root.get_public_access_block(Bucket=bucket), 404, "NoSuchPublicAccessBlockConfiguration")


def test_own_bucket_again_with_another_ownership_is_409(bucket, owner_root):
    refused(
        lambda: owner_root.create_bucket(Bucket=bucket, ObjectOwnership="ObjectWriter"),
        409, "BucketAlreadyOwnedByYou", BucketName=bucket,
    )  # fmt: skip


def test_bucket_of_another_account_is_409(bucket, stranger_root):
    refused(
        lambda: stranger_root.create_bucket(Bucket=bucket),
        409, "BucketAlreadyExists",
        "The requested bucket name is not available. The bucket namespace is shared by all users of the system. "
        "Please select a different name and try again.",
        BucketName=bucket,
    )  # fmt: skip


def test_create_needs_its_permission(server, name, owner_admin):
    message = no_identity_policy(OWNER_USER, "s3:CreateBucket", arn(name))
    refused(lambda: server.client(OWNER_USER).create_bucket(Bucket=name), 403, "AccessDenied", message)
    refused(
        lambda: server.client(ANONYMOUS).create_bucket(Bucket=name),
        403, "AccessDenied", "Anonymous users cannot invoke this API. Please authenticate.",
    )  # fmt: skip
    owner_admin.create_bucket(Bucket=name)


GOOD_NAMES = ["abc", "a" * 63, "123", "a.b-c.d", "0-0", "xn-a", "1.2.3", "a1.2.3.4"]
BAD_NAMES = [
    "ab", "a" * 64, "Abc", "a_b", "-abc", "abc-", ".abc", "abc.", "a..b", "a.-b", "a-.b", "192.168.5.4",
    "xn--abc", "sthree-abc", "amzn-s3-demo-x", "abc-s3alias", "abc--ol-s3", "abc.mrap", "abc--x-s3", "abc--table-s3",
]  # fmt: skip


@pytest.mark.parametrize("good", GOOD_NAMES)
def test_good_names(owner_root, good):
    owner_root.create_bucket(Bucket=good)
    owner_root.delete_bucket(Bucket=good)


@pytest.mark.parametrize("bad", BAD_NAMES)
def test_bad_names(server, bad):
    for method, query in (("PUT", ""), ("GET", ""), ("PUT", "?policy"), ("DELETE", "")):
        answer = ask(server, method, f"/{bad}{query}", OWNER_ROOT)
        answered(answer, 400, "InvalidBucketName", "The specified bucket is not valid.", BucketName=bad)


def test_location_constraint(server, name):
    def create(body):
        return ask(server, "PUT", f"/{name}", OWNER_ROOT, body.encode())

    def constraint(region):
        return f"<CreateBucketConfiguration><LocationConstraint>{region}</LocationConstraint></CreateBucketConfiguration>"

    message = "The specified location-constraint is not valid"
    for region in ("us-east-1", "nowhere-1"):
        answered(create(constraint(region)), 400, "InvalidLocationConstraint", message, LocationConstraint=region)
    for malformed in ("<CreateBucketConfiguration>", "no xml", "<Other/>"):
        answered(create(malformed), 400, "MalformedXML")
    answered(ask(server, "HEAD", f"/{name}", OWNER_ROOT), 404)
    answered(create("<CreateBucketConfiguration/>"), 200)


def test_bad_ownership_and_acls_are_refused(server, name):
    def create(*headers):
        return ask(server, "PUT", f"/{name}", OWNER_ROOT, headers=headers)

    answered(
        create(("x-amz-object-ownership", "Nobody")),
        400, "InvalidArgument", "Invalid x-amz-object-ownership header: Nobody", ArgumentName="x-amz-object-ownership",
    )  # fmt: skip
    answered(create(("x-amz-acl", "public-read")), 400, "InvalidBucketAclWithObjectOwnership")
    answered(ask(server, "HEAD", f"/{name}", OWNER_ROOT), 404)
    answered(create(("x-amz-acl", "private")), 200)


# HeadBucket, DeleteBucket, GetBucketLocation


def test_head_bucket(server, bucket):
    head = answered(ask(server, "HEAD", f"/{bucket}", OWNER_ROOT), 200)
    assert head.header("x-amz-bucket-region") == "us-east-1"
    assert head.header("x-amz-bucket-arn") == f"arn:aws:s3:::{bucket}"
    assert head.header("x-amz-access-point-alias") == "false"
    assert head.header("content-type") == "application/xml"
    for caller in (STRANGER_ROOT, ANONYMOUS, OWNER_USER):
        denied = ask(server, "HEAD", f"/{bucket}", caller if caller.account else None)
        assert (denied.status, denied.header("x-amz-bucket-region")) == (403, "us-east-1")
    assert ask(server, "HEAD", "/no-such-bucket", OWNER_ROOT).status == 404


def test_delete_bucket(bucket, owner_root, owner_user):
    owner_root.put_object(Bucket=bucket, Key="k", Body=b"")
    refused(
        lambda: owner_root.delete_bucket(Bucket=bucket),
        409, "BucketNotEmpty", "The bucket you tried to delete is not empty", BucketName=bucket,
    )  # fmt: skip
    owner_root.delete_object(Bucket=bucket, Key="k")
    message = no_identity_policy(OWNER_USER, "s3:DeleteBucket", arn(bucket))
    refused(lambda: owner_user.delete_bucket(Bucket=bucket), 403, "AccessDenied", message)
    owner_root.put_bucket_policy(Bucket=bucket, Policy=policy(allow(principal_of(OWNER_USER), "s3:*", bucket)))
    deleted = owner_user.delete_bucket(Bucket=bucket)
    assert deleted["ResponseMetadata"]["HTTPStatusCode"] == 204
    refused(lambda: owner_root.delete_bucket(Bucket=bucket), 404, "NoSuchBucket", BucketName=bucket)


def test_a_new_bucket_of_an_old_name_starts_afresh(bucket, owner_root, stranger_root):
    granted = policy(allow(principal_of(STRANGER_ROOT), "s3:*", bucket, f"{bucket}/*"))
    owner_root.put_bucket_policy(Bucket=bucket, Policy=granted)
    assert stranger_root.list_objects_v2(Bucket=bucket)["KeyCount"] == 0
    owner_root.delete_bucket(Bucket=bucket)
    owner_root.create_bucket(Bucket=bucket)
    refused(lambda: stranger_root.list_objects_v2(Bucket=bucket), 403, "AccessDenied", DENIED)
    refused(lambda: owner_root.get_bucket_policy(Bucket=bucket), 404, "NoSuchBucketPolicy")
    assert all(owner_root.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values())


def test_location_of_us_east_1_is_empty(server, bucket):
    location = answered(ask(server, "GET", f"/{bucket}?location", OWNER_ROOT), 200)
    assert location.header("content-type") == "application/xml"
    assert location.body.decode() == (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<LocationConstraint xmlns="{XMLNS}"/>'
    )


# ListBuckets


def test_list_buckets_is_the_account_s_own_and_in_order(server, new_bucket, owner_root, stranger_root):
    mine = {new_bucket(), new_bucket()}
    answer = owner_root.list_buckets()
    names = [entry["Name"] for entry in answer["Buckets"]]
    assert mine <= set(names) and names == sorted(names)
    assert len(answer["Owner"]["ID"]) == 64 and "DisplayName" not in answer["Owner"]
    assert all(entry["BucketArn"] == arn(entry["Name"]) for entry in answer["Buckets"])
    assert all("BucketRegion" not in entry for entry in answer["Buckets"])
    assert not mine & {entry["Name"] for entry in stranger_root.list_buckets()["Buckets"]}


def test_list_buckets_by_pages_and_prefix(owner_root):
    wanted = [f"paged-{letter}" for letter in "abcde"]
    for each in wanted:
        owner_root.create_bucket(Bucket=each)
    names, token = [], {}
    while token is not None:
        page = owner_root.list_buckets(Prefix="paged-", MaxBuckets=2, **token)
        assert page["Prefix"] == "paged-" and len(page["Buckets"]) <= 2
        assert all(entry["BucketRegion"] == "us-east-1" for entry in page["Buckets"])
        names += [entry["Name"] for entry in page["Buckets"]]
        token = {"ContinuationToken": page["ContinuationToken"]} if "ContinuationToken" in page else None
    assert names == wanted
    for each in wanted:
        owner_root.delete_bucket(Bucket=each)


def test_list_buckets_needs_its_permission(server):
    message = no_identity_policy(OWNER_USER, "s3:ListAllMyBuckets", "arn:aws:s3:::*")
    response = refused(lambda: server.client(OWNER_USER).list_buckets(), 403, "AccessDenied")
    assert response["Error"]["Message"] == message
    assert server.client(OWNER_ADMIN).list_buckets()["Buckets"] is not None


def test_anonymous_root_is_sent_to_the_website(server):
    answer = ask(server, "GET", "/")
    assert (answer.status, answer.header("location")) == (307, "https://aws.amazon.com/s3/")


@pytest.mark.parametrize("value", ["0", "10001", "x", "-1"])
def test_bad_max_buckets(server, value):
    answer = ask(server, "GET", f"/?max-buckets={value}", OWNER_ROOT)
    answered(answer, 400, "InvalidArgument", ArgumentName="max-buckets")


def test_bad_token_and_region(server):
    answered(
        ask(server, "GET", "/?continuation-token=x", OWNER_ROOT),
        400, "InvalidArgument", "The continuation token provided is incorrect",
        ArgumentName="continuation-token", ArgumentValue=None,
    )  # fmt: skip
    answered(
        ask(server, "GET", "/?bucket-region=eu-west-1", OWNER_ROOT),
        400, "InvalidArgument",
        "Requests with bucket-region specified must be made to the corresponding regional endpoint",
        ArgumentName="bucket-region",
    )  # fmt: skip
