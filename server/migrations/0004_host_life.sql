-- Settings of a host's life and sources.
ALTER TABLE hosts ADD COLUMN group_name TEXT NOT NULL DEFAULT '';
-- 1: nothing is ever installed on it.
ALTER TABLE hosts ADD COLUMN agentless INTEGER NOT NULL DEFAULT 0;
-- 1: it is not collected because somebody said so.
ALTER TABLE hosts ADD COLUMN paused INTEGER NOT NULL DEFAULT 0;
-- 1: the login is a key of the centre's own that may only read; its private half is in private_key_sealed.
ALTER TABLE hosts ADD COLUMN restricted_key INTEGER NOT NULL DEFAULT 0;
-- A node_exporter that may be there already; the user is empty where it asks for none.
ALTER TABLE hosts ADD COLUMN exporter_port INTEGER NOT NULL DEFAULT 9100;
ALTER TABLE hosts ADD COLUMN exporter_tls INTEGER NOT NULL DEFAULT 0;
-- Expected SHA-256 of its certificate, 64 hexadecimal digits; empty: one that a public authority has signed.
ALTER TABLE hosts ADD COLUMN exporter_certificate TEXT NOT NULL DEFAULT '';
ALTER TABLE hosts ADD COLUMN exporter_user TEXT NOT NULL DEFAULT '';
ALTER TABLE hosts ADD COLUMN exporter_password_sealed BLOB;
