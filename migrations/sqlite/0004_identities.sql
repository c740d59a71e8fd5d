-- Users, roles and managed policies have tags: a JSON object from key to value, or null.
ALTER TABLE users ADD COLUMN tags TEXT;

-- When and where a key was last used, to the minute. Apart from `access_keys`: it changes all the time and decides nothing.
CREATE TABLE access_key_uses (
    access_key_id TEXT NOT NULL PRIMARY KEY REFERENCES access_keys (id) ON DELETE CASCADE,
    used_at       INTEGER NOT NULL,
    service       TEXT NOT NULL,
    region        TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE user_groups (
    unique_id  TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    path       TEXT NOT NULL,
    name       TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX user_groups_by_name ON user_groups (account_id, lower(name));

CREATE TABLE group_members (
    user_id  TEXT NOT NULL REFERENCES users (unique_id),
    group_id TEXT NOT NULL REFERENCES user_groups (unique_id),
    PRIMARY KEY (user_id, group_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX group_members_by_group ON group_members (group_id);

-- `trust_document` is the trust policy as it was sent, `trust_policy` the form that decides: its principals are bound to
-- unique ids.
CREATE TABLE roles (
    unique_id           TEXT NOT NULL PRIMARY KEY,
    account_id          TEXT NOT NULL REFERENCES accounts (id),
    path                TEXT NOT NULL,
    name                TEXT NOT NULL,
    description         TEXT,
    trust_document      TEXT NOT NULL,
    trust_policy        TEXT NOT NULL,
    max_session_seconds INTEGER NOT NULL,
    boundary_arn        TEXT,
    tags                TEXT,
    created_at          INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX roles_by_name ON roles (account_id, lower(name));

-- The managed policies that accounts make; those of AWS are part of the program.
CREATE TABLE managed_policies (
    unique_id       TEXT NOT NULL PRIMARY KEY,
    account_id      TEXT NOT NULL REFERENCES accounts (id),
    path            TEXT NOT NULL,
    name            TEXT NOT NULL,
    arn             TEXT NOT NULL UNIQUE,
    description     TEXT,
    default_version INTEGER NOT NULL,
    newest_version  INTEGER NOT NULL,
    tags            TEXT,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX managed_policies_by_name ON managed_policies (account_id, lower(name));

CREATE TABLE managed_policy_versions (
    policy_id  TEXT NOT NULL REFERENCES managed_policies (unique_id),
    version    INTEGER NOT NULL,
    document   TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (policy_id, version)
) STRICT, WITHOUT ROWID;

CREATE INDEX attached_policies_by_policy ON attached_policies (policy_arn);
CREATE INDEX users_by_boundary ON users (boundary_arn) WHERE boundary_arn IS NOT NULL;
CREATE INDEX roles_by_boundary ON roles (boundary_arn) WHERE boundary_arn IS NOT NULL;

-- An account has one alias at most, and no two accounts the same.
CREATE TABLE account_aliases (
    alias      TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL UNIQUE REFERENCES accounts (id)
) STRICT, WITHOUT ROWID;
