-- 1 for a null version that a numbered version was written above: wherever it stands in the history of its key, it is
-- found by the index. A null version that nothing was written above is its key's current one, and costs no index entry.
ALTER TABLE versions ADD COLUMN null_in_history INTEGER NOT NULL DEFAULT 0 CHECK (null_in_history IN (0, 1));

CREATE UNIQUE INDEX versions_null_in_history ON versions (bucket_id, key) WHERE null_in_history = 1;

ALTER TABLE buckets ADD COLUMN mfa_delete TEXT CHECK (mfa_delete IN ('Enabled', 'Disabled'));
