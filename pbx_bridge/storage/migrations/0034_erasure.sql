-- How long each company's data stay, and what was erased or handed out.
CREATE TABLE company_retention (
    customer_id  TEXT NOT NULL PRIMARY KEY REFERENCES customer (id) ON DELETE CASCADE,
    note_days    INTEGER,
    call_days    INTEGER,
    outbox_days  INTEGER
);

CREATE TABLE erasure (
    id           TEXT NOT NULL PRIMARY KEY,
    at           TIMESTAMP WITH TIME ZONE NOT NULL,
    kind         TEXT NOT NULL CONSTRAINT erasure_kind CHECK (kind IN ('retention', 'caller', 'employee', 'caller_export', 'employee_export')),
    customer_id  TEXT REFERENCES customer (id) ON DELETE SET NULL,
    subject_id   TEXT DEFAULT '' NOT NULL,
    done_by      TEXT DEFAULT '' NOT NULL,
    counts       JSON NOT NULL
);
CREATE INDEX erasure_at ON erasure (at);
CREATE INDEX erasure_customer ON erasure (customer_id);
CREATE INDEX erasure_subject ON erasure (subject_id);

UPDATE schema_version SET version = 34;
