-- What is kept in memory of identities and buckets is good for one version of them: any change of their rows makes a new
-- one. Triggers, so that no statement can forget it.

CREATE TABLE changes (
    kind    TEXT NOT NULL PRIMARY KEY CHECK (kind IN ('identities', 'buckets')),
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO changes (kind, version) VALUES ('identities', 1), ('buckets', 1);

CREATE TRIGGER accounts_changed_by_insert AFTER INSERT ON accounts BEGIN
    UPDATE changes SET version = version + 1 WHERE kind IN ('identities', 'buckets');
END;
CREATE TRIGGER accounts_changed_by_update AFTER UPDATE ON accounts BEGIN
    UPDATE changes SET version = version + 1 WHERE kind IN ('identities', 'buckets');
END;
CREATE TRIGGER accounts_changed_by_delete AFTER DELETE ON accounts BEGIN
    UPDATE changes SET version = version + 1 WHERE kind IN ('identities', 'buckets');
END;

CREATE TRIGGER users_changed_by_insert AFTER INSERT ON users BEGIN
    UPDATE changes SET version = version + 1 WHERE kind IN ('identities');
END;
CREATE TRIGGER users_changed_by_update AFTER UPDATE ON users BEGIN
    UPDATE changes SET version = version + 1 WHERE kind IN ('identities');
END;
CREATE TRIGGER users_changed_by_delete AFTER DELETE ON users BEGIN
    UPDATE changes SET version = version + 1 WHERE kind IN ('identities');
END;

CREATE TRIGGER access_keys_changed_by_insert AFTER INSERT ON access_keys BEGIN
    UPDATE changes SET version = version + 1 WHERE kind IN ('identities');
END;
CREATE TRIGGER access_keys_changed_by_update AFTER UPDATE ON access_keys BEGIN
    UPDATE changes SET version = version + 1 WHERE kind IN ('identities');
END;
CREATE TRIGGER access_keys_changed_by_delete AFTER DELETE ON access_keys BEGIN
    UPDATE changes SET version = version + 1 WHERE kind IN ('identities');
END;

CREATE TRIGGER inline_policies_changed_by_insert AFTER INSERT ON inline_policies BEGIN
    UPDATE changes SET version = version + 1 WHERE kind IN ('identities');
END;
CREATE TRIGGER inline_policies_changed_by_update AFTER UPDATE ON inline_policies BEGIN
    UPDATE changes SET version = version + 1 WHERE kind IN ('identities');
END;
CREATE TRIGGER inline_policies_changed_by_delete AFTER DELETE ON inline_policies BEGIN
    UPDATE changes SET version = version + 1 WHERE kind IN ('identities');
END;

CREATE TRIGGER attached_policies_changed_by_insert AFTER INSERT ON attached_policies BEGIN
    UPDATE changes SET version = version + 1 WHERE kind IN ('identities');
END;
CREATE TRIGGER attached_policies_changed_by_update AFTER UPDATE ON attached_policies BEGIN
    UPDATE changes SET version = version + 1 WHERE kind IN ('identities');
END;
CREATE TRIGGER attached_policies_changed_by_delete AFTER DELETE ON attached_policies BEGIN
    UPDATE changes SET version = version + 1 WHERE kind IN ('identities');
END;

CREATE TRIGGER user_groups_changed_by_insert AFTER INSERT ON user_groups BEGIN
    UPDATE changes SET version = version + 1 WHERE kind IN ('identities');
END;
CREATE TRIGGER user_groups_changed_by_update AFTER UPDATE ON user_groups BEGIN
    UPDATE changes SET version = version + 1 WHERE kind IN ('identities');
END;
CREATE TRIGGER user_groups_changed_by_delete AFTER DELETE ON user_groups BEGIN
    UPDATE changes SET version = version + 1 WHERE kind IN ('identities');
END;

CREATE TRIGGER group_members_changed_by_insert AFTER INSERT ON group_members BEGIN
    UPDATE changes SET version = version + 1 WHERE kind IN ('identities');
END;
CREATE TRIGGER group_members_changed_by_update AFTER UPDATE ON group_members BEGIN
    UPDATE changes SET version = version + 1 WHERE kind IN ('identities');
END;
CREATE TRIGGER group_members_changed_by_delete AFTER DELETE ON group_members BEGIN
    UPDATE changes SET version = version + 1 WHERE kind IN ('identities');
END;

CREATE TRIGGER roles_changed_by_insert AFTER INSERT ON roles BEGIN
    UPDATE changes SET version = version + 1 WHERE kind IN ('identities');
END;
CREATE TRIGGER roles_changed_by_update AFTER UPDATE ON roles BEGIN
    UPDATE changes SET version = version + 1 WHERE kind IN ('identities');
END;
CREATE TRIGGER roles_changed_by_delete AFTER DELETE ON roles BEGIN
    UPDATE changes SET version = version + 1 WHERE kind IN ('identities');
END;

CREATE TRIGGER managed_policies_changed_by_insert AFTER INSERT ON managed_policies BEGIN
    UPDATE changes SET version = version + 1 WHERE kind IN ('identities');
END;
CREATE TRIGGER managed_policies_changed_by_update AFTER UPDATE ON managed_policies BEGIN
    UPDATE changes SET version = version + 1 WHERE kind IN ('identities');
END;
CREATE TRIGGER managed_policies_changed_by_delete AFTER DELETE ON managed_policies BEGIN
    UPDATE changes SET version = version + 1 WHERE kind IN ('identities');
END;

CREATE TRIGGER managed_policy_versions_changed_by_insert AFTER INSERT ON managed_policy_versions BEGIN
    UPDATE changes SET version = version + 1 WHERE kind IN ('identities');
END;
CREATE TRIGGER managed_policy_versions_changed_by_update AFTER UPDATE ON managed_policy_versions BEGIN
    UPDATE changes SET version = version + 1 WHERE kind IN ('identities');
END;
CREATE TRIGGER managed_policy_versions_changed_by_delete AFTER DELETE ON managed_policy_versions BEGIN
    UPDATE changes SET version = version + 1 WHERE kind IN ('identities');
END;

CREATE TRIGGER buckets_changed_by_insert AFTER INSERT ON buckets BEGIN
    UPDATE changes SET version = version + 1 WHERE kind IN ('buckets');
END;
CREATE TRIGGER buckets_changed_by_update AFTER UPDATE ON buckets BEGIN
    UPDATE changes SET version = version + 1 WHERE kind IN ('buckets');
END;
CREATE TRIGGER buckets_changed_by_delete AFTER DELETE ON buckets BEGIN
    UPDATE changes SET version = version + 1 WHERE kind IN ('buckets');
END;
