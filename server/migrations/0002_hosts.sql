-- Inventory. Columns that end in _sealed hold ciphertext of the vault, bound to table, row and column.
CREATE TABLE hosts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    address TEXT NOT NULL COLLATE NOCASE,
    -- Zero marks the centre's own machine, which needs no SSH.
    port INTEGER NOT NULL,
    ssh_user TEXT NOT NULL DEFAULT '',
    method TEXT NOT NULL DEFAULT 'password' CHECK (method IN ('password', 'private_key')),
    password_sealed BLOB,
    private_key_sealed BLOB,
    passphrase_sealed BLOB,
    sudo_password_sealed BLOB,
    remark TEXT NOT NULL DEFAULT '',
    -- JSON array of texts.
    tags TEXT NOT NULL DEFAULT '[]',
    cpu_threshold REAL NOT NULL DEFAULT 80,
    memory_threshold REAL NOT NULL DEFAULT 85,
    disk_threshold REAL NOT NULL DEFAULT 90,
    -- Expected or pinned host key, `SHA256:…`; empty before the first login.
    fingerprint TEXT NOT NULL DEFAULT '',
    -- All three are set while an agent is installed.
    agent_port INTEGER,
    agent_token_sealed BLOB,
    agent_certificate_sha256 BLOB,
    -- Last facts that were seen, JSON of the protocol's Facts.
    facts TEXT,
    -- JSON of [step, failure] of the last installation, if it failed.
    last_failure TEXT,
    created_at_ms INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX hosts_by_address ON hosts (address, port);

-- One row per host and ten seconds: mean, least and most of the live samples. NULL is a gap.
CREATE TABLE samples (
    host_id INTEGER NOT NULL REFERENCES hosts (id) ON DELETE CASCADE,
    -- Start of the ten seconds, UTC milliseconds.
    at_ms INTEGER NOT NULL,
    source INTEGER NOT NULL,
    cpu_mean REAL, cpu_least REAL, cpu_most REAL,
    memory_mean REAL, memory_least REAL, memory_most REAL,
    disk REAL,
    in_mean REAL, in_least REAL, in_most REAL,
    out_mean REAL, out_least REAL, out_most REAL,
    load_mean REAL, load_least REAL, load_most REAL,
    PRIMARY KEY (host_id, at_ms)
) STRICT, WITHOUT ROWID;
