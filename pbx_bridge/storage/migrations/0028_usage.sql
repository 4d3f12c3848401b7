-- Prices with a first day, what is used as events, and corrections; the price of an SMS moves to the other prices.
-- The prices of a tariff from a day on; a version whose day is over is not changed any more.
CREATE TABLE tariff_terms (
    tariff_id            TEXT NOT NULL REFERENCES tariff (id) ON DELETE CASCADE,
    first_day            TEXT NOT NULL,             -- 2026-10-01, on the clock of each company
    base_micros          BIGINT DEFAULT 0 NOT NULL, -- this, the minimum and what is included: for a month
    minimum_micros       BIGINT DEFAULT 0 NOT NULL,
    included_calls       INTEGER DEFAULT 0 NOT NULL,
    included_seconds     INTEGER DEFAULT 0 NOT NULL,
    call_micros          BIGINT DEFAULT 0 NOT NULL,
    billed_from          INTEGER DEFAULT 0 NOT NULL, -- counted seconds; a shorter call is no call
    minute_micros        BIGINT DEFAULT 0 NOT NULL,
    step                 INTEGER DEFAULT 60 NOT NULL CONSTRAINT tariff_terms_step CHECK (step IN (1, 6, 10, 30, 60)),
    counted              TEXT DEFAULT 'talk' NOT NULL, -- which seconds count, kinds of time: "hold talk"
    put_through_minute_micros BIGINT DEFAULT 0 NOT NULL,
    sms_micros           BIGINT DEFAULT 100000 NOT NULL, -- of each part
    voice_message_micros BIGINT DEFAULT 0 NOT NULL,
    PRIMARY KEY (tariff_id, first_day)
);

-- The tariffs that a company had before the one it has: which one through which day (local).
CREATE TABLE former_tariff (
    customer_id  TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    last_day     TEXT NOT NULL,
    tariff_id    TEXT NOT NULL REFERENCES tariff (id),
    PRIMARY KEY (customer_id, last_day)
);
CREATE INDEX former_tariff_tariff ON former_tariff (tariff_id);

-- What the time of an answered call goes on, from each turn on; before the first one agent and caller talk.
CREATE TABLE call_time (
    call_id      TEXT NOT NULL REFERENCES call (id) ON DELETE CASCADE,
    since        TIMESTAMP WITH TIME ZONE NOT NULL,
    spent_on     TEXT CONSTRAINT call_time_spent_on CHECK (spent_on IN ('talk', 'hold', 'consultation', 'wrap_up', 'put_through')),  -- null: the caller waits for an agent again
    PRIMARY KEY (call_id, since)
);

-- What companies pay for, written once in the transaction of what happened, and never changed. The id names that, so nothing
-- counts twice. Holds no number and no name, and outlives the call. A wrap-up may end long before its call, or after it: it is
-- an event of its own, and counts with the call.
CREATE TABLE usage (
    id           TEXT NOT NULL PRIMARY KEY,         -- "call <id>", "wrap_up <id of the call> <conversation>", "sms <id of the notification>"
    customer_id  TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    at           TIMESTAMP WITH TIME ZONE NOT NULL, -- of a call and its wrap-up: when it arrived; of an SMS: when it was sent
    kind         TEXT NOT NULL CONSTRAINT usage_kind CHECK (kind IN ('call', 'wrap_up', 'sms', 'voice_message')),
    call_id      TEXT,                              -- no reference: the call is erased before; null: of no call
    talk         INTEGER DEFAULT 0 NOT NULL,        -- seconds of a call, each kind by itself
    hold         INTEGER DEFAULT 0 NOT NULL,
    consultation INTEGER DEFAULT 0 NOT NULL,
    wrap_up      INTEGER DEFAULT 0 NOT NULL,
    put_through  INTEGER DEFAULT 0 NOT NULL,
    parts        INTEGER DEFAULT 1 NOT NULL         -- of an SMS
);
CREATE INDEX usage_customer ON usage (customer_id, at);

-- What an earlier statement had wrong, as one line more of a later one. A row is never changed: another one takes it back.
CREATE TABLE adjustment (
    id           TEXT NOT NULL PRIMARY KEY,
    customer_id  TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    day          TEXT NOT NULL,                     -- 2026-10-31: of whose month it is, on the company's clock
    cents        BIGINT NOT NULL,                   -- less than nothing is given back
    text         TEXT NOT NULL,                     -- what for, as the company reads it
    done_by      TEXT DEFAULT '' NOT NULL,          -- login of whoever wrote it
    at           TIMESTAMP WITH TIME ZONE NOT NULL
);
CREATE INDEX adjustment_customer ON adjustment (customer_id, day);

-- Nobody said since when it holds: from the beginning.
INSERT INTO tariff_terms (tariff_id, first_day, sms_micros) SELECT id, '2000-01-01', sms_price_micros FROM tariff;
ALTER TABLE tariff DROP COLUMN sms_price_micros;

INSERT INTO usage (id, customer_id, at, kind, call_id, parts)
SELECT 'sms ' || used.notification_id, used.customer_id, used.at, 'sms', call_note.call_id, used.parts
FROM sms_usage AS used
LEFT JOIN notification ON notification.id = used.notification_id
LEFT JOIN call_note ON call_note.id = notification.note_id;
DROP TABLE sms_usage;
