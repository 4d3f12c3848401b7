-- Call backs are seen by the office: why somebody asked for one, that a person settled it, and with what reason.
ALTER TABLE call_back DROP CONSTRAINT call_back_done_how;
ALTER TABLE call_back ADD CONSTRAINT call_back_done_how
    CHECK (done_how IN ('reached', 'noted', 'called_again', 'asked_before', 'not_reached', 'not_dialled', 'too_old', 'by_hand'));
ALTER TABLE call_back ADD COLUMN why TEXT CONSTRAINT call_back_why CHECK (why IN ('nobody_free', 'closed', 'holiday'));
ALTER TABLE call_back ADD COLUMN reason TEXT DEFAULT '' NOT NULL;
CREATE INDEX call_back_at ON call_back (at);
UPDATE schema_version SET version = 49;
