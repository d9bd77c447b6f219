-- pacewatch ledger, from schema version 3 to 4: keys that follow one another.

ALTER TABLE publisher_key ADD COLUMN introduced_by INTEGER REFERENCES publisher_key (id); -- the key it follows; none: enrolled by hand
ALTER TABLE publisher_key ADD COLUMN retires INTEGER; -- its follower is in use: revoked then, by itself
ALTER TABLE publisher_key ADD COLUMN came_over INTEGER; -- first heard with the key that the collector takes next

UPDATE meta SET value = 4 WHERE key = 'schema';
