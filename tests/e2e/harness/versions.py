"""Versions of a bucket as a client sees them."""


def enable(client, bucket):
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})


def suspend(client, bucket):
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})


def put(client, bucket, key, body=b"", **more):
    """The version's id, or None where the answer shows none."""
    return client.put_object(Bucket=bucket, Key=key, Body=body, **more).get("VersionId")


def delete(client, bucket, key, **more):
    return client.delete_object(Bucket=bucket, Key=key, **more)


def history(client, bucket, **more):
    """Every entry as (key, id, is it a marker, is it the latest), in the order of the answer within a kind."""
    page = client.list_object_versions(Bucket=bucket, **more)
    versions = [(v["Key"], v["VersionId"], False, v["IsLatest"]) for v in page.get("Versions", [])]
    markers = [(v["Key"], v["VersionId"], True, v["IsLatest"]) for v in page.get("DeleteMarkers", [])]
    return versions + markers
