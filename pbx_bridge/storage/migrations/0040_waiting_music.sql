-- What callers of a company hear while they wait.
ALTER TABLE nobody_free ADD COLUMN music TEXT DEFAULT '' NOT NULL;  -- class of the PBX's music for those who wait; '': as everywhere

UPDATE schema_version SET version = 40;
