-- Whose calls a company has turned away, and the calls that were.
CREATE TABLE blocked_caller (
    id           TEXT NOT NULL PRIMARY KEY,
    customer_id  TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    number       TEXT NOT NULL,
    reason       TEXT NOT NULL CONSTRAINT blocked_caller_reason CHECK (reason IN ('advertising', 'nuisance', 'other')),
    remark       TEXT DEFAULT '' NOT NULL,
    account_id   TEXT REFERENCES account (id) ON DELETE SET NULL,
    at           TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT blocked_caller_once UNIQUE (customer_id, number)
);
CREATE INDEX blocked_caller_account ON blocked_caller (account_id);

UPDATE schema_version SET version = 7;
