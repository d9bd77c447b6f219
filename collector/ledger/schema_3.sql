-- pacewatch ledger, from schema version 2 to 3: what became of the records of each stream, counted, and what its agent said it holds.

-- Records by fate; together they are hwm.
ALTER TABLE stream ADD COLUMN control INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stream ADD COLUMN stored INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stream ADD COLUMN revised INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stream ADD COLUMN unchanged INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stream ADD COLUMN duplicate INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stream ADD COLUMN rejected INTEGER NOT NULL DEFAULT 0;

ALTER TABLE stream ADD COLUMN held INTEGER NOT NULL DEFAULT 0;  -- last record its agent said it holds
ALTER TABLE stream ADD COLUMN heard INTEGER NOT NULL DEFAULT 0; -- when anything of it last came; 0: before this was noted

-- A fate is one byte, 1 to 6, so its hexadecimal digits are 0 and the fate's own: counting a digit counts a fate.
UPDATE stream SET (control, stored, revised, unchanged, duplicate, rejected) = (
    SELECT coalesce(sum(length(fate) - length(replace(fate, '1', ''))), 0),
           coalesce(sum(length(fate) - length(replace(fate, '2', ''))), 0),
           coalesce(sum(length(fate) - length(replace(fate, '3', ''))), 0),
           coalesce(sum(length(fate) - length(replace(fate, '4', ''))), 0),
           coalesce(sum(length(fate) - length(replace(fate, '5', ''))), 0),
           coalesce(sum(length(fate) - length(replace(fate, '6', ''))), 0)
    FROM (SELECT hex(fates) AS fate FROM batch WHERE batch.stream = stream.id));
UPDATE stream SET held = hwm,
    heard = coalesce((SELECT received FROM batch WHERE batch.stream = stream.id ORDER BY last DESC LIMIT 1), made);

UPDATE meta SET value = 3 WHERE key = 'schema';
