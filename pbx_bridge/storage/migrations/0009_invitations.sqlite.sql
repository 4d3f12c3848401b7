-- Invitations go through the outbox like all other mail: a message of a log-in instead of a note.
-- The table is changed where it stands, as 0007_blocked_outcome.sqlite.sql explains: copying it would delete its attempts.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema
    SET sql = replace(replace(replace(sql, 'note_id TEXT NOT NULL', 'note_id TEXT'),
                              'note_id       TEXT NOT NULL', 'note_id       TEXT'),
                      '''correction'')', '''correction'', ''invitation'')')
    WHERE type = 'table' AND name = 'notification';
PRAGMA writable_schema = RESET;
ALTER TABLE notification ADD COLUMN account_id TEXT REFERENCES account (id) ON DELETE CASCADE;
CREATE INDEX notification_account ON notification (account_id);
