-- One draft of a call's new note and one of each note that is being corrected; they outlive whoever typed them.
CREATE TABLE new_draft (
    id          TEXT NOT NULL PRIMARY KEY,
    call_id     TEXT NOT NULL REFERENCES call (id) ON DELETE CASCADE,
    note_id     TEXT REFERENCES call_note (id) ON DELETE CASCADE,
    agent_id    TEXT REFERENCES agent (id) ON DELETE SET NULL,
    body        JSON NOT NULL,
    revision    BIGINT NOT NULL,
    changed_at  TIMESTAMP WITH TIME ZONE NOT NULL
);
INSERT INTO new_draft
    SELECT coalesce(noted.id, call_id), call_id, noted.id, note_draft.agent_id, body, note_draft.revision, changed_at
    FROM note_draft LEFT JOIN (SELECT call_id AS of_call, max(id) AS id FROM call_note GROUP BY call_id) AS noted
        ON of_call = call_id;
DROP TABLE note_draft;
ALTER TABLE new_draft RENAME TO note_draft;
CREATE INDEX note_draft_call ON note_draft (call_id);
CREATE INDEX note_draft_note ON note_draft (note_id);
CREATE INDEX note_draft_agent ON note_draft (agent_id);
