-- One draft of a call's new note and one of each note that is being corrected; they outlive whoever typed them.
ALTER TABLE note_draft ADD COLUMN id TEXT;
ALTER TABLE note_draft ADD COLUMN note_id TEXT REFERENCES call_note (id) ON DELETE CASCADE;
UPDATE note_draft SET note_id = (SELECT max(call_note.id) FROM call_note WHERE call_note.call_id = note_draft.call_id);
UPDATE note_draft SET id = coalesce(note_id, call_id);
ALTER TABLE note_draft DROP CONSTRAINT note_draft_pkey;
ALTER TABLE note_draft ADD PRIMARY KEY (id);
ALTER TABLE note_draft ALTER COLUMN agent_id DROP NOT NULL;
ALTER TABLE note_draft DROP CONSTRAINT note_draft_agent_id_fkey;
ALTER TABLE note_draft ADD FOREIGN KEY (agent_id) REFERENCES agent (id) ON DELETE SET NULL;
CREATE INDEX note_draft_call ON note_draft (call_id);
CREATE INDEX note_draft_note ON note_draft (note_id);
CREATE INDEX note_draft_agent ON note_draft (agent_id);
