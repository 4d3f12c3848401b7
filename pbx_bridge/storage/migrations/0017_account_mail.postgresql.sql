-- Mails about a log-in go to people of no company as well.
ALTER TABLE notification ALTER COLUMN customer_id DROP NOT NULL;
ALTER TABLE notification DROP CONSTRAINT notification_kind;
ALTER TABLE notification ADD CONSTRAINT notification_kind
    CHECK (kind IN ('short', 'note', 'vip', 'correction', 'invitation', 'password'));
