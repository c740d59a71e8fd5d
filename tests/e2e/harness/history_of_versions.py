"""Versions that one writer makes and deletes, one by one, and what must be left of them."""

from .journal import Register, ask

KEYS = 3
VERSIONS_MAX = 8


class Version:
    """One version, or delete marker (`generation` is None), that may or may not be there."""

    def __init__(self, generation):
        self.generation = generation
        self.id = None
        self.there = Register(False)


class Versions:
    """A bucket with versioning; the oldest versions go first."""

    def __init__(self, writer, bucket):
        self._writer = writer
        self.bucket = bucket
        # By key, the oldest first.
        self.history = {f"versioned/{key}": [] for key in range(KEYS)}

    def prepare(self, clients):
        clients.s3.create_bucket(Bucket=self.bucket)
        enabled = {"Status": "Enabled"}
        clients.s3.put_bucket_versioning(Bucket=self.bucket, VersioningConfiguration=enabled)

    def step(self, client, generation):
        """One change. Raises as the writer's does."""
        key = f"versioned/{generation * 3 // 10 % KEYS}"
        history = self.history[key]
        oldest = next((version for version in history if version.id and version.there.certain), None)
        if oldest and (len(history) >= VERSIONS_MAX or generation % 4 == 3):
            with oldest.there.becoming(False):
                ask(client.delete_object, Bucket=self.bucket, Key=key, VersionId=oldest.id)
            history.remove(oldest)
        elif generation % 20 == 6:
            self._mark(client, key)
        else:
            self._put(client, key, generation)

    def _put(self, client, key, generation):
        version = Version(generation)
        self.history[key].append(version)
        body = self._writer.body(generation)
        with version.there.becoming(True):
            version.id = ask(client.put_object, Bucket=self.bucket, Key=key, Body=body)["VersionId"]

    def _mark(self, client, key):
        marker = Version(None)
        self.history[key].append(marker)
        with marker.there.becoming(True):
            marker.id = ask(client.delete_object, Bucket=self.bucket, Key=key)["VersionId"]

    def verify(self, client):
        """Every version that was acknowledged is there, in its order and whole, and none that was deleted."""
        found = {key: [] for key in self.history}
        for page in client.get_paginator("list_object_versions").paginate(Bucket=self.bucket):
            listed = [(entry, True) for entry in page.get("Versions", [])]
            listed += [(entry, False) for entry in page.get("DeleteMarkers", [])]
            for entry, has_bytes in listed:
                found[entry["Key"]].append((entry["LastModified"], entry["VersionId"], has_bytes))
        for key, versions in found.items():
            self._verify(client, key, versions)

    def _verify(self, client, key, found):
        for _, version_id, has_bytes in found:
            version = self._named(key, version_id) or self._unnamed(client, key, version_id, has_bytes)
            version.id = version_id
            version.there.settle(True, self.bucket, key, version_id)
            if has_bytes:
                whole = self._read(client, key, version_id) == self._writer.body(version.generation)
                assert whole, (self.bucket, key, version_id)
        there = {version_id for _, version_id, _ in found}
        for version in [version for version in self.history[key] if version.id not in there]:
            version.there.settle(False, self.bucket, key, version.id, version.generation)
            self.history[key].remove(version)

    def _named(self, key, version_id):
        return next((version for version in self.history[key] if version.id == version_id), None)

    def _unnamed(self, client, key, version_id, has_bytes):
        """The version whose answer never came."""
        body = self._read(client, key, version_id) if has_bytes else None
        for version in self.history[key]:
            if version.id is not None or (version.generation is not None) != has_bytes:
                continue
            if not has_bytes or self._writer.body(version.generation) == body:
                return version
        raise AssertionError((self.bucket, key, version_id, "was deleted, or never made"))

    def _read(self, client, key, version_id):
        return client.get_object(Bucket=self.bucket, Key=key, VersionId=version_id)["Body"].read()
