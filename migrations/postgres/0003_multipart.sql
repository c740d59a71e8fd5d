-- A multipart upload in progress or, once completed, the origin of the version whose bytes are its parts. A completed
-- upload goes with its version; until then a repeated completion finds it.
CREATE TABLE uploads (
    number             BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    bucket_id          BIGINT NOT NULL REFERENCES buckets (id),
    key                BYTEA NOT NULL,
    -- Begins with the time of creation, so that the uploads of a key sort by age.
    id                 BYTEA NOT NULL,
    created_at         BIGINT NOT NULL,
    owner_id           TEXT COLLATE "C" NOT NULL,
    -- Who began it: account (null if anonymous), `aws:userid`, and what listings show.
    initiator_account  TEXT,
    initiator_user     TEXT NOT NULL,
    initiator_shown    TEXT NOT NULL,
    storage_class      TEXT NOT NULL,
    stored_headers     TEXT,
    user_metadata      TEXT,
    tags               TEXT,
    -- The encryption that was asked for by name.
    encryption         TEXT,
    -- Null if no checksum was asked for: parts then have CRC64NVME, which is not shown.
    checksum_algorithm TEXT,
    checksum_type      TEXT,
    -- `version_order` of the key's current version when the upload was created.
    initial_version    BIGINT,
    -- `version_order` of the version that it became.
    completed_version  BIGINT
);

CREATE UNIQUE INDEX uploads_by_id ON uploads (bucket_id, key, id);
CREATE INDEX uploads_in_progress ON uploads (bucket_id, key, id) WHERE completed_version IS NULL;

-- A part's bytes are a row of `bodies` (body_id) or a blob (blob_id).
CREATE TABLE parts (
    upload_number  BIGINT NOT NULL REFERENCES uploads (number),
    part_number    BIGINT NOT NULL,
    size_bytes     BIGINT NOT NULL,
    md5            BYTEA NOT NULL,
    checksum_value TEXT NOT NULL,
    created_at     BIGINT NOT NULL,
    body_id        BIGINT,
    blob_id        TEXT COLLATE "C",
    -- Where the part begins in the object; null until the upload is completed.
    first_byte     BIGINT,
    PRIMARY KEY (upload_number, part_number)
);

CREATE INDEX parts_by_place ON parts (upload_number, first_byte) WHERE first_byte IS NOT NULL;
CREATE INDEX parts_by_blob ON parts (blob_id) WHERE blob_id IS NOT NULL;

-- The upload whose parts are the version's bytes, and how many there are.
ALTER TABLE versions ADD COLUMN upload_number BIGINT;
ALTER TABLE versions ADD COLUMN part_count BIGINT;
