INSERT INTO accounts (id, canonical_id, name, email, created_at, is_disabled)
    VALUES ('999900001111', 'c0ffee', 'zwölf 𝄞', 'z@example.com', -1, 1);
INSERT INTO account_aliases (alias, account_id) VALUES ('main', '111122223333');
INSERT INTO users (unique_id, account_id, path, name, boundary_arn, created_at, tags) VALUES
    ('AIDA1', '111122223333', '/', 'alice', NULL, 1, NULL),
    ('AIDA2', '111122223333', '/team/', 'bob', 'arn:aws:iam::aws:policy/ReadOnlyAccess', 2, '{"k":"ä"}');
INSERT INTO user_groups (unique_id, account_id, path, name, created_at) VALUES ('AGPA1', '111122223333', '/', 'all', 3);
INSERT INTO group_members (user_id, group_id) VALUES ('AIDA1', 'AGPA1'), ('AIDA2', 'AGPA1');
INSERT INTO roles (unique_id, account_id, path, name, description, trust_document, trust_policy, max_session_seconds,
        boundary_arn, tags, created_at)
    VALUES ('AROA1', '111122223333', '/', 'reader', NULL, '{ "a" : 1 }', '{"a":1}', 3600, NULL, NULL, 4);
INSERT INTO access_keys (id, account_id, user_id, sealed_secret, is_active, created_at) VALUES
    ('AKIA1', '111122223333', NULL, X'00FF', 1, 5), ('AKIA2', '111122223333', 'AIDA1', X'', 0, 6);
INSERT INTO access_key_uses (access_key_id, used_at, service, region) VALUES ('AKIA2', 7, 's3', 'us-east-1');
INSERT INTO inline_policies (identity_id, name, document) VALUES
    ('AIDA1', 'b', '{}'), ('AIDA1', 'a', '{"😀":"\u0000"}'), ('AROA1', 'a', '');
INSERT INTO attached_policies (identity_id, policy_arn) VALUES ('AGPA1', 'arn:aws:iam::111122223333:policy/own');
INSERT INTO managed_policies (unique_id, account_id, path, name, arn, description, default_version, newest_version, tags,
        created_at, updated_at)
    VALUES ('ANPA1', '111122223333', '/', 'own', 'arn:aws:iam::111122223333:policy/own', 'x', 2, 2, NULL, 8, 9);
INSERT INTO managed_policy_versions (policy_id, version, document, created_at)
    VALUES ('ANPA1', 1, '{}', 8), ('ANPA1', 2, '{"Version":"2012-10-17"}', 9);
INSERT INTO oidc_providers (account_id, name, issuer, client_ids, thumbprints, tags, created_at)
    VALUES ('111122223333', 'id.example.com', 'https://id.example.com', '["a"]', '[]', NULL, 10);
-- A number above all rows: that bucket is gone.
INSERT INTO buckets (id, name, owner_id, region, created_at, object_ownership)
    VALUES (70, 'gone', '111122223333', 'us-east-1', 11, 'BucketOwnerEnforced');
DELETE FROM buckets WHERE id = 70;
UPDATE buckets SET policy = '{"Version":"2012-10-17"}', tags = '{}', acl = '[]' WHERE id = 1;
INSERT INTO garbage (blob_id, size_bytes, deleted_at) VALUES ('00000000000000000000000000000009', 9223372036854775807, 12);
INSERT INTO findings (place, bucket, key, version_id, problem, found_at)
    VALUES ('blob:00000000000000000000000000000009', 'photos', 'k', 'null', 'its bytes are missing', 13);
INSERT INTO leases (name, holder, expires_at) VALUES ('scrub', 'me', 14);
INSERT INTO parts (upload_number, part_number, size_bytes, md5, checksum_value, created_at, body_id, blob_id)
    SELECT number, 10000, 5, X'0102', 'AAAA', 15, NULL, '00000000000000000000000000000004' FROM uploads
    WHERE completed_version IS NULL;
-- More than a page: versions of one key, keys that are any bytes, bodies.
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
INSERT INTO versions (bucket_id, key, version_order, version_id, is_delete_marker, owner_id, created_at, size_bytes, etag,
        storage_class, lock_retain_until, lock_legal_hold)
    SELECT 1, X'6D616E79', i * 1000003, 'many' || i, i % 2, '111122223333', i, 0, '', 'STANDARD', NULL, i % 2 FROM n;
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
INSERT INTO versions (bucket_id, key, version_order, version_id, is_delete_marker, owner_id, created_at, size_bytes, etag,
        storage_class)
    SELECT 1, CAST(X'F0FF' || CAST(printf('%05d', i) AS BLOB) AS BLOB), i, 'null', 0, '111122223333', i, 1, '"x"', 'STANDARD'
    FROM n;
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
INSERT INTO bodies (bytes) SELECT randomblob(i) FROM n;
