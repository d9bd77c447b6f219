-- pacewatch ledger, schema version 1. Append-only: no row of observation, batch, quarantine or alert_event is ever changed or removed.
-- Times: released and other civil days are days since 1970-01-01; received, recorded, ... are UTC seconds since 1970.
-- Periods are cal_period_key (core/cal.h), which orders them by their end.

CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;

-- CURVE keys and whose they are. A publisher may have several; a revoked one stays for the record.
CREATE TABLE publisher_key (
    id INTEGER PRIMARY KEY,
    publisher TEXT NOT NULL,
    public_key TEXT NOT NULL UNIQUE,
    enrolled INTEGER NOT NULL,
    revoked INTEGER,
    last_seen INTEGER
) STRICT;

-- One spool of one agent. hwm: highest record committed without a hole before it; chain: h(hwm).
CREATE TABLE stream (
    id INTEGER PRIMARY KEY,
    stream BLOB NOT NULL UNIQUE CHECK (length(stream) = 16),
    publisher TEXT NOT NULL,
    hwm INTEGER NOT NULL,
    chain BLOB NOT NULL CHECK (length(chain) = 32),
    submission INTEGER REFERENCES submission (id), -- the file whose rows are under way
    made INTEGER NOT NULL
) STRICT;

-- What one Data message brought: the fate of every record, and a check of its content (8 bytes each), so that a repeated record is
-- known by content and a lost acknowledgement can be given again.
CREATE TABLE batch (
    stream INTEGER NOT NULL REFERENCES stream (id),
    last INTEGER NOT NULL,
    first INTEGER NOT NULL,
    fates BLOB NOT NULL,
    checks BLOB NOT NULL,
    received INTEGER NOT NULL,
    PRIMARY KEY (stream, last)
) STRICT, WITHOUT ROWID;

-- One file of one publisher.
CREATE TABLE submission (
    id INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL REFERENCES stream (id),
    first_seq INTEGER NOT NULL,
    publisher TEXT NOT NULL,
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
    name TEXT NOT NULL,
    rows INTEGER NOT NULL,
    stored INTEGER NOT NULL DEFAULT 0,
    revised INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    duplicate INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0,
    received INTEGER NOT NULL,
    completed INTEGER,
    UNIQUE (stream, first_seq)
) STRICT;
CREATE INDEX submission_sha256 ON submission (sha256);

CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    area TEXT NOT NULL,
    indicator TEXT NOT NULL,
    last_position INTEGER NOT NULL DEFAULT 0,   -- of its newest row
    judged_position INTEGER NOT NULL DEFAULT 0, -- how far the judge has seen it
    UNIQUE (area, indicator)
) STRICT;
CREATE INDEX series_unjudged ON series (id) WHERE last_position > judged_position;

CREATE TABLE provider (
    id INTEGER PRIMARY KEY,
    publisher TEXT NOT NULL UNIQUE
) STRICT;

-- The record. A month's report of all series touches neighbouring pages: hence period first.
CREATE TABLE observation (
    period INTEGER NOT NULL,
    series INTEGER NOT NULL REFERENCES series (id),
    position INTEGER NOT NULL,
    value TEXT NOT NULL,
    status TEXT NOT NULL CHECK (length(status) = 1),
    released INTEGER NOT NULL,
    received INTEGER NOT NULL,
    submission INTEGER NOT NULL REFERENCES submission (id),
    row INTEGER NOT NULL,
    provider INTEGER NOT NULL REFERENCES provider (id),
    note TEXT NOT NULL,
    PRIMARY KEY (period, series, position)
) STRICT, WITHOUT ROWID;

-- Rows that were not taken, as they came, with the reason.
CREATE TABLE quarantine (
    stream INTEGER NOT NULL REFERENCES stream (id),
    seq INTEGER NOT NULL,
    submission INTEGER REFERENCES submission (id),
    row INTEGER NOT NULL,
    code INTEGER NOT NULL,
    text TEXT NOT NULL,
    payload BLOB NOT NULL,
    received INTEGER NOT NULL,
    PRIMARY KEY (stream, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE alert (
    id INTEGER PRIMARY KEY,
    target TEXT NOT NULL,
    area TEXT NOT NULL,
    indicator TEXT NOT NULL,
    is_open INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX alert_open ON alert (target) WHERE is_open = 1;
CREATE INDEX alert_target ON alert (target);

CREATE TABLE alert_event (
    id INTEGER PRIMARY KEY,
    alert INTEGER NOT NULL REFERENCES alert (id),
    event TEXT NOT NULL,
    level TEXT NOT NULL,
    period INTEGER NOT NULL,
    at INTEGER NOT NULL,       -- release day of the value that caused it
    recorded INTEGER NOT NULL,
    position INTEGER NOT NULL,
    reason_zh TEXT NOT NULL,
    reason_en TEXT NOT NULL
) STRICT;
CREATE INDEX alert_event_alert ON alert_event (alert, id);

-- Messages to be sent. `firing` is the stable id a receiver can drop repeats by.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    event INTEGER NOT NULL REFERENCES alert_event (id),
    firing TEXT NOT NULL,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_attempt INTEGER NOT NULL DEFAULT 0,
    sent INTEGER,
    UNIQUE (firing, recipient)
) STRICT;
CREATE INDEX outbox_waiting ON outbox (next_attempt) WHERE sent IS NULL;

-- Editions of the catalogue as they were loaded: the tables of the site from that moment on, with the day from which what changed counts.
CREATE TABLE catalogue (
    id INTEGER PRIMARY KEY,
    effective INTEGER NOT NULL,
    loaded INTEGER NOT NULL,
    version TEXT NOT NULL -- SHA-256 over the tables, as catalogue_version says it
) STRICT;

CREATE TABLE catalogue_table (
    catalogue INTEGER NOT NULL REFERENCES catalogue (id),
    name TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (catalogue, name)
) STRICT, WITHOUT ROWID;
