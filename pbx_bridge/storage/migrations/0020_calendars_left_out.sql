-- How many events of a calendar were no absence, and why: the page says so.
ALTER TABLE calendar_source ADD COLUMN left_out TEXT DEFAULT '' NOT NULL;

UPDATE schema_version SET version = 20;
