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
    outcome        TEXT DEFAULT 'open' NOT NULL CONSTRAINT call_outcome CHECK (outcome IN ('open', 'noted', 'closed', 'abandoned', 'lost', 'blocked')),
    closed_reason  TEXT DEFAULT '' NOT NULL
);
INSERT INTO schema_version (version) VALUES (7);
