-- Which PBX a call is at, where several share the database: each ends only its own.
ALTER TABLE call ADD COLUMN pbx TEXT DEFAULT '' NOT NULL;
UPDATE schema_version SET version = 47;
