-- SQLite cannot widen a CHECK, so the table is made anew. What names it keeps its rows: `migrate.upgrade` has references looked at
-- when all is done, not while the old table goes.
CREATE TABLE new_call (
    id TEXT NOT NULL PRIMARY KEY,
    pbx_call TEXT NOT NULL UNIQUE,
    line_number TEXT NOT NULL,
    customer_id TEXT REFERENCES customer (id) ON DELETE CASCADE,
    unassigned_reason TEXT DEFAULT '' NOT NULL,
    caller_number TEXT DEFAULT '' NOT NULL,
    caller_name TEXT DEFAULT '' NOT NULL,
    vip_id TEXT,
    agent_id TEXT REFERENCES agent (id) ON DELETE SET NULL,
    arrived_at TIMESTAMP WITH TIME ZONE NOT NULL,
    answered_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    outcome TEXT DEFAULT 'open' NOT NULL CONSTRAINT call_outcome CHECK (outcome IN ('open', 'noted', 'closed', 'abandoned', 'lost', 'blocked')),
    closed_reason TEXT DEFAULT '' NOT NULL
);
INSERT INTO new_call
    (id, pbx_call, line_number, customer_id, unassigned_reason, caller_number, caller_name, vip_id, agent_id, arrived_at, answered_at,
     ended_at, outcome, closed_reason)
    SELECT id, pbx_call, line_number, customer_id, unassigned_reason, caller_number, caller_name, vip_id, agent_id, arrived_at, answered_at,
     ended_at, outcome, closed_reason FROM call;
DROP TABLE call;
ALTER TABLE new_call RENAME TO call;
CREATE INDEX call_customer ON call (customer_id, arrived_at);
CREATE INDEX call_caller ON call (customer_id, caller_number);
CREATE INDEX call_agent_open ON call (agent_id) WHERE outcome = 'open';
CREATE INDEX call_agent ON call (agent_id, arrived_at);
