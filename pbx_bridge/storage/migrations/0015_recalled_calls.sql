-- Calls that were answered while nobody of us saw it: the PBX told of them afterwards.
ALTER TABLE call ADD COLUMN recalled BOOLEAN DEFAULT FALSE NOT NULL;

UPDATE schema_version SET version = 15;
