-- An erasure is done in parts, so that nobody waits long for the writer's turn; one that was broken off goes on.
ALTER TABLE erasure ADD COLUMN pending JSON;
CREATE INDEX erasure_pending ON erasure (at) WHERE pending IS NOT NULL;

UPDATE schema_version SET version = 45;
