-- Settings of a host's life and sources.
ALTER TABLE hosts ADD COLUMN group_name TEXT NOT NULL DEFAULT '';
-- 1: nothing is ever installed on it.
ALTER TABLE hosts ADD COLUMN agentless INTEGER NOT NULL DEFAULT 0;
-- 1: it is not collected because somebody said so.
ALTER TABLE hosts ADD COLUMN paused INTEGER NOT NULL DEFAULT 0;
-- A node_exporter that may be there already; the user is empty where it asks for none.
ALTER TABLE hosts ADD COLUMN exporter_port INTEGER NOT NULL DEFAULT 9100;
ALTER TABLE hosts ADD COLUMN exporter_tls INTEGER NOT NULL DEFAULT 0;
ALTER TABLE hosts ADD COLUMN exporter_user TEXT NOT NULL DEFAULT '';
ALTER TABLE hosts ADD COLUMN exporter_password_sealed BLOB;

-- From sampling to receipt, or the time that one collection took, in milliseconds: mean of the window.
ALTER TABLE samples ADD COLUMN latency_ms REAL;

-- What happened to hosts: changes of state (kind 'status') and of source (kind 'source'). The two ends are names of the protocol's
-- HostStatus and Source; empty where there was none.
CREATE TABLE host_events (
    id INTEGER PRIMARY KEY,
    host_id INTEGER NOT NULL REFERENCES hosts (id) ON DELETE CASCADE,
    at_ms INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('status', 'source')),
    was TEXT NOT NULL,
    became TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;

CREATE INDEX host_events_by_host ON host_events (host_id, at_ms);
CREATE INDEX host_events_by_time ON host_events (at_ms);
