-- A call that falls back into the queue and is answered again is another conversation, which wants a note of its own.
ALTER TABLE call ADD COLUMN conversation TEXT DEFAULT '' NOT NULL;
ALTER TABLE call_note ADD COLUMN conversation TEXT DEFAULT '' NOT NULL;
ALTER TABLE call_note ADD COLUMN revision BIGINT DEFAULT 0 NOT NULL;

-- Answered calls that fell back into the queue were counted as given up, and took no note. Where something was typed, it can be
-- saved now; of the others the caller's hanging up is all that is known.
UPDATE call SET outcome = 'open'
    WHERE outcome IN ('abandoned', 'lost') AND answered_at IS NOT NULL AND id IN (SELECT call_id FROM note_draft);
UPDATE call SET outcome = 'closed', closed_reason = 'hung_up'
    WHERE outcome IN ('abandoned', 'lost') AND answered_at IS NOT NULL;

UPDATE schema_version SET version = 10;
