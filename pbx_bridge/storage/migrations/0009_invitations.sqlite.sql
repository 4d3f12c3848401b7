-- Invitations go through the outbox like all other mail: a message of a log-in instead of a note. The table is made anew as in
-- 0007_blocked_outcome.sqlite.sql; its attempts stay.
CREATE TABLE new_notification (
    id TEXT NOT NULL PRIMARY KEY,
    note_id TEXT REFERENCES call_note (id) ON DELETE CASCADE,
    customer_id TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    employee_id TEXT REFERENCES employee (id) ON DELETE SET NULL,
    channel TEXT NOT NULL CONSTRAINT notification_channel CHECK (channel IN ('email', 'sms')),
    kind TEXT NOT NULL CONSTRAINT notification_kind CHECK (kind IN ('short', 'note', 'vip', 'correction', 'invitation')),
    address TEXT NOT NULL,
    cc JSON NOT NULL,
    subject TEXT DEFAULT '' NOT NULL,
    body_text TEXT NOT NULL,
    body_html TEXT DEFAULT '' NOT NULL,
    message_id TEXT DEFAULT '' NOT NULL,
    state TEXT DEFAULT 'waiting' NOT NULL
                  CONSTRAINT notification_state CHECK (state IN ('waiting', 'sending', 'sent', 'delivered', 'failed', 'uncertain')),
    attempts INTEGER DEFAULT 0 NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    lease_until TIMESTAMP WITH TIME ZONE,
    gateway_id TEXT DEFAULT '' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    account_id TEXT REFERENCES account (id) ON DELETE CASCADE
);
INSERT INTO new_notification
    (id, note_id, customer_id, employee_id, channel, kind, address, cc, subject, body_text, body_html, message_id, state, attempts, due_at,
     lease_until, gateway_id, created_at, finished_at)
    SELECT id, note_id, customer_id, employee_id, channel, kind, address, cc, subject, body_text, body_html, message_id, state, attempts,
     due_at, lease_until, gateway_id, created_at, finished_at FROM notification;
DROP TABLE notification;
ALTER TABLE new_notification RENAME TO notification;
CREATE INDEX notification_due ON notification (due_at) WHERE state IN ('waiting', 'sending');
CREATE INDEX notification_note ON notification (note_id);
CREATE INDEX notification_gateway ON notification (gateway_id) WHERE gateway_id <> '';
CREATE INDEX notification_employee ON notification (employee_id);
CREATE INDEX notification_account ON notification (account_id);
