-- Invitations go through the outbox like all other mail: a message of a log-in instead of a note.
ALTER TABLE notification ALTER COLUMN note_id DROP NOT NULL;
ALTER TABLE notification DROP CONSTRAINT notification_kind;
ALTER TABLE notification ADD CONSTRAINT notification_kind
    CHECK (kind IN ('short', 'note', 'vip', 'correction', 'invitation'));
ALTER TABLE notification ADD COLUMN account_id TEXT REFERENCES account (id) ON DELETE CASCADE;
CREATE INDEX notification_account ON notification (account_id);
