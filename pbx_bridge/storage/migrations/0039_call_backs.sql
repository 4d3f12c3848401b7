-- Callers who ask, by a key, to be called back.
ALTER TABLE nobody_free ADD COLUMN call_back TEXT DEFAULT '' NOT NULL;  -- name of the sound that says which key asks for it; '': not offered

-- A caller for whom nobody was free asked, by a key, to be called back: an agent is offered that call before all who wait.
-- Open while done_at is null. Whom and whose it is says the call in which they asked.
CREATE TABLE call_back (
    id           TEXT NOT NULL PRIMARY KEY,
    wish         TEXT NOT NULL UNIQUE,              -- as the PBX called it; so nothing is taken twice
    call_id      TEXT NOT NULL REFERENCES call (id) ON DELETE CASCADE,
    at           TIMESTAMP WITH TIME ZONE NOT NULL, -- when the key was pressed
    tries        INTEGER DEFAULT 0 NOT NULL,        -- how often an agent rang in vain
    ring_call    TEXT DEFAULT '' NOT NULL,          -- the PBX's name of the call by which they are being rung; '': none
    rung_at      TIMESTAMP WITH TIME ZONE,          -- when the last of these began
    done_at      TIMESTAMP WITH TIME ZONE,
    done_how     TEXT CONSTRAINT call_back_done_how CHECK (done_how IN ('reached', 'noted', 'called_again', 'asked_before', 'not_reached', 'not_dialled', 'too_old'))
);
CREATE INDEX call_back_call ON call_back (call_id);
CREATE INDEX call_back_open ON call_back (at) WHERE done_at IS NULL;

UPDATE schema_version SET version = 39;
