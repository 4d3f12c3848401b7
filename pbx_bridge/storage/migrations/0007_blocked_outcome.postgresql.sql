ALTER TABLE call DROP CONSTRAINT call_outcome;
ALTER TABLE call ADD CONSTRAINT call_outcome
    CHECK (outcome IN ('open', 'noted', 'closed', 'abandoned', 'lost', 'blocked'));
