-- Of what the operator was told by mail or SMS, so that a restart tells nothing twice and forgets no all-clear.

CREATE TABLE alarm (
    id        TEXT NOT NULL PRIMARY KEY,
    cause     TEXT NOT NULL,
    since     TIMESTAMP WITH TIME ZONE NOT NULL,
    first_at  TIMESTAMP WITH TIME ZONE NOT NULL,
    told_at   TIMESTAMP WITH TIME ZONE NOT NULL,
    told_by   TEXT NOT NULL CONSTRAINT alarm_told_by CHECK (told_by IN ('email', 'sms')),
    gone_at   TIMESTAMP WITH TIME ZONE,
    over_at   TIMESTAMP WITH TIME ZONE
);
CREATE INDEX alarm_first ON alarm (first_at);

-- How much of what a tariff includes is used in the month that runs; all companies are reckoned once.

CREATE TABLE allowance (
    customer_id     TEXT NOT NULL PRIMARY KEY REFERENCES customer (id) ON DELETE CASCADE,
    month           TEXT DEFAULT '' NOT NULL,
    calls_used      INTEGER DEFAULT 0 NOT NULL,
    calls_included  INTEGER DEFAULT 0 NOT NULL,
    time_used       INTEGER DEFAULT 0 NOT NULL,
    time_included   INTEGER DEFAULT 0 NOT NULL,
    percent         INTEGER DEFAULT 0 NOT NULL,
    marks           INTEGER DEFAULT 1 NOT NULL,
    reckoned_at     TIMESTAMP WITH TIME ZONE NOT NULL
);
CREATE INDEX allowance_percent ON allowance (month, percent);
CREATE INDEX allowance_marked ON allowance (reckoned_at) WHERE marks > 0;

INSERT INTO allowance (customer_id, reckoned_at) SELECT id, created_at FROM customer;

-- Why agents pause, as far as this house says it otherwise.

CREATE TABLE pause_reason (
    id       TEXT NOT NULL PRIMARY KEY,
    names    JSON NOT NULL,
    place    INTEGER NOT NULL,
    retired  BOOLEAN DEFAULT FALSE NOT NULL
);

UPDATE schema_version SET version = 36;
