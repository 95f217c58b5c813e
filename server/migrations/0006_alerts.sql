-- Rules that somebody has set; what is not here is as protocol::alert::AlertKind says.
CREATE TABLE alert_rules (
    id INTEGER PRIMARY KEY,
    scope TEXT NOT NULL CHECK (scope IN ('default', 'group', 'tag', 'host')),
    -- Name of the group or tag; empty otherwise.
    scope_name TEXT NOT NULL DEFAULT '',
    -- Set for scope 'host' only.
    host_id INTEGER REFERENCES hosts (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    -- Mount point; empty: all of the host's.
    target TEXT NOT NULL DEFAULT '',
    -- JSON of protocol::alert::RuleSettings.
    settings TEXT NOT NULL,
    updated_by TEXT NOT NULL,
    updated_at_ms INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX alert_rules_once ON alert_rules (scope, scope_name, ifnull(host_id, 0), kind, target);

-- Alerts from their firing on. Records outlive their host, so its name is kept here.
CREATE TABLE alerts (
    -- Given by the centre's judge, which is the only one.
    id INTEGER PRIMARY KEY,
    host_id INTEGER NOT NULL,
    host_name TEXT NOT NULL,
    host_group TEXT NOT NULL,
    kind TEXT NOT NULL,
    target TEXT NOT NULL,
    -- 1 warning, 2 critical.
    level INTEGER NOT NULL,
    worst INTEGER NOT NULL,
    no_data INTEGER NOT NULL,
    value REAL,
    bound REAL,
    fired_at_ms INTEGER NOT NULL,
    changed_at_ms INTEGER NOT NULL,
    -- Both or none.
    ended_at_ms INTEGER,
    ending TEXT,
    -- 1: the condition still holds, so it is open, or somebody has ended it by hand and it must not fire again.
    latched INTEGER NOT NULL,
    acknowledged_by TEXT,
    acknowledged_at_ms INTEGER,
    acknowledged_note TEXT,
    resolved_by TEXT,
    resolved_note TEXT,
    snoozed_until_ms INTEGER
) STRICT;

CREATE UNIQUE INDEX alerts_one_latched ON alerts (host_id, kind, target) WHERE latched = 1;
CREATE INDEX alerts_by_time ON alerts (fired_at_ms);
CREATE INDEX alerts_by_host ON alerts (host_id, fired_at_ms);

-- What happened to alerts, in order: told to people from here, and never told twice.
CREATE TABLE alert_news (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    alert_id INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    -- Name of protocol::alert::AlertChange.
    change TEXT NOT NULL,
    level INTEGER NOT NULL,
    value REAL,
    at_ms INTEGER NOT NULL,
    -- Who did it; empty: the centre itself.
    by TEXT NOT NULL,
    -- 1: it has been handed to the outbox, or nobody is to be told.
    told INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX alert_news_by_alert ON alert_news (alert_id);
CREATE INDEX alert_news_waiting ON alert_news (id) WHERE told = 0;

-- Times in which nothing fires.
CREATE TABLE maintenance (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    -- JSON of app::views::MaintenancePlan: for which hosts, once or weekly.
    plan TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL
) STRICT;

-- A host that is reached through another one.
CREATE TABLE host_behind (
    host_id INTEGER PRIMARY KEY REFERENCES hosts (id) ON DELETE CASCADE,
    behind_id INTEGER NOT NULL REFERENCES hosts (id) ON DELETE CASCADE,
    CHECK (host_id <> behind_id)
) STRICT;
