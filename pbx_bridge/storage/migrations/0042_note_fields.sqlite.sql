-- A company's own questions: long texts, a help for the agent, and retired ones, whose answers stay readable.
CREATE TABLE note_field_anew (
    customer_id  TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    key          TEXT NOT NULL,
    place        INTEGER NOT NULL,
    label        TEXT NOT NULL,
    kind         TEXT NOT NULL CONSTRAINT note_field_kind CHECK (kind IN ('text', 'long', 'number', 'date', 'choice', 'yesno', 'phone')),
    required     BOOLEAN DEFAULT FALSE NOT NULL,
    choices      JSON,
    help         TEXT DEFAULT '' NOT NULL,
    retired      BOOLEAN DEFAULT FALSE NOT NULL,
    PRIMARY KEY (customer_id, key)
);
INSERT INTO note_field_anew (customer_id, key, place, label, kind, required, choices)
    SELECT customer_id, key, place, label, kind, required, choices FROM note_field;
DROP TABLE note_field;
ALTER TABLE note_field_anew RENAME TO note_field;
UPDATE schema_version SET version = 42;
