-- A company's own questions: long texts, a help for the agent, and retired ones, whose answers stay readable.
ALTER TABLE note_field ADD COLUMN help TEXT DEFAULT '' NOT NULL;
ALTER TABLE note_field ADD COLUMN retired BOOLEAN DEFAULT FALSE NOT NULL;
ALTER TABLE note_field DROP CONSTRAINT note_field_kind;
ALTER TABLE note_field ADD CONSTRAINT note_field_kind CHECK (kind IN ('text', 'long', 'number', 'date', 'choice', 'yesno', 'phone'));
UPDATE schema_version SET version = 42;
