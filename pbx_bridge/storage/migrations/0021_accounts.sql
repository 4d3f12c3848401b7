-- What somebody was and is, beside what was done.
ALTER TABLE access_log ADD COLUMN detail TEXT DEFAULT '' NOT NULL;

UPDATE schema_version SET version = 21;
