-- pacewatch ledger, from schema version 4 to 5: revisions found by their release day, stages of a value, values sent again, a hash
-- chain over the submissions.

-- Within a period by release, then arrival, which is the order of revisions: what was in force on a day is one look-up.
CREATE TABLE observation_5 (
    period INTEGER NOT NULL,
    series INTEGER NOT NULL REFERENCES series (id),
    released INTEGER NOT NULL,
    position INTEGER NOT NULL,
    value TEXT NOT NULL,
    status TEXT NOT NULL CHECK (length(status) = 1),
    stage INTEGER NOT NULL,    -- enum obs_stage (core/series.h): 0 not said
    received INTEGER NOT NULL,
    submission INTEGER NOT NULL REFERENCES submission (id),
    row INTEGER NOT NULL,
    provider INTEGER NOT NULL REFERENCES provider (id),
    restates INTEGER NOT NULL, -- position of the confirmation that this row puts in force again; 0: it came as it is
    note TEXT NOT NULL,
    PRIMARY KEY (period, series, released, position)
) STRICT, WITHOUT ROWID;
INSERT INTO observation_5
    SELECT period, series, released, position, value, status, 0, received, submission, row, provider, 0, note FROM observation
    ORDER BY period, series, released, position;
DROP TABLE observation;
ALTER TABLE observation_5 RENAME TO observation;

-- A value sent again, later, as it stood. It changes nothing, unless a different value of an earlier release day arrives after it:
-- from the confirmation's day on the old one is in force again.
CREATE TABLE confirmation (
    period INTEGER NOT NULL,
    series INTEGER NOT NULL REFERENCES series (id),
    released INTEGER NOT NULL,
    position INTEGER NOT NULL, -- in the one order of arrival of all rows
    received INTEGER NOT NULL,
    submission INTEGER NOT NULL REFERENCES submission (id),
    row INTEGER NOT NULL,
    provider INTEGER NOT NULL REFERENCES provider (id),
    note TEXT NOT NULL,
    PRIMARY KEY (period, series, released)
) STRICT, WITHOUT ROWID;

-- The latest period of a series that has a row: what is later needs no look-up.
ALTER TABLE series ADD COLUMN newest INTEGER NOT NULL DEFAULT 0;
UPDATE series SET newest = coalesce((SELECT newest FROM (SELECT series AS id, max(period) AS newest FROM observation GROUP BY series)
    AS found WHERE found.id = series.id), 0);

-- digest: over the rows of a file as they arrived; chain: over the submissions in the order in which they were complete (`sealed`,
-- from 1 on). Files of earlier releases have none. collector/ledger/chain.c says what is hashed.
ALTER TABLE submission ADD COLUMN digest BLOB CHECK (length(digest) = 32);
ALTER TABLE submission ADD COLUMN sealed INTEGER;
ALTER TABLE submission ADD COLUMN chain BLOB CHECK (length(chain) = 32);
CREATE UNIQUE INDEX submission_sealed ON submission (sealed) WHERE sealed IS NOT NULL;

INSERT INTO meta VALUES ('confirmed', 0), ('restated', 0); -- rows of confirmation; observations that restate one
UPDATE meta SET value = 5 WHERE key = 'schema';
