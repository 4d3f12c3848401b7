CREATE TABLE calendar_feed (
    token_hash   TEXT NOT NULL PRIMARY KEY,
    customer_id  TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    employee_id  TEXT REFERENCES employee (id) ON DELETE CASCADE,
    created_at   TIMESTAMP WITH TIME ZONE NOT NULL
);
CREATE INDEX calendar_feed_customer ON calendar_feed (customer_id);
CREATE TABLE calendar_source (
    id            TEXT NOT NULL PRIMARY KEY,
    employee_id   TEXT NOT NULL UNIQUE REFERENCES employee (id) ON DELETE CASCADE,
    url           TEXT NOT NULL,
    result        TEXT DEFAULT 'waiting' NOT NULL,
    events        INTEGER DEFAULT 0 NOT NULL,
    checked_at    TIMESTAMP WITH TIME ZONE,
    succeeded_at  TIMESTAMP WITH TIME ZONE
);
CREATE TABLE calendar_event (
    id           TEXT NOT NULL PRIMARY KEY,
    source_id    TEXT NOT NULL REFERENCES calendar_source (id) ON DELETE CASCADE,
    text         TEXT NOT NULL,
    start_local  TEXT NOT NULL,
    start_fold   INTEGER DEFAULT 0 NOT NULL CONSTRAINT calendar_event_start_fold CHECK (start_fold IN (0, 1)),
    end_local    TEXT NOT NULL,
    end_fold     INTEGER DEFAULT 0 NOT NULL CONSTRAINT calendar_event_end_fold CHECK (end_fold IN (0, 1)),
    all_day      BOOLEAN DEFAULT FALSE NOT NULL
);
CREATE INDEX calendar_event_source ON calendar_event (source_id);
INSERT INTO schema_version (version) VALUES (3);
