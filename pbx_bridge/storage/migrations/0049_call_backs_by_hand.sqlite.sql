-- Call backs are seen by the office: why somebody asked for one, that a person settled it, and with what reason.
CREATE TABLE call_back_anew (
    id           TEXT NOT NULL PRIMARY KEY,
    wish         TEXT NOT NULL UNIQUE,
    call_id      TEXT NOT NULL REFERENCES call (id) ON DELETE CASCADE,
    at           TIMESTAMP WITH TIME ZONE NOT NULL,
    tries        INTEGER DEFAULT 0 NOT NULL,
    ring_call    TEXT DEFAULT '' NOT NULL,
    rung_at      TIMESTAMP WITH TIME ZONE,
    done_at      TIMESTAMP WITH TIME ZONE,
    done_how     TEXT CONSTRAINT call_back_done_how CHECK (done_how IN ('reached', 'noted', 'called_again', 'asked_before', 'not_reached', 'not_dialled', 'too_old', 'by_hand')),
    why          TEXT CONSTRAINT call_back_why CHECK (why IN ('nobody_free', 'closed', 'holiday')),
    reason       TEXT DEFAULT '' NOT NULL
);
INSERT INTO call_back_anew (id, wish, call_id, at, tries, ring_call, rung_at, done_at, done_how)
    SELECT id, wish, call_id, at, tries, ring_call, rung_at, done_at, done_how FROM call_back;
DROP TABLE call_back;
ALTER TABLE call_back_anew RENAME TO call_back;
CREATE INDEX call_back_call ON call_back (call_id);
CREATE INDEX call_back_open ON call_back (at) WHERE done_at IS NULL;
CREATE INDEX call_back_at ON call_back (at);
UPDATE schema_version SET version = 49;
