-- Times are microseconds since 1970 (UTC). Flags are 0 or 1. Keys are bytes, so that they compare as bytes.

CREATE TABLE settings (
    name  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value BYTEA NOT NULL
);

CREATE TABLE accounts (
    id           TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    canonical_id TEXT NOT NULL UNIQUE,
    name         TEXT COLLATE "C" NOT NULL,
    email        TEXT NOT NULL,
    created_at   BIGINT NOT NULL
);

CREATE TABLE users (
    unique_id    TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account_id   TEXT COLLATE "C" NOT NULL REFERENCES accounts (id),
    path         TEXT COLLATE "C" NOT NULL,
    name         TEXT COLLATE "C" NOT NULL,
    boundary_arn TEXT,
    created_at   BIGINT NOT NULL
);

-- IAM: names of users differ by more than letter case within an account.
CREATE UNIQUE INDEX users_by_name ON users (account_id, lower(name));

-- A key without a user is the account root's.
CREATE TABLE access_keys (
    id            TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account_id    TEXT COLLATE "C" NOT NULL REFERENCES accounts (id),
    user_id       TEXT COLLATE "C" REFERENCES users (unique_id) ON DELETE CASCADE,
    sealed_secret BYTEA NOT NULL,
    is_active     BIGINT NOT NULL CHECK (is_active IN (0, 1)),
    created_at    BIGINT NOT NULL
);

CREATE INDEX access_keys_by_user ON access_keys (user_id);

-- `identity_id` is the unique id of a user (later also of a group or role).
CREATE TABLE inline_policies (
    identity_id TEXT COLLATE "C" NOT NULL,
    name        TEXT COLLATE "C" NOT NULL,
    document    TEXT NOT NULL,
    PRIMARY KEY (identity_id, name)
);

CREATE TABLE attached_policies (
    identity_id TEXT COLLATE "C" NOT NULL,
    policy_arn  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (identity_id, policy_arn)
);

-- An id is never used again, so what was authorized on a deleted bucket cannot reach its successor.
CREATE TABLE buckets (
    id                      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name                    TEXT COLLATE "C" NOT NULL UNIQUE,
    owner_id                TEXT COLLATE "C" NOT NULL REFERENCES accounts (id),
    region                  TEXT NOT NULL,
    created_at              BIGINT NOT NULL,
    object_ownership        TEXT NOT NULL,
    block_public_acls       BIGINT CHECK (block_public_acls IN (0, 1)),
    ignore_public_acls      BIGINT CHECK (ignore_public_acls IN (0, 1)),
    block_public_policy     BIGINT CHECK (block_public_policy IN (0, 1)),
    restrict_public_buckets BIGINT CHECK (restrict_public_buckets IN (0, 1)),
    policy                  TEXT,
    acl                     TEXT,
    versioning              TEXT CHECK (versioning IN ('Enabled', 'Suspended')),
    object_lock_enabled     BIGINT NOT NULL DEFAULT 0 CHECK (object_lock_enabled IN (0, 1)),
    abac_enabled            BIGINT NOT NULL DEFAULT 0 CHECK (abac_enabled IN (0, 1)),
    tags                    TEXT,
    -- Grows with every change that can change a decision.
    security_version        BIGINT NOT NULL DEFAULT 1
);

CREATE INDEX buckets_by_owner ON buckets (owner_id, name);

-- The row with the greatest `version_order` of a key is its current version.
-- A version's bytes are a row of `bodies` (body_id), a blob (blob_id), or none (a delete marker).
CREATE TABLE versions (
    bucket_id           BIGINT NOT NULL REFERENCES buckets (id),
    key                 BYTEA NOT NULL,
    version_order       BIGINT NOT NULL,
    version_id          TEXT COLLATE "C" NOT NULL,
    is_delete_marker    BIGINT NOT NULL CHECK (is_delete_marker IN (0, 1)),
    owner_id            TEXT COLLATE "C" NOT NULL,
    created_at          BIGINT NOT NULL,
    size_bytes          BIGINT NOT NULL,
    etag                TEXT COLLATE "C" NOT NULL,
    checksum_algorithm  TEXT,
    checksum_type       TEXT,
    checksum_value      TEXT,
    storage_class       TEXT NOT NULL,
    stored_headers      TEXT,
    user_metadata       TEXT,
    tags                TEXT,
    acl                 TEXT,
    part_sizes          TEXT,
    encryption          TEXT,
    lock_mode           TEXT,
    lock_retain_until   BIGINT,
    lock_legal_hold     BIGINT,
    body_id             BIGINT,
    blob_id             TEXT COLLATE "C"
);

CREATE UNIQUE INDEX versions_in_order ON versions (bucket_id, key, version_order DESC);
CREATE UNIQUE INDEX versions_null ON versions (bucket_id, key) WHERE version_id = 'null';

CREATE UNIQUE INDEX versions_by_id ON versions (bucket_id, key, version_id) WHERE version_id <> 'null';
CREATE INDEX versions_by_blob ON versions (blob_id) WHERE blob_id IS NOT NULL;

-- Bytes of small objects. Apart from `versions`, so that a listing does not read them.
CREATE TABLE bodies (
    id    BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    bytes BYTEA NOT NULL
);

-- Blobs that no version names any more and that are still to be removed.
CREATE TABLE garbage (
    id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    blob_id    TEXT COLLATE "C" NOT NULL,
    size_bytes BIGINT NOT NULL,
    deleted_at BIGINT NOT NULL
);
