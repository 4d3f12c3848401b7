-- Why it is this company's call, this deputy, this message; whose phones rang in vain; what reports and support look for.
ALTER TABLE call ADD COLUMN called_by TEXT DEFAULT '' NOT NULL;
ALTER TABLE call ADD COLUMN forwarded_from TEXT DEFAULT '' NOT NULL;
ALTER TABLE call ADD COLUMN ended_how TEXT DEFAULT '' NOT NULL;
ALTER TABLE attempt ADD COLUMN left_out TEXT DEFAULT '' NOT NULL;
ALTER TABLE notification ADD COLUMN reason TEXT DEFAULT '' NOT NULL;

CREATE TABLE call_offer (
    id        TEXT NOT NULL PRIMARY KEY,
    call_id   TEXT NOT NULL REFERENCES call (id) ON DELETE CASCADE,
    agent_id  TEXT REFERENCES agent (id) ON DELETE SET NULL,
    since     TIMESTAMP WITH TIME ZONE NOT NULL,
    until     TIMESTAMP WITH TIME ZONE NOT NULL,
    reason    TEXT NOT NULL CONSTRAINT call_offer_reason CHECK (reason IN ('answered_elsewhere', 'caller_gone', 'not_answered', 'picked'))
);
CREATE INDEX call_offer_call ON call_offer (call_id);
CREATE INDEX call_offer_agent ON call_offer (agent_id);

CREATE INDEX call_number ON call (caller_number, arrived_at);
CREATE INDEX usage_call ON usage (call_id);
CREATE INDEX usage_day ON usage (at);

UPDATE schema_version SET version = 32;
