-- A file that a company sent to be read in, until it is taken over.
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

UPDATE schema_version SET version = 9;
