-- What is kept in memory of identities and buckets is good for one version of them: any change of their rows makes a new
-- one. Triggers, so that no statement can forget it; deferred to the commit, so that the one row is locked last and
-- shortly.

CREATE TABLE changes (
    kind    TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (kind IN ('identities', 'buckets')),
    version BIGINT NOT NULL
);

INSERT INTO changes (kind, version) VALUES ('identities', 1), ('buckets', 1);

CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE changes SET version = version + 1 WHERE kind = ANY (TG_ARGV);
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER accounts_changed AFTER INSERT OR UPDATE OR DELETE ON accounts
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_change('buckets', 'identities');
CREATE CONSTRAINT TRIGGER users_changed AFTER INSERT OR UPDATE OR DELETE ON users
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_change('identities');
CREATE CONSTRAINT TRIGGER access_keys_changed AFTER INSERT OR UPDATE OR DELETE ON access_keys
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_change('identities');
CREATE CONSTRAINT TRIGGER inline_policies_changed AFTER INSERT OR UPDATE OR DELETE ON inline_policies
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_change('identities');
CREATE CONSTRAINT TRIGGER attached_policies_changed AFTER INSERT OR UPDATE OR DELETE ON attached_policies
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_change('identities');
CREATE CONSTRAINT TRIGGER user_groups_changed AFTER INSERT OR UPDATE OR DELETE ON user_groups
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_change('identities');
CREATE CONSTRAINT TRIGGER group_members_changed AFTER INSERT OR UPDATE OR DELETE ON group_members
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_change('identities');
CREATE CONSTRAINT TRIGGER roles_changed AFTER INSERT OR UPDATE OR DELETE ON roles
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_change('identities');
CREATE CONSTRAINT TRIGGER managed_policies_changed AFTER INSERT OR UPDATE OR DELETE ON managed_policies
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_change('identities');
CREATE CONSTRAINT TRIGGER managed_policy_versions_changed AFTER INSERT OR UPDATE OR DELETE ON managed_policy_versions
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_change('identities');
CREATE CONSTRAINT TRIGGER buckets_changed AFTER INSERT OR UPDATE OR DELETE ON buckets
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_change('buckets');
