-- 1 for a null version that a numbered version was written above; `versions_null` finds it.
ALTER TABLE versions ADD COLUMN null_in_history BIGINT NOT NULL DEFAULT 0 CHECK (null_in_history IN (0, 1));

ALTER TABLE buckets ADD COLUMN mfa_delete TEXT CHECK (mfa_delete IN ('Enabled', 'Disabled'));
