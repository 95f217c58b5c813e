-- Rows of ten seconds that are not sealed yet. By time first: the rows of a beat go to one place, and an hour goes at once.
CREATE TABLE windows (
    -- Start of the ten seconds, UTC milliseconds.
    at_ms INTEGER NOT NULL,
    host_id INTEGER NOT NULL,
    source INTEGER NOT NULL,
    -- See server/src/store/history/row.rs.
    series BLOB NOT NULL,
    PRIMARY KEY (at_ms, host_id)
) STRICT, WITHOUT ROWID;

-- Sealed rows in columns; see server/src/store/history/chunk.rs. Tiers are those of tier.rs.
CREATE TABLE chunks (
    id INTEGER PRIMARY KEY,
    host_id INTEGER NOT NULL REFERENCES hosts (id) ON DELETE CASCADE,
    tier INTEGER NOT NULL,
    -- The period that it covers, UTC milliseconds; within a tier those of one host never overlap.
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    data BLOB NOT NULL
) STRICT;

CREATE UNIQUE INDEX chunks_by_host ON chunks (host_id, tier, from_ms);
CREATE INDEX chunks_by_age ON chunks (tier, from_ms);

-- The hour that is being sealed: rows of hosts up to host_id are in chunks already and no longer count. At most one row.
CREATE TABLE sealing (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    hour_ms INTEGER NOT NULL,
    host_id INTEGER NOT NULL
) STRICT;

-- Single values of the store itself and settings of the page, as JSON.
CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Names of programs, each once.
CREATE TABLE process_names (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- The greediest programs of each host and minute; see server/src/store/history/processes.rs.
CREATE TABLE process_minutes (
    -- Start of the minute, UTC milliseconds.
    at_ms INTEGER NOT NULL,
    host_id INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (at_ms, host_id)
) STRICT, WITHOUT ROWID;

-- The flight recorder: pieces of the full rate around whatever went wrong; a chunk of chunk.rs each.
CREATE TABLE recordings (
    id INTEGER PRIMARY KEY,
    host_id INTEGER NOT NULL REFERENCES hosts (id) ON DELETE CASCADE,
    -- The period that it covers, UTC milliseconds.
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    data BLOB NOT NULL
) STRICT;

CREATE INDEX recordings_by_host ON recordings (host_id, from_ms);
CREATE INDEX recordings_by_age ON recordings (from_ms);
