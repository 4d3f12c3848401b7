CREATE TABLE schema_version (
    version     INTEGER NOT NULL PRIMARY KEY,
    applied_at  TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL
);
CREATE TABLE data_version (
    id          INTEGER NOT NULL PRIMARY KEY CONSTRAINT data_version_one_row CHECK (id = 1),
    version     BIGINT DEFAULT 0 NOT NULL
);
CREATE TABLE tariff (
    id               TEXT NOT NULL PRIMARY KEY,
    name             TEXT NOT NULL UNIQUE,
    put_through      BOOLEAN NOT NULL,
    sms_price_micros BIGINT DEFAULT 100000 NOT NULL CONSTRAINT tariff_price CHECK (sms_price_micros >= 0)
);
CREATE TABLE customer (
    id             TEXT NOT NULL PRIMARY KEY,
    name           TEXT NOT NULL UNIQUE,
    spoken_name    TEXT DEFAULT '' NOT NULL,
    tariff_id      TEXT NOT NULL REFERENCES tariff (id),
    greeting       TEXT NOT NULL,
    instruction    TEXT DEFAULT '' NOT NULL,
    default_email  TEXT DEFAULT '' NOT NULL,
    hue            INTEGER DEFAULT 0 NOT NULL CONSTRAINT customer_hue CHECK (hue BETWEEN 0 AND 11),
    zone           TEXT DEFAULT 'Europe/Berlin' NOT NULL,
    region         TEXT DEFAULT 'DE' NOT NULL,
    confidential   BOOLEAN DEFAULT FALSE NOT NULL,
    version        BIGINT DEFAULT 1 NOT NULL,
    created_at     TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL,
    changed_at     TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL
);
CREATE TABLE line (
    id           TEXT NOT NULL PRIMARY KEY,
    number       TEXT NOT NULL UNIQUE,
    region       TEXT DEFAULT 'DE' NOT NULL,
    customer_id  TEXT REFERENCES customer (id) ON DELETE SET NULL
);
CREATE TABLE public_number (
    number       TEXT NOT NULL PRIMARY KEY,
    customer_id  TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE
);
CREATE INDEX public_number_customer ON public_number (customer_id);
CREATE TABLE employee (
    id              TEXT NOT NULL PRIMARY KEY,
    customer_id     TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    name            TEXT NOT NULL,
    given_name      TEXT DEFAULT '' NOT NULL,
    family_name     TEXT DEFAULT '' NOT NULL,
    position        TEXT DEFAULT '' NOT NULL,
    responsibility  TEXT DEFAULT '' NOT NULL,
    email           TEXT DEFAULT '' NOT NULL,
    sms             BOOLEAN DEFAULT FALSE NOT NULL,
    mobile          TEXT DEFAULT '' NOT NULL,
    deputy_id       TEXT REFERENCES employee (id) ON DELETE SET NULL,
    extension       TEXT DEFAULT '' NOT NULL,
    put_through     TEXT DEFAULT 'none' NOT NULL CONSTRAINT employee_put_through CHECK (put_through IN ('none', 'all', 'vip')),
    vip_sms         BOOLEAN DEFAULT FALSE NOT NULL,
    absence_info    TEXT DEFAULT '' NOT NULL,
    ring_seconds    INTEGER CONSTRAINT employee_ring CHECK (ring_seconds BETWEEN 5 AND 60)
);
CREATE INDEX employee_customer ON employee (customer_id);
CREATE TABLE employee_cc (
    employee_id  TEXT NOT NULL REFERENCES employee (id) ON DELETE CASCADE,
    place        INTEGER NOT NULL,
    email        TEXT NOT NULL,
    PRIMARY KEY (employee_id, place)
);
CREATE TABLE appointment (
    id           TEXT NOT NULL PRIMARY KEY,
    employee_id  TEXT NOT NULL REFERENCES employee (id) ON DELETE CASCADE,
    text         TEXT NOT NULL,
    start_local  TEXT NOT NULL,
    start_fold   INTEGER DEFAULT 0 NOT NULL CONSTRAINT appointment_start_fold CHECK (start_fold IN (0, 1)),
    end_local    TEXT NOT NULL,
    end_fold     INTEGER DEFAULT 0 NOT NULL CONSTRAINT appointment_end_fold CHECK (end_fold IN (0, 1)),
    all_day      BOOLEAN DEFAULT FALSE NOT NULL,
    reachable    BOOLEAN DEFAULT FALSE NOT NULL,
    CONSTRAINT appointment_order CHECK (end_local > start_local OR (end_local = start_local AND end_fold > start_fold))
);
CREATE INDEX appointment_employee ON appointment (employee_id);
CREATE TABLE vip_caller (
    id           TEXT NOT NULL PRIMARY KEY,
    customer_id  TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    employee_id  TEXT REFERENCES employee (id) ON DELETE CASCADE,
    pattern      TEXT NOT NULL,
    name         TEXT NOT NULL,
    info         TEXT DEFAULT '' NOT NULL
);
CREATE INDEX vip_caller_customer ON vip_caller (customer_id);
CREATE TABLE faq_entry (
    id           TEXT NOT NULL PRIMARY KEY,
    customer_id  TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    place        INTEGER NOT NULL,
    question     TEXT NOT NULL,
    answer       TEXT NOT NULL
);
CREATE INDEX faq_entry_customer ON faq_entry (customer_id, place);
CREATE TABLE note_field (
    customer_id  TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    key          TEXT NOT NULL,
    place        INTEGER NOT NULL,
    label        TEXT NOT NULL,
    kind         TEXT NOT NULL CONSTRAINT note_field_kind CHECK (kind IN ('text', 'number', 'date', 'choice', 'yesno', 'phone')),
    required     BOOLEAN DEFAULT FALSE NOT NULL,
    choices      JSON,
    PRIMARY KEY (customer_id, key)
);
CREATE TABLE account (
    id             TEXT NOT NULL PRIMARY KEY,
    login          TEXT NOT NULL UNIQUE,
    password_hash  TEXT NOT NULL,
    role           TEXT NOT NULL CONSTRAINT account_role CHECK (role IN ('agent', 'supervisor', 'customer', 'subaccount', 'operator')),
    customer_id    TEXT REFERENCES customer (id) ON DELETE CASCADE,
    employee_id    TEXT REFERENCES employee (id) ON DELETE CASCADE,
    locale         TEXT DEFAULT 'de' NOT NULL CONSTRAINT account_locale CHECK (locale IN ('de', 'en')),
    disabled       BOOLEAN DEFAULT FALSE NOT NULL,
    created_at     TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL
);
CREATE TABLE agent (
    id           TEXT NOT NULL PRIMARY KEY,
    account_id   TEXT NOT NULL UNIQUE REFERENCES account (id) ON DELETE CASCADE,
    given_name   TEXT NOT NULL,
    family_name  TEXT NOT NULL,
    interface    TEXT NOT NULL UNIQUE
);
CREATE TABLE session (
    token_hash  TEXT NOT NULL PRIMARY KEY,
    account_id  TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    csrf        TEXT NOT NULL,
    created_at  TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at     TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at  TIMESTAMP WITH TIME ZONE NOT NULL
);
CREATE INDEX session_account ON session (account_id);
CREATE TABLE login_throttle (
    key           TEXT NOT NULL PRIMARY KEY,
    failures      INTEGER NOT NULL,
    blocked_until TIMESTAMP WITH TIME ZONE NOT NULL
);
CREATE TABLE call (
    id             TEXT NOT NULL PRIMARY KEY,
    pbx_call       TEXT NOT NULL UNIQUE,
    line_number    TEXT NOT NULL,
    customer_id    TEXT REFERENCES customer (id) ON DELETE CASCADE,
    unassigned_reason TEXT DEFAULT '' NOT NULL,
    caller_number  TEXT DEFAULT '' NOT NULL,
    caller_name    TEXT DEFAULT '' NOT NULL,
    vip_id         TEXT,
    agent_id       TEXT REFERENCES agent (id) ON DELETE SET NULL,
    arrived_at     TIMESTAMP WITH TIME ZONE NOT NULL,
    answered_at    TIMESTAMP WITH TIME ZONE,
    ended_at       TIMESTAMP WITH TIME ZONE,
    outcome        TEXT DEFAULT 'open' NOT NULL CONSTRAINT call_outcome CHECK (outcome IN ('open', 'noted', 'closed', 'abandoned', 'lost')),
    closed_reason  TEXT DEFAULT '' NOT NULL
);
CREATE INDEX call_customer ON call (customer_id, arrived_at);
CREATE INDEX call_caller ON call (customer_id, caller_number);
CREATE INDEX call_agent_open ON call (agent_id) WHERE outcome = 'open';
CREATE TABLE attempt (
    id           TEXT NOT NULL PRIMARY KEY,
    call_id      TEXT NOT NULL REFERENCES call (id) ON DELETE CASCADE,
    employee_id  TEXT REFERENCES employee (id) ON DELETE SET NULL,
    as_deputy    BOOLEAN DEFAULT FALSE NOT NULL,
    started_at   TIMESTAMP WITH TIME ZONE NOT NULL,
    answered_at  TIMESTAMP WITH TIME ZONE,
    ended_at     TIMESTAMP WITH TIME ZONE,
    result       TEXT CONSTRAINT attempt_result CHECK (result IN ('joined', 'declined', 'busy', 'no_answer', 'unreachable', 'cancelled', 'refused', 'unknown'))
);
CREATE INDEX attempt_call ON attempt (call_id);
CREATE TABLE note_draft (
    call_id     TEXT NOT NULL PRIMARY KEY REFERENCES call (id) ON DELETE CASCADE,
    agent_id    TEXT NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    body        JSON NOT NULL,
    revision    BIGINT NOT NULL,
    changed_at  TIMESTAMP WITH TIME ZONE NOT NULL
);
CREATE TABLE call_note (
    id               TEXT NOT NULL PRIMARY KEY,
    call_id          TEXT NOT NULL REFERENCES call (id) ON DELETE CASCADE,
    customer_id      TEXT REFERENCES customer (id) ON DELETE CASCADE,
    agent_id         TEXT REFERENCES agent (id) ON DELETE SET NULL,
    replaces_id      TEXT UNIQUE REFERENCES call_note (id) ON DELETE CASCADE,
    caller_name      TEXT NOT NULL,
    caller_company   TEXT DEFAULT '' NOT NULL,
    callback_number  TEXT DEFAULT '' NOT NULL,
    concern          TEXT NOT NULL,
    fields           JSON NOT NULL,
    urgent           BOOLEAN DEFAULT FALSE NOT NULL,
    callback_by_local TEXT DEFAULT '' NOT NULL,
    put_through_to   TEXT REFERENCES employee (id) ON DELETE SET NULL,
    message_to_caller TEXT DEFAULT '' NOT NULL,
    created_at       TIMESTAMP WITH TIME ZONE NOT NULL
);
CREATE INDEX call_note_call ON call_note (call_id);
CREATE INDEX call_note_customer ON call_note (customer_id, created_at);
CREATE TABLE note_recipient (
    note_id      TEXT NOT NULL REFERENCES call_note (id) ON DELETE CASCADE,
    employee_id  TEXT NOT NULL REFERENCES employee (id) ON DELETE CASCADE,
    PRIMARY KEY (note_id, employee_id)
);
CREATE TABLE notification (
    id            TEXT NOT NULL PRIMARY KEY,
    note_id       TEXT NOT NULL REFERENCES call_note (id) ON DELETE CASCADE,
    customer_id   TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    employee_id   TEXT REFERENCES employee (id) ON DELETE SET NULL,
    channel       TEXT NOT NULL CONSTRAINT notification_channel CHECK (channel IN ('email', 'sms')),
    kind          TEXT NOT NULL CONSTRAINT notification_kind CHECK (kind IN ('short', 'note', 'vip', 'correction')),
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
CREATE INDEX notification_due ON notification (due_at) WHERE state IN ('waiting', 'sending');
CREATE INDEX notification_note ON notification (note_id);
CREATE INDEX notification_gateway ON notification (gateway_id) WHERE gateway_id <> '';
CREATE TABLE delivery_attempt (
    notification_id  TEXT NOT NULL REFERENCES notification (id) ON DELETE CASCADE,
    number           INTEGER NOT NULL,
    started_at       TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at         TIMESTAMP WITH TIME ZONE,
    outcome          TEXT CONSTRAINT delivery_attempt_outcome CHECK (outcome IN ('sent', 'failed', 'uncertain')),
    detail           TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (notification_id, number)
);
CREATE TABLE sms_usage (
    notification_id  TEXT NOT NULL PRIMARY KEY,
    customer_id      TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    price_micros     BIGINT NOT NULL,
    at               TIMESTAMP WITH TIME ZONE NOT NULL
);
CREATE INDEX sms_usage_customer ON sms_usage (customer_id, at);
CREATE TABLE desk_command (
    account_id  TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    id          TEXT NOT NULL,
    answer      JSON NOT NULL,
    at          TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (account_id, id)
);
INSERT INTO schema_version (version) VALUES (1);
INSERT INTO data_version (id, version) VALUES (1, 0);
