-- Damage of a part of an upload in progress: which. `version_id` is empty then.
ALTER TABLE findings ADD COLUMN upload_id BYTEA;
ALTER TABLE findings ADD COLUMN part_number BIGINT;
