-- The ACL that an upload was created with, which is its object's later; null: the owner's alone.
ALTER TABLE uploads ADD COLUMN acl TEXT;
