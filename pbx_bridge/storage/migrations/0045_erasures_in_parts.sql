-- An erasure is done in parts, so that nobody waits long for the writer's turn; one that was broken off goes on.
ALTER TABLE erasure ADD COLUMN pending JSON;
CREATE INDEX erasure_pending ON erasure (at) WHERE pending IS NOT NULL;

-- Calls whose notes were told to nobody, and those that want a note still, are counted each minute: they are few, and are found without
-- reading all others of a week. Which older ones there are is told in the file of this number for each database.
ALTER TABLE call ADD COLUMN untold BOOLEAN DEFAULT FALSE NOT NULL;
CREATE INDEX call_untold ON call (arrived_at) WHERE untold;
CREATE INDEX call_open ON call (arrived_at, answered_at, ended_at, outcome) WHERE outcome = 'open';

UPDATE schema_version SET version = 45;
