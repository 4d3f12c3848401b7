CREATE TABLE notification (
    id            TEXT NOT NULL PRIMARY KEY,
    note_id       TEXT REFERENCES call_note (id) ON DELETE CASCADE,
    account_id    TEXT REFERENCES account (id) ON DELETE CASCADE,
    customer_id   TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    employee_id   TEXT REFERENCES employee (id) ON DELETE SET NULL,
    channel       TEXT NOT NULL CONSTRAINT notification_channel CHECK (channel IN ('email', 'sms')),
    kind          TEXT NOT NULL CONSTRAINT notification_kind CHECK (kind IN ('short', 'note', 'vip', 'correction', 'invitation')),
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
    finished_at   TIMESTAMP WITH TIME ZONE
);
CREATE INDEX notification_account ON notification (account_id);
CREATE TABLE import_job (
    id           TEXT NOT NULL PRIMARY KEY,
    account_id   TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    customer_id  TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    kind         TEXT NOT NULL CONSTRAINT import_job_kind CHECK (kind IN ('employees', 'vips')),
    content      TEXT NOT NULL,
    at           TIMESTAMP WITH TIME ZONE NOT NULL,
    applied_at   TIMESTAMP WITH TIME ZONE,
    CONSTRAINT import_job_once UNIQUE (account_id, kind)
);
CREATE INDEX import_job_customer ON import_job (customer_id);
INSERT INTO schema_version (version) VALUES (9);
