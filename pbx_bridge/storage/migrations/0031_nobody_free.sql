-- What happens to a caller when nobody is free, and what callers say after the tone.
-- What happens to a caller of this company when nobody is free; a company without a row follows the house.
CREATE TABLE nobody_free (
    customer_id   TEXT NOT NULL PRIMARY KEY REFERENCES customer (id) ON DELETE CASCADE,
    hours         TEXT DEFAULT '' NOT NULL,         -- in which calls are answered, "Mo–Fr 08:00–18:00"; '': at any time
    outside       TEXT DEFAULT 'message' NOT NULL   -- for whoever calls outside the hours
                  CONSTRAINT nobody_free_outside CHECK (outside IN ('busy', 'announcement', 'message')),
    after         INTEGER DEFAULT 300 NOT NULL,     -- seconds in the queue, then comes the ending
    ending        TEXT DEFAULT 'hang_up' NOT NULL
                  CONSTRAINT nobody_free_ending CHECK (ending IN ('hang_up', 'busy', 'announcement', 'message')),
    announcement  TEXT DEFAULT '' NOT NULL          -- name of a sound of the operator's; '': none
);

-- What a caller said after the tone. The sound is a file beside the PBX's; without its row here it is deleted.
CREATE TABLE voice_message (
    id           TEXT NOT NULL PRIMARY KEY,         -- the file is called by it
    recording    TEXT NOT NULL UNIQUE,              -- as the PBX called it; so nothing is taken twice
    call_id      TEXT NOT NULL REFERENCES call (id) ON DELETE CASCADE,
    note_id      TEXT NOT NULL UNIQUE REFERENCES call_note (id) ON DELETE CASCADE,   -- which tells of it
    seconds      INTEGER NOT NULL,
    at           TIMESTAMP WITH TIME ZONE NOT NULL  -- when the tone came
);
CREATE INDEX voice_message_call ON voice_message (call_id);

UPDATE schema_version SET version = 31;
