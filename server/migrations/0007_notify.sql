-- By what messages go out.
CREATE TABLE notifiers (
    -- Never used again, because sealed secrets are bound to it.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL COLLATE NOCASE UNIQUE,
    -- Name of protocol::notify::NotifierKind.
    kind TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    -- zh-CN or en.
    language TEXT NOT NULL,
    -- IANA name.
    time_zone TEXT NOT NULL,
    -- JSON object: field to text, without secrets.
    fields TEXT NOT NULL
) STRICT;

CREATE TABLE notifier_secrets (
    notifier_id INTEGER NOT NULL REFERENCES notifiers (id) ON DELETE CASCADE,
    field TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (notifier_id, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE notify_routes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- They are asked in this order.
    position INTEGER NOT NULL,
    -- JSON of protocol::notify::Route; its id is this row's.
    route TEXT NOT NULL
) STRICT;

-- What each route knows of each alert that it tells.
CREATE TABLE notify_followed (
    -- 0: the route that holds while there is none.
    route_id INTEGER NOT NULL,
    alert_id INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    -- Highest level that has been told; 0: nothing has.
    told_level INTEGER NOT NULL,
    told_at_ms INTEGER,
    -- What is to be told at due_at_ms, by the name of its kind; both or none.
    pending TEXT,
    due_at_ms INTEGER,
    -- The last news that led to it.
    news_id INTEGER NOT NULL,
    repeat_at_ms INTEGER,
    escalate_at_ms INTEGER,
    escalated INTEGER NOT NULL,
    PRIMARY KEY (route_id, alert_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX notify_followed_by_alert ON notify_followed (alert_id);

-- Messages, each to one notifier, which gets them in the order of their numbers.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- The same message is never put here twice.
    idempotency_key TEXT NOT NULL UNIQUE,
    notifier_id INTEGER NOT NULL REFERENCES notifiers (id) ON DELETE CASCADE,
    subject TEXT NOT NULL,
    -- JSON of server::notify::Message.
    message TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'dead')),
    created_at_ms INTEGER NOT NULL,
    -- Since when it is tried: its making, or when somebody wanted it sent again.
    since_ms INTEGER NOT NULL,
    next_at_ms INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    -- Recipients that are done, and how many of them in vain, where each needs a request of its own.
    part INTEGER NOT NULL,
    failed_parts INTEGER NOT NULL,
    finished_at_ms INTEGER
) STRICT;

CREATE INDEX outbox_waiting ON outbox (notifier_id, id) WHERE state = 'waiting';
CREATE INDEX outbox_finished ON outbox (finished_at_ms) WHERE state <> 'waiting';

-- Attempts.
CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY,
    outbox_id INTEGER NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
    at_ms INTEGER NOT NULL,
    ok INTEGER NOT NULL,
    -- At most 200 characters, secrets masked.
    answer TEXT NOT NULL
) STRICT;

CREATE INDEX deliveries_by_message ON deliveries (outbox_id);
