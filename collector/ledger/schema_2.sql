-- pacewatch ledger, from schema version 1 to 2: what verified backups hold.

ALTER TABLE stream ADD COLUMN safe_upto INTEGER NOT NULL DEFAULT 0; -- highest record in a verified backup

-- Backups that were read back whole.
CREATE TABLE backup (
    id INTEGER PRIMARY KEY,
    folder TEXT NOT NULL,      -- where it was written
    position INTEGER NOT NULL, -- the last row in it
    made INTEGER NOT NULL
) STRICT;

UPDATE meta SET value = 2 WHERE key = 'schema';
