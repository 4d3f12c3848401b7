-- People are told by mail what changes about their log-in. SQLite cannot widen a CHECK, so the table is made anew, with its
-- attempts, which would go with it.
CREATE TABLE notification_new (
    id            TEXT NOT NULL PRIMARY KEY,
    note_id       TEXT REFERENCES call_note (id) ON DELETE CASCADE,
    account_id    TEXT REFERENCES account (id) ON DELETE CASCADE,
    customer_id   TEXT REFERENCES customer (id) ON DELETE CASCADE,
    employee_id   TEXT REFERENCES employee (id) ON DELETE SET NULL,
    channel       TEXT NOT NULL CONSTRAINT notification_channel CHECK (channel IN ('email', 'sms')),
    kind          TEXT NOT NULL CONSTRAINT notification_kind CHECK (kind IN ('short', 'note', 'vip', 'correction', 'invitation', 'password', 'security')),
    address       TEXT NOT NULL,
    cc            JSON NOT NULL,
    subject       TEXT DEFAULT '' NOT NULL,
    body_text     TEXT NOT NULL,
    body_html     TEXT DEFAULT '' NOT NULL,
    message_id    TEXT DEFAULT '' NOT NULL,
    state         TEXT DEFAULT 'waiting' NOT NULL
                  CONSTRAINT notification_state CHECK (state IN ('waiting', 'sending', 'sent', 'delivered', 'failed', 'uncertain')),
    attempts      INTEGER DEFAULT 0 NOT NULL,
    due_at        TIMESTAMP WITH TIME ZONE NOT NULL,
    lease_until   TIMESTAMP WITH TIME ZONE,
    gateway_id    TEXT DEFAULT '' NOT NULL,
    created_at    TIMESTAMP WITH TIME ZONE NOT NULL,
    finished_at   TIMESTAMP WITH TIME ZONE,
    report_token  TEXT DEFAULT '' NOT NULL,
    again_at      TIMESTAMP WITH TIME ZONE,
    is_copy       BOOLEAN DEFAULT FALSE NOT NULL
);
INSERT INTO notification_new
    (id, note_id, account_id, customer_id, employee_id, channel, kind, address, cc, subject, body_text, body_html, message_id, state,
     attempts, due_at, lease_until, gateway_id, created_at, finished_at, report_token, again_at, is_copy)
    SELECT id, note_id, account_id, customer_id, employee_id, channel, kind, address, cc, subject, body_text, body_html, message_id, state,
     attempts, due_at, lease_until, gateway_id, created_at, finished_at, report_token, again_at, is_copy FROM notification;
CREATE TABLE delivery_attempt_new (
    notification_id  TEXT NOT NULL REFERENCES notification_new (id) ON DELETE CASCADE,
    number           INTEGER NOT NULL,
    started_at       TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at         TIMESTAMP WITH TIME ZONE,
    outcome          TEXT CONSTRAINT delivery_attempt_outcome CHECK (outcome IN ('sent', 'failed', 'uncertain')),
    detail           TEXT DEFAULT '' NOT NULL,
    about            TEXT DEFAULT 'message' NOT NULL
                     CONSTRAINT delivery_attempt_about CHECK (about IN ('address', 'message', 'server')),
    PRIMARY KEY (notification_id, number)
);
INSERT INTO delivery_attempt_new (notification_id, number, started_at, ended_at, outcome, detail, about)
    SELECT notification_id, number, started_at, ended_at, outcome, detail, about FROM delivery_attempt;
DROP TABLE delivery_attempt;
DROP TABLE notification;
ALTER TABLE notification_new RENAME TO notification;
ALTER TABLE delivery_attempt_new RENAME TO delivery_attempt;
CREATE INDEX notification_due ON notification (due_at) WHERE state IN ('waiting', 'sending');
CREATE INDEX notification_note ON notification (note_id);
CREATE INDEX notification_account ON notification (account_id);
CREATE INDEX notification_employee ON notification (employee_id);
CREATE INDEX notification_gateway ON notification (gateway_id) WHERE gateway_id <> '';
CREATE INDEX notification_report ON notification (report_token) WHERE report_token <> '';
CREATE INDEX notification_stuck ON notification (created_at) WHERE state IN ('failed', 'uncertain');
