-- OpenID Connect providers. `name` is the address without its scheme, as it stands in the ARN; client ids and
-- thumbprints are JSON arrays of texts, tags an object or null.
CREATE TABLE oidc_providers (
    account_id  TEXT NOT NULL REFERENCES accounts (id),
    name        TEXT NOT NULL,
    issuer      TEXT NOT NULL,
    client_ids  TEXT NOT NULL,
    thumbprints TEXT NOT NULL,
    tags        TEXT,
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (account_id, name)
) STRICT, WITHOUT ROWID;

-- Nobody of a disabled account is let in, and everything of it stays.
ALTER TABLE accounts ADD COLUMN is_disabled INTEGER NOT NULL DEFAULT 0 CHECK (is_disabled IN (0, 1));
