CREATE INDEX garbage_by_blob ON garbage (blob_id);

-- Damage that the scrubber found and that is still there. `place` is `blob:ID` or `body:NUMBER`.
CREATE TABLE findings (
    place      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    bucket     TEXT NOT NULL,
    key        TEXT NOT NULL,
    version_id TEXT NOT NULL,
    problem    TEXT NOT NULL,
    found_at   BIGINT NOT NULL
);

-- Work that one of several gateways does at a time.
CREATE TABLE leases (
    name       TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    holder     TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
