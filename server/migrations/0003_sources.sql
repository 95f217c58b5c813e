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
